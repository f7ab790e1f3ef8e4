"""Registrations (registraties): a provider's recognition for one service."""

from peewee import SQL, Check, IntegerField, TextField

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
