"""The nightly job: what happens because time passes. Each record is a transaction of its own.

It may be killed at any point and run again, twice at once even: what was done is not done again.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from db import jobs
from db.accounts import PasswordReset
from db.codes import RegistrationEvent, RegistrationStatus, Role
from db.drafts import Draft
from db.projects import Project, find_project
from db.registrations import Registration, find_registration, keep_notice
from services import clock
from services.lapsed_projects import cancel_lapsed, is_lapsed
from services.registration_letters import post_reminder
from services.registration_moves import apply_event, facts_of
from services.registration_rules import MOVES, add_months, reminder_due, reminders_on, why_not_event
from services.rules import Permission
from services.work import Actor, Record, Work, reading, require, writing

DRAFTS_KEPT = timedelta(days=90)
EXPIRED = 0  # months before the expiry date, of the notice that it has passed
Row = TypeVar("Row")


class JobsResult(Record):
    """How many records each part of the job was about."""

    registrations_expired: int
    reminders: int
    projects_cancelled: int
    passwords_dropped: int
    drafts_dropped: int


class _NotDueAnyMore(Exception):
    """Somebody else was first; nothing is written."""


def run_jobs(*, actor: Actor, dry_run: bool = False) -> JobsResult:
    """Do all that is due today and tell how much that was; `dry_run` only counts it.

    Busy and Unavailable leave what was done before as done: run it again for the rest.
    """
    each = _Each(actor, dry_run)
    return JobsResult(
        registrations_expired=each(_expired, _expire),
        reminders=each(_to_remind, _remind),
        projects_cancelled=each(_lapsed, _cancel),
        passwords_dropped=each(lambda: jobs.resets_expired(clock.now()), _drop_reset),
        drafts_dropped=each(lambda: jobs.drafts_older(clock.now() - DRAFTS_KEPT), _drop_draft),
    )


class _Each:
    """Runs one part of the job: reads what is due, then settles one record after the other."""

    def __init__(self, actor: Actor, dry_run: bool) -> None:
        self._actor, self._dry_run = actor, dry_run

    def __call__(self, due: Callable[[], Sequence[Row]], settle: Callable[[Row, Work], None]) -> int:
        with reading():
            require(self._actor, Permission.RUN_JOBS)
            rows = due()
        if self._dry_run:
            return len(rows)
        settled = 0
        for row in rows:
            try:
                with writing(self._actor) as work:
                    settle(row, work)
            except _NotDueAnyMore:
                continue
            settled += 1
        return settled


def _again(registration: Registration) -> Registration:
    found = find_registration([registration.number])
    if found is None:
        raise _NotDueAnyMore
    return found


def _expired() -> Sequence[Registration]:
    statuses: Sequence[RegistrationStatus] = list(MOVES[RegistrationEvent.EXPIRE])
    return jobs.registrations_expired(statuses, clock.today())


def _expire(row: Registration, work: Work) -> None:
    registration = _again(row)
    if why_not_event(RegistrationEvent.EXPIRE, facts_of(registration), Role.SYSTEM, clock.today()):
        raise _NotDueAnyMore
    keep_notice(registration, EXPIRED)
    apply_event(work, registration, RegistrationEvent.EXPIRE, Role.SYSTEM)


def _to_remind() -> Sequence[Registration]:
    today = clock.today()
    # a month more than the longest: months differ in length
    soon = jobs.registrations_expiring(today, add_months(today, max(reminders_on(today)) + 1))
    return [registration for registration in soon if _reminder(registration) is not None]


def _reminder(registration: Registration) -> int | None:
    """How many months before the expiry date the reminder is that the provider should get now."""
    if registration.status != RegistrationStatus.GRANTED or registration.expires_on < clock.today():
        return None
    months = reminder_due(registration.expires_on, clock.today())
    return None if months is None or jobs.was_reminded(registration, months) else months


def _remind(row: Registration, work: Work) -> None:
    registration = _again(row)
    months = _reminder(registration)
    if months is None:
        raise _NotDueAnyMore
    keep_notice(registration, months)
    post_reminder(work, registration)
    work.audit("registration.remind", f"registration:{registration.number}", months=months)


def _lapsed() -> Sequence[Project]:
    today = clock.today()
    return [project for project in jobs.confirmed_projects() if is_lapsed(project, today)]


def _cancel(row: Project, work: Work) -> None:
    project = find_project(row.number)
    if project is None or not is_lapsed(project, clock.today()):
        raise _NotDueAnyMore
    cancel_lapsed(project, work)


def _drop_reset(row: PasswordReset, work: Work) -> None:
    if (
        not PasswordReset.delete()
        .where((PasswordReset.id == row.id) & (PasswordReset.expires_at == row.expires_at))
        .execute()
    ):
        raise _NotDueAnyMore
    work.audit("account.drop_reset", f"account:{row.account_id}")


def _drop_draft(row: Draft, work: Work) -> None:
    if not Draft.delete().where((Draft.id == row.id) & (Draft.saved_at == row.saved_at)).execute():
        raise _NotDueAnyMore
    work.audit("draft.drop", f"draft:{row.id}", form=row.form)
