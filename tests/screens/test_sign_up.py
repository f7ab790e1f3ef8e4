"""The form of Aanmelden and that of a new password: nothing is lost, everything is checked, nothing is sent twice."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static, TextArea

from db.mail import Mail
from db.providers import Provider
from screens.answer import AnswerScreen
from screens.confirm import ConfirmScreen
from screens.desk import Desk
from screens.entry import EntryScreen
from screens.login import LoginScreen
from screens.password_reset import PasswordResetScreen
from screens.sign_up.form import OVERVIEW, PAGES, SignUpScreen
from screens.widgets.search_choice import SearchChoice
from screens.widgets.steps import StepBar
from services import clock, passwords
from services.errors import Busy
from services.language import use_language
from services.sign_up import SignUp, sign_up
from tests.making import CHEAP_HASHER, NINE, fresh_database, make_provider, rows

VALUES = {
    "name": "Leren & [b]Werken[/b]",
    "enterprise_number": "0403.227.515",
    "street": "Stationsstraat",
    "house_number": "1",
    "box": "",
    "postcode": "9000",
    "municipality": "Gent",
    "email": "info@example.com",
    "phone": "1700",
    "account_number": "BE68 5390 0754 7034",
}
Play = Callable[[Pilot[int]], Awaitable[None]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk on an empty database, in English."""
    monkeypatch.setattr(clock, "_start", None)
    monkeypatch.setattr(passwords, "_hasher", CHEAP_HASHER)
    clock.start_at(NINE)
    use_language("en")
    fresh_database(tmp_path / "kmop.db")
    yield Desk(lambda: None, source="local", log_folder=tmp_path)
    use_language("nl")


async def until(pilot: Pilot[Any], reached: Callable[[], Any]) -> None:
    for _attempt in range(1000):
        if reached():
            await pilot.pause()
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not reached")


async def at(pilot: Pilot[int], kind: type) -> Any:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.screen.is_mounted)
    return pilot.app.screen


async def at_form(pilot: Pilot[int]) -> SignUpScreen:
    await at(pilot, EntryScreen)
    await pilot.press("3")
    screen: SignUpScreen = await at(pilot, SignUpScreen)
    await until(pilot, lambda: screen.query_one("#legal_form", SearchChoice)._names)
    return screen


def fill(screen: SignUpScreen, **changes: str) -> None:
    for field, value in (VALUES | changes).items():
        screen.query_one(f"#{field}", Input).value = value
    for field, chosen in (("legal_form", ("VZW",)), ("expertise", ("Talen",))):
        choice = screen.query_one(f"#{field}", SearchChoice)
        choice.offer(choice._names, chosen, chosen[0] if field == "legal_form" else "")
    screen.query_one("#presentation", TextArea).text = "Wij geven les."


def message(screen: Any) -> str:
    return str(screen.query_one("MessageLine .text", Static).content)


def overview(screen: SignUpScreen) -> str:
    return "\n".join(str(part.render()) for part in screen.query(f"#page-{OVERVIEW} Static"))


def shown(screen: SignUpScreen) -> list[int]:
    return [number for number in range(len(PAGES)) if screen.query_one(f"#page-{number}").display]


async def test_pages_go_forth_and_back_without_loss(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen)
        for page in range(OVERVIEW):
            assert shown(screen) == [page]
            screen.query_one("#next").focus()
            screen.query_one("#next").press()
            await until(pilot, lambda page=page: shown(screen) == [page + 1])
        for page in reversed(range(OVERVIEW)):
            await pilot.press("escape")
            assert shown(screen) == [page]
        assert {field: screen.query_one(f"#{field}", Input).value for field in VALUES} == VALUES
        assert screen.query_one("#expertise", SearchChoice).chosen == ("Talen",)
        assert screen.query_one("#presentation", TextArea).text == "Wij geven les."


async def test_a_page_that_is_not_right_is_not_left_forwards(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        for name, wrong in (("name", ""), ("enterprise_number", "0403.227.516"), ("enterprise_number", "letters")):
            fill(screen, **{name: wrong})
            screen._go_on()
            await until(pilot, lambda name=name: screen.query_one(f"#{name}").has_class("-invalid"))
            assert shown(screen) == [0]
            assert desk.focused is screen.query_one(f"#{name}")
            assert message(screen).startswith("!")


async def test_a_field_is_checked_when_it_is_left(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen)
        number = screen.query_one("#enterprise_number", Input)
        number.focus()
        number.value = "0403227516"
        await pilot.press("tab")
        assert number.has_class("-invalid")
        assert "last two digits" in message(screen)
        number.focus()
        number.value = "BE 403227515"
        await pilot.press("tab")
        assert not number.has_class("-invalid")
        assert number.value == "0403.227.515"
        assert message(screen) == ""


async def test_a_known_postcode_fills_in_the_municipality_and_no_more_than_that(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen, municipality="")
        screen._show(1)
        postcode, municipality = screen.query_one("#postcode", Input), screen.query_one("#municipality", Input)

        async def leave(code: str) -> str:
            postcode.focus()
            postcode.value = code
            await pilot.press("tab")
            return municipality.value

        assert await leave("1030") == "Schaarbeek"
        assert await leave("9000") == "Gent"  # what was filled in is filled in anew
        municipality.value = "Ledeberg"
        assert await leave("1030") == "Ledeberg"  # what was typed is not
        assert "1030 is the postcode of Schaarbeek" in message(screen)
        assert not message(screen).startswith("!")
        assert await leave("123") == "Ledeberg"
        assert "four digits" in message(screen)


async def test_what_was_typed_outlives_escape_and_home_but_not_quitting_unasked(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        await pilot.press("escape")
        assert not desk.kept  # an empty form is nothing to keep
        assert not (await at(pilot, EntryScreen)).unsaved()
        for way_out in ("escape", "ctrl+o"):
            screen = await at_form(pilot)
            fill(screen)
            screen._show(3 if way_out == "ctrl+o" else 0)
            await pilot.press(way_out)
            entry = await at(pilot, EntryScreen)
            assert entry.unsaved()
            again = await at_form(pilot)
            assert again is not screen
            assert {field: again.query_one(f"#{field}", Input).value for field in VALUES} == VALUES
            assert again.query_one("#legal_form", SearchChoice).chosen == ("VZW",)
            assert again.query_one("#expertise", SearchChoice).chosen == ("Talen",)
            assert again.query_one("#presentation", TextArea).text == "Wij geven les."
            assert shown(again) == [3 if way_out == "ctrl+o" else 0]
            desk.kept.clear()
            await pilot.press("ctrl+o")
        desk.kept["sign_up"] = {}
        await pilot.press("ctrl+q")
        await at(pilot, ConfirmScreen)


async def test_an_empty_form_is_asked_about_first(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        await pilot.press("ctrl+n")
        assert desk.screen is screen
        await pilot.press("x", "ctrl+n")
        await at(pilot, ConfirmScreen)
        await pilot.press("escape")
        assert screen.query_one("#name", Input).value == "x"
        await pilot.press("ctrl+n")
        await at(pilot, ConfirmScreen)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: isinstance(desk.screen, SignUpScreen) and desk.screen is not screen)
        assert desk.screen.query_one("#name", Input).value == ""
        assert not desk.kept


async def test_confirming_sends_once_and_forgets_the_form(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []

    def sends(command: SignUp) -> str:
        sent.append(command)
        return sign_up(command)

    monkeypatch.setattr("screens.sign_up.form.sign_up", sends)
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen)
        await pilot.press("ctrl+s")
        assert shown(screen) == [OVERVIEW]  # seen before it is sent
        assert rows(Provider) == []
        text = overview(screen)
        assert "Leren & [b]Werken[/b]" in text
        assert "BE68 5390 0754 7034" in text
        for _time in range(3):
            screen.action_confirm()
        answer = await at(pilot, AnswerScreen)
        assert "info@example.com" in str(answer.query_one("Static.lead").render())
        assert len(sent) == len(rows(Provider)) == len(rows(Mail)) == 1
        assert not desk.kept
        await pilot.press("1")
        await at(pilot, LoginScreen)
        await pilot.press("escape")
        await at(pilot, EntryScreen)


async def test_a_known_enterprise_is_told_on_the_first_page(desk: Desk) -> None:
    make_provider("Eerste", "0403227515")
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen)
        screen._go_on()
        await until(pilot, lambda: "signed up already" in message(screen))
        assert shown(screen) == [0]
        assert desk.focused is screen.query_one("#enterprise_number")


async def test_what_the_service_refuses_is_shown_on_its_page(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen)
        screen.action_overview()
        make_provider("Eerste", "0403227515")  # somebody else was first
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "signed up already" in message(screen))
        assert shown(screen) == [0]
        assert "sign_up" in desk.kept


async def test_confirming_jumps_to_the_first_page_and_field_that_is_wrong(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen, email="info@", account_number="BE00")
        screen._show(OVERVIEW)
        assert overview(screen).count("! ") == 2
        await pilot.press("ctrl+s")
        await until(pilot, lambda: shown(screen) == [2])
        assert desk.focused is screen.query_one("#email")
        assert screen.query_one("#account_number").has_class("-invalid")


async def test_cursor_and_message_are_about_the_same_field(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen, name="x" * 300, enterprise_number="0403.227.516")
        screen.query_one("#enterprise_number").focus()
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: desk.focused is screen.query_one("#name"))
        await pilot.pause()
        assert "300 characters" in message(screen)
        await pilot.press("ctrl+u", "x", "tab")
        await until(pilot, lambda: desk.focused is screen.query_one("#enterprise_number"))
        assert "last two digits" in message(screen)


async def test_the_key_that_leads_to_the_overview_is_not_called_confirm(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen)
        assert "^s Overview" in str(screen.query_one("KeyLine").render())
        await pilot.press("ctrl+s")
        assert shown(screen) == [OVERVIEW]
        assert "^s Confirm" in str(screen.query_one("KeyLine").render())


async def test_a_page_that_nobody_has_filled_in_yet_is_no_mistake(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        await pilot.press("ctrl+s")
        assert message(screen) == "Still to be filled in: Company name, Enterprise number, Legal form."
        fill(screen, street="", house_number="", postcode="", municipality="")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: shown(screen) == [1])
        await until(pilot, lambda: desk.focused is screen.query_one("#street"))
        assert message(screen) == "Still to be filled in: Street, Number, Postcode, Municipality."
        assert not screen.query(".-invalid")
        # once something was typed there, it is
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: message(screen) == "! Number: fill this in.")


async def test_straight_from_the_postcode_to_the_overview(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen, postcode="", municipality="")
        screen._show(1, "postcode")
        await pilot.pause()
        await pilot.press(*"9000", "ctrl+s")
        await until(pilot, lambda: shown(screen) == [OVERVIEW])
        assert "9000 Gent" in overview(screen)


async def test_tab_leads_from_the_last_field_to_the_next_page(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen)
        screen._show(5)
        await until(pilot, lambda: desk.focused is screen.query_one("#presentation"))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: shown(screen) == [OVERVIEW])


async def test_a_long_presentation_keeps_to_its_column_in_the_overview(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen)
        screen.query_one("#presentation", TextArea).text = "Wij geven les aan kleine ondernemingen. " * 6
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Wij geven" in overview(screen))
        lines = overview(screen).split("\n")
        start = next(number for number, line in enumerate(lines) if line.startswith("Presentation"))
        assert lines[start + 1].startswith(" " * 10)
        assert lines[start + 1].lstrip() != lines[start + 1]


async def test_coming_back_to_the_form_one_types_on(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        await pilot.press("a", "b", "escape")
        screen = await at_form(pilot)
        await until(pilot, lambda: desk.focused is screen.query_one("#name"))
        await pilot.press("c")
        assert screen.query_one("#name", Input).value == "abc"


async def test_a_busy_database_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        screen = await at_form(pilot)
        fill(screen)
        screen.action_overview()

        def busy(_command: object) -> str:
            raise Busy("Try again in a moment.")

        with monkeypatch.context() as patched:
            patched.setattr("screens.sign_up.form.sign_up", busy)
            await pilot.press("ctrl+s")
            await until(pilot, lambda: "Try again" in message(screen))
        await pilot.press("ctrl+s")
        await at(pilot, AnswerScreen)


# A new password


@pytest.mark.parametrize("email", ["info@example.com", "iemand@example.com"])
async def test_the_answer_about_a_new_password_is_always_the_same(desk: Desk, email: str) -> None:
    make_provider("Eerste", "0862010195")
    async with desk.run_test(size=(80, 24)) as pilot:
        await at(pilot, EntryScreen)
        await pilot.press("4")
        screen = await at(pilot, PasswordResetScreen)
        screen.query_one("#provider_number", Input).value = "0862010195"
        screen.query_one("#email", Input).value = email
        screen.query_one("#email").focus()
        await pilot.press("enter")
        answer = await at(pilot, AnswerScreen)
        assert str(answer.query_one("Static.lead").render()).startswith("If this number and this mail address belong")
        await pilot.press("2")
        await at(pilot, EntryScreen)


async def test_the_link_of_departments_says_so(desk: Desk) -> None:
    async with desk.run_test(size=(80, 24)) as pilot:
        await at(pilot, EntryScreen)
        await pilot.press("2")
        screen = await at(pilot, LoginScreen)
        assert screen.heading() == "Login of individual providers and departments"
        assert "nobody else's" in screen.explanation()
        assert not screen.query("#sign_up")  # its headquarters does that
        await pilot.press("escape", "1")
        screen = await at(pilot, LoginScreen)
        assert screen.heading() == "Login"
        assert screen.query("#sign_up")


# Choosing by a few letters


class ChoiceApp(App[None]):
    def __init__(self, several: bool) -> None:
        super().__init__()
        self.several = several
        self.finished = 0

    def compose(self) -> ComposeResult:
        yield SearchChoice(id="choice", several=self.several)
        yield Input(id="other")

    def on_search_choice_finished(self) -> None:
        self.finished += 1


def listed(choice: SearchChoice) -> list[str]:
    return [str(option.prompt).strip() for option in choice.query_one(OptionList).options]


async def test_one_is_chosen_with_a_few_letters_and_enter() -> None:
    app = ChoiceApp(several=False)
    async with app.run_test() as pilot:
        choice = app.query_one(SearchChoice)
        choice.offer(["NV", "BV", "VZW", "VOF"])
        choice.field.focus()
        await pilot.press("v")
        assert listed(choice) == ["VZW", "VOF", "NV", "BV"]
        await pilot.press("down", "enter")
        assert (choice.chosen, choice.typed, app.finished) == (("VOF",), "VOF", 1)
        await pilot.press("backspace")
        assert choice.chosen == ()  # half a name is none
        await pilot.press("tab")
        choice.settle()
        assert (choice.chosen, choice.typed) == (("VOF",), "VOF")
        choice.offer(choice._names, (), "v")
        choice.settle()
        assert choice.chosen == ()  # which one is not clear
        choice.offer(choice._names, (), "nv")
        choice.settle()
        assert choice.chosen == ("NV",)


async def test_several_are_added_and_taken_away() -> None:
    app = ChoiceApp(several=True)
    async with app.run_test() as pilot:
        choice = app.query_one(SearchChoice)
        choice.offer(["Horeca", "Informatica", "Talen"])
        choice.field.focus()
        await pilot.press("t", "a", "l", "enter", "i", "n", "enter")
        assert (choice.chosen, choice.typed, app.finished) == (("Informatica", "Talen"), "", 0)
        assert listed(choice) == ["✓ Informatica", "✓ Talen", "Horeca"]
        await pilot.press("enter")
        assert (choice.chosen, app.finished) == (("Informatica", "Talen"), 1)
        await pilot.press("up", "up", "enter")
        assert choice.chosen == ("Informatica",)


async def test_the_step_bar_breaks_between_steps() -> None:
    class BarApp(App[None]):
        def compose(self) -> ComposeResult:
            yield StepBar(["Een stap", "Nog een stap", "Laatste"])

    app = BarApp()
    async with app.run_test(size=(34, 10)) as pilot:
        bar = app.query_one(StepBar)
        bar.go_to(2)
        await pilot.pause()
        assert str(bar.render()).splitlines() == ["| 1. Een stap | 2. Nog een stap |", "| 3. Laatste |"]
        await pilot.resize_terminal(80, 10)
        assert str(bar.render()) == "| 1. Een stap | 2. Nog een stap | 3. Laatste |"
