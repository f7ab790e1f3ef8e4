"""The desk on a copy of the demo, for tests that look at screens."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.desk import Demo, Desk
from services import clock, passwords
from services.databases import open_database
from services.demo import fill_demo
from services.demo_logins import DEMO_LOGINS, DEMO_PASSWORD, DEMO_START
from services.language import use_language
from services.words import word
from tests.making import CHEAP_HASHER


@pytest.fixture(scope="module", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Each test logs in; how long a password takes is tried elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", CHEAP_HASHER)
        yield


@pytest.fixture(scope="module")
def filled(cheap_passwords: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    clock.start_at(DEMO_START)
    path = tmp_path_factory.mktemp("pictures") / "demo.db"
    fill_demo(path)
    return path


@pytest.fixture(params=["nl", "en"])
def desk(request: pytest.FixtureRequest, filled: Path, tmp_path: Path) -> Iterator[Desk]:
    """The desk on a copy of the demo, logged in as its provider; seconds do not show."""
    use_language(request.param)
    clock.start_at(DEMO_START)
    path = tmp_path / "demo.db"
    shutil.copy(filled, path)
    logins = tuple((account.login, word(account.role)) for account in DEMO_LOGINS)

    def prepare() -> None:
        open_database(path)

    yield Desk(
        prepare,
        source="local",
        log_folder=tmp_path,
        demo=Demo(logins=logins, password=DEMO_PASSWORD, login="012345678"),
    )
    use_language("nl")
