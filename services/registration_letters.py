"""The letters and documents of a registration: what the provider gets when it moves."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from db.codes import RegistrationBasis, RegistrationEvent, RegistrationStatus, ServiceType
from db.establishments import own_addresses
from db.providers import Provider
from db.registrations import Registration
from services import mail
from services.checks import show_provider_number
from services.documents import CertificateFacts, DeclarationFacts, Document, certificate_pdf, declaration_pdf
from services.errors import NotAllowed
from services.establishments import show_place, show_street
from services.language import _, show_date, show_moment, written_in
from services.words import word
from services.work import Work


class Letter(NamedTuple):
    """A letter before its facts are filled in."""

    subject: str
    opening: str
    attachments: Sequence[Document] = ()


def declaration(registration: Registration) -> Document:
    """The declaration on honour for the provider to print, sign and send in."""
    provider: Provider = registration.provider
    with written_in(mail.LETTERS_IN):
        facts = DeclarationFacts(
            registration_number=registration.number,
            service=word(ServiceType(registration.service)),
            basis=word(RegistrationBasis(registration.basis)),
            provider=provider.name,
            provider_number=show_provider_number(provider.enterprise_number, provider.department_number),
            legal_form=provider.legal_form,
            address=_address_lines(provider),
            requested_on=registration.requested_on,
        )
        name = _("declaration-%(number)s.pdf") % {"number": registration.number}
    return Document(name=name, content=declaration_pdf(facts))


def certificate(registration: Registration, granted_on: date) -> Document:
    """The certificate of a registration that was granted on that day."""
    provider: Provider = registration.provider
    with written_in(mail.LETTERS_IN):
        facts = CertificateFacts(
            registration_number=registration.number,
            service=word(ServiceType(registration.service)),
            basis=word(RegistrationBasis(registration.basis)),
            provider=provider.name,
            provider_number=show_provider_number(provider.enterprise_number, provider.department_number),
            address=_address_lines(provider),
            granted_on=granted_on,
            expires_on=registration.expires_on,
        )
        name = _("certificate-%(number)s.pdf") % {"number": registration.number}
    return Document(name=name, content=certificate_pdf(facts))


def _address_lines(provider: Provider) -> tuple[str, ...]:
    address = own_addresses([provider.id])[provider.id]
    return show_street(address), show_place(address)


def post_event(
    work: Work, registration: Registration, event: RegistrationEvent, before: RegistrationStatus, today: date
) -> None:
    """Tell the provider what has become of its registration, which is as it is after `event` and was `before`."""
    with written_in(mail.LETTERS_IN):
        _post(work, registration, _letter_of(event, before, registration, today))


def post_declaration(work: Work, registration: Registration) -> None:
    """The declaration on honour once more, because the provider asks for it; NotAllowed while that mail still waits."""
    with written_in(mail.LETTERS_IN):
        subject = _("Declaration on honour for registration %(number)s")
    about = f"registration:{registration.number}"
    if (since := mail.waiting_since(about, subject % {"number": registration.number})) is not None:
        asked = _("The declaration was asked for on %(moment)s already; that mail is still on its way to %(address)s.")
        raise NotAllowed(asked % {"moment": show_moment(since), "address": registration.provider.email})
    with written_in(mail.LETTERS_IN):
        opening = _(
            "Enclosed you find the declaration on honour for your request. Print it, sign it and send it to us."
        )
        _post(work, registration, Letter(subject, opening, [declaration(registration)]))


def post_reminder(work: Work, registration: Registration) -> None:
    """The reminder, some months before the expiry date, that an extension can be asked for."""
    with written_in(mail.LETTERS_IN):
        subject = _("Registration %(number)s is valid until %(expires_on)s")
        opening = _(
            "Your registration for the service %(service)s is valid until %(expires_on)s. Ask for its extension in "
            "time: log in, choose 'Manage registrations' and then 'Extend'."
        )
        _post(work, registration, Letter(subject, opening))


def _post(work: Work, registration: Registration, letter: Letter) -> None:
    provider: Provider = registration.provider
    facts = {
        "number": registration.number,
        "service": word(ServiceType(registration.service)),
        "basis": word(RegistrationBasis(registration.basis)),
        "provider": provider.name,
        "provider_number": show_provider_number(provider.enterprise_number, provider.department_number),
        "expires_on": show_date(registration.expires_on),
        "until": show_date(registration.suspended_until),
        "reason": registration.reason,
    }
    details = _(
        "Registration: %(number)s, %(service)s, as %(basis)s\nService provider: %(provider)s (%(provider_number)s)"
    )
    parts = [_("Dear provider,"), letter.opening, details]
    if registration.reason:
        parts.append(_("Reason: %(reason)s"))
    mail.post(
        work,
        recipient=provider.email,
        subject=letter.subject % facts,
        body="\n\n".join(parts) % facts,
        about=f"registration:{registration.number}",
        attachments=letter.attachments,
    )


def _letter_of(event: RegistrationEvent, before: RegistrationStatus, registration: Registration, today: date) -> Letter:
    match event:
        case RegistrationEvent.REQUEST | RegistrationEvent.EXTEND | RegistrationEvent.RENEW:
            return Letter(
                {
                    RegistrationEvent.REQUEST: _("Your request for registration %(number)s was received"),
                    RegistrationEvent.EXTEND: _("Your request to extend registration %(number)s was received"),
                    RegistrationEvent.RENEW: _("Your request to renew registration %(number)s was received"),
                }[event],
                _(
                    "We received your request. Print the enclosed declaration on honour, sign it and send it to us. A "
                    "private provider also needs a positive audit. You hear from us after about four weeks."
                ),
                [declaration(registration)],
            )
        case RegistrationEvent.WITHDRAW:
            return Letter(
                _("The request for registration %(number)s was withdrawn"),
                _("You have withdrawn this request. You can ask for a new registration at any time."),
            )
        case RegistrationEvent.GRANT:
            return Letter(
                _("Certificate: registration %(number)s was approved"),
                _("Your registration was approved. It is valid until %(expires_on)s. The certificate is enclosed."),
                [certificate(registration, today)],
            )
        case RegistrationEvent.REFUSE:
            return _refusal(before)
        case RegistrationEvent.EXPIRE if before is RegistrationStatus.EXTENSION_REQUESTED:
            return Letter(
                _("Registration %(number)s has expired"),
                _(
                    "Your registration was valid until %(expires_on)s. You asked for its extension in time: that "
                    "request goes on as a request for renewal, and you need do nothing."
                ),
            )
        case RegistrationEvent.EXPIRE:
            return Letter(
                _("Registration %(number)s has expired"),
                _(
                    "Your registration was valid until %(expires_on)s. You can have it renewed: log in, choose 'Manage "
                    "registrations' and then 'Renew'."
                ),
            )
        case RegistrationEvent.SUSPEND:
            return Letter(
                _("Registration %(number)s was suspended"),
                _("Your registration is suspended until %(until)s. Its expiry date, %(expires_on)s, does not change."),
            )
        case RegistrationEvent.RESUME:
            return Letter(
                _("The suspension of registration %(number)s has ended"),
                _("Your registration is no longer suspended. It is valid until %(expires_on)s."),
            )
        case RegistrationEvent.EXCLUDE:
            return Letter(
                _("Registration %(number)s: you were excluded"),
                _("You were excluded as a provider for the service %(service)s. This decision is final."),
            )
        case RegistrationEvent.STOP:
            return Letter(
                _("Registration %(number)s was stopped"),
                _("This registration was stopped. You can ask for a new one at any time."),
            )


def _refusal(before: RegistrationStatus) -> Letter:
    match before:
        case RegistrationStatus.EXTENSION_REQUESTED:
            return Letter(
                _("The extension of registration %(number)s was refused"),
                _("Your registration is not extended. It stays valid until %(expires_on)s."),
            )
        case RegistrationStatus.RENEWAL_REQUESTED:
            return Letter(
                _("The renewal of registration %(number)s was refused"),
                _("Your registration is not renewed. It expired on %(expires_on)s."),
            )
        case _:
            return Letter(
                _("Registration %(number)s was refused"),
                _("Your request for a registration was refused. You can ask for a new registration at any time."),
            )
