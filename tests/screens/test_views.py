"""Saved views: opened by their digit, kept under a name, replaced and removed after a question, counted at leisure."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from db import saved_views
from db.database import transaction
from screens.desk import Desk
from screens.desk_screen import SOON
from screens.projects.views import ViewsScreen
from screens.widgets.frame import Hint
from services.accounts import LogIn, log_in
from services.demo_logins import DEMO_PASSWORD
from services.projects import ProjectQuery, ProjectStatus, SortColumn
from services.saved_views import SavedView, SaveView, list_views, save_view
from services.work import Actor
from tests.making import later
from tests.screens.visiting import SIZES, menu, on, until

RUNNING = ProjectQuery(status=ProjectStatus.RUNNING)
PRESENT = ProjectQuery(enterprise="test", sort=SortColumn.AMOUNT)
HOSTILE = ["[/x]", "[@click=app.quit]x"]

both_sizes = pytest.mark.parametrize("pilot", SIZES, indirect=True, ids=["80x24", "132x43"])
pytestmark = pytest.mark.parametrize("desk", ["en"], indirect=True)


def in_words(query: ProjectQuery) -> str:
    """A stand-in for the terms of the list."""
    return " ".join(f"{field}:{value}" for field, value in query.model_dump(mode="json", exclude_defaults=True).items())


@pytest.fixture
async def pilot(request: pytest.FixtureRequest, desk: Desk) -> AsyncIterator[Pilot[int]]:
    """The demo's headquarters at its menu, at 80x24 unless the test is for another size."""
    async with desk.run_test(size=getattr(request, "param", SIZES[0])) as running:
        await menu(running)
        yield running


def keep(desk: Desk, number: int, name: str, query: ProjectQuery = RUNNING) -> SavedView:
    return save_view(SaveView(number=number, name=name, query=query), actor=desk.acting)


def other_session() -> Actor:
    """The same login, at another terminal."""
    return log_in(LogIn(login="012345678", password=DEMO_PASSWORD))


async def views(pilot: Pilot[int], present: ProjectQuery = PRESENT) -> list[ProjectQuery]:
    """Go to the views from a list; what is opened is put in the answer."""
    opened: list[ProjectQuery] = []
    pilot.app.push_screen(ViewsScreen(present, in_words=in_words, opened=opened.append))
    await until(pilot, on(pilot, "ViewsScreen"))
    await until(pilot, lambda: pilot.app.screen.table.current is not None)  # type: ignore[attr-defined]
    return opened


def line(pilot: Pilot[int], number: int) -> str:
    """What stands on the line of that number."""
    table = pilot.app.screen.table  # type: ignore[attr-defined]
    return "".join(segment.text for segment in table.render_line(number))


def said(pilot: Pilot[int]) -> str:
    """What the message line says."""
    screen = pilot.app.screen
    if screen.query("MessageLine.-said"):
        return " ".join(str(part.render()) for part in screen.query("MessageLine .text"))
    return screen.query_one(Hint).render_line(0).text.strip()


def shown(pilot: Pilot[int]) -> str:
    """All plain texts of the screen."""
    return "\n".join(str(part.render()) for part in pilot.app.screen.query(Static))


@both_sizes
async def test_nine_places_and_how_to_keep_the_first_list(pilot: Pilot[int]) -> None:
    await views(pilot)
    assert [line(pilot, number).split() for number in range(1, 10)] == [[str(number), "–"] for number in range(1, 10)]
    assert "enterprise:test" in shown(pilot)
    assert "Nothing kept yet: w keeps this list" in shown(pilot)
    await pilot.press("enter")
    assert "Nothing is kept under 1 yet: w keeps" in said(pilot)
    await pilot.press("5")
    assert "Nothing is kept under 5 yet: w keeps" in said(pilot)
    await pilot.press("j", "d")
    assert "Nothing is kept under 6: there is nothing to remove" in said(pilot)
    await pilot.press("escape")
    await menu(pilot)


@both_sizes
@pytest.mark.parametrize("key", ["4", "enter"])
async def test_a_digit_or_enter_goes_back_to_the_list_with_that_view(pilot: Pilot[int], desk: Desk, key: str) -> None:
    keep(desk, 1, "Alles", ProjectQuery())
    keep(desk, 4, "Lopend")
    opened = await views(pilot)
    await until(pilot, lambda: line(pilot, 4).rstrip()[-1] != "…")
    assert line(pilot, 4).split()[:3] == ["4", "Lopend", "status:Lopend"]
    assert line(pilot, 1).split() == ["1", "Alles", "no", "filters", "203"]
    await pilot.press(*"jjj", key)
    await menu(pilot)
    assert opened == [RUNNING]


async def test_a_key_does_not_wait_for_the_counts(pilot: Pilot[int], desk: Desk) -> None:
    """The lines are there while the only thread is busy with something else, and so is what a digit opens."""
    keep(desk, 1, "Alles", ProjectQuery())
    keep(desk, 2, "Lopend")
    only, go = ThreadPoolExecutor(1), Event()

    def while_threads_are_taken(query: ProjectQuery) -> str:
        if query == PRESENT:  # said once the lines have come, before the first count
            asyncio.get_running_loop().set_default_executor(only)
            only.submit(go.wait, 20)
        return in_words(query)

    opened: list[ProjectQuery] = []
    desk.push_screen(ViewsScreen(PRESENT, in_words=while_threads_are_taken, opened=opened.append))
    await until(pilot, lambda: "enterprise:test" in shown(pilot))
    assert [line(pilot, number).split()[-1] for number in (1, 2)] == ["…", "…"]
    began = monotonic()
    await pilot.press("2")
    await menu(pilot)
    assert opened == [RUNNING]
    assert monotonic() - began < SOON
    go.set()
    only.shutdown()  # what was still to be counted is not missed
    await pilot.pause()


@both_sizes
async def test_the_present_list_is_kept_under_the_number_at_the_cursor(pilot: Pilot[int], desk: Desk) -> None:
    await views(pilot)
    await pilot.press("j", "j", "w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    assert "enterprise:test sort:amount" in shown(pilot)
    await pilot.press(*"Test", "enter")
    await until(pilot, on(pilot, "ViewsScreen"))
    await until(pilot, lambda: line(pilot, 3).split()[:2] == ["3", "Test"])
    assert "View 3 was kept: Test." in said(pilot)
    assert pilot.app.screen.table.cursor == 2  # type: ignore[attr-defined]
    assert [(view.number, view.query) for view in list_views(actor=desk.acting)] == [(3, PRESENT)]
    await until(pilot, lambda: line(pilot, 3).rstrip()[-1] != "…")
    await pilot.press("3")
    await menu(pilot)


@both_sizes
async def test_a_view_is_replaced_by_name(pilot: Pilot[int], desk: Desk) -> None:
    keep(desk, 1, "Lopend")
    await views(pilot)
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    assert "takes the place of view 1, Lopend: status:Lopend" in shown(pilot)
    assert pilot.app.screen.query_one(Input).value == "Lopend"
    await pilot.press("end", *"e", "tab")
    assert isinstance(pilot.app.focused, Button)
    await pilot.press("enter")
    await until(pilot, on(pilot, "ViewsScreen"))
    await until(pilot, lambda: "Lopende" in line(pilot, 1))
    assert [(view.name, view.query) for view in list_views(actor=desk.acting)] == [("Lopende", PRESENT)]


@pytest.mark.parametrize(
    ("name", "why"),
    [("", "fill this in"), ("x" * 41, "41 characters"), ("a\x07b", "cannot be shown")],
    ids=["empty", "long", "bell"],
)
async def test_a_name_that_does_not_do_is_said_and_can_be_corrected(
    pilot: Pilot[int], desk: Desk, name: str, why: str
) -> None:
    await views(pilot)
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    pilot.app.screen.query_one(Input).value = name
    await pilot.press("enter")
    await until(pilot, lambda: why in said(pilot))
    assert pilot.app.screen.query("Input.-invalid")
    pilot.app.screen.query_one(Input).value = "Goed"
    await pilot.press("enter")
    await until(pilot, on(pilot, "ViewsScreen"))
    assert [view.name for view in list_views(actor=desk.acting)] == ["Goed"]


async def test_a_filter_that_cannot_be_read_is_not_kept(pilot: Pilot[int], desk: Desk) -> None:
    await views(pilot, ProjectQuery(applied="x"))
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    await pilot.press("x", "enter")
    await until(pilot, lambda: "'x'" in said(pilot))
    assert not pilot.app.screen.query("Input.-invalid")
    assert list_views(actor=desk.acting) == ()


@both_sizes
async def test_a_view_is_removed_after_a_question(pilot: Pilot[int], desk: Desk) -> None:
    keep(desk, 1, "Lopend")
    await views(pilot)
    for key, answer in (("d", "escape"), ("delete", "enter")):  # Enter is on the harmless answer
        await pilot.press(key)
        await until(pilot, on(pilot, "ConfirmScreen"))
        assert "Remove view 1, Lopend?" in shown(pilot)
        await pilot.press(answer)
        await until(pilot, on(pilot, "ViewsScreen"))
    assert len(list_views(actor=desk.acting)) == 1
    await pilot.press("d")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await pilot.press("right", "enter")
    await until(pilot, lambda: on(pilot, "ViewsScreen")() and line(pilot, 1).split() == ["1", "–"])
    assert "View 1 was removed." in said(pilot)
    assert list_views(actor=desk.acting) == ()


@both_sizes
async def test_escape_goes_one_step_back_everywhere_and_drops_no_name_unasked(pilot: Pilot[int], desk: Desk) -> None:
    keep(desk, 1, "Lopend")
    opened = await views(pilot)
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    await pilot.press("escape")
    await until(pilot, on(pilot, "ViewsScreen"))
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    await pilot.press("x", "escape")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await pilot.press("escape")
    await until(pilot, on(pilot, "KeepViewScreen"))
    await pilot.press("escape")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await pilot.press("right", "enter")
    await until(pilot, on(pilot, "ViewsScreen"))
    await pilot.press("escape")
    await menu(pilot)
    assert opened == []
    assert [view.name for view in list_views(actor=desk.acting)] == ["Lopend"]


@both_sizes
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_name_is_text_wherever_it_stands(pilot: Pilot[int], desk: Desk, name: str) -> None:
    keep(desk, 1, name, ProjectQuery(enterprise=name))
    await views(pilot, ProjectQuery(enterprise=name))
    assert line(pilot, 1).split()[1:3] == [name, f"enterprise:{name}"]
    assert f"The list you come from: enterprise:{name}" in shown(pilot)
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    assert f"view 1, {name}: enterprise:{name}" in shown(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: f"View 1 was kept: {name}." in said(pilot))
    await pilot.press("d")
    await until(pilot, on(pilot, "ConfirmScreen"))
    assert f"Remove view 1, {name}?" in shown(pilot)
    await pilot.press("escape", "question_mark")
    await until(pilot, on(pilot, "HelpScreen"))


async def test_what_is_cut_is_said_whole_below(pilot: Pilot[int], desk: Desk) -> None:
    keep(desk, 1, "Lopend")
    keep(desk, 2, "n" * 40)
    await views(pilot)
    assert said(pilot) == ""
    await pilot.press("j")
    await until(pilot, lambda: f"{'n' * 40}: status:Lopend" in said(pilot))
    await pilot.press("k")
    await until(pilot, lambda: said(pilot) == "")


async def test_a_view_that_cannot_be_read_any_more_says_so_and_can_be_replaced(pilot: Pilot[int], desk: Desk) -> None:
    keep(desk, 1, "Lopend")
    with transaction():
        saved_views.SavedView.update(query='{"colour": "red"}').execute()
    opened = await views(pilot)
    assert line(pilot, 1).split() == ["1", "Lopend", "cannot", "be", "read", "any", "more", "–"]
    for key in ("1", "enter"):
        await pilot.press(key)
        await until(pilot, lambda: "View 1 cannot be read any more" in said(pilot))
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    assert "view 1, Lopend: cannot be read any more" in shown(pilot)
    await pilot.press("enter")
    await until(pilot, on(pilot, "ViewsScreen"))
    assert [view.query for view in list_views(actor=desk.acting)] == [PRESENT]
    assert opened == []


async def test_a_filter_that_cannot_be_read_any_more_has_no_count_and_can_be_opened(
    pilot: Pilot[int], desk: Desk
) -> None:
    keep(desk, 1, "Dag")
    keep(desk, 2, "Alles", ProjectQuery())
    with transaction():
        saved_views.SavedView.update(query='{"applied": "x"}').where(saved_views.SavedView.number == 1).execute()
    opened = await views(pilot)
    await until(pilot, lambda: line(pilot, 2).split()[-1] == "203")
    assert line(pilot, 1).split() == ["1", "Dag", "applied:x", "–"]
    await pilot.press("1")
    assert opened == [ProjectQuery(applied="x")]


async def test_what_another_session_kept_meanwhile_is_not_replaced_unseen(pilot: Pilot[int], desk: Desk) -> None:
    await views(pilot)
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    theirs = save_view(SaveView(number=1, name="Van ginder", query=RUNNING), actor=other_session())
    await pilot.press("x", "enter")
    await until(pilot, lambda: "View 1 was changed meanwhile" in said(pilot))
    await pilot.press("escape")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await pilot.press("right", "enter")
    await until(pilot, on(pilot, "ViewsScreen"))
    await until(pilot, lambda: "Van ginder" in line(pilot, 1))
    assert list_views(actor=desk.acting) == (theirs,)


async def test_views_are_there_again_after_the_session_has_ended(pilot: Pilot[int], desk: Desk) -> None:
    keep(desk, 1, "Alles", ProjectQuery())
    later(minutes=31)
    desk.push_screen(ViewsScreen(PRESENT, in_words=in_words, opened=lambda query: None))
    await until(pilot, on(pilot, "LoginScreen"))
    pilot.app.screen.query_one("#password", Input).value = DEMO_PASSWORD
    await pilot.press("enter")
    await until(pilot, on(pilot, "ViewsScreen"))
    await until(pilot, lambda: line(pilot, 1).split()[-1] == "203")


@pytest.mark.parametrize("pilot", [(60, 15)], indirect=True, ids=["60x15"])
async def test_all_nine_fit_in_the_smallest_window(pilot: Pilot[int], desk: Desk) -> None:
    keep(desk, 9, "x" * 40)
    await views(pilot)
    assert pilot.app.screen.table.size.height == 10  # type: ignore[attr-defined]
    assert line(pilot, 9).split()[0] == "9"
    assert "…" in line(pilot, 9)
