"""How the screens of providers, establishments and the public search look; made as those in `test_pictures.py`."""

from typing import Any

import pytest
from textual.pilot import Pilot

from screens.desk import Desk
from screens.widgets.record_table import RecordTable
from tests.screens.visiting import SIZES, Visit, until


async def arrive(pilot: Pilot[int], name: str) -> None:
    """On the screen with that name, its table filled if it has one."""
    await until(pilot, lambda: type(pilot.app.screen).__name__ == name)
    await until(pilot, lambda: all(table.current for table in pilot.app.screen.query(RecordTable)))


async def provider_list(pilot: Pilot[int]) -> None:
    await arrive(pilot, "MenuScreen")
    await pilot.press("2")
    await arrive(pilot, "ProviderListScreen")


async def provider(pilot: Pilot[int]) -> None:
    await provider_list(pilot)
    await pilot.press("enter")
    await arrive(pilot, "ProviderScreen")


async def department(pilot: Pilot[int]) -> None:
    """One that cannot be ended: it says which projects it still has."""
    await provider_list(pilot)
    await pilot.press("down", "enter")
    await arrive(pilot, "ProviderScreen")
    await pilot.press("b")
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-wrong"))


async def new_department(pilot: Pilot[int]) -> None:
    """With a wrong postcode."""
    await provider_list(pilot)
    await pilot.press("n")
    await arrive(pilot, "ProviderFormScreen")
    await until(pilot, lambda: pilot.app.screen.query_one("#expertise OptionList").option_count)  # type: ignore[attr-defined]
    await pilot.press(*"Gent", "tab", "tab", "tab", "tab", *"900", "tab")
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-wrong"))


async def new_account_number(pilot: Pilot[int]) -> None:
    """It asks for the password."""
    await provider_list(pilot)
    await pilot.press("w")
    await arrive(pilot, "ProviderFormScreen")
    await until(pilot, lambda: pilot.app.screen.query_one("#expertise OptionList").option_count)  # type: ignore[attr-defined]
    await pilot.press(*["tab"] * 8, "ctrl+u", *"NL91 ABNA 0417 1643 00", "ctrl+s")
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-wrong"))


async def establishment_list(pilot: Pilot[int]) -> None:
    await arrive(pilot, "MenuScreen")
    await pilot.press("3")
    await arrive(pilot, "EstablishmentListScreen")


async def establishment(pilot: Pilot[int]) -> None:
    await establishment_list(pilot)
    await pilot.press("enter")
    await arrive(pilot, "EstablishmentScreen")


async def establishment_form(pilot: Pilot[int]) -> None:
    await establishment_list(pilot)
    await pilot.press("w")
    await arrive(pilot, "EstablishmentFormScreen")


async def search(pilot: Pilot[int]) -> None:
    await arrive(pilot, "MenuScreen")
    await pilot.press("ctrl+l")
    await arrive(pilot, "EntryScreen")
    await pilot.press("5")
    await arrive(pilot, "ProviderSearchScreen")
    await until(pilot, lambda: pilot.app.screen.query_one(RecordTable).count)


async def found_provider(pilot: Pilot[int]) -> None:
    await search(pilot)
    await pilot.press(*"kmo-portefeuille")
    await until(pilot, lambda: pilot.app.screen.query_one(RecordTable).count == 1)
    await pilot.press("enter", "enter")
    await arrive(pilot, "FoundProviderScreen")
    await until(pilot, lambda: pilot.app.screen.query_one("Facts").size.height > 3)


VISITS: list[Visit] = [
    provider_list, provider, department, new_department, new_account_number, establishment_list, establishment,
    establishment_form, search, found_provider,
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_picture(desk: Desk, visit: Visit, size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(desk, terminal_size=size, run_before=visit)
