"""The form of a record: two people on one record, checks when a field is left, and what fills itself in."""

from collections.abc import AsyncIterator

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from screens.desk import Desk
from screens.widgets.choices import Choices
from services.accounts import LogIn, log_in
from services.demo_logins import DEMO_PASSWORD
from services.drafts import draft_of
from services.establishments import ChangeEstablishment, change_establishment, get_establishment
from services.providers import ChangeProvider, change_provider, get_provider
from tests.screens.visiting import until

DEPARTMENT = "0862.010.195/2"

pytestmark = pytest.mark.parametrize("desk", ["en"], indirect=True)


@pytest.fixture
async def pilot(desk: Desk) -> AsyncIterator[Pilot[int]]:
    """The demo's headquarters at its menu."""
    async with desk.run_test(size=(80, 24)) as running:
        await until(running, lambda: type(desk.screen).__name__ == "MenuScreen")
        yield running


async def opens(pilot: Pilot[int], *keys: str, form: str) -> None:
    """From the menu with these keys, each once its screen is there, to the form."""
    for key in keys:
        await pilot.press(key)
        await until(pilot, lambda: all(table.current for table in pilot.app.screen.query("RecordTable")))  # type: ignore[attr-defined]
    await until(pilot, lambda: type(pilot.app.screen).__name__ == form)
    await until(pilot, lambda: all(lst.option_count for lst in pilot.app.screen.query("#expertise OptionList")))  # type: ignore[attr-defined]


def shown(pilot: Pilot[int], field: str) -> str:
    """What stands in the field."""
    return pilot.app.screen.query_one(f"#{field}", Input).value


def said(pilot: Pilot[int]) -> str:
    """What the message line says."""
    return " ".join(str(part.render()) for part in pilot.app.screen.query("MessageLine .text"))


async def types(pilot: Pilot[int], field: str, text: str) -> None:
    """Put another text in the field, by keys."""
    pilot.app.screen.query_one(f"#{field}").focus()
    await pilot.press("ctrl+u", *text)


async def test_what_somebody_else_changed_is_shown_and_what_was_typed_stays(pilot: Pilot[int]) -> None:
    await opens(pilot, "2", "down", "w", form="ProviderFormScreen")
    await types(pilot, "name", "Nieuwe naam")
    await types(pilot, "street", "Veldstraat")
    actor = log_in(LogIn(login="departement", password=DEMO_PASSWORD))
    record = get_provider(DEPARTMENT, actor=actor)
    fields = {field: getattr(record, field) for field in ChangeProvider.model_fields if field != "password"}
    change_provider(ChangeProvider(**(fields | {"phone": "02 553 00 00"})), actor=actor)

    await pilot.press("ctrl+s")
    await until(pilot, lambda: "02 553 00 00" in said(pilot))
    assert "was changed meanwhile" in said(pilot)
    assert "Telephone: 02 553 00 00" in said(pilot)
    assert (shown(pilot, "name"), shown(pilot, "street"), shown(pilot, "phone")) == (
        "Nieuwe naam",
        "Veldstraat",
        "02 553 00 00",
    )
    await pilot.press("ctrl+s")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "ProviderListScreen")
    after = get_provider(DEPARTMENT, actor=actor)
    assert (after.name, after.street, after.phone) == ("Nieuwe naam", "Veldstraat", "02 553 00 00")


async def test_a_field_that_both_changed_keeps_what_was_typed_here(pilot: Pilot[int]) -> None:
    await opens(pilot, "3", "w", form="EstablishmentFormScreen")
    await types(pilot, "box", "7")
    actor = log_in(LogIn(login="012345678", password=DEMO_PASSWORD))
    record = get_establishment(1, actor=actor)
    fields = {field: getattr(record, field) for field in ChangeEstablishment.model_fields}
    change_establishment(ChangeEstablishment(**(fields | {"box": "9", "house_number": "31"})), actor=actor)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: "Box: 9" in said(pilot))
    assert (shown(pilot, "box"), shown(pilot, "house_number")) == ("7", "31")
    await pilot.press("ctrl+s")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "EstablishmentListScreen")
    assert get_establishment(1, actor=actor).street_line == "Koning Albert II-Laan 31 7"


async def test_a_known_postcode_fills_in_the_municipality_unless_another_was_typed(pilot: Pilot[int]) -> None:
    await opens(pilot, "3", "w", form="EstablishmentFormScreen")
    await types(pilot, "postcode", "9000")
    await pilot.press("tab")
    await until(pilot, lambda: shown(pilot, "municipality") == "Gent")
    await types(pilot, "postcode", "8670")
    await pilot.press("tab")
    await until(pilot, lambda: shown(pilot, "municipality") == "Koksijde")
    await types(pilot, "municipality", "Sint-Idesbald")
    await types(pilot, "postcode", "9000")
    await pilot.press("tab")
    await until(pilot, lambda: "Sint-Idesbald" in said(pilot))  # a warning, not an error
    assert shown(pilot, "municipality") == "Sint-Idesbald"
    assert not pilot.app.screen.query(".-invalid")


async def test_a_wrong_field_is_said_when_it_is_left_and_right_again_when_it_is(pilot: Pilot[int]) -> None:
    await opens(pilot, "2", "w", form="ProviderFormScreen")
    await types(pilot, "email", "geen adres")
    await pilot.press("tab")
    await until(pilot, lambda: "geen adres" in said(pilot))
    assert [field.id for field in pilot.app.screen.query(".-invalid")] == ["email"]
    await types(pilot, "email", "info@example.com")
    await pilot.press("tab")
    await until(pilot, lambda: not pilot.app.screen.query(".-invalid"))
    assert "geen adres" not in said(pilot)
    assert not pilot.app.screen.unsaved()  # type: ignore[attr-defined]


async def test_esc_keeps_what_was_typed_and_coming_back_shows_it_with_what_somebody_else_changed(
    pilot: Pilot[int],
) -> None:
    await opens(pilot, "2", "down", "w", form="ProviderFormScreen")
    before = shown(pilot, "street")
    await types(pilot, "email", "nieuw@example.com")
    await pilot.press("escape")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "ProviderListScreen")
    await until(pilot, lambda: "What you typed is kept" in said(pilot))
    actor = log_in(LogIn(login="departement", password=DEMO_PASSWORD))
    record = get_provider(DEPARTMENT, actor=actor)
    fields = {field: getattr(record, field) for field in ChangeProvider.model_fields if field != "password"}
    change_provider(ChangeProvider(**(fields | {"email": "ander@example.com", "phone": "02 553 00 00"})), actor=actor)

    await pilot.press("escape")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "MenuScreen")
    await opens(pilot, "2", "down", "w", form="ProviderFormScreen")
    await until(pilot, lambda: shown(pilot, "email") == "nieuw@example.com")
    await until(pilot, lambda: "is here again" in said(pilot))
    assert "Changed meanwhile" in said(pilot)
    assert "ander@example.com" in said(pilot)
    assert (shown(pilot, "street"), shown(pilot, "phone")) == (before, "02 553 00 00")

    await pilot.press("ctrl+n")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "ConfirmScreen")
    await pilot.press("right", "enter")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "ProviderFormScreen")
    await until(pilot, lambda: shown(pilot, "email") == "ander@example.com")
    mine = pilot.app.acting  # type: ignore[attr-defined]
    await until(pilot, lambda: draft_of(f"provider:{DEPARTMENT}", actor=mine) is None)


async def test_what_is_typed_is_kept_soon_and_forgotten_once_it_was_sent(pilot: Pilot[int]) -> None:
    await opens(pilot, "3", "w", form="EstablishmentFormScreen")
    mine = pilot.app.acting  # type: ignore[attr-defined]
    name = pilot.app.screen.draft_name()  # type: ignore[attr-defined]
    await types(pilot, "box", "7")
    await until(pilot, lambda: draft_of(name, actor=mine) is not None)
    await pilot.press("ctrl+s")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "EstablishmentListScreen")
    assert draft_of(name, actor=mine) is None


async def test_the_request_for_a_registration_goes_on_where_it_was_left(pilot: Pilot[int]) -> None:
    await opens(pilot, "1", "n", form="RequestScreen")
    await until(pilot, lambda: isinstance(pilot.app.screen.focused, Choices))
    await pilot.press("2")
    await until(pilot, lambda: pilot.app.screen.step == 2)  # type: ignore[attr-defined]
    chosen = pilot.app.screen.typed()  # type: ignore[attr-defined]
    assert set(chosen) == {"provider"}
    await pilot.press("ctrl+o")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "MenuScreen")
    assert "What you typed is kept" in said(pilot)

    await opens(pilot, "1", "n", form="RequestScreen")
    await until(pilot, lambda: pilot.app.screen.step == 2)  # type: ignore[attr-defined]
    assert pilot.app.screen.typed() == chosen  # type: ignore[attr-defined]
    await pilot.press("ctrl+n")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "ConfirmScreen")
    await pilot.press("right", "enter")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "RequestScreen")
    await until(pilot, lambda: pilot.app.screen.step == 1)  # type: ignore[attr-defined]


async def test_cursor_and_message_are_about_the_same_field(pilot: Pilot[int]) -> None:
    await opens(pilot, "2", "n", form="ProviderFormScreen")
    screen = pilot.app.screen
    for field, text in {"name": "Afdeling", "street": "Zeelaan", "house_number": "1", "postcode": "8670"}.items():
        await types(pilot, field, text)
    await types(pilot, "email", "afdeling@example.com")
    await types(pilot, "account_number", "BE00")
    screen.query_one("#presentation", TextArea).text = "x" * 5000
    screen.query_one("#presentation").focus()
    await until(pilot, lambda: "IBAN" in said(pilot))
    await pilot.press("ctrl+s")
    await until(pilot, lambda: screen.focused is screen.query_one("#account_number"))
    await pilot.pause()
    assert "IBAN" in said(pilot)
    assert {field.id for field in screen.query(".-invalid")} == {"account_number", "presentation"}
    # from one to the other, and back
    await types(pilot, "presentation", "")
    await until(pilot, lambda: "5.000 characters and at most 2.000" in said(pilot))
    screen.query_one("#account_number").focus()
    await until(pilot, lambda: "IBAN" in said(pilot))


async def test_an_account_number_is_grouped_when_it_is_left(pilot: Pilot[int]) -> None:
    await opens(pilot, "2", "w", form="ProviderFormScreen")
    await types(pilot, "account_number", "nl91abna0417164300")
    await pilot.press("tab")
    await until(pilot, lambda: shown(pilot, "account_number") == "NL91 ABNA 0417 1643 00")
    await types(pilot, "account_number", "be68539007547034")
    await pilot.press("tab")
    await until(pilot, lambda: shown(pilot, "account_number") == "BE68 5390 0754 7034")
    assert not pilot.app.screen.unsaved()  # type: ignore[attr-defined]


async def test_confirming_in_the_postcode_goes_on(pilot: Pilot[int]) -> None:
    await opens(pilot, "3", "n", form="EstablishmentFormScreen")
    await types(pilot, "street", "Zeelaan")
    await types(pilot, "house_number", "7")
    await types(pilot, "postcode", "8670")
    await pilot.press("ctrl+s")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "EstablishmentListScreen")
    assert "Koksijde was added" in said(pilot)


async def test_coming_back_to_a_field_one_types_on_behind_what_stands_there(pilot: Pilot[int]) -> None:
    await opens(pilot, "3", "w", form="EstablishmentFormScreen")
    street = shown(pilot, "street")
    await pilot.press("x", "tab", "shift+tab", "y", "escape")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "EstablishmentListScreen")
    await pilot.press("w")
    await until(pilot, lambda: "is here again" in said(pilot))
    await pilot.press("z")
    assert shown(pilot, "street") == f"{street}xyz"


async def test_the_password_confirms_a_new_account_number_and_a_wrong_one_is_gone(pilot: Pilot[int]) -> None:
    await opens(pilot, "2", "w", form="ProviderFormScreen")
    await types(pilot, "account_number", "NL91 ABNA 0417 1643 00")
    await pilot.press("ctrl+s")
    await until(pilot, lambda: "with your own password" in said(pilot))
    await pilot.press(*"verkeerd", "enter")
    await until(pilot, lambda: "password is not right" in said(pilot))
    assert shown(pilot, "password") == ""
    assert pilot.app.focused is pilot.app.screen.query_one("#password")
    await pilot.press(*DEMO_PASSWORD, "enter")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "ProviderListScreen")
    assert "told by mail" in said(pilot)
