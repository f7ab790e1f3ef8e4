"""The words that the screens show for codes, in the user's language (the manual's own words in Dutch)."""

from enum import StrEnum
from functools import cache

from db.codes import (
    MailStatus,
    PaymentKind,
    ProjectStatus,
    ProviderKind,
    ReactionKind,
    Reason,
    RegistrationBasis,
    RegistrationEvent,
    RegistrationStatus,
    Role,
    ServiceType,
)
from services.language import _, language


def word(code: StrEnum) -> str:
    """What people read for `code`."""
    return _words(language())[type(code)][code]


@cache
def _words(_language: str) -> dict[type[StrEnum], dict[StrEnum, str]]:
    return {
        ServiceType: {
            ServiceType.TRAINING: _("Training"),
            ServiceType.ADVICE: _("Advice"),
        },
        ProjectStatus: {
            ProjectStatus.CONFIRMED: _("Confirmed"),
            ProjectStatus.RUNNING: _("Running"),
            ProjectStatus.FINISHED: _("Finished"),
            ProjectStatus.STOP_REQUESTED: _("StopRequested"),
            ProjectStatus.CANCELLED: _("ProjectCancelled"),
            ProjectStatus.STOPPED: _("Stopped"),
        },
        ReactionKind: {
            ReactionKind.CANCEL: _("cancel"),
            ReactionKind.STOP: _("stop"),
            ReactionKind.REPORT: _("report"),
        },
        Reason: {
            Reason.FILED_LATE: _("filed too late"),
            Reason.AMOUNT_WRONG: _("project amount wrong"),
            Reason.NOT_ELIGIBLE: _("service not eligible"),
            Reason.NOT_TAKING_PLACE: _("service does not take place or is stopped"),
            Reason.ENTERPRISE_NOT_ADMITTED: _("enterprise not admitted"),
            Reason.RELATED_ENTERPRISE: _("related enterprise"),
            Reason.WRONG_PROVIDER: _("wrong provider"),
            Reason.OTHER: _("other"),
        },
        PaymentKind: {
            PaymentKind.DEPOSIT: _("deposit of the own share"),
            PaymentKind.PAYOUT: _("payout"),
        },
        Role: {
            Role.HEADQUARTERS: _("headquarters"),
            Role.DEPARTMENT: _("department"),
            Role.HELPDESK: _("helpdesk"),
            Role.CASE_HANDLER: _("case handler"),
            Role.ADMIN: _("administrator"),
            Role.SYSTEM: _("system"),
        },
        ProviderKind: {
            ProviderKind.HEADQUARTERS: _("headquarters"),
            ProviderKind.DEPARTMENT: _("department"),
        },
        RegistrationStatus: {
            RegistrationStatus.REQUESTED: _("requested"),
            RegistrationStatus.GRANTED: _("approved"),
            RegistrationStatus.EXTENSION_REQUESTED: _("approved (extension requested)"),
            RegistrationStatus.REFUSED: _("refused"),
            RegistrationStatus.EXPIRED: _("expired"),
            RegistrationStatus.RENEWAL_REQUESTED: _("expired (renewal requested)"),
            RegistrationStatus.SUSPENDED: _("suspended"),
            RegistrationStatus.EXCLUDED: _("excluded"),
            RegistrationStatus.STOPPED: _("ended"),
        },
        RegistrationBasis: {
            RegistrationBasis.PRIVATE: _("private provider"),
            RegistrationBasis.KNOWLEDGE_INSTITUTION: _("knowledge institution"),
            RegistrationBasis.SECTOR_FUND: _("sector fund"),
        },
        RegistrationEvent: {
            RegistrationEvent.REQUEST: _("request"),
            RegistrationEvent.WITHDRAW: _("withdraw"),
            RegistrationEvent.GRANT: _("approve"),
            RegistrationEvent.REFUSE: _("refuse"),
            RegistrationEvent.EXTEND: _("extend"),
            RegistrationEvent.RENEW: _("renew"),
            RegistrationEvent.EXPIRE: _("expire"),
            RegistrationEvent.SUSPEND: _("suspend"),
            RegistrationEvent.RESUME: _("end the suspension"),
            RegistrationEvent.EXCLUDE: _("exclude"),
            RegistrationEvent.STOP: _("stop"),
        },
        MailStatus: {
            MailStatus.WAITING: _("waiting"),
            MailStatus.SENT: _("sent"),
            MailStatus.FAILED: _("failed"),
        },
    }
