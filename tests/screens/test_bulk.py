"""One reaction to many projects: chosen, explained, asked once more, on its way, stopped and gone on with."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from db import sqlite
from db.database import database_path
from db.mail import Mail
from db.reactions import Proof
from screens.desk import Desk
from screens.projects.bulk import BulkReactionScreen
from screens.widgets.choices import Choices
from screens.widgets.inputs import ChoiceField
from services.bulk_reactions import ProjectSelection
from services.demo_logins import DEMO_PASSWORD
from services.drafts import draft_of
from services.projects import ProjectQuery, ReactionKind, get_project
from services.reactions import ReactToProject, Reason, react_to_project
from tests.making import PDF, audit_trail, later, rows
from tests.screens.visiting import SIZES, menu, on, until

CONFIRMED = ("2016KMO044443", "2016KMO043643", "2016KMO041971", "2016KMO040092")
CANCELLED = ("2016KMO044855", "2016KMO040021")
RUNNING = ("2016KMO034012", "2016KMO031877")
FINISHED = ("2016KMO039146", "2016KMO037938")
ALL = CONFIRMED + CANCELLED + RUNNING + FINISHED
HOSTILE = "[/x] [@click=app.quit]x[/] %s %(count)s"

both_sizes = pytest.mark.parametrize("pilot", SIZES, indirect=True, ids=["80x24", "132x43"])
pytestmark = pytest.mark.parametrize("desk", ["en"], indirect=True)


@pytest.fixture
async def pilot(request: pytest.FixtureRequest, desk: Desk) -> AsyncIterator[Pilot[int]]:
    """The demo's headquarters at its menu, at 80x24 unless the test is for another size."""
    async with desk.run_test(size=getattr(request, "param", SIZES[0])) as running:
        await menu(running)
        yield running


async def bulk(pilot: Pilot[int], selection: ProjectSelection | tuple[str, ...] = ALL) -> list[str]:
    """Go to the reactions for these projects; what is to be said at the end is put in the answer."""
    chosen = ProjectSelection(numbers=selection) if isinstance(selection, tuple) else selection
    said_at_the_end: list[str] = []
    pilot.app.push_screen(BulkReactionScreen(chosen, said_at_the_end.append))
    await until(pilot, on(pilot, "BulkReactionScreen"))
    await until(pilot, lambda: pilot.app.screen.query_one(Choices).choices)
    return said_at_the_end


def fill_in(pilot: Pilot[int], text: str = "", proof: Path | str = "", reason: Reason = Reason.FILED_LATE) -> None:
    pilot.app.screen.query_one("#reason", ChoiceField).value = reason
    pilot.app.screen.query_one("#reason_text", TextArea).text = text
    if proof:
        pilot.app.screen.query_one("#proof", Input).value = str(proof)


async def fill_in_and_confirm(pilot: Pilot[int], kind: str = "1", *, text: str = "", proof: Path | str = "") -> None:
    """From the choice over the form to the question."""
    await pilot.press(kind)
    await until(pilot, on(pilot, "BulkReactionForm"))
    fill_in(pilot, text, proof)
    await pilot.press("ctrl+s")
    await until(pilot, on(pilot, "ConfirmScreen"))


async def agree(pilot: Pilot[int]) -> None:
    """From the question to where it runs."""
    await pilot.press("right", "enter")
    await until(pilot, on(pilot, "BulkRunScreen"))


async def ended(pilot: Pilot[int]) -> None:
    await until(pilot, lambda: on(pilot, "BulkRunScreen")() and pilot.app.screen.query_one(Choices).choices)


@contextmanager
def held() -> Iterator[None]:
    """Somebody else writes meanwhile: who wants to write waits, ten seconds at most."""
    with closing(sqlite3.connect(database_path(), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def shown(pilot: Pilot[int]) -> str:
    """All plain texts of the screen, as one line."""
    return " ".join(" ".join(str(part.render()) for part in pilot.app.screen.query(Static)).split())


def said(pilot: Pilot[int]) -> str:
    return str(pilot.app.screen.query_one("MessageLine .text").render())


def choices(pilot: Pilot[int]) -> list[str]:
    return [choice.text for choice in pilot.app.screen.query_one(Choices).choices]


def reactions() -> int:
    """How many projects were reacted to: as many letters and audit lines, or something is wrong."""
    audited = [subject for action, subject in audit_trail() if action.startswith("project.")]
    assert len(set(audited)) == len(audited) == len(rows(Mail))
    return len(audited)


# Which reaction


@both_sizes
async def test_each_reaction_says_for_how_many_and_what_stays_as_it_is(pilot: Pilot[int]) -> None:
    await bulk(pilot, (*ALL, "2016KMO999999"))
    assert "11 projects chosen." in shown(pilot)
    assert choices(pilot) == [
        "Annul: possible for 4 of 11",
        "Stop: possible for 2 of 11",
        "Report: possible for 2 of 11",
    ]
    assert "2 projects: The project was cancelled: there is nothing left to react to." in shown(pilot)
    assert ", ".join(CANCELLED) in shown(pilot)
    assert "1 project: There is no such project, or it is not yours. 2016KMO999999" in shown(pilot)
    assert CONFIRMED[0] not in shown(pilot)
    await pilot.press("down")
    await until(pilot, lambda: f"it can be cancelled. {', '.join(CONFIRMED)}" in shown(pilot))
    assert reactions() == 0


@pytest.mark.parametrize("pilot", [(60, 15)], indirect=True, ids=["60x15"])
async def test_all_that_the_filters_let_through(pilot: Pilot[int]) -> None:
    await bulk(pilot, ProjectSelection(query=ProjectQuery()))
    assert "203 projects chosen." in shown(pilot)
    assert "2016KMO039146, 2016KMO037938, 2016KMO034580, 2016KMO023596 and " in shown(pilot)
    await pilot.press("tab", "pagedown")
    reasons = pilot.app.screen.query_one("#reasons")
    await until(pilot, lambda: reasons.scroll_y > 0)


@pytest.mark.parametrize(("keys", "title"), [("2", "Stop 2 projects"), ("jj\r", "Report 2 projects")])
async def test_a_digit_or_enter_chooses(pilot: Pilot[int], keys: str, title: str) -> None:
    await bulk(pilot)
    await pilot.press(*keys.replace("\r", ""), *(["enter"] if "\r" in keys else []))
    await until(pilot, on(pilot, "BulkReactionForm"))
    assert pilot.app.screen.heading() == title  # type: ignore[attr-defined]


async def test_what_is_not_possible_says_why(pilot: Pilot[int]) -> None:
    await bulk(pilot, CONFIRMED[:1])
    assert choices(pilot) == [f"{name}: possible for {count} of 1" for name, count in
                              (("Annul", 1), ("Stop", 0), ("Report", 0))]  # fmt: skip
    await pilot.press("2")
    await until(pilot, lambda: "it can be cancelled." in said(pilot))
    assert on(pilot, "BulkReactionScreen")()


@pytest.mark.parametrize(
    ("selection", "sentence", "count"),
    [
        ((), "No project is chosen: mark one in the list first.", 1),
        (CANCELLED, "2 projects chosen. Nothing can be done about them now; below stands why.", 4),
    ],
    ids=["empty", "nothing possible"],
)
@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_where_nothing_can_be_done_there_is_only_the_way_back(
    pilot: Pilot[int], selection: tuple[str, ...], sentence: str, count: int, key: str
) -> None:
    at_the_end = await bulk(pilot, selection)
    assert sentence in shown(pilot)
    assert choices(pilot)[-1] == "Back to the list"
    assert len(choices(pilot)) == count
    assert shown(pilot).count("there is nothing left to react to") == (3 if selection else 0)
    await pilot.press(key)
    await menu(pilot)
    assert at_the_end == []


async def test_who_handles_files_reads_that_only_the_provider_reacts(desk: Desk) -> None:
    assert desk.demo is not None
    desk.demo = replace(desk.demo, login="helpdesk")
    async with desk.run_test(size=SIZES[0]) as pilot:
        await menu(pilot)
        await bulk(pilot)
        await pilot.press("1")
        await until(pilot, lambda: "Only the provider reacts to a project" in said(pilot))
        assert on(pilot, "BulkReactionScreen")()


async def test_a_filter_that_cannot_be_read_is_said(pilot: Pilot[int]) -> None:
    pilot.app.push_screen(BulkReactionScreen(ProjectSelection(query=ProjectQuery(amount=">x")), lambda _: None))
    await until(pilot, on(pilot, "BulkReactionScreen"))
    await until(pilot, lambda: "'x'" in said(pilot) or ">x" in said(pilot))
    await pilot.press("escape")
    await menu(pilot)


# The whole way


@both_sizes
async def test_all_of_them_are_cancelled_after_one_more_question(pilot: Pilot[int], desk: Desk) -> None:
    at_the_end = await bulk(pilot)
    await pilot.press("1")
    await until(pilot, on(pilot, "BulkReactionForm"))
    will = (
        "4 projects become ProjectGeannuleerd; for each, its enterprise gets a mail with the reason. "
        "This cannot be taken back. 6 projects stay as they are."
    )
    assert will in shown(pilot)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: "Choose a reason" in said(pilot))
    fill_in(pilot, HOSTILE)
    await pilot.press("ctrl+s")
    await until(pilot, on(pilot, "ConfirmScreen"))
    assert will in shown(pilot)
    assert reactions() == 0
    await agree(pilot)
    await ended(pilot)
    assert "4 / 4" in shown(pilot)
    assert "░" not in shown(pilot)
    did = "4 projects were cancelled; for each, its enterprise gets a mail with the reason."
    assert did in shown(pilot)
    assert choices(pilot) == ["Back to the list"]
    assert reactions() == 4
    assert all(HOSTILE in row["body"] for row in rows(Mail))
    await pilot.press("enter")
    await menu(pilot)
    assert at_the_end == [did]
    assert draft_of("reactions:cancel", actor=desk.acting) is None


@both_sizes
async def test_a_stop_takes_one_proof_for_all(pilot: Pilot[int], tmp_path: Path) -> None:
    proof = tmp_path / "bewijs.pdf"
    await bulk(pilot)
    await pilot.press("2")
    await until(pilot, on(pilot, "BulkReactionForm"))
    fill_in(pilot, proof=proof)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: "There is no file bewijs.pdf" in said(pilot))
    assert pilot.app.focused is pilot.app.screen.query_one("#proof")
    proof.write_bytes(PDF)
    await pilot.press("ctrl+s")
    await until(pilot, on(pilot, "ConfirmScreen"))
    proof.unlink()  # read already
    await agree(pilot)
    await ended(pilot)
    assert "The stop of 2 projects was requested" in shown(pilot)
    assert [bytes(row["content"]) for row in rows(Proof)[-2:]] == [PDF, PDF]
    assert reactions() == 2


async def test_what_somebody_else_changed_is_named_in_the_end(pilot: Pilot[int], desk: Desk) -> None:
    at_the_end = await bulk(pilot)
    command = ReactToProject(number=CONFIRMED[1], version=1, kind=ReactionKind.CANCEL, reason=Reason.FILED_LATE)
    react_to_project(command, actor=desk.acting)
    await fill_in_and_confirm(pilot)
    await agree(pilot)
    await ended(pilot)
    assert "3 projects were cancelled" in shown(pilot)
    assert "1 project was refused." in shown(pilot)
    assert f"1 project: Changed meanwhile. Look at it before you react. {CONFIRMED[1]}" in shown(pilot)
    assert choices(pilot) == ["Back to the list"]
    await pilot.press("escape")
    await menu(pilot)
    assert "1 project was refused." in at_the_end[0]
    assert reactions() == 4


async def test_the_project_reads_as_after_a_single_reaction(pilot: Pilot[int], desk: Desk) -> None:
    await bulk(pilot)
    await fill_in_and_confirm(pilot, "3", text="Dubbel")
    await agree(pilot)
    await ended(pilot)
    [reaction, *_older] = get_project(FINISHED[0], actor=desk.acting).reactions
    assert (reaction.kind, reaction.reason, reaction.reason_text) == (ReactionKind.REPORT, Reason.FILED_LATE, "Dubbel")


# Esc, and what was typed


@both_sizes
async def test_escape_goes_one_step_back_and_nothing_typed_is_lost(pilot: Pilot[int]) -> None:
    at_the_end = await bulk(pilot)
    await pilot.press("1")
    await until(pilot, on(pilot, "BulkReactionForm"))
    fill_in(pilot, HOSTILE)
    await pilot.press("escape")
    await until(pilot, on(pilot, "BulkReactionScreen"))
    await until(pilot, lambda: "What you typed is kept" in said(pilot))
    await pilot.press("1")
    await until(pilot, on(pilot, "BulkReactionForm"))
    await until(pilot, lambda: pilot.app.screen.query_one("#reason_text", TextArea).text == HOSTILE)
    await pilot.press("ctrl+s")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await pilot.press("escape")
    await until(pilot, on(pilot, "BulkReactionForm"))
    assert pilot.app.screen.query_one("#reason_text", TextArea).text == HOSTILE
    await pilot.press("ctrl+s")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await pilot.press("enter")  # the harmless answer
    await until(pilot, on(pilot, "BulkReactionForm"))
    await pilot.press("escape")
    await until(pilot, on(pilot, "BulkReactionScreen"))
    await pilot.press("escape")
    await menu(pilot)
    assert (at_the_end, reactions()) == ([], 0)


async def test_the_help_of_each_step(pilot: Pilot[int]) -> None:
    await bulk(pilot)
    for key, screen in (("", "BulkReactionScreen"), ("1", "BulkReactionForm")):
        await pilot.press(*key, "f1")
        await until(pilot, on(pilot, "HelpScreen"))
        await pilot.press("escape")
        await until(pilot, on(pilot, screen))


# Stopping and going on


@pytest.mark.parametrize(("pilot", "key"), zip(SIZES, ["s", "escape"], strict=True), indirect=["pilot"])
async def test_it_stops_between_two_and_goes_on(pilot: Pilot[int], desk: Desk, key: str) -> None:
    at_the_end = await bulk(pilot)
    await fill_in_and_confirm(pilot, text="Wacht")
    with held():  # the first project waits
        await agree(pilot)
        assert "0 / 4" in shown(pilot)
        await pilot.press("enter", "1")  # nothing to choose yet
        await pilot.press(key)
        assert "Stopping after this project" in said(pilot)
        assert on(pilot, "BulkRunScreen")()
    await ended(pilot)
    assert "1 / 4" in shown(pilot)
    assert "1 project was cancelled; its enterprise gets a mail with the reason." in shown(pilot)
    assert "3 projects were not handled." in shown(pilot)
    assert said(pilot) == ""
    assert reactions() == 1
    assert draft_of("reactions:cancel", actor=desk.acting) is not None
    assert choices(pilot) == ["Back to the list", "Go on with the 3 that are left"]
    await pilot.press("2")
    await until(pilot, lambda: choices(pilot) == ["Back to the list"])
    assert "4 projects were cancelled" in shown(pilot)
    await pilot.press("enter")
    await menu(pilot)
    assert len(at_the_end) == 1
    assert reactions() == 4
    assert draft_of("reactions:cancel", actor=desk.acting) is None


async def test_back_from_where_it_stopped_and_the_rest_another_time(pilot: Pilot[int]) -> None:
    at_the_end = await bulk(pilot)
    await fill_in_and_confirm(pilot, text="Wacht")
    with held():
        await agree(pilot)
        await pilot.press("s")
    await ended(pilot)
    await pilot.press("enter")
    await menu(pilot)
    assert at_the_end == [
        "1 project was cancelled; its enterprise gets a mail with the reason. 3 projects were not handled."
    ]
    await bulk(pilot)
    assert choices(pilot)[0] == "Annul: possible for 3 of 10"
    await pilot.press("1")
    await until(pilot, on(pilot, "BulkReactionForm"))
    await until(pilot, lambda: pilot.app.screen.query_one("#reason_text", TextArea).text == "Wacht")


async def test_a_database_that_others_hold_too_long(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    async with desk.run_test(size=SIZES[0]) as pilot:
        await menu(pilot)
        await bulk(pilot)
        await fill_in_and_confirm(pilot)
        with held():
            await agree(pilot)
            await ended(pilot)
            assert f"! At project {CONFIRMED[0]}: The database is in use by somebody else." in said(pilot)
            assert "No project was changed. 4 projects were not handled." in shown(pilot)
            await pilot.press("2")
            await ended(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "4 projects were cancelled" in shown(pilot))
        assert said(pilot) == ""
        assert reactions() == 4


async def test_a_session_that_ends_asks_for_the_password_and_goes_on(pilot: Pilot[int], desk: Desk) -> None:
    await bulk(pilot)
    await fill_in_and_confirm(pilot)
    with held():
        await agree(pilot)
        later(hours=13)
    await until(pilot, on(pilot, "LoginScreen"))
    pilot.app.screen.query_one("#password", Input).value = DEMO_PASSWORD
    await pilot.press("enter")
    await ended(pilot)
    assert reactions() == 0
    await pilot.press("2")
    await until(pilot, lambda: "4 projects were cancelled" in shown(pilot))
    assert reactions() == 4


async def test_the_session_may_have_ended_before_the_choice(pilot: Pilot[int]) -> None:
    later(hours=13)
    pilot.app.push_screen(BulkReactionScreen(ProjectSelection(numbers=ALL), lambda _: None))
    await until(pilot, on(pilot, "LoginScreen"))
    pilot.app.screen.query_one("#password", Input).value = DEMO_PASSWORD
    await pilot.press("enter")
    await until(pilot, on(pilot, "BulkReactionScreen"))
    await until(pilot, lambda: "10 projects chosen." in shown(pilot))


# Leaving while it runs


@pytest.mark.parametrize("key", ["ctrl+o", "ctrl+l", "ctrl+q"])
async def test_nobody_leaves_while_it_runs(pilot: Pilot[int], key: str) -> None:
    await bulk(pilot)
    await fill_in_and_confirm(pilot)
    with held():
        await agree(pilot)
        await pilot.press(key)
        await until(pilot, lambda: "Projects are being handled here: stop that first" in said(pilot))
        assert on(pilot, "BulkRunScreen")()
    await ended(pilot)
    assert reactions() == 4
    await pilot.press("ctrl+o")
    await menu(pilot)


# The smallest window


@pytest.mark.parametrize("pilot", [(60, 15)], indirect=True, ids=["60x15"])
async def test_it_fits_in_the_smallest_window(pilot: Pilot[int], tmp_path: Path) -> None:
    (tmp_path / "bewijs.pdf").write_bytes(PDF)
    await bulk(pilot)
    await pilot.press("2")
    await until(pilot, on(pilot, "BulkReactionForm"))
    fill_in(pilot, proof=tmp_path / "bewijs.pdf")
    await pilot.press("tab", "tab")
    proof = pilot.app.screen.query_one("#proof")
    assert pilot.app.focused is proof
    body = pilot.app.screen.query_one("#body")
    await until(pilot, lambda: body.region.contains_region(proof.region))
    await pilot.press("ctrl+s")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await agree(pilot)
    await ended(pilot)
    assert body.region.contains_region(pilot.app.screen.query_one(Choices).region)
