"""The case handler's side of registrations: what came in, what was decided, and what two persons decide together."""

from datetime import date, datetime

from db import registrations
from db.accounts import Account
from db.codes import RegistrationEvent as RegistrationEvent
from db.registrations import Registration, RegistrationProposal
from services import clock
from services.checks import require_line
from services.errors import Conflict, Invalid, NotAllowed
from services.language import _, show_date
from services.registration_moves import apply_event, facts_of, parse_reason
from services.registration_rules import FOUR_EYES, OPEN_REQUESTS, why_not_event
from services.registrations import (
    RegistrationRecord,
    RegistrationStatus,
    registration_record,
    require_version,
    visible_registration,
)
from services.rules import Permission
from services.work import Actor, Record, Work, reading, require, writing

DECISIONS = (RegistrationEvent.GRANT, RegistrationEvent.REFUSE)
LONGEST_BUREAU = 100


class NoteAudit(Record):
    """The result of a provider's audit: its day, the bureau, and whether it was positive."""

    number: str
    on: date
    bureau: str
    positive: bool


class DecideRegistration(Record):
    """GRANT or REFUSE; `version` is that of the record the case handler saw. A refusal needs a reason."""

    number: str
    version: int
    event: RegistrationEvent
    reason: str = ""


class ProposeRegistration(Record):
    """SUSPEND (with its last day, `until`), RESUME or EXCLUDE, for a second person to confirm."""

    number: str
    version: int
    event: RegistrationEvent
    reason: str
    until: date | None = None


class ConfirmRegistration(Record):
    """Agreement with the proposal that one has read, which is told from others by its moment."""

    number: str
    proposed_at: datetime


class ProposalRecord(Record):
    """What waits for a second person; `proposed_by` is the login of the first."""

    number: str
    event: RegistrationEvent
    reason: str
    until: date | None
    proposed_by: str
    proposed_at: datetime


def note_declaration(number: str, received_on: date, *, actor: Actor) -> RegistrationRecord:
    """Note on which day the signed declaration of an open request came in; Invalid for a day that cannot be."""
    with writing(actor) as work:
        require(actor, Permission.DECIDE_REGISTRATION)
        registration = _open_request(number, actor)
        if not registration.requested_on <= received_on <= clock.today():
            raise Invalid(
                {
                    "received_on": _("The day must lie between the request (%(day)s) and today.")
                    % {"day": show_date(registration.requested_on)}
                }
            )
        return _note(work, registration, {"declaration_received_on": received_on}, "declaration", actor)


def note_audit(command: NoteAudit, *, actor: Actor) -> RegistrationRecord:
    """Note the result of the audit for an open request; Invalid for a day to come, or without a bureau."""
    with writing(actor) as work:
        require(actor, Permission.DECIDE_REGISTRATION)
        registration = _open_request(command.number, actor)
        wrong: dict[str, str] = {}
        bureau = ""
        if command.on > clock.today():
            wrong["on"] = _("The audit cannot be of a day to come.")
        try:
            bureau = require_line(command.bureau, _("Bureau"), LONGEST_BUREAU)
        except ValueError as error:
            wrong["bureau"] = str(error)
        if wrong:
            raise Invalid(wrong)
        changes = {"audit_on": command.on, "audit_bureau": bureau, "audit_positive": command.positive}
        return _note(work, registration, changes, "audit", actor)


def decide_registration(command: DecideRegistration, *, actor: Actor) -> RegistrationRecord:
    """Grant a request (for the term of that day, the certificate goes out by mail) or refuse it, with the reason.

    NotAllowed when the rules forbid it, Conflict when the registration was changed since `version` was read.
    """
    if command.event not in DECISIONS:
        raise NotAllowed(_("Two persons decide on this: propose it, and let somebody else confirm."))
    reason = parse_reason(command.reason, needed=command.event is RegistrationEvent.REFUSE)
    with writing(actor) as work:
        require(actor, Permission.DECIDE_REGISTRATION)
        registration = visible_registration(command.number, actor)
        require_version(registration, command.version)
        apply_event(work, registration, command.event, actor.role, reason=reason)
        return registration_record(visible_registration(registration.number, actor), actor)


def propose_registration(command: ProposeRegistration, *, actor: Actor) -> ProposalRecord:
    """Ask for a suspension, its end or an exclusion, in the place of what was asked before; nothing changes yet.

    Invalid for the reason or the day, NotAllowed when the rules forbid it, Conflict when the registration was changed
    since `version` was read.
    """
    if command.event not in FOUR_EYES:
        raise NotAllowed(_("One person decides on this: nobody else has to confirm."))
    reason = parse_reason(command.reason, needed=True)
    with writing(actor) as work:
        require(actor, Permission.DECIDE_REGISTRATION)
        _require_period(command.event, command.until)
        registration = visible_registration(command.number, actor)
        require_version(registration, command.version)
        if forbidden := why_not_event(command.event, facts_of(registration), actor.role, clock.today()):
            raise NotAllowed(forbidden)
        registrations.drop_proposal(registration.id)
        proposal = RegistrationProposal.create(
            registration=registration,
            event=command.event,
            reason=reason,
            until=command.until,
            proposed_by=Account.get_by_id(actor.account_id),
            proposed_at=work.moment,
        )
        work.audit(
            "registration.propose", f"registration:{registration.number}", event=command.event, until=command.until
        )
        return _proposal_record(proposal, registration)


def proposal_of(number: str, *, actor: Actor) -> ProposalRecord | None:
    """What waits for a second person about that registration, None when nothing does."""
    with reading():
        require(actor, Permission.DECIDE_REGISTRATION)
        registration = visible_registration(number, actor)
        found = registrations.find_proposal(registration.id)
        return None if found is None else _proposal_record(found, registration)


def confirm_registration(command: ConfirmRegistration, *, actor: Actor) -> RegistrationRecord:
    """Carry out what somebody else proposed, with its letter.

    NotAllowed for the one who proposed it and when the rules forbid it by now, Conflict when it is no longer the
    proposal that was read.
    """
    with writing(actor) as work:
        require(actor, Permission.DECIDE_REGISTRATION)
        registration = visible_registration(command.number, actor)
        proposal = registrations.find_proposal(registration.id)
        if proposal is None or proposal.proposed_at != command.proposed_at:
            raise Conflict(
                _("What you read about registration %(number)s no longer waits to be confirmed. Look at it again.")
                % {"number": registration.number}
            )
        if proposal.proposed_by_id == actor.account_id:
            raise NotAllowed(_("You proposed this yourself: somebody else must confirm it."))
        event = RegistrationEvent(proposal.event)
        _require_period(event, proposal.until)
        apply_event(
            work,
            registration,
            event,
            actor.role,
            reason=proposal.reason,
            until=proposal.until,
            proposed_by=proposal.proposed_by_id,
        )
        return registration_record(visible_registration(registration.number, actor), actor)


def _open_request(number: str, actor: Actor) -> Registration:
    registration = visible_registration(number, actor)
    if RegistrationStatus(registration.status) not in OPEN_REQUESTS:
        raise NotAllowed(
            _("Registration %(number)s waits for nothing: it has the status %(status)s.")
            % {"number": registration.number, "status": registration.status}
        )
    return registration


def _note(
    work: Work, registration: Registration, changes: dict[str, object], received: str, actor: Actor
) -> RegistrationRecord:
    registrations.change_registration(registration, changes)
    work.audit("registration.receive", f"registration:{registration.number}", received=received)
    return registration_record(visible_registration(registration.number, actor), actor)


def _require_period(event: RegistrationEvent, until: date | None) -> None:
    if event is not RegistrationEvent.SUSPEND:
        if until is not None:
            raise Invalid({"until": _("Only a suspension has a last day.")})
    elif until is None or until <= clock.today():
        raise Invalid({"until": _("Give the last day of the suspension: a day after today.")})


def _proposal_record(proposal: RegistrationProposal, registration: Registration) -> ProposalRecord:
    return ProposalRecord(
        number=registration.number,
        event=RegistrationEvent(proposal.event),
        reason=proposal.reason,
        until=proposal.until,
        proposed_by=proposal.proposed_by.login,
        proposed_at=proposal.proposed_at,
    )
