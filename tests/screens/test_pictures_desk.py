"""How it looks where one does not come every day: the first login, a session that ended, a window too small, ..."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from db.accounts import Account
from db.database import transaction
from screens.desk import Desk
from services.demo_logins import DEMO_PASSWORD
from tests.making import later
from tests.screens.visiting import SIZES, Visit, menu, on, until


async def logs_in(pilot: Pilot[int], link: str, login: str) -> None:
    await menu(pilot)
    await pilot.press("ctrl+l")
    await until(pilot, on(pilot, "EntryScreen"))
    await pilot.press(link)
    await until(pilot, on(pilot, "LoginScreen"))
    pilot.app.screen.query_one("#login", Input).value = login
    pilot.app.screen.query_one("#password", Input).value = DEMO_PASSWORD
    pilot.app.screen.query_one("#password").focus()
    await pilot.press("enter")
    await until(pilot, lambda: not on(pilot, "LoginScreen")())


async def first_login(pilot: Pilot[int]) -> None:
    """With the password that came by mail; there is no way round."""
    await menu(pilot)
    with transaction():
        Account.update(must_change_password=True).execute()
    await logs_in(pilot, "1", "012345678")
    await until(pilot, on(pilot, "ChangeLoginScreen"))
    await pilot.press("ctrl+o")
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-wrong"))


async def menu_of_department(pilot: Pilot[int]) -> None:
    """With what it may not do, and why."""
    await logs_in(pilot, "2", "departement")
    await menu(pilot)
    await pilot.press("3")
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-said"))


async def form_of_department(pilot: Pilot[int]) -> None:
    """Of what is its own to change."""
    await logs_in(pilot, "2", "departement")
    await menu(pilot)
    await pilot.press("2")
    await until(pilot, on(pilot, "ProviderListScreen"))
    await until(pilot, lambda: pilot.app.screen.table.current)  # type: ignore[attr-defined]
    await pilot.press("w")
    await until(pilot, on(pilot, "ProviderFormScreen"))
    await pilot.pause(0.2)


async def session_ended(pilot: Pilot[int]) -> None:
    """The password is asked for over what one was doing."""
    await menu(pilot)
    later(minutes=40)
    await pilot.press("1")
    await until(pilot, on(pilot, "LoginScreen"))
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-wrong"))


async def palette(pilot: Pilot[int]) -> None:
    await menu(pilot)
    await pilot.press("ctrl+p")
    await until(pilot, on(pilot, "Palette"))
    await until(pilot, lambda: pilot.app.screen.query_one("CommandList").option_count > 3)  # type: ignore[attr-defined]
    await pilot.pause(0.2)


async def light(pilot: Pilot[int]) -> None:
    """A question over the form that asks it."""
    await menu(pilot)
    await pilot.press("5")
    await until(pilot, on(pilot, "ChangeLoginScreen"))
    await pilot.press(*"geheim", "escape")
    await until(pilot, on(pilot, "ConfirmScreen"))
    pilot.app.theme = "kmop-light"
    await pilot.pause()


VISITS: list[Visit] = [
    first_login, menu_of_department, form_of_department, session_ended, palette, light,
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_picture(desk: Desk, visit: Visit, size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(desk, terminal_size=size, run_before=visit)


def test_picture_of_a_window_that_is_too_small(desk: Desk, snap_compare: Any) -> None:
    assert snap_compare(desk, terminal_size=(59, 14), run_before=menu)
