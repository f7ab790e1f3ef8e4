"""The codes that the tables hold: one enumeration each, used by CHECK constraints, rules and screens alike."""

from enum import StrEnum


class Role(StrEnum):
    """Who may sign in; `SYSTEM` is the owner of the database file at the command line, and the nightly job."""

    HEADQUARTERS = "headquarters"
    DEPARTMENT = "department"
    HELPDESK = "helpdesk"
    CASE_HANDLER = "case_handler"
    ADMIN = "admin"
    SYSTEM = "system"


class ProviderKind(StrEnum):
    """Maatschappelijke zetel or departement, by the codes of the scheme."""

    HEADQUARTERS = "MZ"
    DEPARTMENT = "DEP"


class ServiceType(StrEnum):
    """Dienst, by the letter that a registration number carries."""

    TRAINING = "O"
    ADVICE = "A"


class ProjectStatus(StrEnum):
    """The state of a project, by the scheme's own words: files carry them, lists sort by them."""

    CONFIRMED = "Bevestigd"
    RUNNING = "Lopend"
    FINISHED = "Afgewerkt"
    STOP_REQUESTED = "StopzettingAangevraagd"
    CANCELLED = "ProjectGeannuleerd"
    STOPPED = "Stopgezet"


class PaymentKind(StrEnum):
    """Own share paid in by the enterprise, or money paid out to the provider."""

    DEPOSIT = "deposit"
    PAYOUT = "payout"


class ReactionKind(StrEnum):
    """Annuleren, stopzetten, melden."""

    CANCEL = "cancel"
    STOP = "stop"
    REPORT = "report"


class Reason(StrEnum):
    """The usual reasons for a reaction; `OTHER` needs a text."""

    FILED_LATE = "filed_late"
    AMOUNT_WRONG = "amount_wrong"
    NOT_ELIGIBLE = "not_eligible"
    NOT_TAKING_PLACE = "not_taking_place"
    ENTERPRISE_NOT_ADMITTED = "enterprise_not_admitted"
    RELATED_ENTERPRISE = "related_enterprise"
    WRONG_PROVIDER = "wrong_provider"
    OTHER = "other"


class MailStatus(StrEnum):
    """Where a letter of the outbox stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class RegistrationBasis(StrEnum):
    """As what an organisation is registered."""

    PRIVATE = "private"
    KNOWLEDGE_INSTITUTION = "knowledge_institution"
    SECTOR_FUND = "sector_fund"


class RegistrationStatus(StrEnum):
    """The state of a registration, by the scheme's own letters."""

    REQUESTED = "A"
    GRANTED = "G"
    EXTENSION_REQUESTED = "G/V"
    REFUSED = "N"
    EXPIRED = "L"
    RENEWAL_REQUESTED = "L/H"
    SUSPENDED = "S"
    EXCLUDED = "U"
    STOPPED = "T"


class RegistrationEvent(StrEnum):
    """What moves a registration from state to state."""

    REQUEST = "request"
    WITHDRAW = "withdraw"
    GRANT = "grant"
    REFUSE = "refuse"
    EXTEND = "extend"
    RENEW = "renew"
    EXPIRE = "expire"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXCLUDE = "exclude"
    STOP = "stop"
