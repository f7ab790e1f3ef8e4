"""The list of projects: filters and query line say the same, marks, totals, views, and the way back from a project."""

from collections.abc import AsyncIterator, Callable

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Select, Static

from screens.desk import Desk
from screens.projects.filters import ColumnChoice
from screens.projects.list import ProjectListScreen
from screens.projects.overview import OverviewPanel
from screens.projects.query_line import QueryLine
from services.projects import ProjectQuery, ProjectStatus, ServiceType, SortColumn
from services.saved_views import SaveView, save_view
from tests.screens.visiting import SIZES, menu, on, until

both_sizes = pytest.mark.parametrize("pilot", SIZES, indirect=True, ids=["80x24", "132x43"])
pytestmark = pytest.mark.parametrize("desk", ["en"], indirect=True)


@pytest.fixture
async def pilot(request: pytest.FixtureRequest, desk: Desk) -> AsyncIterator[Pilot[int]]:
    """The demo's headquarters at its list of 203 projects, at 80x24 unless the test is for another size."""
    async with desk.run_test(size=getattr(request, "param", SIZES[0])) as running:
        await menu(running)
        await running.press("4")
        await until(running, on(running, "ProjectListScreen"))
        await found(running, 203)
        yield running


def screen(pilot: Pilot[int]) -> ProjectListScreen:
    assert isinstance(pilot.app.screen, ProjectListScreen)
    return pilot.app.screen


async def found(pilot: Pilot[int], shown: int) -> None:
    """The list has so many rows, and the count says so too."""
    await until(pilot, lambda: isinstance(pilot.app.screen, ProjectListScreen))
    await until(pilot, lambda: (counts := screen(pilot).counts) is not None and counts.shown == shown)
    await until(pilot, lambda: screen(pilot).table.count == shown)


def value(pilot: Pilot[int], field: str) -> str:
    return screen(pilot).query_one(f"#{field}", Input).value


def line(pilot: Pilot[int]) -> str:
    return screen(pilot).query_one(QueryLine).field.value


def told(pilot: Pilot[int]) -> str:
    """What stands above the list and on the message line."""
    return "\n".join(str(part.render()) for part in pilot.app.screen.query(Static))


def row(pilot: Pilot[int], number: int) -> str:
    return "".join(segment.text for segment in screen(pilot).table.render_line(number))


@both_sizes
async def test_the_line_says_what_the_filters_say(pilot: Pilot[int]) -> None:
    status = screen(pilot).query_one("#status", ColumnChoice)
    screen(pilot).query_one("#amount", Input).value = ">1000"
    status.value = (ProjectStatus.RUNNING, False)
    await found(pilot, 14)
    await pilot.press("colon")
    assert line(pilot) == "status:running amount>1000"
    status.value = (ProjectStatus.RUNNING, True)
    await found(pilot, 78)
    await pilot.press("escape", "colon")
    assert line(pilot) == "-status:running amount>1000"


@both_sizes
async def test_the_filters_say_what_the_line_says(pilot: Pilot[int]) -> None:
    await pilot.press("colon")
    screen(pilot).query_one(QueryLine).field.value = "-testonderneming service:advice applied:2016 years:all"
    await found(pilot, 0)
    assert (value(pilot, "enterprise"), value(pilot, "applied")) == ("-testonderneming", "2016")
    assert screen(pilot).query_one("#service", ColumnChoice).value == (ServiceType.ADVICE, False)
    assert screen(pilot).query_shown == ProjectQuery(
        enterprise="-testonderneming", applied="2016", service=ServiceType.ADVICE, all_years=True
    )
    screen(pilot).query_one(QueryLine).field.value = ""
    await found(pilot, 203)
    assert screen(pilot).query_one("#service", ColumnChoice).value == Select.NULL
    await pilot.press("enter")
    assert screen(pilot).focused is screen(pilot).table
    assert not screen(pilot).query_one(QueryLine).display


async def test_a_line_that_cannot_be_read_leaves_the_list_and_says_why(pilot: Pilot[int]) -> None:
    await pilot.press("colon")
    screen(pilot).query_one(QueryLine).field.value = "status:lopend amount>many "
    await until(pilot, lambda: "many" in told(pilot))
    assert screen(pilot).table.count == 203
    await pilot.press("enter")
    assert screen(pilot).query_one(QueryLine).field.has_focus
    await pilot.press("escape", "x")
    await found(pilot, 203)


async def test_a_filter_that_cannot_be_read_is_marked_until_it_can(pilot: Pilot[int]) -> None:
    screen(pilot).query_one("#applied", Input).value = "gisteren"
    await until(pilot, lambda: screen(pilot).filters.unreadable)
    assert screen(pilot).table.count == 203
    await pilot.press("e")
    assert on(pilot, "ProjectListScreen")()
    screen(pilot).query_one("#applied", Input).value = "2016"
    await until(pilot, lambda: not screen(pilot).filters.unreadable)


async def test_what_is_said_of_the_list_is_about_the_rows_on_the_screen(pilot: Pilot[int]) -> None:
    """Also when a filter that cannot be read comes before the rows of the one before it."""
    for amount in ("100", "", "500..100"):
        screen(pilot).query_one("#amount", Input).value = amount
        await pilot.pause()
    await until(pilot, lambda: screen(pilot).filters.unreadable)
    await until(pilot, lambda: screen(pilot).counts is not None)
    assert screen(pilot).counts.shown == screen(pilot).table.count  # type: ignore[union-attr]
    for key in ("asterisk", "o", "e"):
        screen(pilot).say("")
        await pilot.press(key)
        await until(pilot, lambda: "Correct the marked filter first" in told(pilot))
    assert row(pilot, 1)[13:14] != "*"
    assert not screen(pilot).has_class("-overview")


async def test_a_line_that_cannot_be_read_is_not_dropped_by_leaving_it(pilot: Pilot[int]) -> None:
    await pilot.press("colon")
    screen(pilot).query_one(QueryLine).field.value = "status:nix "
    await until(pilot, lambda: screen(pilot).query_one(QueryLine).unreadable)
    await pilot.press("tab")
    await until(pilot, lambda: not screen(pilot).query_one(QueryLine).field.has_focus)
    assert line(pilot) == "status:nix "
    assert screen(pilot).query_one(QueryLine).display
    await pilot.press("escape", "escape")
    assert not screen(pilot).query_one(QueryLine).display
    assert screen(pilot).focused is screen(pilot).table


@pytest.mark.parametrize("where", ["line", "dropdown"])
async def test_a_window_that_was_too_small_takes_nothing_away(pilot: Pilot[int], where: str) -> None:
    if where == "line":
        await pilot.press("colon", *"status:lop")
    else:
        await pilot.press("slash", "tab", "tab", "tab", "tab", "tab", "enter")
    before = screen(pilot).focused
    await pilot.resize_terminal(59, 14)
    await until(pilot, lambda: screen(pilot).too_small)
    await pilot.resize_terminal(*SIZES[0])
    await until(pilot, lambda: not screen(pilot).too_small)
    if where == "line":
        assert screen(pilot).focused is before
        assert screen(pilot).query_one(QueryLine).display
        assert line(pilot) == "status:lop"
    else:
        assert screen(pilot).focused is screen(pilot).query_one("#status")
        assert not screen(pilot).query_one("#status", ColumnChoice).expanded


async def test_in_a_field_the_key_line_offers_no_letters(pilot: Pilot[int]) -> None:
    assert {"slash", "colon"} <= screen(pilot).active_bindings.keys()
    await pilot.press("slash")
    assert not {"slash", "colon"} & screen(pilot).active_bindings.keys()


@pytest.mark.parametrize("clear", ["x", "colon"])
async def test_what_is_cleared_keeps_its_order(pilot: Pilot[int], clear: str) -> None:
    await pilot.press("s", "r")
    screen(pilot).query_one("#number", Input).value = "0448"
    await found(pilot, 1)
    if clear == "colon":
        await pilot.press("colon", "ctrl+u", "enter")
    else:
        await pilot.press("x")
    await found(pilot, 203)
    assert (screen(pilot).query_shown.sort, screen(pilot).query_shown.descending) == (SortColumn.AMOUNT, False)
    assert value(pilot, "number") == ""


@both_sizes
async def test_marks_show_without_colour_and_are_counted(pilot: Pilot[int]) -> None:
    await pilot.press("space", "j", "space")
    assert row(pilot, 1)[13] == "*"
    assert row(pilot, 2)[13] == " "
    assert row(pilot, 3)[13] == "*"
    await until(pilot, lambda: "2 marked" in told(pilot))
    await pilot.press("asterisk")
    await until(pilot, lambda: "all marked" in told(pilot))
    assert all(row(pilot, place)[13] == "*" for place in range(1, 10))
    await pilot.press("space")
    await until(pilot, lambda: "takes the marks away" in told(pilot))
    await pilot.press("asterisk")
    await until(pilot, lambda: "marked ·" not in told(pilot))
    assert row(pilot, 1)[13] == " "


async def test_marks_stay_with_their_projects_when_the_list_changes(pilot: Pilot[int]) -> None:
    first = screen(pilot).table.current
    assert first is not None
    await pilot.press("space", "r")
    await until(pilot, lambda: (now := screen(pilot).table.current) is not None and now.number != first.number)
    assert row(pilot, 1)[13] == " "
    screen(pilot).query_one("#number", Input).value = first.number
    await found(pilot, 1)
    assert row(pilot, 1)[13] == "*"


async def test_all_of_the_list_is_no_longer_marked_when_it_is_another_list(pilot: Pilot[int]) -> None:
    await pilot.press("asterisk")
    screen(pilot).query_one("#number", Input).value = "2016"
    await until(pilot, lambda: "marked" not in told(pilot))


async def test_reacting_to_many_is_offered_when_some_are_marked(pilot: Pilot[int]) -> None:
    await pilot.press("b")
    assert on(pilot, "ProjectListScreen")()
    await pilot.press("space", "b")
    await until(pilot, on(pilot, "BulkReactionScreen"))
    await pilot.press("escape")
    await found(pilot, 203)
    await until(pilot, lambda: "1 marked" in told(pilot))


@both_sizes
async def test_totals_follow_the_filters_and_give_way_to_the_list(pilot: Pilot[int]) -> None:
    panel = screen(pilot).query_one(OverviewPanel)
    await pilot.press("o")
    await until(pilot, lambda: panel.has_focus and "203" in _panel(panel))
    screen(pilot).query_one("#status", ColumnChoice).value = (ProjectStatus.RUNNING, False)
    await until(pilot, lambda: "23 projects" in _panel(panel))
    await pilot.press("slash", "escape")
    assert panel.has_focus
    await pilot.press("escape")
    assert screen(pilot).focused is screen(pilot).table
    await found(pilot, 23)


def _panel(panel: OverviewPanel) -> str:
    return "\n".join(
        "".join(segment.text for segment in panel.render_line(place)) for place in range(panel.size.height)
    )


async def test_a_digit_opens_the_view_that_is_kept_under_it(pilot: Pilot[int], desk: Desk) -> None:
    kept = ProjectQuery(status=ProjectStatus.FINISHED, sort=SortColumn.AMOUNT, descending=False, all_years=True)
    save_view(SaveView(number=3, name="Finished", query=kept), actor=desk.acting)
    await pilot.press("3")
    await until(pilot, lambda: screen(pilot).query_shown == kept)
    await until(pilot, lambda: "View 3: Finished" in told(pilot))
    assert screen(pilot).query_one("#status", ColumnChoice).value == (ProjectStatus.FINISHED, False)
    await pilot.press("4")
    await until(pilot, lambda: "There is no saved view 4" in told(pilot))
    assert screen(pilot).query_shown == kept


async def test_the_views_take_the_list_and_give_it_back(pilot: Pilot[int]) -> None:
    screen(pilot).query_one("#number", Input).value = "0448"
    await found(pilot, 1)
    await pilot.press("v")
    await until(pilot, on(pilot, "ViewsScreen"))
    await until(pilot, lambda: pilot.app.screen.table.current is not None)  # type: ignore[attr-defined]
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))
    await pilot.press(*"one", "enter")
    await until(pilot, on(pilot, "ViewsScreen"))
    await pilot.press("escape", "x")
    await found(pilot, 203)
    await pilot.press("1")
    await found(pilot, 1)
    assert value(pilot, "number") == "0448"


@pytest.mark.parametrize("steps", [[], ["n"], ["p"], ["n", "n"]], ids=["-", "next", "former", "two further"])
async def test_one_comes_back_to_the_project_that_was_looked_at_last(pilot: Pilot[int], steps: list[str]) -> None:
    await pilot.press(*"jjjj")
    await pilot.press("enter")
    await until(pilot, on(pilot, "ProjectScreen"))
    await until(pilot, _drawn(pilot))
    for step in steps:
        before = pilot.app.screen.number  # type: ignore[attr-defined]
        await pilot.press(step)
        await until(pilot, lambda before=before: pilot.app.screen.number != before)  # type: ignore[misc]
        await until(pilot, _drawn(pilot))
    number = pilot.app.screen.number  # type: ignore[attr-defined]
    await pilot.press("escape")
    await until(pilot, on(pilot, "ProjectListScreen"))
    await until(pilot, lambda: (now := screen(pilot).table.current) is not None and now.number == number)
    assert screen(pilot).table.cursor == 4 + steps.count("n") - steps.count("p")


def _drawn(pilot: Pilot[int]) -> Callable[[], bool]:
    return lambda: (
        (record := getattr(pilot.app.screen, "record", None)) is not None
        and (
            record.number == pilot.app.screen.number  # type: ignore[attr-defined]
        )
    )
