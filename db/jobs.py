"""What the nightly job looks for. Each list is read first; each of its records is then looked at again and written."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from db.accounts import PasswordReset
from db.codes import ProjectStatus, RegistrationStatus
from db.drafts import Draft
from db.projects import Project
from db.registrations import Registration, RegistrationNotice


def registrations_expired(statuses: Collection[RegistrationStatus], today: date) -> Sequence[Registration]:
    """The registrations in these states whose last day lies before `today`, by number."""
    over = Registration.status.in_(list(statuses)) & (Registration.expires_on < today)
    return list(Registration.select().where(over).order_by(Registration.number))


def registrations_expiring(first: date, last: date) -> Sequence[Registration]:
    """The approved registrations, without an extension asked for, whose last day lies in these bounds, by number."""
    soon = (Registration.status == RegistrationStatus.GRANTED) & Registration.expires_on.between(first, last)
    return list(Registration.select().where(soon).order_by(Registration.number))


def was_reminded(registration: Registration, months: int) -> bool:
    """Whether the notice so many months before the present expiry date, or a later one, has gone out."""
    known = (
        (RegistrationNotice.registration == registration)
        & (RegistrationNotice.expires_on == registration.expires_on)
        & (RegistrationNotice.months <= months)
    )
    return bool(RegistrationNotice.select().where(known).exists())


def confirmed_projects() -> Sequence[Project]:
    """The projects that wait for their own share, by number."""
    return list(Project.select().where(Project.status == ProjectStatus.CONFIRMED).order_by(Project.number))


def resets_expired(moment: datetime) -> Sequence[PasswordReset]:
    """The second passwords that are no longer good at that moment."""
    return list(PasswordReset.select().where(PasswordReset.expires_at < moment).order_by(PasswordReset.id))


def drafts_older(moment: datetime) -> Sequence[Draft]:
    """The drafts that were last kept before that moment."""
    return list(Draft.select().where(Draft.saved_at < moment).order_by(Draft.id))
