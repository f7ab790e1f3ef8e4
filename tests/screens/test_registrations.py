"""The registration screens, where a picture or a journey does not reach."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from db.codes import Role
from screens.desk import Desk
from services import clock, passwords
from services.language import use_language
from tests.making import CHEAP_HASHER, NINE, fresh_database, make_account, make_address, make_provider, register
from tests.screens.test_desk import keys, logs_in, said
from tests.screens.visiting import on, until

LOGIN = "een tamelijk lange login"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk on a database with a headquarters whose only registration was stopped, in English."""
    monkeypatch.setattr(clock, "_start", None)
    monkeypatch.setattr(passwords, "_hasher", CHEAP_HASHER)
    clock.start_at(NINE)
    use_language("en")
    fresh_database(tmp_path / "kmop.db")
    provider = make_provider("Leren", "0862010195")
    make_address(provider)
    make_account(LOGIN, Role.HEADQUARTERS, provider)
    register(provider, "DV.O000001", "T")
    yield Desk(lambda: None, source="local", log_folder=tmp_path)
    use_language("nl")


@pytest.fixture
async def pilot(desk: Desk) -> AsyncIterator[Pilot[int]]:
    """At the overview."""
    async with desk.run_test(size=(80, 24)) as running:
        await until(running, desk.ready.is_set)
        await logs_in(running)
        await running.press("1")
        await until(running, on(running, "RegistrationListScreen"))
        await until(running, lambda: running.app.screen.table.count == 1)  # type: ignore[attr-defined]
        yield running


def table_text(pilot: Pilot[int]) -> str:
    table = pilot.app.screen.table  # type: ignore[attr-defined]
    return "\n".join(table.render_line(y).text for y in range(table.size.height))


def hint(pilot: Pilot[int]) -> str:
    return pilot.app.screen.query_one("Hint").render_line(0).text.strip()


async def at_step_four(pilot: Pilot[int]) -> None:
    await pilot.press("n")
    await until(pilot, on(pilot, "RequestScreen"))
    for step in (1, 2, 3):
        await until(pilot, lambda at=step: pilot.app.screen.step == at and pilot.app.screen.query("Choices"))  # type: ignore[misc]
        await pilot.press("1")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await pilot.press("right", "enter")
    await until(pilot, lambda: pilot.app.screen.query("#file"))


async def test_with_no_active_service_the_list_says_so_and_nothing_of_the_one_it_does_not_show(
    pilot: Pilot[int],
) -> None:
    assert hint(pilot).startswith("T ended")
    await pilot.press("a")
    await until(pilot, lambda: pilot.app.screen.table.count == 0)  # type: ignore[attr-defined]
    assert "No service has a live registration. Press a" in table_text(pilot)
    assert hint(pilot) == ""
    for key in ("v", "h"):
        await pilot.press(key)
        assert said(pilot) == "! No registration is shown: there is none to extend or renew."
        await pilot.press("S")
        await until(pilot, lambda: said(pilot) == "")
    await pilot.press("a")
    await until(pilot, lambda: hint(pilot).startswith("T ended"))
    await pilot.press("v")
    assert "new one can be requested" in said(pilot)


async def test_the_whole_legend_can_be_read_in_the_smallest_window(pilot: Pilot[int]) -> None:
    for size in ((132, 43), (80, 24), (60, 15)):
        await pilot.resize_terminal(*size)
        await until(pilot, lambda wide=size: pilot.app.size == wide)
        legend = pilot.app.screen.query_one("#legend")
        shown = [legend.render_line(y).text for y in range(legend.size.height)]
        told = " ".join(" ".join(shown).split())
        for words in ("A: requested", "G/V: ", "L/H: expired (renewal requested)", "S: suspended", "T: ended"):
            assert words in told, size
        assert legend.region.bottom <= pilot.app.screen.query_one("#body").region.bottom
        assert pilot.app.screen.table.size.height >= 3  # type: ignore[attr-defined]


async def test_a_reason_hangs_under_what_is_not_possible(pilot: Pilot[int]) -> None:
    await pilot.resize_terminal(60, 24)
    await pilot.press("enter")
    await until(pilot, on(pilot, "RegistrationScreen"))
    lines = str(pilot.app.screen.query_one("Actions").render()).split("\n")
    assert all(line.startswith("    ") or "not now" in line for line in lines)
    assert len(lines) > 8  # some go on on a second line


async def test_enter_in_the_name_saves_the_declaration_and_a_wrong_name_is_typed_again(
    pilot: Pilot[int], tmp_path: Path
) -> None:
    await at_step_four(pilot)
    screen = pilot.app.screen
    name = screen.query_one("#file", Input)
    name.value = str(tmp_path / "nowhere" / "a.pdf")
    await pilot.press("1")
    await until(pilot, lambda: "There is no folder" in said(pilot))
    assert screen.focused is name
    name.value = str(tmp_path / "a.pdf")
    await pilot.press("enter")
    await until(pilot, lambda: "The declaration is in" in said(pilot))
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    # the same on the screen of its own
    await pilot.press("escape")
    await until(pilot, lambda: pilot.app.screen.query("RecordTable") and pilot.app.screen.table.count == 2)  # type: ignore[attr-defined]
    await pilot.press("G", "enter")
    await until(pilot, on(pilot, "RegistrationScreen"))
    await pilot.press("d")
    await until(pilot, on(pilot, "DeclarationScreen"))
    screen = pilot.app.screen
    screen.query_one("#file", Input).value = str(tmp_path / "b.pdf")
    screen.query_one("#file").focus()
    await pilot.press("enter")
    await until(pilot, lambda: "The declaration is in" in said(pilot))
    assert (tmp_path / "b.pdf").exists()


async def test_the_help_of_the_last_step_is_about_the_declaration(pilot: Pilot[int]) -> None:
    await at_step_four(pilot)
    await pilot.press("question_mark")
    await until(pilot, on(pilot, "HelpScreen"))
    told = " ".join(str(part.render()) for part in pilot.app.screen.query("Static"))
    for words in ("save it as a PDF", "have it mailed", "press Enter"):
        assert words in told
    assert "Four steps" not in told


async def test_asked_for_twice_the_declaration_is_mailed_once(pilot: Pilot[int]) -> None:
    await at_step_four(pilot)
    await pilot.press("2")
    await until(pilot, lambda: "The declaration goes to info@example.com." in said(pilot))
    await pilot.press("2")
    await until(pilot, lambda: "asked for on 11/03/2016" in said(pilot))


async def test_the_key_line_names_enter(pilot: Pilot[int]) -> None:
    assert "Enter Open" in keys(pilot)
