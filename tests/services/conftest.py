"""A fresh database, and who runs commands on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services import clock, passwords
from services.accounts import system_actor
from services.language import language, use_language
from services.work import Actor
from tests.making import CHEAP_HASHER, NINE, fresh_database


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty database in use, in Dutch, on 11 March 2016 at nine."""
    monkeypatch.setattr(clock, "_start", None)
    clock.start_at(NINE)
    before = language()
    use_language("nl")
    path = tmp_path / "kmop.db"
    fresh_database(path)
    yield path
    use_language(before)


@pytest.fixture
def system(database: Path) -> Actor:
    """The owner of the database file."""
    return system_actor("test")


@pytest.fixture
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes at a thousandth of the cost, where their strength is not the point."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP_HASHER)
