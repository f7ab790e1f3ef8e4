"""Dienstverleners: the overview, new departments, who may change what, and when a department can be ended."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from db.accounts import Account, Session
from db.audit import AuditLine
from db.codes import ProjectStatus, Role
from db.database import transaction
from db.establishments import Establishment
from db.mail import Mail
from db.providers import Provider
from db.reference_tables import ProviderExpertise
from services.accounts import LogIn, log_in
from services.errors import Conflict, Invalid, NotAllowed, NotFound, SessionExpired
from services.establishments import ChangeEstablishment, change_establishment, get_establishment
from services.providers import (
    AddDepartment,
    ChangeProvider,
    ProviderRecord,
    add_department,
    change_provider,
    end_provider,
    get_provider,
    list_providers,
)
from services.work import Actor
from tests.making import (
    PASSWORD,
    audit_trail,
    make_account,
    make_address,
    make_enterprise,
    make_project,
    make_provider,
    register,
    rows,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("database", "cheap_hashing")
NUMBER, DEPARTMENT, SISTER, OTHER = "0862.010.195", "0862.010.195/2", "0862.010.195/3", "0403.019.261"
NL = "NL91ABNA0417164300"
NEW = AddDepartment(
    name="Afdeling  Gent",
    street="Veldstraat",
    house_number="1",
    postcode="9000",
    municipality="Gent",
    email="gent@example.com",
    phone="02 553 00 00",
    account_number="be68 5390 0754 7034",
    expertise=("Informatica", "Talen"),
    presentation="Wij geven les.\r\nOok 's avonds.",
)


@pytest.fixture
def organisation(database: object) -> dict[str, Any]:
    """A headquarters with two departments, and another one; each with its address and a login."""
    first = make_provider("Dienstverlener", "0862010195")
    made = {
        NUMBER: first,
        DEPARTMENT: make_provider("Departement", "0862010195", first, 2),
        SISTER: make_provider("Ander departement", "0862010195", first, 3),
        OTHER: make_provider("Tweede", "0403019261"),
    }
    for provider in made.values():
        make_address(provider)
    return made


@pytest.fixture
def headquarters(organisation: dict[str, Any]) -> Actor:
    return sign_in(make_account("zetel", Role.HEADQUARTERS, organisation[NUMBER]))


@pytest.fixture
def department(organisation: dict[str, Any]) -> Actor:
    return sign_in(make_account("departement", Role.DEPARTMENT, organisation[DEPARTMENT]))


def changed(record: ProviderRecord, **changes: Any) -> ChangeProvider:
    """What the form sends when these fields are changed in it."""
    sent = {field: getattr(record, field) for field in ChangeProvider.model_fields if field != "password"}
    return ChangeProvider(**(sent | changes))


def test_a_headquarters_sees_its_organisation_and_a_department_itself(headquarters: Actor, department: Actor) -> None:
    assert [(line.number, line.kind, line.name) for line in list_providers(actor=headquarters)] == [
        (NUMBER, "MZ", "Dienstverlener"),
        (DEPARTMENT, "DEP", "Departement"),
        (SISTER, "DEP", "Ander departement"),
    ]
    [own] = list_providers(actor=department)
    assert (own.number, own.street_line, own.place_line) == (
        DEPARTMENT,
        "Koning Albert II-Laan 30 12",
        "1030 Schaarbeek",
    )
    assert own.logins == ("departement",)


def test_what_is_not_mine_is_as_unknown_as_none(headquarters: Actor, department: Actor) -> None:
    answers = set()
    for actor, number in (
        (headquarters, OTHER),
        (headquarters, "0862.010.195/9"),
        (department, NUMBER),
        (department, SISTER),
    ):
        command = ChangeProvider(**NEW.model_dump(exclude={"login"}), number=number, version=1, address_version=1)
        with pytest.raises(NotFound) as unknown:
            get_provider(number, actor=actor)
        answers.add(str(unknown.value).replace(number, "N"))
        with pytest.raises(NotFound) as unknown:
            change_provider(command, actor=actor)
        answers.add(str(unknown.value).replace(number, "N"))
    assert len(answers) == 1
    with pytest.raises(NotFound, match="10 cijfers"):
        get_provider("geen nummer", actor=headquarters)


# New


def test_a_new_department_takes_the_next_number_its_address_and_its_fields(headquarters: Actor) -> None:
    made = add_department(NEW, actor=headquarters)
    assert (made.number, made.kind, made.name) == ("0862.010.195/4", "DEP", "Afdeling Gent")
    assert (made.place_line, made.account_number, made.legal_form) == ("9000 Gent", "BE68539007547034", "NV")
    assert made.expertise == ("Informatica", "Talen")
    assert made.presentation == "Wij geven les.\nOok 's avonds."
    assert made.logins == ()
    assert get_provider("0862010195/4", actor=headquarters) == made
    [line] = [row for row in rows(AuditLine) if row["action"] == "provider.add"]
    assert "Gent" not in line["details"]
    assert not rows(Mail)


def test_the_number_of_an_ended_department_is_not_given_out_again(headquarters: Actor) -> None:
    end_provider(SISTER, 1, actor=headquarters)
    assert add_department(NEW, actor=headquarters).number == "0862.010.195/4"


def test_a_departments_login_comes_by_mail_and_opens_the_department(headquarters: Actor) -> None:
    add_department(NEW.model_copy(update={"login": " gent-login "}), actor=headquarters)
    [letter] = rows(Mail)
    assert letter["recipient"] == "gent@example.com"
    password = letter["body"].split("Paswoord:")[1].split()[0]
    actor = log_in(LogIn(login="gent-login", password=password))
    assert (actor.role, actor.provider_name, actor.must_change_password) == (Role.DEPARTMENT, "Afdeling Gent", True)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "  ", "Naam"),
        ("street", "", "Straat"),
        ("house_number", "x" * 21, "20"),
        ("postcode", "999", "1000"),
        ("municipality", "", "Gemeente"),
        ("email", "gent", "mailadres"),
        ("phone", "bel mij", "telefoonnummer"),
        ("account_number", "BE68 5390 0754 7035", "rekeningnummer"),
        ("expertise", ("Toveren",), "Toveren"),
        ("presentation", "x" * 2001, "2.001 tekens"),
        ("login", "abc", "4 tot 64"),
        ("login", "ZETEL", "al in gebruik"),
    ],
)
def test_what_does_not_do_is_named_and_nothing_is_made(
    headquarters: Actor, field: str, typed: Any, sentence: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        add_department(NEW.model_copy(update={field: typed}), actor=headquarters)
    assert list(wrong.value.fields) == [field]
    assert sentence in wrong.value.fields[field]
    assert len(rows(Provider)) == 4
    assert audit_trail() == []


# Change


def test_only_what_changed_is_changed_and_its_names_are_on_record(headquarters: Actor) -> None:
    before = get_provider(NUMBER, actor=headquarters)
    after = change_provider(
        changed(before, name="Nieuwe Naam", municipality="Évere", postcode="1140", expertise=("Talen",)),
        actor=headquarters,
    )
    assert after == before.model_copy(
        update={
            "name": "Nieuwe Naam",
            "municipality": "Évere",
            "postcode": "1140",
            "expertise": ("Talen",),
            "version": 2,
            "address_version": 2,
        }
    )
    [line] = rows(AuditLine)
    assert (line["action"], json.loads(line["details"])["fields"]) == (
        "provider.change",
        ["expertise", "municipality", "name", "postcode"],
    )
    assert "Naam" not in line["details"]
    assert rows(Provider)[0]["name_folded"] == "nieuwe naam"
    assert rows(Establishment)[0]["municipality_folded"] == "evere"
    assert not rows(Mail)
    again = change_provider(changed(after, expertise=()), actor=headquarters)
    assert (again.expertise, rows(ProviderExpertise)) == ((), [])


def test_what_the_back_office_brought_is_not_checked_until_it_is_changed(headquarters: Actor) -> None:
    with transaction():
        Provider.update(phone="geen idee", name="x" * 300).where(Provider.department_number == 2).execute()
    record = get_provider(DEPARTMENT, actor=headquarters)
    assert change_provider(changed(record, box="3"), actor=headquarters).box == "3"
    record = get_provider(DEPARTMENT, actor=headquarters)
    with pytest.raises(Invalid) as wrong:
        change_provider(changed(record, phone="geen idee meer"), actor=headquarters)
    assert list(wrong.value.fields) == ["phone"]


def test_a_department_changes_how_it_is_reached_and_nothing_else(department: Actor) -> None:
    record = get_provider(DEPARTMENT, actor=department)
    assert record.mine_to_change == {"email", "phone"}
    record = change_provider(changed(record, phone="1700", email="nieuw@example.com"), actor=department)
    assert (record.phone, record.email) == ("1700", "nieuw@example.com")
    for changes in (
        {"name": "Anders"},
        {"street": "Veldstraat"},
        {"account_number": NL, "password": PASSWORD},
        {"presentation": "Wij."},
        {"expertise": ("Talen",)},
    ):
        with pytest.raises(NotAllowed, match="zetel"):
            change_provider(changed(record, **changes), actor=department)
    assert get_provider(DEPARTMENT, actor=department) == record


def test_a_new_account_number_needs_the_password_and_is_told_to_both_addresses(headquarters: Actor) -> None:
    record = get_provider(DEPARTMENT, actor=headquarters)
    command = changed(record, account_number="NL91 ABNA 0417 1643 00", email="nieuw@example.com")
    for password, sentence in (("", "bevestig"), ("een ander paswoord", "niet juist")):
        with pytest.raises(Invalid) as wrong:
            change_provider(command.model_copy(update={"password": password}), actor=headquarters)
        assert list(wrong.value.fields) == ["password"]
        assert sentence in wrong.value.fields["password"]
    assert get_provider(DEPARTMENT, actor=headquarters) == record
    assert not rows(Mail)
    after = change_provider(command.model_copy(update={"password": PASSWORD}), actor=headquarters)
    assert after.account_number == NL
    letters = rows(Mail)
    assert [letter["recipient"] for letter in letters] == ["info@example.com", "nieuw@example.com"]
    for letter in letters:
        assert "… 4300" in letter["body"]
        assert "nieuw@example.com" in letter["body"]
        assert NL not in letter["body"]
        assert "Departement" in letter["subject"]
    assert PASSWORD not in str(rows(AuditLine)) + repr(command.model_copy(update={"password": PASSWORD}))


def test_the_same_account_number_written_otherwise_is_no_change(headquarters: Actor) -> None:
    record = get_provider(NUMBER, actor=headquarters)
    with pytest.raises(Invalid, match="niets gewijzigd"):
        change_provider(changed(record, account_number="be68 5390 0754 7034"), actor=headquarters)
    assert audit_trail() == []


def test_a_record_that_changed_meanwhile_is_a_conflict_address_included(headquarters: Actor, department: Actor) -> None:
    seen = get_provider(DEPARTMENT, actor=headquarters)
    change_provider(changed(seen, phone="1700"), actor=department)
    with pytest.raises(Conflict, match="Departement"):
        change_provider(changed(seen, name="Anders"), actor=headquarters)
    seen = get_provider(DEPARTMENT, actor=headquarters)
    change_provider(changed(seen, box="7"), actor=headquarters)
    with pytest.raises(Conflict):
        change_provider(changed(seen, phone="1701"), actor=department)
    assert get_provider(DEPARTMENT, actor=headquarters).phone == "1700"


def test_its_address_is_also_an_establishment_and_either_form_sees_the_others_change(headquarters: Actor) -> None:
    seen, place = get_provider(NUMBER, actor=headquarters), get_establishment(1, actor=headquarters)
    moved = {field: getattr(place, field) for field in ChangeEstablishment.model_fields} | {"box": "7"}
    change_establishment(ChangeEstablishment(**moved), actor=headquarters)
    with pytest.raises(Conflict):
        change_provider(changed(seen, phone="1700"), actor=headquarters)
    seen, place = get_provider(NUMBER, actor=headquarters), get_establishment(1, actor=headquarters)
    assert seen.box == "7"
    change_provider(changed(seen, box="8"), actor=headquarters)
    with pytest.raises(Conflict):
        change_establishment(ChangeEstablishment(**(moved | {"version": place.version})), actor=headquarters)


# End


def test_an_ended_department_is_gone_with_its_logins(headquarters: Actor, department: Actor) -> None:
    end_provider(DEPARTMENT, 1, actor=headquarters)
    assert [line.number for line in list_providers(actor=headquarters)] == [NUMBER, SISTER]
    assert [row["login"] for row in rows(Account) if row["ended_at"]] == ["departement"]
    assert [row["ended_at"] is None for row in rows(Session)] == [True, False]
    with pytest.raises(SessionExpired):
        list_providers(actor=department)
    with pytest.raises(NotAllowed):
        log_in(LogIn(login="departement", password=PASSWORD))
    with pytest.raises(NotFound):
        get_provider(DEPARTMENT, actor=headquarters)
    [line] = [row for row in rows(AuditLine) if row["action"] == "provider.end"]
    assert json.loads(line["details"])["accounts"] == [department.account_id]


@pytest.mark.parametrize("status", ProjectStatus)
def test_open_projects_keep_a_department(
    organisation: dict[str, Any], headquarters: Actor, status: ProjectStatus
) -> None:
    enterprise = make_enterprise(1, "Klant")
    for place in range(1, 6):
        make_project(f"2016KMO00000{place}", organisation[DEPARTMENT], enterprise, status=status)
    make_project("2016KMO000009", organisation[SISTER], enterprise)
    if status in ("Bevestigd", "Lopend", "StopzettingAangevraagd"):
        with pytest.raises(NotAllowed, match="2016KMO000005, 2016KMO000004, 2016KMO000003 en nog 2") as refusal:
            end_provider(DEPARTMENT, 1, actor=headquarters)
        assert get_provider(DEPARTMENT, actor=headquarters).why_not_end == str(refusal.value)
    else:
        assert get_provider(DEPARTMENT, actor=headquarters).why_not_end == ""
        end_provider(DEPARTMENT, 1, actor=headquarters)


@pytest.mark.parametrize(
    ("status", "live"),
    [("A", 1), ("G", 1), ("G/V", 1), ("L", 1), ("L/H", 1), ("S", 1), ("N", 0), ("U", 0), ("T", 0)],
)
def test_a_live_registration_keeps_a_department(
    organisation: dict[str, Any], headquarters: Actor, status: str, live: int
) -> None:
    register(organisation[DEPARTMENT], "DV.A000001", status)
    if live:
        with pytest.raises(NotAllowed, match=r"DV\.A000001"):
            end_provider(DEPARTMENT, 1, actor=headquarters)
    else:
        end_provider(DEPARTMENT, 1, actor=headquarters)


@pytest.mark.parametrize(
    ("number", "who", "error", "sentence"),
    [
        (NUMBER, "zetel", NotAllowed, "1700"),
        (OTHER, "zetel", NotFound, "niet van u"),
        (DEPARTMENT, "departement", NotAllowed, "1700"),
    ],
)
def test_what_cannot_be_ended_here_says_why(
    headquarters: Actor,
    department: Actor,
    number: str,
    who: str,
    error: type[Exception],
    sentence: str,
) -> None:
    with pytest.raises(error, match=sentence):
        end_provider(number, 1, actor={"zetel": headquarters, "departement": department}[who])
    assert audit_trail() == []


def test_ending_what_changed_meanwhile_is_a_conflict(headquarters: Actor, department: Actor) -> None:
    change_provider(changed(get_provider(DEPARTMENT, actor=department), phone="1700"), actor=department)
    with pytest.raises(Conflict):
        end_provider(DEPARTMENT, 1, actor=headquarters)


def test_each_write_fails_whole(headquarters: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last step fails, nothing of the steps before it is kept."""
    before = (rows(Provider), rows(Establishment), rows(AuditLine), rows(Account))
    record = get_provider(DEPARTMENT, actor=headquarters)

    def fails(*_args: object, **_options: object) -> None:
        raise RuntimeError("the last step")

    monkeypatch.setattr("services.work.Work.audit", fails)
    calls: list[Callable[[], object]] = [
        lambda: add_department(NEW, actor=headquarters),
        lambda: change_provider(changed(record, name="Anders", box="9"), actor=headquarters),
        lambda: end_provider(DEPARTMENT, 1, actor=headquarters),
    ]
    for call in calls:
        with pytest.raises(RuntimeError, match="the last step"):
            call()
    assert (rows(Provider), rows(Establishment), rows(AuditLine), rows(Account)) == before
