"""The first tables. The models are frozen copies: later changes of the application do not reach them."""

from typing import Any

from peewee import BlobField, Check, CompositeKey, Database, ForeignKeyField, IntegerField, TextField

from db import sqlite
from db.fields import CodeField, DateField, FlagField, MomentField, Table, reference

ROLE = (
    "headquarters",
    "department",
    "helpdesk",
    "case_handler",
    "admin",
    "system",
)
PROVIDER_KIND = (
    "MZ",
    "DEP",
)
SERVICE_TYPE = (
    "O",
    "A",
)
PROJECT_STATUS = (
    "Bevestigd",
    "Lopend",
    "Afgewerkt",
    "StopzettingAangevraagd",
    "ProjectGeannuleerd",
    "Stopgezet",
)
PAYMENT_KIND = (
    "deposit",
    "payout",
)
REACTION_KIND = (
    "cancel",
    "stop",
    "report",
)
REASON = (
    "filed_late",
    "amount_wrong",
    "not_eligible",
    "not_taking_place",
    "enterprise_not_admitted",
    "related_enterprise",
    "wrong_provider",
    "other",
)
MAIL_STATUS = (
    "waiting",
    "sent",
    "failed",
)


class Provider(Table):
    name = TextField()
    name_folded = TextField(index=True)
    kind = CodeField(PROVIDER_KIND)
    enterprise_number = TextField()
    department_number = IntegerField(default=0)
    headquarters = ForeignKeyField("self", null=True, on_delete="RESTRICT")
    legal_form = TextField()
    email = TextField()
    phone = TextField(default="")
    account_number = TextField()
    presentation = TextField(default="")
    ended_on = DateField(null=True)
    source_digest = TextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = "provider"
        indexes = ((("enterprise_number", "department_number"), True),)
        constraints = (
            Check("length(enterprise_number) = 10"),
            Check("(kind = 'MZ') = (headquarters_id IS NULL)"),
            Check("(kind = 'MZ') = (department_number = 0)"),
            Check("department_number >= 0"),
        )


class Establishment(Table):
    provider = reference(Provider, index=False)
    number = IntegerField(default=1)
    street = TextField()
    house_number = TextField()
    box = TextField(default="")
    postcode = TextField()
    municipality = TextField()
    municipality_folded = TextField(index=True)
    ended_on = DateField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = "establishment"
        indexes = ((("provider", "number"), True),)
        constraints = (Check("number >= 1"),)


class Account(Table):
    login = TextField()
    login_folded = TextField(unique=True)
    role = CodeField(ROLE)
    provider = reference(Provider, null=True)
    email = TextField(null=True)
    password_hash = TextField(null=True)
    must_change_password = FlagField(default=False)
    password_expires_at = MomentField(null=True)
    created_at = MomentField()
    last_login_at = MomentField(null=True)
    ended_at = MomentField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = "account"
        constraints = (
            Check("(role IN ('headquarters', 'department')) = (provider_id IS NOT NULL)"),
            Check("(role = 'system') = (password_hash IS NULL)"),
        )


class Session(Table):
    account = reference(Account)
    source = TextField()
    started_at = MomentField()
    last_used_at = MomentField()
    ended_at = MomentField(null=True)

    class Meta:
        table_name = "session"


class LoginAttempts(Table):
    login_folded = TextField()
    source = TextField()
    failures = IntegerField(default=0)
    last_failed_at = MomentField(null=True)
    trusted = FlagField(default=False)

    class Meta:
        table_name = "login_attempts"
        primary_key = CompositeKey("login_folded", "source")


class Enterprise(Table):
    enterprise_number = TextField(unique=True)
    name = TextField()
    name_folded = TextField(index=True)
    email = TextField()
    version = IntegerField(default=1)

    class Meta:
        table_name = "enterprise"
        constraints = (Check("length(enterprise_number) = 10"),)


class Project(Table):
    number = TextField(unique=True)
    enterprise = reference(Enterprise)
    provider = reference(Provider, index=False)
    headquarters = reference(Provider, index=False)
    service = CodeField(SERVICE_TYPE)
    title = TextField()
    applied_on = DateField()
    starts_on = DateField()
    ends_on = DateField()
    amount_cents = IntegerField()
    subsidy_cents = IntegerField()
    status = CodeField(PROJECT_STATUS)
    status_since = MomentField(null=True)
    source_digest = TextField(null=True)
    version = IntegerField(default=1)

    class Meta:
        table_name = "project"
        indexes = (
            (("applied_on", "number"), False),
            (("headquarters", "applied_on", "number"), False),
            (("provider", "applied_on", "number"), False),
        )
        constraints = (
            Check("amount_cents > 0"),
            Check("subsidy_cents BETWEEN 0 AND amount_cents"),
            Check("ends_on >= starts_on"),
        )


class Payment(Table):
    project = reference(Project, index=False)
    paid_on = DateField()
    kind = CodeField(PAYMENT_KIND)
    amount_cents = IntegerField()
    occurrence = IntegerField()

    class Meta:
        table_name = "payment"
        indexes = ((("project", "paid_on", "kind", "amount_cents", "occurrence"), True),)
        constraints = (Check("amount_cents > 0"), Check("occurrence >= 1"))


class Reaction(Table):
    project = reference(Project)
    kind = CodeField(REACTION_KIND)
    reason = CodeField(REASON)
    reason_text = TextField(default="")
    account = reference(Account)
    reacted_at = MomentField()
    status_before = CodeField(PROJECT_STATUS)
    status_after = CodeField(PROJECT_STATUS)

    class Meta:
        table_name = "reaction"
        constraints = (Check("reason <> 'other' OR reason_text <> ''"),)


class Proof(Table):
    reaction = ForeignKeyField(Reaction, unique=True, on_delete="RESTRICT")
    file_name = TextField()
    media_type = TextField()
    content = BlobField()
    sha256 = TextField()

    class Meta:
        table_name = "proof"
        constraints = (Check("length(content) BETWEEN 1 AND 10485760"),)


class Mail(Table):
    message_id = TextField(unique=True)
    recipient = TextField()
    subject = TextField()
    body = TextField()
    proof = reference(Proof, null=True)
    subject_of = TextField(index=True)
    holds_secret = FlagField(default=False)
    status = CodeField(MAIL_STATUS, default="waiting")
    created_at = MomentField()
    not_before = MomentField()
    claimed_until = MomentField(null=True)
    attempts = IntegerField(default=0)
    last_error = TextField(null=True)
    sent_at = MomentField(null=True)

    class Meta:
        table_name = "mail"
        indexes = ((("status", "not_before"), False),)


class AuditLine(Table):
    at = TextField()
    actor = TextField()
    action = TextField()
    subject = TextField(index=True)
    details = TextField()
    previous_hash = TextField()
    hash = TextField(unique=True)

    class Meta:
        table_name = "audit_line"


def up(migrator: Any, db: Database) -> None:
    """Make all tables, and the triggers that keep the audit trail append-only."""
    db.create_tables(
        [
            Provider,
            Establishment,
            Account,
            Session,
            LoginAttempts,
            Enterprise,
            Project,
            Payment,
            Reaction,
            Proof,
            Mail,
            AuditLine,
        ]
    )
    for trigger in sqlite.APPEND_ONLY:
        db.execute_sql(trigger)  # type: ignore[no-untyped-call]
