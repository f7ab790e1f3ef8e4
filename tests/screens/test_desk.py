"""What holds for every screen: the ways out, the frame, and a window that is too small."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widgets import Input

from db.accounts import Account
from db.codes import Role
from db.database import transaction
from db.establishments import Establishment
from screens.desk import Desk
from screens.desk_screen import DeskScreen
from services import clock, passwords
from services.language import use_language
from tests.making import CHEAP_HASHER, NINE, PASSWORD, fresh_database, make_account, make_address, make_provider, rows
from tests.screens.visiting import on, until

LOGIN = "een tamelijk lange login"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk on a database with one headquarters and its login, in English."""
    monkeypatch.setattr(clock, "_start", None)
    monkeypatch.setattr(passwords, "_hasher", CHEAP_HASHER)
    clock.start_at(NINE)
    use_language("en")
    fresh_database(tmp_path / "kmop.db")
    provider = make_provider("Een dienstverlener met een tamelijk lange naam", "0862010195")
    make_address(provider)
    make_account(LOGIN, Role.HEADQUARTERS, provider)
    yield Desk(lambda: None, source="local", log_folder=tmp_path)
    use_language("nl")


@pytest.fixture
async def pilot(desk: Desk) -> AsyncIterator[Pilot[int]]:
    """At the entry screen."""
    async with desk.run_test(size=(80, 24)) as running:
        await until(running, desk.ready.is_set)
        yield running


async def logs_in(pilot: Pilot[int], arrives: str = "MenuScreen") -> None:
    await until(pilot, on(pilot, "EntryScreen"))
    await pilot.press("1")
    await until(pilot, on(pilot, "LoginScreen"))
    pilot.app.screen.query_one("#login", Input).value = LOGIN
    pilot.app.screen.query_one("#password", Input).value = PASSWORD
    pilot.app.screen.query_one("#password").focus()
    await pilot.press("enter")
    await until(pilot, on(pilot, arrives))


def said(pilot: Pilot[int]) -> str:
    return str(pilot.app.screen.query_one("MessageLine .text").render())


def title(pilot: Pilot[int]) -> str:
    return str(pilot.app.screen.query_one("TitleLine").render())


def keys(pilot: Pilot[int]) -> str:
    return str(pilot.app.screen.query_one("KeyLine").render())


def named(pilot: Pilot[int]) -> str:
    return type(pilot.app.screen).__name__


# Ways out


def must_change() -> None:
    with transaction():
        Account.update(must_change_password=True).execute()


@pytest.mark.parametrize("way_out", ["escape", "ctrl+o", "palette"])
async def test_nobody_gets_round_a_password_of_ones_own(pilot: Pilot[int], way_out: str) -> None:
    must_change()
    await logs_in(pilot, "ChangeLoginScreen")
    form = pilot.app.screen
    assert "Password from the mail" in str([label.render() for label in form.query("Label")])
    if way_out == "palette":
        pilot.app.action_command_palette()  # type: ignore[attr-defined]
        await until(pilot, on(pilot, "Palette"))
        await pilot.press(*"Home")
        await until(pilot, lambda: pilot.app.screen.query_one("CommandList").option_count == 1)  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is form)
    else:
        await pilot.press(way_out)
    await until(pilot, lambda: "Choose a password of your own first" in said(pilot))
    assert pilot.app.screen is form
    await pilot.press("ctrl+l")
    await until(pilot, on(pilot, "EntryScreen"))
    assert pilot.app.actor is None  # type: ignore[attr-defined]


async def test_what_lies_over_that_form_leads_back_to_it(pilot: Pilot[int]) -> None:
    must_change()
    await logs_in(pilot, "ChangeLoginScreen")
    form = pilot.app.screen
    pilot.app.action_outbox()  # type: ignore[attr-defined]
    await until(pilot, on(pilot, "OutboxScreen"))
    await pilot.press("ctrl+o")
    await until(pilot, lambda: pilot.app.screen is form)
    assert "Choose a password of your own first" in said(pilot)


async def test_a_password_that_must_be_changed_by_now_is_asked_for_over_any_screen(pilot: Pilot[int]) -> None:
    await logs_in(pilot)
    must_change()
    pilot.app.log_in_again("Your session was ended.")  # type: ignore[attr-defined]
    await until(pilot, on(pilot, "LoginScreen"))
    await pilot.press(*PASSWORD, "enter")
    await until(pilot, on(pilot, "ChangeLoginScreen"))


async def test_logging_out_asks_nothing_about_a_form_of_the_first_screen(pilot: Pilot[int]) -> None:
    await until(pilot, on(pilot, "EntryScreen"))
    await pilot.press("3")
    await until(pilot, on(pilot, "SignUpScreen"))
    await until(pilot, lambda: pilot.app.focused)
    await pilot.press("x", "escape")
    await logs_in(pilot)
    await pilot.press("ctrl+l")
    await until(pilot, lambda: named(pilot) != "MenuScreen")
    assert named(pilot) == "EntryScreen"
    await until(pilot, lambda: LOGIN not in title(pilot))
    assert "Log out" not in title(pilot)
    assert pilot.app.actor is None  # type: ignore[attr-defined]
    # that form is there still, and only quitting would lose it
    assert pilot.app.kept  # type: ignore[attr-defined]
    await pilot.press("ctrl+q")
    await until(pilot, on(pilot, "ConfirmScreen"))


# A window that is too small


async def at_new_establishment(pilot: Pilot[int]) -> DeskScreen:
    await logs_in(pilot)
    await pilot.press("3")
    await until(pilot, on(pilot, "EstablishmentListScreen"))
    await pilot.press("n")
    await until(pilot, on(pilot, "EstablishmentFormScreen"))
    screen = pilot.app.screen
    assert isinstance(screen, DeskScreen)
    return screen


async def resizes(pilot: Pilot[int], width: int, height: int) -> None:
    await pilot.resize_terminal(width, height)
    await until(pilot, lambda: pilot.app.size == Size(width, height))


async def test_nothing_acts_in_a_window_that_is_too_small(pilot: Pilot[int]) -> None:
    form = await at_new_establishment(pilot)
    for field, value in {
        "street": "Zeelaan",
        "house_number": "1",
        "postcode": "8670",
        "municipality": "Koksijde",
    }.items():
        form.query_one(f"#{field}", Input).value = value
    form.query_one("#house_number").focus()
    await pilot.pause()
    await resizes(pilot, 59, 14)
    assert keys(pilot).split() == ["?", "Help"]
    assert "^" not in title(pilot)
    for key in ("ctrl+s", "x", "tab", "ctrl+o", "ctrl+l", "escape", "ctrl+p", "enter"):
        await pilot.press(key)
        assert pilot.app.screen is form, key
    assert len(rows(Establishment)) == 1
    await pilot.press("question_mark")
    await until(pilot, on(pilot, "HelpScreen"))
    await pilot.press("escape")
    assert pilot.app.screen is form
    await resizes(pilot, 80, 24)
    assert pilot.app.focused is form.query_one("#house_number")
    assert form.query_one("#house_number", Input).value == "1"
    await pilot.press("ctrl+s")
    await until(pilot, on(pilot, "EstablishmentListScreen"))
    assert len(rows(Establishment)) == 2


async def test_coming_back_from_such_a_window_says_nothing_unasked(pilot: Pilot[int]) -> None:
    form = await at_new_establishment(pilot)
    form.query_one("#street", Input).value = ""
    await resizes(pilot, 80, 14)
    await resizes(pilot, 80, 24)
    await pilot.pause()
    assert said(pilot) == ""
    assert not form.query(".-invalid")
    assert pilot.app.focused is form.query_one("#street")


async def test_a_question_asked_in_such_a_window_is_answered_and_the_screen_beneath_still_fits(
    pilot: Pilot[int],
) -> None:
    form = await at_new_establishment(pilot)
    await pilot.press("ctrl+n", "x")
    await pilot.press("ctrl+n")
    await until(pilot, on(pilot, "ConfirmScreen"))
    await resizes(pilot, 59, 14)
    await pilot.press("escape")
    await until(pilot, lambda: pilot.app.screen is form)
    assert form.too_small
    await pilot.press("y")
    await resizes(pilot, 80, 24)
    assert form.query_one("#street", Input).value == "x"


# The frame


@pytest.mark.parametrize(("width", "organisation"), [(132, "tamelijk lange naam ·"), (80, "Een d"), (60, "")])
async def test_the_login_can_be_read_whatever_the_organisation_is_called(
    pilot: Pilot[int], width: int, organisation: str
) -> None:
    await logs_in(pilot)
    await resizes(pilot, width, 24)
    assert LOGIN in title(pilot)
    assert organisation in title(pilot)
    assert len(title(pilot)) == width
    assert title(pilot).rstrip().endswith("^o Home  ^l Log out")


async def test_a_new_login_stands_in_every_title_at_once(pilot: Pilot[int]) -> None:
    await logs_in(pilot)
    await pilot.press("5")
    await until(pilot, on(pilot, "ChangeLoginScreen"))
    for field, value in {
        "new_login": "nieuwe login",
        "old_password": PASSWORD,
        "new_password": "vier woorden onder de brug",
        "new_password_again": "vier woorden onder de brug",
    }.items():
        pilot.app.screen.query_one(f"#{field}", Input).value = value
    pilot.app.screen.query_one("#change").focus()
    await pilot.press("enter")
    await until(pilot, on(pilot, "MenuScreen"))
    assert "nieuwe login" in title(pilot)
    assert LOGIN not in title(pilot)


async def test_where_the_keys_do_not_fit_back_and_help_stay(pilot: Pilot[int]) -> None:
    await logs_in(pilot)
    await pilot.press("1")
    await until(pilot, on(pilot, "RegistrationListScreen"))
    await resizes(pilot, 80, 24)
    assert "All/active" in keys(pilot)
    assert "…" not in keys(pilot)
    await resizes(pilot, 60, 15)
    assert "n New" in keys(pilot)
    assert keys(pilot).endswith("Esc Back ? Help …")
    assert len(keys(pilot)) <= 60


async def test_in_a_field_the_key_line_names_enter(pilot: Pilot[int]) -> None:
    await until(pilot, on(pilot, "EntryScreen"))
    await pilot.press("1")
    await until(pilot, on(pilot, "LoginScreen"))
    await until(pilot, lambda: pilot.app.focused)
    assert "Enter Next" in keys(pilot)
