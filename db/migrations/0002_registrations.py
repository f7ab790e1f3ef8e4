"""Registrations, what people choose from, drafts, password resets and attachments. Frozen copies, as in 0001."""

from typing import Any

from peewee import SQL, BlobField, Check, CompositeKey, Database, IntegerField, TextField

from db.fields import CodeField, DateField, FlagField, MomentField, Table, reference

REGISTRATION_BASIS = (
    "private",
    "knowledge_institution",
    "sector_fund",
)
REGISTRATION_STATUS = (
    "A",
    "G",
    "G/V",
    "N",
    "L",
    "L/H",
    "S",
    "U",
    "T",
)
REGISTRATION_EVENT = (
    "request",
    "withdraw",
    "grant",
    "refuse",
    "extend",
    "renew",
    "expire",
    "suspend",
    "resume",
    "exclude",
    "stop",
)
SERVICE_TYPE = (
    "O",
    "A",
)

LEGAL_FORMS = (
    "BV",
    "BVBA",
    "Comm.V",
    "Comm.VA",
    "CV",
    "CVBA",
    "EBVBA",
    "Eenmanszaak",
    "ESV",
    "EV",
    "GCV",
    "IVZW",
    "NV",
    "Openbare instelling",
    "SE",
    "Stichting",
    "VOF",
    "VZW",
    "VSO",
)
FIELDS_OF_EXPERTISE = (
    "Arbeidsveiligheid en preventie",
    "Bedrijfsoverdracht",
    "Boekhouding en fiscaliteit",
    "Bouw en installatie",
    "Communicatie en marketing",
    "Digitalisering",
    "Duurzaam ondernemen en milieu",
    "Export en internationaal ondernemen",
    "Financieel beheer",
    "Gezondheid en welzijn",
    "Horeca en toerisme",
    "Informatica",
    "Innovatie",
    "Juridisch advies",
    "Kwaliteitszorg",
    "Leidinggeven",
    "Logistiek en transport",
    "Persoonlijke ontwikkeling",
    "Personeelsbeleid",
    "Strategisch advies",
    "Talen",
    "Techniek en productie",
    "Verkoop",
    "Voeding en landbouw",
)


class Provider(Table):
    class Meta:
        table_name = "provider"


class Account(Table):
    class Meta:
        table_name = "account"


class Mail(Table):
    class Meta:
        table_name = "mail"


class LegalForm(Table):
    name = TextField(unique=True)

    class Meta:
        table_name = "legal_form"


class FieldOfExpertise(Table):
    name = TextField(unique=True)

    class Meta:
        table_name = "field_of_expertise"


class ProviderExpertise(Table):
    provider = reference(Provider, index=False)
    field = reference(FieldOfExpertise)

    class Meta:
        table_name = "provider_expertise"
        primary_key = CompositeKey("provider", "field")


class Registration(Table):
    number = TextField(unique=True)
    provider = reference(Provider, index=False)
    headquarters = reference(Provider)
    service = CodeField(SERVICE_TYPE)
    basis = CodeField(REGISTRATION_BASIS)
    status = CodeField(REGISTRATION_STATUS)
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

    class Meta:
        table_name = "registration"
        constraints = (
            Check("(status = 'S') = (status_before IS NOT NULL)"),
            Check("status NOT IN ('G', 'G/V', 'L', 'L/H', 'S') OR expires_on IS NOT NULL"),
            Check("(audit_on IS NULL) = (audit_positive IS NULL)"),
        )


class RegistrationProposal(Table):
    registration = reference(Registration, unique=True)
    event = CodeField(REGISTRATION_EVENT)
    reason = TextField()
    until = DateField(null=True)
    proposed_by = reference(Account)
    proposed_at = MomentField()

    class Meta:
        table_name = "registration_proposal"
        constraints = (Check("reason <> ''"),)


class RegistrationNotice(Table):
    registration = reference(Registration, index=False)
    expires_on = DateField()
    months = IntegerField()

    class Meta:
        table_name = "registration_notice"
        indexes = ((("registration", "expires_on", "months"), True),)


class PasswordReset(Table):
    account = reference(Account, unique=True)
    password_hash = TextField()
    expires_at = MomentField()

    class Meta:
        table_name = "password_reset"


class Draft(Table):
    account = reference(Account, index=False)
    form = TextField()
    content = TextField()
    saved_at = MomentField()

    class Meta:
        table_name = "draft"
        indexes = ((("account", "form"), True),)


class MailAttachment(Table):
    mail = reference(Mail)
    file_name = TextField()
    media_type = TextField()
    content = BlobField()

    class Meta:
        table_name = "mail_attachment"
        constraints = (Check("length(content) > 0"),)


Registration.add_index(
    Registration.index(
        Registration.provider,
        Registration.service,
        unique=True,
        name="registration_live",
        where=SQL("status IN ('A', 'G', 'G/V', 'L', 'L/H', 'S')"),
    )
)


def up(migrator: Any, db: Database) -> None:
    """Make the tables and fill the two that people choose from."""
    db.create_tables(
        [
            LegalForm,
            FieldOfExpertise,
            ProviderExpertise,
            Registration,
            RegistrationProposal,
            RegistrationNotice,
            PasswordReset,
            Draft,
            MailAttachment,
        ]
    )
    LegalForm.insert_many([(name,) for name in LEGAL_FORMS], fields=[LegalForm.name]).execute()
    FieldOfExpertise.insert_many([(name,) for name in FIELDS_OF_EXPERTISE], fields=[FieldOfExpertise.name]).execute()
