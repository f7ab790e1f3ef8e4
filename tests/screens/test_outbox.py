"""The mails of the demo: from everywhere, one a line, and each to be read to its end."""

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from screens.desk import Desk
from services.databases import command_line_actor
from services.mail import post
from services.work import writing
from tests.screens.test_desk import keys
from tests.screens.visiting import menu, on, until

pytestmark = pytest.mark.parametrize("desk", ["en"], indirect=True)

MOST = 20


async def at_outbox(pilot: Pilot[int]) -> OptionList:
    await menu(pilot)
    with writing(command_line_actor()) as work:
        work.audit("test.letters", "test:1")
        for number in range(MOST):
            recipient = f"een.lange.naam.{number}@example.com"
            post(
                work, recipient=recipient, subject="Nieuw paswoord " * 8, body="regel\n" * 30 + "einde", about="test:1"
            )
    await pilot.press("6")
    await until(pilot, on(pilot, "OutboxScreen"))
    listing = pilot.app.screen.query_one(OptionList)
    await until(pilot, lambda: listing.option_count == MOST)
    return listing


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_each_mail_takes_one_line_and_is_read_to_its_end(desk: Desk, size: tuple[int, int]) -> None:
    async with desk.run_test(size=size) as pilot:
        listing = await at_outbox(pilot)
        shown = [listing.render_line(y).text.rstrip() for y in range(listing.size.height)]
        assert all(line.strip().startswith("11/03/2016") for line in shown)
        assert all(line.endswith("…") for line in shown)
        letter = pilot.app.screen.query_one("#letter")
        assert letter.size.height > listing.size.height
        hint = pilot.app.screen.query_one("Hint").render_line(0).text
        assert "Tab, ↑ ↓ to read on" in hint
        assert hint.rstrip().endswith("1/20")
        await pilot.press("tab", "end")
        await until(pilot, lambda: letter.scroll_y == letter.max_scroll_y > 0)
        # the next one is shown from its beginning
        await pilot.press("shift+tab", "down")
        await until(pilot, lambda: letter.scroll_y == 0)
        assert "een.lange.naam.18" in str(pilot.app.screen.query_one("#letter-text", Static).render())


async def test_the_mails_can_be_reached_without_a_login_and_from_the_palette(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        await menu(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, on(pilot, "EntryScreen"))
        assert "m Mails" in keys(pilot)
        await pilot.press("m")
        await until(pilot, on(pilot, "OutboxScreen"))
        await pilot.press("escape", "4")
        await until(pilot, on(pilot, "PasswordResetScreen"))
        await pilot.press("ctrl+p")
        await until(pilot, on(pilot, "Palette"))
        await pilot.press(*"Mails")
        await until(pilot, lambda: pilot.app.screen.query_one("CommandList").option_count == 1)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, on(pilot, "OutboxScreen"))
        await pilot.press("escape")
        await until(pilot, on(pilot, "PasswordResetScreen"))


async def test_where_mail_is_real_nobody_is_shown_any(desk: Desk) -> None:
    desk.demo = None
    async with desk.run_test(size=(80, 24)) as pilot:
        await until(pilot, on(pilot, "EntryScreen"))
        assert "Mails" not in keys(pilot)
        await pilot.press("m")
        await pilot.pause()
        assert type(pilot.app.screen).__name__ == "EntryScreen"
        titles = [command.title for command in pilot.app.get_system_commands(pilot.app.screen)]
        assert titles
        assert not any("Mails" in title for title in titles)


async def test_the_logins_of_the_demo_are_scrolled_to_where_they_do_not_fit(desk: Desk) -> None:
    async with desk.run_test(size=(60, 15)) as pilot:
        await menu(pilot)
        await pilot.press("ctrl+l")
        await until(pilot, on(pilot, "EntryScreen"))
        await pilot.press("1")
        await until(pilot, on(pilot, "LoginScreen"))
        place = pilot.app.screen.query_one("LowScroll")
        await until(pilot, lambda: place.max_scroll_y)
        await pilot.press("tab", "tab", "tab", "tab", "end")
        assert pilot.app.focused is place
        await until(pilot, lambda: place.scroll_y == place.max_scroll_y)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: place.max_scroll_y == 0)
        await pilot.press("tab", "tab", "tab", "tab")
        assert pilot.app.focused is not place
