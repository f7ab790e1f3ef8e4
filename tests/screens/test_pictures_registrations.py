"""How the registration screens look: a changed picture must be meant."""

from typing import Any

import pytest
from textual.pilot import Pilot

from screens.desk import Desk
from tests.screens.visiting import SIZES, Visit, menu, on, until


async def overview(pilot: Pilot[int]) -> None:
    await menu(pilot)
    await pilot.press("1")
    await until(pilot, on(pilot, "RegistrationListScreen"))
    await until(pilot, lambda: pilot.app.screen.table.count)  # type: ignore[attr-defined]


async def detail(pilot: Pilot[int]) -> None:
    await overview(pilot)
    await pilot.press("enter")
    await until(pilot, on(pilot, "RegistrationScreen"))


async def extension(pilot: Pilot[int]) -> None:
    await overview(pilot)
    await pilot.press("j", "v")
    await until(pilot, on(pilot, "ConfirmScreen"))


async def withdrawal(pilot: Pilot[int]) -> None:
    await detail(pilot)
    await pilot.press("i")
    await until(pilot, on(pilot, "ConfirmScreen"))


async def stop(pilot: Pilot[int]) -> None:
    """The second question: its projects go on."""
    await overview(pilot)
    await pilot.press("j", "enter")
    await until(pilot, on(pilot, "RegistrationScreen"))
    await pilot.press("x")
    await until(pilot, on(pilot, "ConfirmScreen"))
    first = pilot.app.screen
    await pilot.press("right", "enter")
    await until(pilot, lambda: on(pilot, "ConfirmScreen")() and pilot.app.screen is not first)


async def none_active(pilot: Pilot[int]) -> None:
    """Once all that there were have been withdrawn or stopped."""
    await stop(pilot)
    await pilot.press("right", "enter")
    await until(pilot, on(pilot, "RegistrationScreen"))
    await pilot.press("escape")
    await until(pilot, on(pilot, "RegistrationListScreen"))
    await pilot.press("g", "enter")
    await until(pilot, on(pilot, "RegistrationScreen"))
    await pilot.press("i")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await pilot.press("right", "enter")
    await until(pilot, on(pilot, "RegistrationScreen"))
    await pilot.press("escape")
    await until(pilot, on(pilot, "RegistrationListScreen"))
    await pilot.press("a")
    await until(pilot, lambda: pilot.app.screen.table.count == 0)  # type: ignore[attr-defined]


async def light(pilot: Pilot[int]) -> None:
    await overview(pilot)
    pilot.app.theme = "kmop-light"
    await pilot.pause()


async def request_for_whom(pilot: Pilot[int]) -> None:
    await overview(pilot)
    await pilot.press("n")
    await until(pilot, on(pilot, "RequestScreen"))
    await until(pilot, lambda: pilot.app.screen.query("Choices"))


async def request_refused(pilot: Pilot[int]) -> None:
    """The headquarters has a registration for both services already."""
    await request_for_whom(pilot)
    await pilot.press("1")
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-wrong"))


async def request_service(pilot: Pilot[int]) -> None:
    await request_for_whom(pilot)
    await pilot.press("2")
    await until(pilot, lambda: pilot.app.screen.step == 2)  # type: ignore[attr-defined]


async def request_basis(pilot: Pilot[int]) -> None:
    await request_service(pilot)
    await pilot.press("2")
    await until(pilot, lambda: pilot.app.screen.step == 3)  # type: ignore[attr-defined]


async def request_summary(pilot: Pilot[int]) -> None:
    await request_basis(pilot)
    await pilot.press("1")
    await until(pilot, on(pilot, "ConfirmScreen"))


async def request_received(pilot: Pilot[int]) -> None:
    await request_summary(pilot)
    await pilot.press("right", "enter")
    await until(pilot, lambda: pilot.app.screen.query("#file"))


async def declaration(pilot: Pilot[int]) -> None:
    """Of the request that was just made."""
    await request_received(pilot)
    await pilot.press("escape")
    await until(pilot, on(pilot, "RegistrationListScreen"))
    await until(pilot, lambda: pilot.app.screen.table.count)  # type: ignore[attr-defined]
    await pilot.press("enter")
    await until(pilot, on(pilot, "RegistrationScreen"))
    await until(pilot, lambda: pilot.app.screen.key_of("registration.declaration"))  # type: ignore[attr-defined]
    await pilot.press("d")
    await until(pilot, on(pilot, "DeclarationScreen"))


VISITS: list[Visit] = [
    declaration, overview, detail, extension, withdrawal, stop, none_active, light,
    request_for_whom, request_refused, request_service, request_basis, request_summary, request_received,
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_picture(desk: Desk, visit: Visit, size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(desk, terminal_size=size, run_before=visit)
