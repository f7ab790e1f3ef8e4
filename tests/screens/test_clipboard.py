"""Copying the list: all of it reaches the terminal's clipboard, or nothing does and the screen says why."""

import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from textual.app import ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.widgets import Static

from screens.desk import Desk
from screens.desk_screen import DeskScreen
from screens.widgets.clipboard import LIMIT_BYTES, copy_projects
from screens.widgets.frame import MessageLine
from services import clock
from services.accounts import on_behalf_of, system_actor
from services.demo import fill_demo
from services.exports import projects_as_text
from services.language import use_language
from services.projects import ProjectQuery, count_projects
from services.work import Actor

OSC_52 = re.compile("\x1b\\]52;c;([A-Za-z0-9+/=]*)\x07")
MOST_BYTES_OF_A_SEQUENCE = 100_000


class Empty(DeskScreen):
    """A screen with nothing on it but the frame."""

    def heading(self) -> str:
        return "Klembord"

    def body(self) -> ComposeResult:
        yield Static("")

    def explanation(self) -> str:
        return ""


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Actor]:
    """The demo's provider with the manual's 203 projects of two years; `groot` has 2,000."""
    use_language("en")
    clock.start_at(datetime(2016, 3, 11, 9))  # noqa: DTZ001 - Belgian time
    fill_demo(tmp_path_factory.mktemp("clipboard") / "kmop.db", rows=40_000)
    yield on_behalf_of("012345678", actor=system_actor("test"))
    use_language("nl")


@pytest.fixture
def large(provider: Actor) -> Actor:
    return on_behalf_of("groot", actor=system_actor("test"))


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All that goes to the terminal."""
    texts: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "write", lambda driver, text: texts.append(text))
    return texts


@asynccontextmanager
async def screen_of(actor: Actor, folder: Path) -> AsyncIterator[Empty]:
    desk = Desk(lambda: None, source="test", log_folder=folder)
    async with desk.run_test(size=(80, 24)):
        desk.actor = actor
        screen = Empty()
        await desk.push_screen(screen)
        yield screen


def said(screen: DeskScreen) -> str:
    return str(screen.query_one(MessageLine).query_one(".text", Static).content)


async def test_the_whole_list_goes_to_the_terminal(provider: Actor, written: list[str], tmp_path: Path) -> None:
    query = ProjectQuery()
    async with screen_of(provider, tmp_path) as screen:
        await copy_projects(screen, query)
        sentence = said(screen)

    (sequence,) = OSC_52.findall("".join(written))
    whole = projects_as_text(query, actor=provider, limit_bytes=10**9)
    assert base64.b64decode(sequence).decode() == whole.text
    assert whole.rows == count_projects(query, actor=provider).shown == 203
    assert sentence.startswith("203 projects were sent")
    assert "export" in sentence


async def test_a_list_that_is_too_long_is_not_copied_at_all(large: Actor, written: list[str], tmp_path: Path) -> None:
    query = ProjectQuery(all_years=True)
    rows = count_projects(query, actor=large).shown
    assert len(projects_as_text(query, actor=large, limit_bytes=10**9).text.encode()) > LIMIT_BYTES
    async with screen_of(large, tmp_path) as screen:
        await copy_projects(screen, query)
        sentence = said(screen)

    assert not OSC_52.search("".join(written))
    assert f"{rows:,}".replace(",", ".") in sentence
    assert "74.994" in sentence
    assert "Nothing was copied" in sentence


async def test_the_limit_is_the_longest_text_whose_sequence_fits(
    provider: Actor, written: list[str], tmp_path: Path
) -> None:
    async with screen_of(provider, tmp_path) as screen:
        for size in (LIMIT_BYTES, LIMIT_BYTES + 1):
            screen.app.copy_to_clipboard("x" * size)

    fits, too_long = (found.group() for found in OSC_52.finditer("".join(written)))
    assert len(fits) <= MOST_BYTES_OF_A_SEQUENCE < len(too_long)


async def test_a_filter_that_cannot_be_read_is_told(provider: Actor, written: list[str], tmp_path: Path) -> None:
    async with screen_of(provider, tmp_path) as screen:
        await copy_projects(screen, ProjectQuery(amount="veel"))
        assert "'veel'" in said(screen)
    assert not OSC_52.search("".join(written))
