"""How the forms that need no login look, at the size most people have and at a large one."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from screens.answer import AnswerScreen
from screens.desk import Desk
from screens.login import LoginScreen
from screens.password_reset import PasswordResetScreen
from screens.sign_up.form import OVERVIEW
from screens.widgets.search_choice import SearchChoice
from services import clock
from services.language import use_language
from tests.making import NINE, fresh_database
from tests.screens.test_sign_up import VALUES, at, at_form, fill, until

Visit = Callable[[Pilot[int]], Awaitable[None]]
SIZES = [(80, 24), (132, 43)]


@pytest.fixture(params=["nl", "en"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """The desk on an empty database."""
    use_language(request.param)
    clock.start_at(NINE)
    fresh_database(tmp_path / "kmop.db")
    yield Desk(lambda: None, source="local", log_folder=tmp_path)
    use_language("nl")


async def organisation(pilot: Pilot[int]) -> None:
    """A wrong number was told, and a legal form is being looked for."""
    screen = await at_form(pilot)
    screen.query_one("#name", Input).value = VALUES["name"]
    screen.query_one("#enterprise_number", Input).value = "0403.227.516"
    await pilot.press("tab", "tab", "e")
    await until(pilot, lambda: screen.query(".-invalid"))


async def address(pilot: Pilot[int]) -> None:
    """The postcode and the municipality do not go together, which is only a warning."""
    screen = await at_form(pilot)
    fill(screen, municipality="Ledeberg")
    screen._show(1, "municipality")
    await pilot.press("tab")


async def contact(pilot: Pilot[int]) -> None:
    """A mail address that is none."""
    screen = await at_form(pilot)
    fill(screen, email="info@")
    screen._show(2, "email")
    await pilot.press("tab")
    await until(pilot, lambda: screen.query(".-invalid"))


async def account(pilot: Pilot[int]) -> None:
    screen = await at_form(pilot)
    fill(screen)
    screen._show(3)
    await pilot.pause()


async def presentation(pilot: Pilot[int]) -> None:
    screen = await at_form(pilot)
    fill(screen)
    screen._show(5)
    await pilot.pause()


async def expertise(pilot: Pilot[int]) -> None:
    screen = await at_form(pilot)
    fill(screen)
    screen._show(4)
    await pilot.pause()
    await pilot.press("i", "n")
    await until(pilot, lambda: screen.query_one("#expertise", SearchChoice).typed == "in")


async def overview(pilot: Pilot[int]) -> None:
    screen = await at_form(pilot)
    fill(screen, email="info@")
    screen.query_one("#presentation", TextArea).text = "Wij geven les aan kleine ondernemingen. " * 6
    screen._show(OVERVIEW)


async def new_password(pilot: Pilot[int]) -> None:
    await pilot.press("4")
    screen = await at(pilot, PasswordResetScreen)
    screen.query_one("#provider_number", Input).value = "0862.010.19"
    await pilot.press("tab")
    await until(pilot, lambda: screen.query(".-invalid"))


async def answer(pilot: Pilot[int]) -> None:
    await pilot.press("4")
    screen = await at(pilot, PasswordResetScreen)
    screen.query_one("#provider_number", Input).value = "0862.010.195"
    screen.query_one("#email", Input).value = "info@example.com"
    screen.query_one("#send").press()
    await at(pilot, AnswerScreen)


async def signed_up(pilot: Pilot[int]) -> None:
    screen = await at_form(pilot)
    fill(screen)
    screen._show(OVERVIEW)
    await pilot.press("ctrl+s")
    await at(pilot, AnswerScreen)


async def light(pilot: Pilot[int]) -> None:
    await organisation(pilot)
    pilot.app.theme = "kmop-light"
    await pilot.pause()


async def login_department(pilot: Pilot[int]) -> None:
    await pilot.press("2")
    await at(pilot, LoginScreen)


VISITS: list[Visit] = [
    organisation, address, contact, account, expertise, presentation, overview, new_password, answer, login_department,
    signed_up, light,
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_picture(desk: Desk, visit: Visit, size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(desk, terminal_size=size, run_before=visit)
