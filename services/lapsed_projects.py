"""Projects whose own share was not paid in time: they are cancelled, and client and provider hear of it."""

from datetime import date

from db import payments, projects
from db.codes import PaymentKind, ProjectStatus
from db.projects import Project
from services import mail
from services.language import _, show_amount, show_date, written_in
from services.rules import ProjectMoney, has_lapsed, last_day_to_pay
from services.work import Work


def is_lapsed(project: Project, today: date) -> bool:
    """Whether the time to pay its own share has passed without the whole of it coming in."""
    paid = payments.paid_cents(project.id)
    money = ProjectMoney(
        status=ProjectStatus(project.status),
        amount_cents=project.amount_cents,
        own_share_cents=project.amount_cents - project.subsidy_cents,
        deposited_cents=paid[PaymentKind.DEPOSIT],
        paid_out_cents=paid[PaymentKind.PAYOUT],
    )
    return has_lapsed(money, project.applied_on, today)


def cancel_lapsed(project: Project, work: Work) -> None:
    """Cancel the project, with its two letters and its audit line."""
    before = ProjectStatus(project.status)
    if not projects.move_project(project, ProjectStatus.CANCELLED, work.moment):
        raise RuntimeError("a project that changed within the transaction")
    _post_letters(work, project)
    work.audit("project.lapse", f"project:{project.number}", status_before=before, status_after=ProjectStatus.CANCELLED)


def _post_letters(work: Work, project: Project) -> None:
    with written_in(mail.LETTERS_IN):
        facts = {
            "number": project.number,
            "title": project.title,
            "enterprise": project.enterprise.name,
            "provider": project.provider.name,
            "applied_on": show_date(project.applied_on),
            "own_share": show_amount(project.amount_cents - project.subsidy_cents),
            "last_day": show_date(last_day_to_pay(project.applied_on)),
        }
        subject = _("Project %(number)s was cancelled: the own share was not paid")
        reason = _(
            "The own share of %(own_share)s had to be on the account on %(last_day)s at the latest and did not arrive. "
            "The application for aid therefore has the status ProjectGeannuleerd."
        )
        details = _(
            "Project: %(number)s, %(title)s\nEnterprise: %(enterprise)s\nService provider: %(provider)s\n"
            "Application: %(applied_on)s"
        )
        for greeting, recipient in (
            (_("Dear customer,"), project.enterprise.email),
            (_("Dear provider,"), project.provider.email),
        ):
            mail.post(
                work,
                recipient=recipient,
                subject=subject % facts,
                body="\n\n".join((greeting, reason, details)) % facts,
                about=f"project:{project.number}",
            )
