"""How the list of projects looks with its query line, marks, totals, views and many reactions at once."""

from typing import Any

import pytest
from textual.pilot import Pilot

from screens.desk import Desk
from screens.projects.list import ProjectListScreen
from screens.projects.overview import OverviewPanel
from services.projects import ProjectQuery, ProjectStatus
from services.saved_views import SaveView, save_view
from tests.screens.visiting import SIZES, Visit, menu, on, until


async def at_list(pilot: Pilot[int]) -> ProjectListScreen:
    await menu(pilot)
    await pilot.press("4")
    await until(pilot, on(pilot, "ProjectListScreen"))
    screen = pilot.app.screen
    assert isinstance(screen, ProjectListScreen)
    await until(pilot, lambda: screen.table.count == 203)
    return screen


async def query_line(pilot: Pilot[int]) -> None:
    screen = await at_list(pilot)
    screen.take_over(ProjectQuery(status=ProjectStatus.RUNNING, not_status=True, amount=">1000", all_years=True))
    await until(pilot, lambda: screen.counts is not None and screen.counts.shown not in (203, 227))
    await pilot.press("colon", "space", "d")
    await until(pilot, lambda: screen.table.count == screen.counts.shown if screen.counts else False)


async def query_line_unreadable(pilot: Pilot[int]) -> None:
    await at_list(pilot)
    await pilot.press("colon", *"status:nix", "enter")
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-wrong"))


async def marked(pilot: Pilot[int]) -> None:
    await at_list(pilot)
    await pilot.press("space", "j", "space", "space")


async def totals(pilot: Pilot[int]) -> None:
    screen = await at_list(pilot)
    panel = screen.query_one(OverviewPanel)
    await pilot.press("o")
    await until(pilot, lambda: any("217" in segment.text for segment in panel.render_line(0)))


async def views(pilot: Pilot[int]) -> None:
    await at_list(pilot)
    desk = pilot.app
    assert isinstance(desk, Desk)
    for number, name, query in (
        (1, "Lopend", ProjectQuery(status=ProjectStatus.RUNNING)),
        (4, "[/x] van boven de duizend euro", ProjectQuery(amount=">1000", enterprise="testonderneming")),
    ):
        save_view(SaveView(number=number, name=name, query=query), actor=desk.acting)
    await pilot.press("v")
    await until(pilot, on(pilot, "ViewsScreen"))
    table = pilot.app.screen.table  # type: ignore[attr-defined]
    counted = ("23", "92")
    await until(
        pilot,
        lambda: all(
            any(text in segment.text for place in range(1, 10) for segment in table.render_line(place))
            for text in counted
        ),
    )


async def keep_view(pilot: Pilot[int]) -> None:
    await at_list(pilot)
    await pilot.press("v")
    await until(pilot, on(pilot, "ViewsScreen"))
    await until(pilot, lambda: pilot.app.screen.table.current is not None)  # type: ignore[attr-defined]
    await pilot.press("w")
    await until(pilot, on(pilot, "KeepViewScreen"))


async def bulk_choice(pilot: Pilot[int]) -> None:
    screen = await at_list(pilot)
    screen.take_over(ProjectQuery(applied="2016"))
    await until(pilot, lambda: screen.counts is not None and screen.counts.shown < 203)
    await pilot.press("asterisk", "b")
    await until(pilot, on(pilot, "BulkReactionScreen"))
    await until(pilot, lambda: pilot.app.screen.query_one("Choices").children or pilot.app.screen.query("#refusals"))
    await until(pilot, lambda: "…" not in str(pilot.app.screen.query_one("#selected").render()))
    await pilot.press("down")


async def bulk_form(pilot: Pilot[int]) -> None:
    await bulk_choice(pilot)
    await pilot.press("1")
    await until(pilot, lambda: pilot.app.screen.query("#reason"))


VISITS: list[Visit] = [query_line, query_line_unreadable, marked, totals, views, keep_view, bulk_choice, bulk_form]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_picture(desk: Desk, visit: Visit, size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(desk, terminal_size=size, run_before=visit)
