"""Registrations as the provider sees them: the list, one of them, asking for one, and what can be done about it."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from db import projects, providers, registrations
from db.codes import ProviderKind as ProviderKind
from db.codes import RegistrationBasis as RegistrationBasis
from db.codes import RegistrationEvent as RegistrationEvent
from db.codes import RegistrationStatus as RegistrationStatus
from db.codes import ServiceType as ServiceType
from db.providers import Provider
from db.registrations import Registration
from services import clock
from services import registration_letters as letters
from services.checks import clean_line, show_provider_number
from services.documents import Document
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Unconfirmed
from services.language import _, ngettext
from services.registration_moves import apply_event, facts_of, parse_reason
from services.registration_rules import BASES, BY_PROVIDER, why_no_declaration, why_not_event, why_not_request
from services.rules import OPEN_PROJECTS, Permission
from services.work import Actor, Record, reading, require, writing

# DV.A218723 however it is typed; a zero in the letter's place is the letter O
NUMBER = re.compile("(?:DV)?([AO0]?)([0-9]{6})")
MOST_NAMED = 5  # open projects


class RegistrationRecord(Record):
    """One registration. `why_not` has the reason for each event that this actor cannot bring about now."""

    number: str
    version: int
    provider_id: int
    provider_name: str
    provider_number: str
    kind: ProviderKind
    service: ServiceType
    basis: RegistrationBasis
    status: RegistrationStatus
    status_since: datetime
    requested_on: date
    expires_on: date | None
    declaration_received_on: date | None
    audit_on: date | None
    audit_bureau: str
    audit_positive: bool | None
    reason: str
    suspended_until: date | None
    why_not: dict[RegistrationEvent, str]


class ProviderChoice(Record):
    """For whom a registration can be requested; `services` has why not for each service that is not possible now.

    `why_not` says why no service is possible, '' when one is.
    """

    provider_id: int
    kind: ProviderKind
    name: str
    why_not: str
    services: dict[ServiceType, str]


class RegistrationChoices(Record):
    """What a request can choose from: providers with their services, and the bases of each service."""

    providers: tuple[ProviderChoice, ...]
    bases: dict[ServiceType, tuple[RegistrationBasis, ...]]


class RequestRegistration(Record):
    """Aanvraag registratie: who, for what, as what."""

    provider_id: int
    service: ServiceType
    basis: RegistrationBasis


class MoveRegistration(Record):
    """Verlengen, hernieuwen, intrekken or stoppen; `version` is that of the record the user saw.

    `confirmed`: the user has read which projects are still open (asked of a stop alone).
    """

    number: str
    version: int
    event: RegistrationEvent
    reason: str = ""
    confirmed: bool = False


def list_registrations(*, actor: Actor, active_only: bool = False) -> Sequence[RegistrationRecord]:
    """What the actor may see, by service and number: its organisation's, a department's own, or all.

    `active_only` leaves those that still stand for something (A, G, G/V, L, L/H, S).
    """
    with reading():
        require(actor, Permission.VIEW_REGISTRATIONS)
        found = registrations.registrations_of(**_scope(actor), live=active_only)
        return [registration_record(registration, actor) for registration in found]


def get_registration(number: str, *, actor: Actor) -> RegistrationRecord:
    """The registration with that number, however it is typed; NotFound also when it is somebody else's."""
    with reading():
        require(actor, Permission.VIEW_REGISTRATIONS)
        return registration_record(visible_registration(number, actor), actor)


def registration_choices(*, actor: Actor) -> RegistrationChoices:
    """Whom the actor may request a registration for, and what can be requested for each of them now."""
    with reading():
        require(actor, Permission.REQUEST_REGISTRATION)
        return RegistrationChoices(providers=tuple(map(_choice, _requestable_for(actor))), bases=BASES)


def request_registration(command: RequestRegistration, *, actor: Actor) -> RegistrationRecord:
    """Ask for a registration: it has its number at once, and a receipt with the declaration goes out by mail.

    Invalid when the basis does not go with the service, NotAllowed when the provider cannot have one (more), NotFound
    when it is not the actor's.
    """
    if command.basis not in BASES[command.service]:
        raise Invalid({"basis": _("This does not go with the service. Choose from the list.")})
    with writing(actor) as work:
        require(actor, Permission.REQUEST_REGISTRATION)
        provider = next((found for found in _requestable_for(actor) if found.id == command.provider_id), None)
        if provider is None:
            raise NotFound(_("This service provider was ended, or is not yours. Go back to the first step."))
        if reason := _choice(provider).services.get(command.service):
            raise NotAllowed(reason)
        registration = Registration.create(
            number=f"DV.{command.service}{registrations.last_counter() + 1:06}",
            provider=provider,
            headquarters=provider.organisation_id,
            service=command.service,
            basis=command.basis,
            status=RegistrationStatus.REQUESTED,
            status_since=work.moment,
            requested_on=clock.today(),
        )
        registration = _reread(registration)
        letters.post_event(
            work, registration, RegistrationEvent.REQUEST, RegistrationStatus.REQUESTED, registration.requested_on
        )
        work.audit(
            "registration.request",
            f"registration:{registration.number}",
            provider=provider.id,
            service=command.service,
            basis=command.basis,
        )
        return registration_record(registration, actor)


def move_registration(command: MoveRegistration, *, actor: Actor) -> RegistrationRecord:
    """Extend, renew, withdraw or stop, with the letter that goes with it; the registration as it is afterwards.

    NotAllowed when the rules forbid it, Conflict when the registration was changed since `version` was read,
    Unconfirmed when projects are still open (a stop that is not `confirmed`), Invalid for the reason.
    """
    with writing(actor) as work:
        require(actor, Permission.MOVE_REGISTRATION)
        registration = visible_registration(command.number, actor)
        require_version(registration, command.version)
        if command.event not in BY_PROVIDER:
            raise NotAllowed(_("The service kmo-portefeuille decides on this."))
        # who stops somebody else's registration owes a reason
        reason = parse_reason(command.reason, needed=actor.provider_id is None)
        if forbidden := why_not_event(command.event, facts_of(registration), actor.role, clock.today()):
            raise NotAllowed(forbidden)
        if command.event is RegistrationEvent.STOP and not command.confirmed:
            _require_no_open_projects(registration)
        apply_event(work, registration, command.event, actor.role, reason=reason)
        return registration_record(_reread(registration), actor)


def declaration_of(number: str, *, actor: Actor) -> Document:
    """The declaration on honour as a PDF, to print or save; NotAllowed when no request is open."""
    with reading():
        require(actor, Permission.VIEW_REGISTRATIONS)
        registration = visible_registration(number, actor)
        _require_declaration(registration)
        return letters.declaration(registration)


def mail_declaration(number: str, *, actor: Actor) -> str:
    """Mail the declaration on honour to the provider's address on record, which is the answer.

    NotAllowed when no request is open, and while a mail that was asked for before still waits to be sent.
    """
    with writing(actor) as work:
        require(actor, Permission.REQUEST_REGISTRATION)
        registration = visible_registration(number, actor)
        _require_declaration(registration)
        letters.post_declaration(work, registration)
        work.audit("registration.mail_declaration", f"registration:{registration.number}")
        address: str = registration.provider.email
        return address


def visible_registration(number: str, actor: Actor) -> Registration:
    """The registration, if this actor may know of it: a foreign one is as unknown as none."""
    registration = registrations.find_registration(_numbers_meant(number))
    scope = _scope(actor)
    if registration is None or any(getattr(registration, column) != value for column, value in scope.items()):
        raise NotFound(_("There is no registration %(number)s, or it is not yours.") % {"number": clean_line(number)})
    return registration


def require_version(registration: Registration, version: int) -> None:
    """Conflict unless the registration is as it was when `version` was read."""
    if registration.version != version:
        raise Conflict(
            _("Registration %(number)s was changed meanwhile; it now has the status %(status)s. Look at it again.")
            % {"number": registration.number, "status": registration.status}
        )


def registration_record(registration: Registration, actor: Actor) -> RegistrationRecord:
    """The registration as this actor sees it; called inside `reading` or `writing`."""
    provider: Provider = registration.provider
    facts, today = facts_of(registration), clock.today()
    reasons = {event: why_not_event(event, facts, actor.role, today) for event in RegistrationEvent}
    return RegistrationRecord(
        number=registration.number,
        version=registration.version,
        provider_id=provider.id,
        provider_name=provider.name,
        provider_number=show_provider_number(provider.enterprise_number, provider.department_number),
        kind=ProviderKind(provider.kind),
        service=ServiceType(registration.service),
        basis=facts.basis,
        status=facts.status,
        status_since=registration.status_since,
        requested_on=registration.requested_on,
        expires_on=registration.expires_on,
        declaration_received_on=registration.declaration_received_on,
        audit_on=registration.audit_on,
        audit_bureau=registration.audit_bureau,
        audit_positive=registration.audit_positive,
        reason=registration.reason,
        suspended_until=registration.suspended_until,
        why_not={event: reason for event, reason in reasons.items() if reason},
    )


def _scope(actor: Actor) -> dict[str, int]:
    if actor.provider_id is None or actor.headquarters_id is None:
        return {}
    if actor.provider_id == actor.headquarters_id:
        return {"headquarters_id": actor.headquarters_id}
    return {"provider_id": actor.provider_id}


def _numbers_meant(text: str) -> list[str]:
    """The numbers that `text` may stand for: one counter serves both services, so six digits are enough."""
    found = NUMBER.fullmatch(re.sub(r"[\s.\-]", "", text).upper())
    if not found:
        raise NotFound(_("The registration number must be DV. with A or O and six digits, as in DV.A218723."))
    letter, digits = found.groups()
    meant = [letter.replace("0", "O")] if letter else list(ServiceType)
    return [f"DV.{letter}{digits}" for letter in meant]


def _reread(registration: Registration) -> Registration:
    found = registrations.find_registration([registration.number])
    if found is None:
        raise RuntimeError("a registration that is gone")
    return found


def _requestable_for(actor: Actor) -> Sequence[Provider]:
    if actor.headquarters_id is None:
        raise RuntimeError("a provider's login without its provider")
    members = providers.organisation(actor.headquarters_id)
    if actor.provider_id == actor.headquarters_id:
        return members
    return [provider for provider in members if provider.id == actor.provider_id]


def _choice(provider: Provider) -> ProviderChoice:
    earlier = registrations.registrations_of(provider_id=provider.id)
    reasons = {
        service: why_not_request([RegistrationStatus(row.status) for row in earlier if row.service == service])
        for service in ServiceType
    }
    forbidden = {service: reason for service, reason in reasons.items() if reason}
    return ProviderChoice(
        provider_id=provider.id,
        kind=ProviderKind(provider.kind),
        name=provider.name,
        why_not=_("No service is left to request: the overview shows the registrations there are.")
        if len(forbidden) == len(ServiceType)
        else "",
        services=forbidden,
    )


def _require_declaration(registration: Registration) -> None:
    if reason := why_no_declaration(RegistrationStatus(registration.status)):
        raise NotAllowed(reason)


def _require_no_open_projects(registration: Registration) -> None:
    service = ServiceType(registration.service)
    count, numbers = projects.projects_of(registration.provider, OPEN_PROJECTS, service=service, most=MOST_NAMED)
    if not count:
        return
    told = ngettext(
        "%(count)s project of this service is still open and goes on: %(numbers)s.",
        "%(count)s projects of this service are still open and go on: %(numbers)s.",
        count,
    )
    named = ", ".join(numbers) + (", …" if count > MOST_NAMED else "")
    raise Unconfirmed(told % {"count": count, "numbers": named})
