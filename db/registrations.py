"""Registrations (registraties): a provider's recognition for one service."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from peewee import SQL, Check, IntegerField, TextField, fn

from db.accounts import Account
from db.codes import RegistrationBasis, RegistrationEvent, RegistrationStatus, ServiceType
from db.fields import CodeField, DateField, FlagField, MomentField, Table, reference
from db.providers import Provider


class Registration(Table):
    """One recognition, from request to end; its number comes with the request.

    `headquarters` is the provider itself or the one its department belongs to. `status_before` is the state that a
    suspension interrupts. What a case handler notes of a request (declaration, audit) is empty again with the next one.
    """

    number = TextField(unique=True)
    provider = reference(Provider, backref="registrations", index=False)
    headquarters = reference(Provider, backref="organisation_registrations")
    service = CodeField(ServiceType)
    basis = CodeField(RegistrationBasis)
    status = CodeField(RegistrationStatus)
    status_since = MomentField()
    status_before = TextField(null=True)
    suspended_until = DateField(null=True)
    requested_on = DateField()
    expires_on = DateField(null=True, index=True)
    declaration_received_on = DateField(null=True)
    audit_on = DateField(null=True)
    audit_bureau = TextField(default="")
    audit_positive = FlagField(null=True)
    reason = TextField(default="")
    version = IntegerField(default=1)

    provider_id: int
    headquarters_id: int

    class Meta:
        table_name = "registration"
        constraints = (
            Check("(status = 'S') = (status_before IS NOT NULL)"),
            Check("status NOT IN ('G', 'G/V', 'L', 'L/H', 'S') OR expires_on IS NOT NULL"),
            Check("(audit_on IS NULL) = (audit_positive IS NULL)"),
        )


# One live registration of a provider for a service at most.
Registration.add_index(
    Registration.index(
        Registration.provider,
        Registration.service,
        unique=True,
        name="registration_live",
        where=SQL("status IN ('A', 'G', 'G/V', 'L', 'L/H', 'S')"),
    )
)


class RegistrationProposal(Table):
    """A suspension, its end or an exclusion that one case handler asks for and another must confirm."""

    registration = reference(Registration, backref="proposals", unique=True)
    event = CodeField(RegistrationEvent)
    reason = TextField()
    until = DateField(null=True)
    proposed_by = reference(Account)
    proposed_at = MomentField()

    registration_id: int
    proposed_by_id: int

    class Meta:
        table_name = "registration_proposal"
        constraints = (Check("reason <> ''"),)


class RegistrationNotice(Table):
    """A notice of the nightly job that went out: `months` before `expires_on` (0: expired), once each."""

    registration = reference(Registration, backref="notices", index=False)
    expires_on = DateField()
    months = IntegerField()

    registration_id: int

    class Meta:
        table_name = "registration_notice"
        indexes = ((("registration", "expires_on", "months"), True),)


# What keeps a provider from a second request for the same service (as in the index above), and from being ended.
LIVE = (
    RegistrationStatus.REQUESTED,
    RegistrationStatus.GRANTED,
    RegistrationStatus.EXTENSION_REQUESTED,
    RegistrationStatus.EXPIRED,
    RegistrationStatus.RENEWAL_REQUESTED,
    RegistrationStatus.SUSPENDED,
)


def live_registrations(provider_id: int) -> list[Registration]:
    """The provider's registrations that still stand for something, by number."""
    own = (Registration.provider == provider_id) & Registration.status.in_(LIVE)
    return list(Registration.select().where(own).order_by(Registration.number))


def _with_provider(*conditions: Any) -> Any:
    query = Registration.select(Registration, Provider).join(Provider, on=(Registration.provider == Provider.id))
    return query.where(*conditions) if conditions else query


def registrations_of(
    *, headquarters_id: int | None = None, provider_id: int | None = None, live: bool = False
) -> Sequence[Registration]:
    """The registrations of an organisation, of one provider, or of all, with their providers: by service and number."""
    query = _with_provider()
    if headquarters_id is not None:
        query = query.where(Registration.headquarters == headquarters_id)
    if provider_id is not None:
        query = query.where(Registration.provider == provider_id)
    if live:
        query = query.where(Registration.status.in_(LIVE))
    return list(query.order_by(Registration.service, Registration.number))


def find_registration(numbers: Collection[str]) -> Registration | None:
    """The registration with one of these numbers, its provider with it."""
    found: Registration | None = _with_provider(Registration.number.in_(list(numbers))).first()
    return found


def last_counter() -> int:
    """The highest number given out so far, without its letter (one counter serves both services); 0 for none."""
    # the numbers begin with DV. and the letter of the service
    highest = Registration.select(fn.MAX(fn.SUBSTR(Registration.number, 5))).scalar()
    return int(highest or 0)


def change_registration(registration: Registration, changes: Mapping[str, object]) -> bool:
    """Change these columns; False when somebody else changed the registration since it was read."""
    changed = (
        Registration.update(**changes, version=Registration.version + 1)
        .where((Registration.id == registration.id) & (Registration.version == registration.version))
        .execute()
    )
    return bool(changed == 1)


def find_proposal(registration_id: int) -> RegistrationProposal | None:
    """What waits for a second person, with the account of the first."""
    found: RegistrationProposal | None = (
        RegistrationProposal.select(RegistrationProposal, Account)
        .join(Account)
        .where(RegistrationProposal.registration == registration_id)
        .first()
    )
    return found


def drop_proposal(registration_id: int) -> None:
    """Forget what waited for a second person."""
    RegistrationProposal.delete().where(RegistrationProposal.registration == registration_id).execute()


def keep_notice(registration: Registration, months: int) -> None:
    """Note that the notice so many `months` before the present expiry date goes out."""
    RegistrationNotice.insert(
        registration=registration, expires_on=registration.expires_on, months=months
    ).on_conflict_ignore().execute()
