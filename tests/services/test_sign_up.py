"""Aanmelden: what each field must hold, what comes of a form that is right, and of one for a known enterprise."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from db.accounts import Account
from db.audit import AuditLine
from db.codes import Role
from db.establishments import Establishment
from db.mail import Mail
from db.providers import Provider
from db.reference_tables import FieldOfExpertise, ProviderExpertise
from services.accounts import ChangeLogin, LogIn, change_login, log_in
from services.checks import parse_account_number, parse_phone, parse_postcode, show_account_number
from services.errors import Invalid, NotAllowed
from services.postcodes import MUNICIPALITIES, municipality_of, pair_warning
from services.reference_tables import fields_of_expertise, legal_forms, matching
from services.sign_up import SignUp, parse_field, require_new, show_field, sign_up
from tests.making import audit_trail, later, make_account, make_provider, rows

pytestmark = pytest.mark.usefixtures("database", "cheap_hashing")
FILLED: dict[str, Any] = {
    "name": "  Leren &  Werken ",
    "enterprise_number": "BE 0403.227.515",
    "legal_form": "VZW",
    "street": "Stationsstraat",
    "house_number": "1",
    "box": "",
    "postcode": "9000",
    "municipality": "Gent",
    "email": "info@example.com",
    "phone": "1700",
    "account_number": "be68 5390 0754 7034",
    "expertise": ("Talen", "Informatica"),
    "presentation": "Wij geven les.\r\nOok 's avonds.",
}


def form(**changes: Any) -> SignUp:
    return SignUp(**(FILLED | changes))


def mailed_password() -> str:
    [letter] = rows(Mail)
    found: str = letter["body"].partition("Paswoord: ")[2].split()[0]
    return found


# The fields


@pytest.mark.parametrize("number", ["0403.227.515", "0400.378.485", "0316.380.841", "BE 0403.201.185", "403227515"])
def test_real_enterprise_numbers_are_right(number: str) -> None:
    assert len(parse_field("enterprise_number", number)) == 10


@pytest.mark.parametrize(
    "number",
    ["0403.227.516", "0400.378.486", "1316.380.841", "0000.000.000", "ABCD.EFG.HIJ", "0403.227", "2403.227.515"],
)
def test_enterprise_numbers_that_are_none_are_told(number: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_field("enterprise_number", number)
    assert "ondernemingsnummer" in refusal.value.fields["enterprise_number"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("BE68 5390 0754 7034", "BE68 5390 0754 7034"),
        ("be68539007547034", "BE68 5390 0754 7034"),
        ("NL91 ABNA 0417 1643 00", "NL91 ABNA 0417 1643 00"),
        ("DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_account_numbers_are_shown_in_groups_of_four(typed: str, shown: str) -> None:
    assert show_account_number(parse_account_number(typed)) == show_field(
        "account_number", typed.upper().replace(" ", "")
    )
    assert show_account_number(parse_account_number(typed)) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "BE68 5390 0754 7035",
        "BE69 5390 0754 7034",
        "BE41 5390 0754 7035",  # the IBAN's check is right, the Belgian number's own is not
        "SA03 8000 0000 6080 1016 7519",  # a right one of a country that SEPA does not reach
        "539-0075470-34",
        "",
    ],
)
def test_account_numbers_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="geen geldig IBAN"):
        parse_account_number(typed)


@pytest.mark.parametrize(
    "typed", ["1700", "02 553 00 00", "0472/12.34.56", "+32 (0)2 553 00 00", "0032 2 553 00 00", "+31 20 123 45 67"]
)
def test_telephone_numbers_stay_as_they_are_typed(typed: str) -> None:
    assert parse_phone(f" {typed} ") == typed


@pytest.mark.parametrize(
    "typed", ["", "12", "1700000", "bel mij", "2 553 00 00", "02 553 00", "+32 2 553x", "02;5530000"]
)
def test_telephone_numbers_that_are_none_are_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="telefoonnummer is niet juist"):
        parse_phone(typed)


@pytest.mark.parametrize(
    ("typed", "right"), [("1000", True), ("9992", True), ("0999", False), ("9993", False), ("١٠٠٠", False)]
)
def test_postcodes_go_from_1000_to_9992(typed: str, right: bool) -> None:
    if right:
        assert parse_postcode(f" {typed} ") == typed
    else:
        with pytest.raises(ValueError, match="1000 tot 9992"):
            parse_postcode(typed)


def test_a_known_postcode_knows_its_municipality_and_any_other_pair_is_only_doubted() -> None:
    assert all(parse_postcode(postcode) and name for postcode, name in MUNICIPALITIES.items())
    assert municipality_of(" 1030 ") == "Schaarbeek"
    assert municipality_of("9991") == ""
    assert pair_warning("1030", "SCHAARBEEK ") == ""
    assert "1030 is de postcode van Schaarbeek" in pair_warning("1030", "Gent")
    assert "kennen 9991 Adegem niet" in pair_warning("9991", "Adegem")
    assert sign_up(form(postcode="9991", municipality="Adegem"))


@pytest.mark.parametrize("field", [field for field in SignUp.model_fields if field != "box"])
def test_every_field_but_the_box_must_be_filled_in(field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        sign_up(form(**{field: () if field == "expertise" else " \u200b "}))
    assert list(refusal.value.fields) == [field]
    assert rows(Provider) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "x" * 201}, "Maatschappelijke naam: dit telt 201 tekens en er passen er hoogstens 200"),
        ({"presentation": "x" * 2001}, "2.001 tekens"),
        ({"box": "x" * 21}, "21 tekens"),
        ({"email": "info@"}, "geen mailadres"),
        ({"legal_form": "Vereniging"}, "Kies een rechtsvorm uit de lijst"),
        ({"expertise": ("Talen", "Toveren")}, "Kies de vakgebieden uit de lijst"),
    ],
)
def test_what_does_not_do_is_told(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        sign_up(form(**changes))
    assert list(refusal.value.fields) == list(changes)
    assert sentence in str(refusal.value)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refusal:
        sign_up(SignUp())
    assert set(refusal.value.fields) == set(SignUp.model_fields) - {"box"}


# What is chosen from


def test_legal_forms_and_fields_of_expertise_are_found_by_a_few_letters() -> None:
    assert {"NV", "BV", "VZW"} < set(legal_forms())
    assert list(legal_forms()) == sorted(legal_forms(), key=str.casefold)
    assert matching(fields_of_expertise(), " IN")[:2] == ("Informatica", "Innovatie")
    assert "Talen" not in matching(fields_of_expertise(), "in")
    assert matching(("Café", "Decafé"), "café") == ("Café", "Decafé")
    assert matching(("Café",), "CAFE") == ("Café",)
    assert matching(("b", "a"), "") == ("b", "a")


# A form that is right


def test_signing_up_makes_headquarters_address_login_and_letter() -> None:
    assert sign_up(form()) == "info@example.com"
    [provider] = rows(Provider)
    assert (provider["name"], provider["kind"], provider["enterprise_number"], provider["department_number"]) == (
        "Leren & Werken", "MZ", "0403227515", 0,
    )  # fmt: skip
    assert (provider["legal_form"], provider["email"], provider["phone"]) == ("VZW", "info@example.com", "1700")
    assert (provider["account_number"], provider["presentation"]) == (
        "BE68539007547034", "Wij geven les.\nOok 's avonds.",
    )  # fmt: skip
    [address] = rows(Establishment)
    assert [address[column] for column in ("provider", "number", "street", "house_number", "box", "postcode")] == [
        provider["id"], 1, "Stationsstraat", "1", "", "9000",
    ]  # fmt: skip
    assert (address["municipality"], address["municipality_folded"]) == ("Gent", "gent")
    fields = {row["id"]: row["name"] for row in rows(FieldOfExpertise)}
    assert {fields[row["field"]] for row in rows(ProviderExpertise)} == {"Talen", "Informatica"}
    [account] = rows(Account)
    assert (account["login"], account["role"], account["provider"]) == ("0403227515", Role.HEADQUARTERS, provider["id"])
    [letter] = rows(Mail)
    assert (letter["recipient"], letter["holds_secret"]) == ("info@example.com", True)
    assert "Login:    0403227515" in letter["body"]
    assert audit_trail() == [("provider.sign_up", "provider:1"), ("account.add", "account:1")]
    trail = str(rows(AuditLine))
    assert mailed_password() not in trail
    assert "example.com" not in trail


def test_the_mailed_password_logs_in_within_a_day_and_has_to_be_changed() -> None:
    sign_up(form())
    password = mailed_password()
    later(hours=23, minutes=59)
    actor = log_in(LogIn(login="0403227515", password=password))
    assert (actor.must_change_password, actor.provider_name) == (True, "Leren & Werken")
    own = "vier dozen vol paarse knopen"
    command = ChangeLogin(new_login="leren", old_password=password, new_password=own, new_password_again=own)
    assert not change_login(command, actor=actor).must_change_password
    assert not log_in(LogIn(login="leren", password=own)).must_change_password


def test_the_mailed_password_ends_after_a_day() -> None:
    sign_up(form())
    later(hours=24, seconds=1)
    with pytest.raises(NotAllowed, match="vervallen"):
        log_in(LogIn(login="0403227515", password=mailed_password()))


def test_a_login_that_somebody_chose_already_gets_a_number_behind_it() -> None:
    make_account("0403227515", Role.HELPDESK)
    make_account("0403227515-2", Role.HELPDESK)
    sign_up(form())
    assert [row["login"] for row in rows(Account)][2:] == ["0403227515-3"]


def test_an_enterprise_that_is_known_is_told_so_and_not_whose_login_it_is() -> None:
    provider = make_provider("Eerste", "0403227515")
    make_account("geheime-login", Role.HEADQUARTERS, provider, email="prive@example.com")
    before = rows(Provider), rows(Account), rows(AuditLine)
    for signs_up in (lambda: sign_up(form()), lambda: require_new("0403227515")):
        with pytest.raises(Invalid) as refusal:
            signs_up()
        assert list(refusal.value.fields) == ["enterprise_number"]
        assert "0403.227.515 is al aangemeld" in str(refusal.value)
        assert "nieuw paswoord" in str(refusal.value)
        assert not any(secret in str(refusal.value) for secret in ("geheime", "prive", "Eerste"))
    assert (rows(Provider), rows(Account), rows(AuditLine)) == before
    assert rows(Mail) == []
    assert require_new("0400378485") == "0400378485"


def test_of_two_who_sign_up_the_same_enterprise_at_once_one_is_told() -> None:
    def signs_up(name: str) -> str:
        try:
            return sign_up(form(name=name))
        except Invalid as refusal:
            return str(refusal)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(signs_up, ("a", "b", "c", "d")))
    assert answers.count("info@example.com") == 1
    assert sum("is al aangemeld" in answer for answer in answers) == 3
    assert len(rows(Provider)) == len(rows(Account)) == len(rows(Mail)) == 1
