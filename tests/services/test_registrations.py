"""Registrations: asked for, moved, decided; the number, the letter and the audit line with each, or nothing at all."""

import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.accounts import Account, Session
from db.codes import ProjectStatus, RegistrationBasis, RegistrationEvent, RegistrationStatus, Role, ServiceType
from db.database import connected, transaction
from db.database import database as db_database
from db.mail import Mail, MailAttachment
from db.models import ALL
from db.providers import Provider
from db.registrations import Registration, RegistrationProposal
from kmop_tui.cli import main
from services.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError, Unconfirmed
from services.registration_decisions import (
    ConfirmRegistration,
    DecideRegistration,
    NoteAudit,
    ProposalRecord,
    ProposeRegistration,
    confirm_registration,
    decide_registration,
    note_audit,
    note_declaration,
    proposal_of,
    propose_registration,
)
from services.registration_moves import LONGEST_REASON
from services.registrations import (
    MoveRegistration,
    RegistrationRecord,
    RequestRegistration,
    declaration_of,
    get_registration,
    list_registrations,
    mail_declaration,
    move_registration,
    registration_choices,
    request_registration,
)
from services.work import Actor
from tests.making import (
    PASSWORD,
    audit_trail,
    later,
    make_account,
    make_address,
    make_enterprise,
    make_project,
    make_provider,
    register,
    rows,
    sign_in,
)

TODAY = date(2016, 3, 11)
UNTIL = date(2016, 6, 30)
EXTEND, RENEW, WITHDRAW, STOP = (RegistrationEvent(name) for name in ("extend", "renew", "withdraw", "stop"))
GRANT, REFUSE = RegistrationEvent.GRANT, RegistrationEvent.REFUSE
SUSPEND, RESUME, EXCLUDE = RegistrationEvent.SUSPEND, RegistrationEvent.RESUME, RegistrationEvent.EXCLUDE


@pytest.fixture
def provider(database: Path) -> Provider:
    """A headquarters with a department, and an address each."""
    headquarters: Provider = make_provider("Eerste & Co", "0862010195")
    make_address(headquarters)
    make_address(make_provider("Eerste, afdeling", "0862010195", headquarters, 2))
    return headquarters


@pytest.fixture
def actor(provider: Provider) -> Actor:
    """The headquarters."""
    return sign_in(make_account("eerste", Role.HEADQUARTERS, provider))


@pytest.fixture
def department(provider: Provider) -> Actor:
    """The department, with its own login."""
    with connected():
        return sign_in(make_account("afdeling", Role.DEPARTMENT, Provider.get_by_id(2)))


@pytest.fixture
def handler(database: Path) -> Actor:
    """A case handler."""
    return sign_in(make_account("dossier", Role.CASE_HANDLER))


@pytest.fixture
def second(database: Path) -> Actor:
    """Another case handler."""
    return sign_in(make_account("dossier 2", Role.CASE_HANDLER))


def request(actor: Actor, service: str = "O", basis: str = "private", provider_id: int = 1) -> RegistrationRecord:
    """Ask for a registration."""
    return request_registration(
        RequestRegistration(provider_id=provider_id, service=ServiceType(service), basis=RegistrationBasis(basis)),
        actor=actor,
    )


def move(event: RegistrationEvent, actor: Actor, number: str = "DV.O000001", **fields: Any) -> RegistrationRecord:
    """Bring a provider's event about."""
    return move_registration(
        MoveRegistration(**({"number": number, "version": 1, "event": event} | fields)), actor=actor
    )


def decide(event: RegistrationEvent, actor: Actor, **fields: Any) -> RegistrationRecord:
    """Decide on DV.O000001."""
    usual = {"number": "DV.O000001", "version": 1, "event": event, "reason": "" if event is GRANT else "Daarom."}
    return decide_registration(DecideRegistration(**(usual | fields)), actor=actor)


def propose(event: RegistrationEvent, actor: Actor, **fields: Any) -> ProposalRecord:
    """Propose something about DV.O000001."""
    usual = {
        "number": "DV.O000001",
        "version": 1,
        "event": event,
        "reason": "Daarom.",
        "until": UNTIL if event is SUSPEND else None,
    }
    return propose_registration(ProposeRegistration(**(usual | fields)), actor=actor)


def confirm(proposal: ProposalRecord, actor: Actor) -> RegistrationRecord:
    """Agree with it."""
    return confirm_registration(
        ConfirmRegistration(number=proposal.number, proposed_at=proposal.proposed_at), actor=actor
    )


def everything() -> dict[str, Any]:
    """All rows of all tables, but for when sessions were used."""
    return {model.__name__: rows(model) for model in ALL if model is not Session}


# Asking


def test_a_request_has_its_number_at_once_and_a_receipt_with_the_declaration(actor: Actor) -> None:
    record = request(actor)
    assert (record.number, record.status, record.expires_on) == ("DV.O000001", RegistrationStatus.REQUESTED, None)
    assert (record.requested_on, record.provider_number, record.kind) == (TODAY, "0862.010.195", "MZ")
    [letter], [enclosed] = rows(Mail), rows(MailAttachment)
    assert (letter["recipient"], letter["subject_of"]) == ("info@example.com", "registration:DV.O000001")
    assert "DV.O000001" in letter["subject"]
    assert "Eerste & Co" in letter["body"]
    assert enclosed["mail"] == letter["id"]
    assert enclosed["media_type"] == "application/pdf"
    assert bytes(enclosed["content"]).startswith(b"%PDF-")
    assert "DV.O000001" in enclosed["file_name"]
    assert audit_trail() == [("registration.request", "registration:DV.O000001")]


def test_one_counter_serves_both_services(actor: Actor, provider: Provider) -> None:
    register(provider, "DV.A218723", "T")
    register(provider, "DV.O218722", "T")
    assert request(actor, "O").number == "DV.O218724"
    assert request(actor, "A").number == "DV.A218725"
    assert request(actor, "O", provider_id=2).number == "DV.O218726"


def test_requests_at_once_get_numbers_of_their_own(actor: Actor, provider: Provider) -> None:
    for department in range(3, 9):
        make_address(make_provider(f"Afdeling {department}", "0862010195", provider, department))
    together = threading.Barrier(8)

    def attempt(provider_id: int) -> str:
        together.wait()
        return request(actor, provider_id=provider_id).number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(attempt, range(1, 9)))
    assert sorted(numbers) == [f"DV.O00000{place}" for place in range(1, 9)]
    assert len(rows(Mail)) == 8


def test_of_two_requests_at_once_for_the_same_service_one_wins(actor: Actor) -> None:
    together = threading.Barrier(2)

    def attempt(_place: int) -> str:
        together.wait()
        try:
            return request(actor).number
        except NotAllowed:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, range(2))) == ["DV.O000001", "refused"]
    assert len(rows(Registration)) == len(rows(Mail)) == 1


@pytest.mark.parametrize(
    ("service", "basis", "provider_id", "error"),
    [
        ("A", "sector_fund", 1, Invalid),
        ("O", "private", 99, NotFound),
        ("O", "private", 3, NotFound),
        ("O", "private", 4, NotFound),
    ],
)
def test_what_cannot_be_requested_leaves_nothing(
    actor: Actor, provider: Provider, service: str, basis: str, provider_id: int, error: type[ServiceError]
) -> None:
    make_address(make_provider("Tweede", "0403019261"))
    ended = make_provider("Eerste, gewezen afdeling", "0862010195", provider, 3)
    with transaction():
        Provider.update(ended_on=TODAY).where(Provider.id == ended.id).execute()
    before = everything()
    with pytest.raises(error):
        request(actor, service, basis, provider_id)
    assert everything() == before


def test_the_choices_say_what_is_possible_now(actor: Actor, department: Actor) -> None:
    request(actor, "O")
    first, of_department = registration_choices(actor=actor).providers
    assert (first.provider_id, first.kind, first.why_not, list(first.services)) == (1, "MZ", "", [ServiceType.TRAINING])
    assert (of_department.provider_id, of_department.services) == (2, {})
    request(actor, "A")
    assert registration_choices(actor=actor).providers[0].why_not.endswith(".")
    assert [found.provider_id for found in registration_choices(actor=department).providers] == [2]


def test_a_department_requests_for_itself_alone(actor: Actor, department: Actor) -> None:
    with pytest.raises(NotFound):
        request(department, provider_id=1)
    record = request(department, provider_id=2)
    assert (record.provider_number, record.kind) == ("0862.010.195/2", "DEP")
    assert [found.number for found in list_registrations(actor=department)] == [record.number]
    assert [found.number for found in list_registrations(actor=actor)] == [record.number]


# Looking


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("DV.O218724", "DV.O218724"),
        ("dv.o218724", "DV.O218724"),
        ("DVO218724", "DV.O218724"),
        ("DV.0218724", "DV.O218724"),
        (" dv 0 218 724 ", "DV.O218724"),
        ("DV.218724", "DV.O218724"),
        ("218724", "DV.O218724"),
        ("o218724", "DV.O218724"),
        ("DV-A218723", "DV.A218723"),
        ("218723", "DV.A218723"),
        ("DV.A218724", None),
        ("DV.0218723", None),
        ("DV.O218725", None),
        ("DV.B218724", None),
        ("DV.O21872", None),
        ("DV.O2187241", None),
        ("", None),
        ("DV.O218724'; --", None),
    ],
)
def test_a_number_is_found_however_it_is_typed(
    actor: Actor, provider: Provider, typed: str, number: str | None
) -> None:
    register(provider, "DV.A218723", "A")
    register(provider, "DV.O218724", "G")
    if number is None:
        with pytest.raises(NotFound):
            get_registration(typed, actor=actor)
    else:
        assert get_registration(typed, actor=actor).number == number


def test_a_foreign_registration_is_as_unknown_as_none(actor: Actor) -> None:
    register(make_provider("Tweede", "0403019261"), "DV.O000001")
    answers = set()
    for number in ("DV.O000001", "DV.O000002"):
        calls: list[Callable[[], object]] = [
            lambda number=number: get_registration(number, actor=actor),  # type: ignore[misc]
            lambda number=number: move(STOP, actor, number),  # type: ignore[misc]
            lambda number=number: declaration_of(number, actor=actor),  # type: ignore[misc]
            lambda number=number: mail_declaration(number, actor=actor),  # type: ignore[misc]
        ]
        for call in calls:
            with pytest.raises(NotFound) as unknown:
                call()
            answers.add(str(unknown.value).replace(number, "N"))
    assert len(answers) == 1


def test_the_list_is_by_service_and_number_and_the_active_ones_are_live(
    actor: Actor, handler: Actor, provider: Provider
) -> None:
    for number, status in [("O000009", "N"), ("O000002", "U"), ("O000007", "L"), ("A000008", "T"), ("A000003", "S")]:
        register(provider, f"DV.{number}", status)
    register(make_provider("Tweede", "0403019261"), "DV.O000004")
    shown = [record.number[3:] for record in list_registrations(actor=actor)]
    assert shown == ["A000003", "A000008", "O000002", "O000007", "O000009"]
    assert [record.number[3:] for record in list_registrations(actor=actor, active_only=True)] == ["A000003", "O000007"]
    assert len(list_registrations(actor=handler)) == 6


# Moving


@pytest.mark.parametrize(
    ("event", "before", "after"), [(EXTEND, "G", "G/V"), (RENEW, "L", "L/H"), (WITHDRAW, "A", "T"), (STOP, "G", "T")]
)
def test_a_move_writes_a_letter_and_an_audit_line(
    actor: Actor, provider: Provider, event: RegistrationEvent, before: str, after: str
) -> None:
    noted = {"declaration_received_on": TODAY, "audit_on": TODAY, "audit_bureau": "Bureau", "audit_positive": True}
    register(provider, "DV.O000001", before, **noted)
    record = move(event, actor)
    asked = event in (EXTEND, RENEW)
    assert (record.status, record.version) == (after, 2)
    assert record.expires_on == date(2023, 3, 21)
    assert record.requested_on == (TODAY if asked else date(2016, 1, 4))
    received = (record.declaration_received_on, record.audit_on, record.audit_bureau, record.audit_positive)
    assert received == ((None, None, "", None) if asked else (TODAY, TODAY, "Bureau", True))
    assert len(rows(Mail)) == 1
    assert len(rows(MailAttachment)) == asked
    assert audit_trail() == [(f"registration.{event}", "registration:DV.O000001")]


def test_a_stop_names_the_open_projects_of_that_service_first(actor: Actor, provider: Provider) -> None:
    register(provider, "DV.O000001")
    enterprise = make_enterprise(1, "Klant")
    make_project("2016KMO000008", provider, enterprise, status=ProjectStatus.FINISHED)
    make_project("2016KMO000009", provider, enterprise, service=ServiceType.ADVICE)
    states = [ProjectStatus.CONFIRMED, ProjectStatus.RUNNING, ProjectStatus.STOP_REQUESTED]
    for place in range(1, 8):
        make_project(f"2016KMO00000{place if place < 8 else 0}", provider, enterprise, status=states[place % 3])
    before = everything()
    with pytest.raises(Unconfirmed) as consequences:
        move(STOP, actor)
    told = str(consequences.value)
    assert "7" in told
    assert told.count("2016KMO") == 5
    assert "…" in told
    assert not any(number in told for number in ("2016KMO000008", "2016KMO000009"))
    assert everything() == before
    assert move(STOP, actor, confirmed=True).status is RegistrationStatus.STOPPED


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"version": 2}, Conflict),
        ({"event": RENEW}, NotAllowed),
        ({"event": GRANT}, NotAllowed),
        ({"reason": "x" * (LONGEST_REASON + 1)}, Invalid),
        ({"number": "DV.O000002"}, NotFound),
    ],
)
def test_what_the_rules_forbid_leaves_nothing(
    actor: Actor, provider: Provider, fields: dict[str, Any], error: type[ServiceError]
) -> None:
    register(provider, "DV.O000001")
    before = everything()
    with pytest.raises(error):
        move(**({"event": EXTEND, "actor": actor} | fields))
    assert everything() == before


def test_a_case_handler_moves_nothing_but_to_stop_and_says_why(handler: Actor, provider: Provider) -> None:
    register(provider, "DV.O000001")
    for event in set(RegistrationEvent) - {STOP}:
        with pytest.raises(NotAllowed):
            move(event, handler, reason="Daarom.")
    with pytest.raises(Invalid) as unsaid:
        move(STOP, handler)
    assert list(unsaid.value.fields) == ["reason"]
    assert move(STOP, handler, reason="Daarom.").reason == "Daarom."
    assert "Daarom." in rows(Mail)[0]["body"]


FAILURES = ("audit_line", "mail", "mail_attachment")


@pytest.mark.parametrize("table", FAILURES)
def test_when_a_part_cannot_be_written_nothing_is(actor: Actor, table: str) -> None:
    before = everything()
    with transaction():
        db_database.execute_sql(f"CREATE TRIGGER fail BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        request(actor)
    assert everything() == before
    with transaction():
        db_database.execute_sql("DROP TRIGGER fail")
    assert request(actor).number == "DV.O000001"


# The declaration


def test_the_declaration_is_there_while_a_request_is_open(actor: Actor, provider: Provider) -> None:
    request(actor)
    document = declaration_of("dv.o000001", actor=actor)
    assert document.content.startswith(b"%PDF-")
    assert "DV.O000001" in document.name
    assert mail_declaration("DV.O000001", actor=actor) == "info@example.com"
    assert [bytes(row["content"]) for row in rows(MailAttachment)] == [document.content] * 2
    # once is enough while it is under way; once it has left, it may be asked for again
    before = everything()
    with pytest.raises(NotAllowed, match=r"op 11/03/2016 09:00 al gevraagd.*info@example\.com"):
        mail_declaration("DV.O000001", actor=actor)
    assert everything() == before
    with transaction():
        Mail.update(status="sent").execute()
    mail_declaration("DV.O000001", actor=actor)
    move(WITHDRAW, actor)
    before = everything()
    for deliver in (declaration_of, mail_declaration):
        with pytest.raises(NotAllowed):
            deliver("DV.O000001", actor=actor)
    assert everything() == before


# What the case handler notes and decides


def test_from_request_to_certificate(actor: Actor, handler: Actor) -> None:
    request(actor)
    with pytest.raises(NotAllowed):
        decide(GRANT, handler)
    note_declaration("DV.O000001", TODAY, actor=handler)
    with pytest.raises(NotAllowed):
        decide(GRANT, handler, version=2)
    note_audit(NoteAudit(number="DV.O000001", on=TODAY, bureau=" Een  bureau ", positive=True), actor=handler)
    record = decide(GRANT, handler, version=3)
    assert (record.status, record.expires_on, record.audit_bureau) == ("G", date(2021, 3, 11), "Een bureau")
    _receipt, certificate = rows(MailAttachment)
    assert bytes(certificate["content"]).startswith(b"%PDF-")
    assert "11/03/2021" in rows(Mail)[1]["body"]
    assert [action for action, _subject in audit_trail()] == [
        "registration.request",
        "registration.receive",
        "registration.receive",
        "registration.grant",
    ]


@pytest.mark.parametrize(
    ("before", "after", "expires_on"),
    [("A", "N", None), ("G/V", "G", date(2023, 3, 21)), ("L/H", "L", date(2016, 3, 1))],
)
def test_a_refusal_leaves_the_expiry_date_as_it_was(
    handler: Actor, provider: Provider, before: str, after: str, expires_on: date | None
) -> None:
    register(provider, "DV.O000001", before, expires_on=expires_on)
    with pytest.raises(Invalid):
        decide(REFUSE, handler, reason=" \n")
    record = decide(REFUSE, handler, reason="De audit was negatief.")
    assert (record.status, record.expires_on, record.reason) == (after, expires_on, "De audit was negatief.")
    assert "De audit was negatief." in rows(Mail)[0]["body"]
    assert not rows(MailAttachment)


@pytest.mark.parametrize("before", ["G/V", "L/H"])
def test_a_granted_extension_or_renewal_has_a_new_expiry_date(handler: Actor, provider: Provider, before: str) -> None:
    received = {"declaration_received_on": TODAY, "basis": RegistrationBasis.SECTOR_FUND}
    register(provider, "DV.O000001", before, expires_on=date(2016, 3, 1), **received)
    assert decide(GRANT, handler).expires_on == date(2021, 3, 11)
    assert len(rows(MailAttachment)) == 1


@pytest.mark.parametrize("day", [date(2016, 1, 3), date(2016, 3, 12)])
def test_a_declaration_comes_in_between_request_and_today(handler: Actor, provider: Provider, day: date) -> None:
    register(provider, "DV.O000001", "A")
    with pytest.raises(Invalid) as refusal:
        note_declaration("DV.O000001", day, actor=handler)
    assert list(refusal.value.fields) == ["received_on"]


def test_an_audit_has_a_day_and_a_bureau(handler: Actor, provider: Provider) -> None:
    register(provider, "DV.O000001", "A")
    with pytest.raises(Invalid) as refusal:
        note_audit(NoteAudit(number="DV.O000001", on=date(2016, 3, 12), bureau=" \x1b", positive=True), actor=handler)
    assert set(refusal.value.fields) == {"on", "bureau"}


@pytest.mark.parametrize("status", ["G", "N", "L", "S", "U", "T"])
def test_nothing_is_noted_when_no_request_is_open(handler: Actor, provider: Provider, status: str) -> None:
    register(provider, "DV.O000001", status)
    before = everything()
    with pytest.raises(NotAllowed):
        note_declaration("DV.O000001", TODAY, actor=handler)
    with pytest.raises(NotAllowed):
        note_audit(NoteAudit(number="DV.O000001", on=TODAY, bureau="Bureau", positive=True), actor=handler)
    assert everything() == before


# Four eyes


@pytest.mark.parametrize(("event", "before", "after"), [(SUSPEND, "G", "S"), (RESUME, "S", "G"), (EXCLUDE, "L", "U")])
def test_what_one_proposes_another_confirms(
    handler: Actor, second: Actor, provider: Provider, event: RegistrationEvent, before: str, after: str
) -> None:
    register(provider, "DV.O000001", before)
    proposal = propose(event, handler)
    assert proposal == proposal_of("DV.O000001", actor=second)
    assert (rows(Registration)[0]["status"], rows(Mail)) == (before, [])
    with connected():
        again = sign_in(Account.get_by_id(handler.account_id))
    before_confirming = everything()
    for same in (handler, again):
        with pytest.raises(NotAllowed):
            confirm(proposal, same)
    assert everything() == before_confirming
    record = confirm(proposal, second)
    assert (record.status, record.reason) == (after, "Daarom.")
    assert record.suspended_until == (UNTIL if event is SUSPEND else None)
    assert "Daarom." in rows(Mail)[0]["body"]
    assert proposal_of("DV.O000001", actor=second) is None
    with pytest.raises(Conflict):
        confirm(proposal, second)


def test_one_confirms_what_one_has_read(handler: Actor, second: Actor, provider: Provider) -> None:
    register(provider, "DV.O000001")
    read = propose(SUSPEND, handler)
    later(minutes=1)
    propose(EXCLUDE, handler)
    with pytest.raises(Conflict):
        confirm(read, second)
    assert rows(Registration)[0]["status"] == "G"


def test_a_proposal_is_dropped_when_the_registration_moves(
    actor: Actor, handler: Actor, second: Actor, provider: Provider
) -> None:
    register(provider, "DV.O000001")
    proposal = propose(SUSPEND, handler)
    move(EXTEND, actor)
    assert not rows(RegistrationProposal)
    with pytest.raises(Conflict):
        confirm(proposal, second)


@pytest.mark.parametrize(
    ("event", "fields", "wrong"),
    [
        (SUSPEND, {"until": None}, "until"),
        (SUSPEND, {"until": TODAY}, "until"),
        (EXCLUDE, {"until": UNTIL}, "until"),
        (EXCLUDE, {"reason": " "}, "reason"),
    ],
)
def test_a_proposal_has_a_reason_and_a_suspension_a_last_day(
    handler: Actor, provider: Provider, event: RegistrationEvent, fields: dict[str, Any], wrong: str
) -> None:
    register(provider, "DV.O000001")
    before = everything()
    with pytest.raises(Invalid) as refusal:
        propose(event, handler, **fields)
    assert list(refusal.value.fields) == [wrong]
    assert everything() == before


def test_a_suspension_is_not_confirmed_once_its_last_day_has_come(handler: Actor, provider: Provider) -> None:
    register(provider, "DV.O000001")
    proposal = propose(SUSPEND, handler, until=date(2016, 3, 12))
    later(days=1)
    with pytest.raises(Invalid):
        confirm(proposal, sign_in(make_account("dossier 3", Role.CASE_HANDLER)))


def test_one_person_does_not_decide_what_takes_two(handler: Actor, provider: Provider) -> None:
    register(provider, "DV.O000001")
    with pytest.raises(NotAllowed):
        decide(EXCLUDE, handler)
    with pytest.raises(NotAllowed):
        propose(GRANT, handler)


# The command line


@pytest.fixture
def run(database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`kmop-tui registrations …` with a password on the standard input; exit status and what it says."""

    def runs(*arguments: str, login: str = "dossier", password: str = PASSWORD) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
        status = main(["--database", str(database), "registrations", *arguments, "--login", login])
        return status, capsys.readouterr().err

    return runs


def test_the_command_line_acts_as_a_person(
    run: Any, actor: Actor, handler: Actor, second: Actor, cheap_hashing: None
) -> None:
    request(actor)
    assert run("receive", "dvo000001", "declaration")[0] == 0
    assert run("receive", "000001", "audit", "--bureau", "Bureau", "--result", "positive")[0] == 0
    status, told = run("decide", "DV.O000001", "grant")
    assert (status, "11/03/2021" in told) == (0, True)
    assert run("decide", "DV.O000001", "exclude", "--reason", "Daarom.")[0] == 0
    assert run("decide", "DV.O000001", "confirm", "--confirmed")[0] == 1
    status, told = run("decide", "DV.O000001", "confirm", login="dossier 2")
    assert (status, "Daarom." in told, rows(Registration)[0]["status"]) == (1, True, "G")
    assert run("decide", "DV.O000001", "confirm", "--confirmed", login="dossier 2")[0] == 0
    assert rows(Registration)[0]["status"] == "U"
    assert run("decide", "DV.O000001", "confirm", login="dossier 2")[0] == 1
    # each came in and left again
    assert [action for action, _subject in audit_trail()].count("account.login") == 8
    assert all(row["ended_at"] for row in rows(Session) if row["id"] > 3)


def test_the_command_line_names_open_projects_before_a_stop(
    run: Any, provider: Provider, handler: Actor, cheap_hashing: None
) -> None:
    register(provider, "DV.O000001")
    make_project("2016KMO000001", provider, make_enterprise(1, "Klant"))
    status, told = run("decide", "DV.O000001", "stop", "--reason", "Op vraag.")
    assert (status, "2016KMO000001" in told, "--confirmed" in told) == (1, True, True)
    assert run("decide", "DV.O000001", "stop", "--reason", "Op vraag.", "--confirmed")[0] == 0
    assert rows(Registration)[0]["status"] == "T"


def test_the_command_line_refuses(
    run: Any, actor: Actor, provider: Provider, handler: Actor, cheap_hashing: None
) -> None:
    register(provider, "DV.O000001", "A")
    before = rows(Registration)
    assert run("receive", "DV.O000001", "declaration", password="fout")[0] == 1
    assert run("receive", "DV.O000001", "declaration", login="eerste")[0] == 1
    assert run("receive", "DV.O000001", "declaration", "--on", "gisteren")[0] == 2
    assert run("receive", "DV.O000001", "audit", "--result", "positive")[0] == 2
    assert run("decide", "DV.O000001", "refuse")[0] == 1
    assert run("decide", "DV.O000009", "grant")[0] == 1
    assert rows(Registration) == before
