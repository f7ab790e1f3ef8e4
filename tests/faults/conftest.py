"""What the faults are done to: a database with one project that its provider may cancel."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.accounts import find_account
from db.codes import Role
from db.database import connected
from services import clock, passwords
from services.language import language, use_language
from services.work import Actor
from tests.making import (
    CHEAP_HASHER,
    NINE,
    fresh_database,
    make_account,
    make_enterprise,
    make_project,
    make_provider,
    sign_in,
)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file in use, with the account `eerste` and its project 2016KMO000001."""
    monkeypatch.setattr(clock, "_start", None)
    monkeypatch.setattr(passwords, "_hasher", CHEAP_HASHER)
    clock.start_at(NINE)
    before = language()
    use_language("en")
    fresh_database(tmp_path / "kmop.db")
    provider = make_provider("Eerste", "0862010195")
    make_project("2016KMO000001", provider, make_enterprise(1, "Klant"))
    make_account("eerste", Role.HEADQUARTERS, provider)
    yield tmp_path / "kmop.db"
    use_language(before)


@pytest.fixture
def actor(path: Path) -> Actor:
    """The account `eerste`, signed in."""
    with connected():
        account = find_account("eerste")
        assert account is not None
        return sign_in(account)
