"""The demo's registrations: the manual's own two, and every state there is among the other providers."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from db.codes import RegistrationBasis, RegistrationStatus, ServiceType
from services.registration_rules import expiry_of

COLUMNS = (
    "number provider_id headquarters_id service basis status status_since status_before suspended_until requested_on "
    "expires_on declaration_received_on audit_on audit_bureau audit_positive reason version"
)
REQUESTED, GRANTED, EXTENSION, REFUSED, EXPIRED, RENEWAL, SUSPENDED, EXCLUDED, STOPPED = RegistrationStatus
TRAINING, ADVICE = ServiceType
# The numbers of the others lie below the manual's: the next one is 218725.
FIRST_NUMBER = 100_001
# By the order of the other providers, the large one first: training and advice, None for none. All after these have
# both, which their projects need.
STATES: tuple[tuple[RegistrationStatus, RegistrationStatus | None], ...] = (
    (GRANTED, EXTENSION),
    (GRANTED, REQUESTED),
    (EXTENSION, REFUSED),
    (EXPIRED, GRANTED),
    (RENEWAL, GRANTED),
    (SUSPENDED, STOPPED),
    (GRANTED, EXCLUDED),
    (GRANTED, None),
)
REASONS = {
    REFUSED: "De audit was niet positief.",
    SUSPENDED: "De kwaliteit van de opleidingen wordt onderzocht.",
    EXCLUDED: "De adviezen werden niet gegeven.",
}
# Decided between these days, a registration has not expired when the demo begins.
FIRST_DECISION = date(2011, 6, 1).toordinal()
DAYS_OF_DECISIONS = 1_700
LAST_CHANGE = date(2016, 2, 11)


class _Course(NamedTuple):
    """When a registration was requested, when that was decided, until when it is valid, since when it is as it is."""

    requested: date
    decided: date | None
    expires: date | None
    since: date


def registration_rows(provider: int, first_other: int, last: int) -> Iterator[tuple[object, ...]]:
    """The registrations of the manual's provider, and of the others from `first_other` to `last`, as rows."""
    yield _row("DV.A218723", provider, ADVICE, REQUESTED, _Course(date(2016, 3, 7), None, None, date(2016, 3, 7)))
    # seven years at the demo's moment: the manual gives it so
    decided = date(2016, 2, 22)
    yield _row(
        "DV.O218724", provider, TRAINING, GRANTED, _Course(date(2016, 1, 25), decided, date(2023, 3, 21), decided)
    )
    counter = FIRST_NUMBER
    for place, other in enumerate(range(first_other, last + 1)):
        states = STATES[place] if place < len(STATES) else (GRANTED, GRANTED)
        for service, status in zip((TRAINING, ADVICE), states, strict=True):
            if status is not None:
                yield _row(f"DV.{service}{counter:06}", other, service, status, _course(status, counter))
                counter += 1


def _course(status: RegistrationStatus, counter: int) -> _Course:
    decided = date.fromordinal(FIRST_DECISION + counter * 37 % DAYS_OF_DECISIONS)
    requested = date.fromordinal(decided.toordinal() - 28)
    match status:
        case RegistrationStatus.REQUESTED:
            return _Course(LAST_CHANGE, None, None, LAST_CHANGE)
        case RegistrationStatus.REFUSED:
            return _Course(requested, decided, None, decided)
        case RegistrationStatus.EXPIRED | RegistrationStatus.RENEWAL_REQUESTED:
            expires = date(2016, 2, 10)
            return _Course(date(2011, 1, 13), date(2011, 2, 10), expires, LAST_CHANGE)
        case RegistrationStatus.GRANTED:
            return _Course(requested, decided, expiry_of(decided), decided)
        case _:
            return _Course(requested, decided, expiry_of(decided), LAST_CHANGE)


def _row(
    number: str, provider: int, service: ServiceType, status: RegistrationStatus, course: _Course
) -> tuple[object, ...]:
    """A registration as SQLite keeps it. What waits for a decision has nothing noted yet."""
    renewed = status in (EXTENSION, RENEWAL)
    noted = None if renewed else course.decided
    requested = course.since if renewed else course.requested
    return (
        number,
        provider,
        provider,
        service,
        RegistrationBasis.PRIVATE,
        status,
        f"{course.since.isoformat()}T09:00:00.000000+00:00",
        GRANTED if status is SUSPENDED else None,
        "2016-06-30" if status is SUSPENDED else None,
        requested.isoformat(),
        course.expires and course.expires.isoformat(),
        noted and noted.isoformat(),
        noted and noted.isoformat(),
        "Auditbureau" if noted else "",
        None if noted is None else int(status is not REFUSED),
        REASONS.get(status, ""),
        1,
    )
