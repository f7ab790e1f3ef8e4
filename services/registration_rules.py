"""The rules of registrations in tables: event x state -> state, who, and under which condition.

Guard, menus and help read them. The source is the manual's status legend and 'Aanvraag registratie'; what it leaves
open was decided in the description of the domain ('Registration').
"""

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from db.codes import RegistrationBasis, RegistrationEvent, RegistrationStatus, Role, ServiceType
from db.registrations import LIVE as LIVE
from services.language import _, show_date
from services.rules import PROVIDERS, SYSTEM

REQUESTED, GRANTED, EXTENSION, REFUSED, EXPIRED, RENEWAL, SUSPENDED, EXCLUDED, STOPPED = RegistrationStatus
CASE_HANDLER = frozenset({Role.CASE_HANDLER})

# Waiting for a decision, and so for its declaration and audit.
OPEN_REQUESTS = frozenset({REQUESTED, EXTENSION, RENEWAL})

WHO: dict[RegistrationEvent, frozenset[Role]] = {
    RegistrationEvent.REQUEST: PROVIDERS,
    RegistrationEvent.WITHDRAW: PROVIDERS,
    RegistrationEvent.GRANT: CASE_HANDLER,
    RegistrationEvent.REFUSE: CASE_HANDLER,
    RegistrationEvent.EXTEND: PROVIDERS,
    RegistrationEvent.RENEW: PROVIDERS,
    RegistrationEvent.EXPIRE: SYSTEM,
    RegistrationEvent.SUSPEND: CASE_HANDLER,
    RegistrationEvent.RESUME: CASE_HANDLER,
    RegistrationEvent.EXCLUDE: CASE_HANDLER,
    RegistrationEvent.STOP: PROVIDERS | CASE_HANDLER,
}

# The state that an event leads to; a pair that is not here is not possible. A request leaves an earlier registration of
# the same provider and service as it is and makes a new one beside it. The end of a suspension (None) leads back to the
# state before it.
MOVES: dict[RegistrationEvent, dict[RegistrationStatus, RegistrationStatus | None]] = {
    RegistrationEvent.REQUEST: {REFUSED: REQUESTED, STOPPED: REQUESTED},
    RegistrationEvent.WITHDRAW: {REQUESTED: STOPPED},
    RegistrationEvent.GRANT: {REQUESTED: GRANTED, EXTENSION: GRANTED, RENEWAL: GRANTED},
    RegistrationEvent.REFUSE: {REQUESTED: REFUSED, EXTENSION: GRANTED, RENEWAL: EXPIRED},
    RegistrationEvent.EXTEND: {GRANTED: EXTENSION},
    RegistrationEvent.RENEW: {EXPIRED: RENEWAL},
    RegistrationEvent.EXPIRE: {GRANTED: EXPIRED, EXTENSION: RENEWAL},
    RegistrationEvent.SUSPEND: {GRANTED: SUSPENDED, EXTENSION: SUSPENDED},
    RegistrationEvent.RESUME: {SUSPENDED: None},
    RegistrationEvent.EXCLUDE: dict.fromkeys(LIVE, EXCLUDED),
    RegistrationEvent.STOP: dict.fromkeys(LIVE, STOPPED),
}

# What one person asks for and another one confirms.
FOUR_EYES = frozenset({RegistrationEvent.SUSPEND, RegistrationEvent.RESUME, RegistrationEvent.EXCLUDE})

# What `registrations.move_registration` does; the rest belongs to the case handler's decisions and the nightly job.
BY_PROVIDER = frozenset(event for event in RegistrationEvent if WHO[event] & PROVIDERS) - {RegistrationEvent.REQUEST}

# As what an organisation can be registered, by service (manual, 'Registratiebasis'; advice: decided by us).
BASES: dict[ServiceType, tuple[RegistrationBasis, ...]] = {
    ServiceType.TRAINING: tuple(RegistrationBasis),
    ServiceType.ADVICE: (RegistrationBasis.PRIVATE, RegistrationBasis.KNOWLEDGE_INSTITUTION),
}

# How long a registration is valid, in months from the decision, by the day from which that holds; the newest last.
TERMS: tuple[tuple[date, int], ...] = ((date.min, 60),)

# When a provider is reminded, in months before the expiry date, by the day from which that holds; the newest last.
REMINDERS: tuple[tuple[date, tuple[int, ...]], ...] = ((date.min, (6, 3, 1)),)


@dataclass(frozen=True)
class RegistrationFacts:
    """What the rules look at in a registration."""

    status: RegistrationStatus
    basis: RegistrationBasis
    expires_on: date | None
    declaration_received_on: date | None
    audit_positive: bool | None


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier, below zero); the last of its month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def expiry_of(decided_on: date, present: date | None = None) -> date:
    """The last day on which a registration that is granted on `decided_on` is valid.

    One that was to be valid for longer already, until `present`, stays so: an extension shortens nothing.
    """
    months = next(months for since, months in reversed(TERMS) if since <= decided_on)
    return max(add_months(decided_on, months), present or date.min)


def reminders_on(day: date) -> tuple[int, ...]:
    """How many months before the expiry date a provider is reminded, as that holds on `day`."""
    return next(months for since, months in reversed(REMINDERS) if since <= day)


def reminder_due(expires_on: date, today: date) -> int | None:
    """Of the reminders (months before the expiry date) whose day has come the last one; None when it is too early.

    An old registration gets one reminder and not all of them at once.
    """
    return min((months for months in reminders_on(today) if add_months(expires_on, -months) <= today), default=None)


def why_not_request(earlier: Collection[RegistrationStatus]) -> str:
    """Why a provider with registrations in the states `earlier` for a service cannot ask for one more, '' if it can."""
    forbidding = [
        status for status in RegistrationStatus if status in earlier and status not in MOVES[RegistrationEvent.REQUEST]
    ]
    if EXCLUDED in forbidding:
        return _("The provider was excluded for this service: no registration can be requested any more.")
    if REQUESTED in forbidding:
        return _("A registration for this service is requested already; the service kmo-portefeuille decides on it.")
    if EXPIRED in forbidding or RENEWAL in forbidding:
        return _("There is a registration for this service that has expired: renew that one.")
    if SUSPENDED in forbidding:
        return _("The registration for this service is suspended: call 1700.")
    if forbidding:
        return _("There is a registration for this service already.")
    return ""


def why_no_declaration(status: RegistrationStatus) -> str:
    """Why there is no declaration on honour to print in this state, '' when there is."""
    return "" if status in OPEN_REQUESTS else _("A declaration goes with a request; there is none open.")


def why_not_event(event: RegistrationEvent, facts: RegistrationFacts, role: Role, today: date) -> str:
    """Why this event is not possible now for somebody with this role, '' when it is."""
    if role not in WHO[event]:
        return _why_role_forbids(event)
    if event is RegistrationEvent.REQUEST:
        return why_not_request([facts.status])
    if facts.status not in MOVES[event]:
        return _why_status_forbids(event, facts.status)
    if event is RegistrationEvent.STOP and facts.status is REQUESTED and role in PROVIDERS:
        # to the provider that is one and the same, and has its own name
        return _("The request has not been decided yet: withdraw it instead.")
    return _why_condition_forbids(event, facts, today)


def _why_role_forbids(event: RegistrationEvent) -> str:
    if WHO[event] == PROVIDERS:
        return _("Only the provider asks for this; your login can look at the registration.")
    if WHO[event] == SYSTEM:
        return _("Nobody does this by hand: it happens in the night after the expiry date.")
    return _("The service kmo-portefeuille decides on this.")


def _why_condition_forbids(event: RegistrationEvent, facts: RegistrationFacts, today: date) -> str:
    expired = facts.expires_on is not None and facts.expires_on < today
    match event:
        case RegistrationEvent.EXTEND if expired:
            return _("The registration was valid until %(date)s: it can be renewed from tomorrow on.") % {
                "date": show_date(facts.expires_on)
            }
        case RegistrationEvent.EXPIRE if not expired:
            return _("The registration is valid until %(date)s.") % {"date": show_date(facts.expires_on)}
        case RegistrationEvent.GRANT if facts.declaration_received_on is None:
            return _("The declaration on honour was not received yet: note its receipt first.")
        case RegistrationEvent.GRANT if facts.basis is RegistrationBasis.PRIVATE and not facts.audit_positive:
            if facts.audit_positive is None:
                return _("A private provider needs a positive audit: note its result first.")
            return _("The audit was not positive: a private provider's request can only be refused.")
    return ""


def _why_status_forbids(event: RegistrationEvent, status: RegistrationStatus) -> str:
    if status in (REFUSED, EXCLUDED, STOPPED):
        return {
            REFUSED: _("The request was refused: a new registration can be requested."),
            EXCLUDED: _("The provider was excluded: nothing can be changed any more."),
            STOPPED: _("The registration was stopped: a new one can be requested."),
        }[status]
    match event:
        case RegistrationEvent.WITHDRAW if status in OPEN_REQUESTS:
            return _("A first request can be withdrawn, one to extend or renew cannot: the service decides on it.")
        case RegistrationEvent.WITHDRAW:
            return _("The request has been decided: there is nothing to withdraw. You can stop the registration.")
        case RegistrationEvent.GRANT | RegistrationEvent.REFUSE:
            return _("No request is waiting for a decision.")
        case RegistrationEvent.EXPIRE:
            return _("Only an approved registration expires.")
        case RegistrationEvent.RESUME:
            return _("The registration is not suspended.")
        case RegistrationEvent.SUSPEND if status is SUSPENDED:
            return _("The registration is suspended already.")
        case RegistrationEvent.SUSPEND:
            return _("Only an approved registration can be suspended.")
    return {
        REQUESTED: _("The request must be decided first, which takes about four weeks."),
        GRANTED: _("The registration has not expired: it can be extended."),
        EXTENSION: _("The extension was requested already."),
        EXPIRED: _("The registration has expired: it can be renewed."),
        RENEWAL: _("The renewal was requested already."),
        SUSPENDED: _("The registration is suspended: this is possible again once the suspension has ended."),
    }[status]
