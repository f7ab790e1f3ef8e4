"""The table of registrations, whole: every state x event x role on own and foreign ones, and each condition."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from db.codes import RegistrationBasis, RegistrationEvent, RegistrationStatus, Role, ServiceType
from db.database import transaction
from db.mail import Mail
from db.providers import Provider
from db.registrations import LIVE, Registration, RegistrationNotice, RegistrationProposal
from services import clock, registration_rules
from services.errors import NotAllowed, ServiceError
from services.jobs import run_jobs
from services.language import use_language
from services.registration_decisions import (
    ConfirmRegistration,
    DecideRegistration,
    ProposeRegistration,
    confirm_registration,
    decide_registration,
    propose_registration,
)
from services.registration_rules import (
    BASES,
    MOVES,
    WHO,
    RegistrationFacts,
    add_months,
    expiry_of,
    reminder_due,
    why_no_declaration,
    why_not_event,
    why_not_request,
)
from services.registrations import (
    MoveRegistration,
    RequestRegistration,
    get_registration,
    move_registration,
    request_registration,
)
from services.work import Actor
from tests.making import make_account, make_address, make_provider, register, rows, sign_in

# Written out once more, so that a slip of the pen in either place shows.
TABLE = {
    "request": ("headquarters department", "N>A T>A"),
    "withdraw": ("headquarters department", "A>T"),
    "grant": ("case_handler", "A>G G/V>G L/H>G"),
    "refuse": ("case_handler", "A>N G/V>G L/H>L"),
    "extend": ("headquarters department", "G>G/V"),
    "renew": ("headquarters department", "L>L/H"),
    "expire": ("system", "G>L G/V>L/H"),
    "suspend": ("case_handler", "G>S G/V>S"),
    "resume": ("case_handler", "S>G"),
    "exclude": ("case_handler", "A>U G>U G/V>U L>U L/H>U S>U"),
    "stop": ("headquarters department case_handler", "A>T G>T G/V>T L>T L/H>T S>T"),
}
ALONE = {"grant", "refuse"}
TOGETHER = {"suspend", "resume", "exclude"}
NUMBER = "DV.O000001"
TODAY = date(2016, 3, 11)


def moved(event: str, status: str) -> str | None:
    """The state that the table above leads to; None when it leads nowhere."""
    return dict(move.split(">") for move in TABLE[event][1].split()).get(status)


@pytest.fixture
def organisations(database: Path) -> dict[str, Provider]:
    """Two headquarters, and two departments of the first."""
    first = make_provider("Eerste", "0862010195")
    found = {
        "headquarters": first,
        "department": make_provider("Eerste, afdeling", "0862010195", first, 1),
        "sister": make_provider("Eerste, andere afdeling", "0862010195", first, 2),
        "other": make_provider("Tweede", "0403019261"),
    }
    for provider in found.values():
        make_address(provider)
    return found


def act(role: Role, organisations: dict[str, Provider]) -> Actor:
    """Somebody with that role, signed in."""
    return sign_in(make_account(f"een {role}", role, organisations.get(role)))


@contextmanager
def registered(provider: Provider, status: str, **columns: Any) -> Iterator[None]:
    """A registration of the provider with everything a decision needs, gone afterwards."""
    register(
        provider,
        NUMBER,
        status,
        **({"declaration_received_on": TODAY, "audit_on": TODAY, "audit_positive": True} | columns),
    )
    yield
    with transaction():
        for model in (RegistrationProposal, RegistrationNotice, Registration):
            model.delete().execute()


def bring_about(event: str, provider: Provider, actor: Actor, second: Actor) -> None:
    """Let `actor` try to bring the event about, and `second` confirm it where that is needed."""
    match event:
        case "request":
            request_registration(
                RequestRegistration(
                    provider_id=provider.id, service=ServiceType.TRAINING, basis=RegistrationBasis.PRIVATE
                ),
                actor=actor,
            )
        case "expire":
            run_jobs(actor=actor)
        case "grant" | "refuse":
            decide_registration(
                DecideRegistration(number=NUMBER, version=1, event=RegistrationEvent(event), reason="Daarom."),
                actor=actor,
            )
        case "suspend" | "resume" | "exclude":
            until = TODAY + timedelta(days=60) if event == "suspend" else None
            proposal = propose_registration(
                ProposeRegistration(
                    number=NUMBER, version=1, event=RegistrationEvent(event), reason="Daarom.", until=until
                ),
                actor=actor,
            )
            confirm_registration(ConfirmRegistration(number=NUMBER, proposed_at=proposal.proposed_at), actor=second)
        case _:
            move_registration(
                MoveRegistration(
                    number=NUMBER, version=1, event=RegistrationEvent(event), reason="Daarom.", confirmed=True
                ),
                actor=actor,
            )


@pytest.mark.parametrize("event", TABLE)
@pytest.mark.parametrize("role", Role)
def test_every_state_event_and_role_on_own_and_foreign_registrations(
    role: Role, event: str, organisations: dict[str, Provider]
) -> None:
    actor = act(role, organisations)
    second = sign_in(make_account("een tweede", Role.CASE_HANDLER))
    own = {
        Role.HEADQUARTERS: {"headquarters", "department", "sister"},
        Role.DEPARTMENT: {"department"},
    }.get(role, set(organisations))
    roles = TABLE[event][0].split()
    # before a record is looked for its permission is asked
    hidden = "headquarters" in roles
    for status, owner in product(RegistrationStatus, organisations):
        expires_on = TODAY - timedelta(days=1) if event == "expire" else date(2023, 3, 21)
        letters = len(rows(Mail))
        with registered(organisations[owner], status, expires_on=expires_on):
            expected = moved(event, status)
            if role.value in {"headquarters", "department"} and owner not in own and hidden:
                expected, error = None, "NotFound"
            elif role.value not in roles or expected is None:
                expected, error = None, "NotAllowed"
            else:
                error = ""
            # to a provider that is to withdraw its request
            if (event, status) == ("stop", "A") and not error and role is not Role.CASE_HANDLER:
                expected, error = None, "NotAllowed"
            told = ""
            try:
                bring_about(event, organisations[owner], actor, second)
            except ServiceError as refusal:
                told = type(refusal).__name__
            # the nightly job passes over what does not expire
            if event == "expire" and role is Role.SYSTEM:
                error = ""
            assert told == error, (status, owner)
            after = [row["status"] for row in rows(Registration)]
            if event == "request" and expected:
                assert after == [status, expected]
            else:
                assert after == [expected or status], (status, owner)
            assert len(rows(Mail)) - letters == (1 if expected else 0)
            assert not rows(RegistrationProposal)


def test_the_table_is_this() -> None:
    assert {event.value: set(roles) for event, roles in WHO.items()} == {
        event: {Role(role) for role in roles.split()} for event, (roles, _moves) in TABLE.items()
    }
    assert {
        (event.value, before.value): None if after is None else after.value
        for event, moves in MOVES.items()
        for before, after in moves.items()
    } == {
        (event, status.value): None if event == "resume" else moved(event, status)
        for event, status in product(TABLE, RegistrationStatus)
        if moved(event, status)
    }


@pytest.mark.parametrize("before", [RegistrationStatus.GRANTED, RegistrationStatus.EXTENSION_REQUESTED])
def test_a_suspension_ends_in_the_state_before_it(
    before: RegistrationStatus, organisations: dict[str, Provider]
) -> None:
    first, second = (sign_in(make_account(f"dossier {place}", Role.CASE_HANDLER)) for place in (1, 2))
    with registered(organisations["headquarters"], "S", status_before=before, suspended_until=date(2016, 6, 30)):
        bring_about("resume", organisations["headquarters"], first, second)
        [row] = rows(Registration)
        assert (row["status"], row["status_before"], row["suspended_until"]) == (before, None, None)
        assert row["expires_on"] == date(2023, 3, 21)


@pytest.mark.parametrize("role", [Role.HEADQUARTERS, Role.DEPARTMENT, Role.CASE_HANDLER, Role.HELPDESK])
def test_what_a_record_says_is_possible_is_what_the_guard_lets_through(
    role: Role, organisations: dict[str, Provider]
) -> None:
    actor = act(role, organisations)
    provider = organisations["department"]
    for event, status in product((*ALONE, "withdraw", "extend", "renew", "stop"), RegistrationStatus):
        with registered(provider, status):
            said = get_registration(NUMBER, actor=actor).why_not.get(RegistrationEvent(event), "")
            if said:
                with pytest.raises(NotAllowed) as refusal:
                    bring_about(event, provider, actor, actor)
                if role.value in TABLE[event][0].split():
                    assert str(refusal.value) == said
            else:
                bring_about(event, provider, actor, actor)


# Conditions


def facts(status: str = "A", **changes: Any) -> RegistrationFacts:
    """A private provider's registration with everything a decision needs."""
    usual: dict[str, Any] = {
        "status": RegistrationStatus(status),
        "basis": RegistrationBasis.PRIVATE,
        "expires_on": date(2023, 3, 21),
        "declaration_received_on": TODAY,
        "audit_positive": True,
    }
    return RegistrationFacts(**(usual | changes))


@pytest.mark.parametrize("status", ["A", "G/V", "L/H"])
@pytest.mark.parametrize(
    ("changes", "possible"),
    [
        ({}, True),
        ({"declaration_received_on": None}, False),
        ({"audit_positive": None}, False),
        ({"audit_positive": False}, False),
        ({"basis": RegistrationBasis.SECTOR_FUND, "audit_positive": None}, True),
        ({"basis": RegistrationBasis.KNOWLEDGE_INSTITUTION, "audit_positive": None}, True),
        ({"basis": RegistrationBasis.SECTOR_FUND, "declaration_received_on": None}, False),
    ],
)
def test_granting_needs_the_declaration_and_of_a_private_provider_the_audit(
    status: str, changes: dict[str, Any], possible: bool
) -> None:
    why_not = why_not_event(RegistrationEvent.GRANT, facts(status, **changes), Role.CASE_HANDLER, TODAY)
    assert (why_not == "") == possible
    assert why_not_event(RegistrationEvent.REFUSE, facts(status, **changes), Role.CASE_HANDLER, TODAY) == ""


@pytest.mark.parametrize(
    ("days", "extends", "expires"), [(1, True, False), (0, True, False), (-1, False, True), (-400, False, True)]
)
def test_the_last_day_is_the_expiry_date_itself(days: int, extends: bool, expires: bool) -> None:
    granted = facts("G", expires_on=TODAY + timedelta(days=days))
    assert (why_not_event(RegistrationEvent.EXTEND, granted, Role.HEADQUARTERS, TODAY) == "") == extends
    assert (why_not_event(RegistrationEvent.EXPIRE, granted, Role.SYSTEM, TODAY) == "") == expires


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_refusal_is_a_sentence(database: Path, language: str) -> None:
    use_language(language)
    for event, status, role, received in product(RegistrationEvent, RegistrationStatus, Role, (None, TODAY)):
        why = why_not_event(event, facts(status, declaration_received_on=received), role, TODAY)
        assert why == "" or why.endswith(".")
    for status in RegistrationStatus:
        assert (why_not_request([status]) == "") == (status.value in "NT")
        assert (why_no_declaration(status) == "") == (status.value in ("A", "G/V", "L/H"))


def test_one_earlier_registration_is_enough_to_forbid_another() -> None:
    refused, stopped, excluded = (RegistrationStatus(code) for code in "NTU")
    assert why_not_request([]) == why_not_request([refused, stopped]) == ""
    assert why_not_request([refused, excluded, stopped]) == why_not_request([excluded])
    assert all(why_not_request([refused, status]) for status in LIVE)


def test_the_bases_depend_on_the_service() -> None:
    assert [basis.value for basis in BASES[ServiceType.TRAINING]] == ["private", "knowledge_institution", "sector_fund"]
    assert [basis.value for basis in BASES[ServiceType.ADVICE]] == ["private", "knowledge_institution"]


# Days


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2016-03-11", 60, "2021-03-11"),
        ("2016-02-29", 60, "2021-02-28"),
        ("2016-08-31", -6, "2016-02-29"),
        ("2016-03-31", -1, "2016-02-29"),
        ("2016-01-31", -1, "2015-12-31"),
        ("2016-12-31", 1, "2017-01-31"),
    ],
)
def test_months_end_where_they_end(day: str, months: int, then: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


def test_a_registration_is_valid_for_five_years() -> None:
    assert expiry_of(date(2016, 3, 11)) == date(2021, 3, 11)


@pytest.mark.parametrize(
    ("status", "present", "then"),
    [
        ("A", None, "2021-03-11"),
        ("G/V", "2016-06-30", "2021-03-11"),
        ("G/V", "2021-03-11", "2021-03-11"),
        ("G/V", "2023-03-21", "2023-03-21"),
        ("L/H", "2016-03-10", "2021-03-11"),
    ],
)
def test_granting_never_shortens_a_registration(
    organisations: dict[str, Provider], status: str, present: str | None, then: str
) -> None:
    handler = act(Role.CASE_HANDLER, organisations)
    expires_on = None if present is None else date.fromisoformat(present)
    with registered(organisations["headquarters"], status, expires_on=expires_on):
        bring_about("grant", organisations["headquarters"], handler, handler)
        [row] = rows(Registration)
        assert row["expires_on"] == date.fromisoformat(then)
        assert f"{then[8:]}/{then[5:7]}/{then[:4]}" in rows(Mail)[-1]["body"]


def test_of_withdrawing_and_stopping_a_provider_can_do_one_at_most_and_is_told_why() -> None:
    for role, status in product((Role.HEADQUARTERS, Role.DEPARTMENT), RegistrationStatus):
        reasons = {
            event: why_not_event(event, facts(status), role, TODAY)
            for event in (RegistrationEvent.WITHDRAW, RegistrationEvent.STOP)
        }
        possible = [event.value for event, reason in reasons.items() if not reason]
        assert possible == (["withdraw"] if status == "A" else ["stop"] if status in LIVE else [])
    assert why_not_event(RegistrationEvent.STOP, facts("A"), Role.CASE_HANDLER, TODAY) == ""
    withdraw = {status: why_not_event(RegistrationEvent.WITHDRAW, facts(status), Role.HEADQUARTERS, TODAY)
                for status in RegistrationStatus}  # fmt: skip
    # an extension is a request that nobody has decided yet: the reason is another one
    assert withdraw[RegistrationStatus.EXTENSION_REQUESTED] != withdraw[RegistrationStatus.GRANTED]
    assert withdraw[RegistrationStatus.EXTENSION_REQUESTED] == withdraw[RegistrationStatus.RENEWAL_REQUESTED]


@pytest.mark.parametrize(
    ("expires_on", "months"),
    [
        ("2016-09-12", None),
        ("2016-09-11", 6),
        ("2016-06-12", 6),
        ("2016-06-11", 3),
        ("2016-04-12", 3),
        ("2016-04-11", 1),
        ("2016-03-11", 1),
    ],
)
def test_the_nearest_reminder_is_the_one_that_is_due(expires_on: str, months: int | None) -> None:
    assert reminder_due(date.fromisoformat(expires_on), TODAY) == months


def test_terms_and_reminders_are_dated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration_rules, "TERMS", ((date.min, 60), (date(2017, 1, 1), 36)))
    monkeypatch.setattr(registration_rules, "REMINDERS", ((date.min, (6, 3, 1)), (date(2017, 1, 1), (2,))))
    assert expiry_of(date(2016, 12, 31)) == date(2021, 12, 31)
    assert expiry_of(date(2017, 1, 1)) == date(2020, 1, 1)
    assert reminder_due(date(2017, 3, 1), date(2016, 12, 31)) == 3
    assert reminder_due(date(2017, 3, 2), date(2017, 1, 1)) is None
    assert reminder_due(date(2017, 3, 1), date(2017, 1, 1)) == 2


def test_the_clock_of_these_tests(database: Path) -> None:
    assert clock.today() == TODAY
