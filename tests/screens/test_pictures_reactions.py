"""How the forms of annuleren and melden look; stopzetten has its picture in `test_pictures.py`."""

from typing import Any

import pytest
from textual.pilot import Pilot

from screens.desk import Desk
from tests.screens.visiting import SIZES, Visit, menu, on, until


async def reaction(pilot: Pilot[int], number: str, key: str) -> None:
    await menu(pilot)
    await pilot.press("4")
    await until(pilot, on(pilot, "ProjectListScreen"))
    await until(pilot, lambda: pilot.app.screen.table.count == 203)  # type: ignore[attr-defined]
    await pilot.press("slash", *number)
    await until(pilot, lambda: pilot.app.screen.table.count == 1)  # type: ignore[attr-defined]
    await pilot.press("escape", "enter")
    await until(pilot, on(pilot, "ProjectScreen"))
    await until(pilot, lambda: pilot.app.screen.record)  # type: ignore[attr-defined]
    await pilot.press(key)
    await until(pilot, on(pilot, "ReactionScreen"))
    await pilot.press("ctrl+s")
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-wrong"))


async def cancelling(pilot: Pilot[int]) -> None:
    await reaction(pilot, "2016KMO044443", "a")


async def reporting(pilot: Pilot[int]) -> None:
    await reaction(pilot, "2016KMO039146", "m")


VISITS: list[Visit] = [cancelling, reporting]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_picture(desk: Desk, visit: Visit, size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(desk, terminal_size=size, run_before=visit)
