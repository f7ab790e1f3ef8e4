"""One way to move a registration from state to state, for the provider, the case handler and the nightly job alike."""

from datetime import date
from typing import Any

from db import registrations
from db.codes import RegistrationBasis, RegistrationEvent, RegistrationStatus, Role
from db.registrations import Registration
from services import clock
from services.checks import clean_text
from services.errors import Conflict, Invalid, NotAllowed
from services.language import _, show_number
from services.registration_letters import post_event
from services.registration_rules import MOVES, RegistrationFacts, expiry_of, why_not_event
from services.work import Work

LONGEST_REASON = 2000
NOTHING_RECEIVED: dict[str, object] = {
    "declaration_received_on": None,
    "audit_on": None,
    "audit_bureau": "",
    "audit_positive": None,
}


def facts_of(registration: Registration) -> RegistrationFacts:
    """What the rules look at."""
    return RegistrationFacts(
        status=RegistrationStatus(registration.status),
        basis=RegistrationBasis(registration.basis),
        expires_on=registration.expires_on,
        declaration_received_on=registration.declaration_received_on,
        audit_positive=registration.audit_positive,
    )


def parse_reason(text: str, *, needed: bool) -> str:
    """The reason as it is kept; Invalid (`reason`) when it is `needed` and missing, or too long."""
    reason = clean_text(text)
    if needed and not reason:
        raise Invalid({"reason": _("Give the reason: the provider reads it in the letter.")})
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            {
                "reason": _("The reason has %(length)s characters; at most %(most)s fit. Shorten it.")
                % {"length": show_number(len(reason)), "most": show_number(LONGEST_REASON)}
            }
        )
    return reason


def apply_event(
    work: Work,
    registration: Registration,
    event: RegistrationEvent,
    role: Role,
    *,
    reason: str = "",
    until: date | None = None,
    proposed_by: int | None = None,
) -> None:
    """Move the registration, with its letter and audit line. `until` is the last day of a suspension.

    A registration that is granted never ends sooner than it did before. NotAllowed when the rules forbid it to that
    role, Conflict when it was changed meanwhile. What waited for a second person is dropped: it was asked of another
    state.
    """
    today = clock.today()
    if forbidden := why_not_event(event, facts_of(registration), role, today):
        raise NotAllowed(forbidden)
    before = RegistrationStatus(registration.status)
    after = MOVES[event][before] or RegistrationStatus(str(registration.status_before))
    changes: dict[str, Any] = {
        "status": after,
        "status_since": work.moment,
        "status_before": before if after is RegistrationStatus.SUSPENDED else None,
        "suspended_until": until,
        "reason": reason,
    }
    if event is RegistrationEvent.GRANT:
        changes["expires_on"] = expiry_of(today, registration.expires_on)
    if event in (RegistrationEvent.EXTEND, RegistrationEvent.RENEW):
        changes |= {"requested_on": today} | NOTHING_RECEIVED
    if not registrations.change_registration(registration, changes):
        raise Conflict(_("Registration %(number)s was changed meanwhile.") % {"number": registration.number})
    registrations.drop_proposal(registration.id)
    for column, value in changes.items():
        setattr(registration, column, value)
    post_event(work, registration, event, before, today)
    details = {} if proposed_by is None else {"proposed_by": f"account:{proposed_by}"}
    work.audit(
        f"registration.{event}",
        f"registration:{registration.number}",
        status_before=before,
        status_after=after,
        **details,
    )
