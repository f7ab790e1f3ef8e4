"""How the screens look, at the size most people have and at a large one: a changed picture must be meant."""

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from screens.desk import Desk
from screens.trouble import TroubleScreen
from screens.widgets.inputs import ChoiceField
from services.reactions import Reason
from tests.screens.visiting import SIZES, Visit, menu, on, until


async def project_list(pilot: Pilot[int]) -> None:
    await menu(pilot)
    await pilot.press("4")
    await until(pilot, on(pilot, "ProjectListScreen"))
    await until(pilot, lambda: pilot.app.screen.table.count == 203)  # type: ignore[attr-defined]


async def filtered(pilot: Pilot[int]) -> None:
    await project_list(pilot)
    await pilot.press("slash", "tab", "tab", "tab", *">x")
    await until(pilot, lambda: pilot.app.screen.query(".-unreadable"))


async def detail(pilot: Pilot[int]) -> None:
    await project_list(pilot)
    await pilot.press("enter")
    await until(pilot, on(pilot, "ProjectScreen"))
    await until(pilot, lambda: pilot.app.screen.record)  # type: ignore[attr-defined]


async def reaction(pilot: Pilot[int]) -> None:
    await project_list(pilot)
    await pilot.press(*"jjjjjjjjjj", "enter")  # 2016KMO034012, which can be stopped
    await until(pilot, on(pilot, "ProjectScreen"))
    await until(pilot, lambda: pilot.app.screen.record)  # type: ignore[attr-defined]
    await pilot.press("s")
    await until(pilot, on(pilot, "ReactionScreen"))
    await pilot.press("ctrl+s")
    await until(pilot, lambda: pilot.app.screen.query("MessageLine.-wrong"))


async def export(pilot: Pilot[int]) -> None:
    await project_list(pilot)
    await pilot.press("e")
    await until(pilot, on(pilot, "ExportScreen"))


async def help_text(pilot: Pilot[int]) -> None:
    await project_list(pilot)
    await pilot.press("question_mark")
    await until(pilot, on(pilot, "HelpScreen"))


async def change_login(pilot: Pilot[int]) -> None:
    await menu(pilot)
    await pilot.press("5")
    await until(pilot, on(pilot, "ChangeLoginScreen"))


async def entry(pilot: Pilot[int]) -> None:
    await menu(pilot)
    await pilot.press("ctrl+l")
    await until(pilot, on(pilot, "EntryScreen"))


async def login(pilot: Pilot[int]) -> None:
    await entry(pilot)
    await pilot.press("1")
    await until(pilot, on(pilot, "LoginScreen"))


async def leaving(pilot: Pilot[int]) -> None:
    """What cannot be kept is asked about."""
    await change_login(pilot)
    await pilot.press(*"geheim", "escape")
    await until(pilot, on(pilot, "ConfirmScreen"))


async def outbox(pilot: Pilot[int]) -> None:
    """The letter of a project that was cancelled."""
    await project_list(pilot)
    await pilot.press("j", "enter")
    await until(pilot, on(pilot, "ProjectScreen"))
    await until(pilot, lambda: pilot.app.screen.record)  # type: ignore[attr-defined]
    await pilot.press("a")
    await until(pilot, on(pilot, "ReactionScreen"))
    pilot.app.screen.query_one("#reason", ChoiceField).value = Reason.FILED_LATE
    await pilot.press("ctrl+s")
    await until(pilot, on(pilot, "ProjectScreen"))
    await pilot.press("ctrl+o")
    await menu(pilot)
    await pilot.press("6")
    await until(pilot, on(pilot, "OutboxScreen"))
    await until(pilot, lambda: pilot.app.screen.query_one(OptionList).option_count)


async def how(pilot: Pilot[int]) -> None:
    await entry(pilot)
    await pilot.press("6")
    await until(pilot, on(pilot, "PageScreen"))


async def contact(pilot: Pilot[int]) -> None:
    await entry(pilot)
    await pilot.press("7")
    await until(pilot, on(pilot, "PageScreen"))


async def trouble(pilot: Pilot[int]) -> None:
    await menu(pilot)
    pilot.app.push_screen(TroubleScreen("/srv/kmop.db is damaged. Restore a backup: kmop-tui db restore."))
    await until(pilot, on(pilot, "TroubleScreen"))


async def light(pilot: Pilot[int]) -> None:
    await project_list(pilot)
    pilot.app.theme = "kmop-light"
    await pilot.pause()


VISITS: list[Visit] = [
    entry, login, menu, project_list, filtered, detail, reaction, export, help_text, change_login, leaving,
    outbox, how, contact, trouble, light,
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.__name__)
def test_picture(desk: Desk, visit: Visit, size: tuple[int, int], snap_compare: Any) -> None:
    assert snap_compare(desk, terminal_size=size, run_before=visit)
