"""The way into the database: who acts, in which session, reading or writing, and the audit line of each write."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from db import accounts, audit
from db.accounts import Account
from db.codes import Role
from db.database import connected, transaction
from db.errors import Fault, StorageError
from services import clock
from services.errors import Busy, NotAllowed, ServiceError, SessionExpired, Unavailable
from services.language import _
from services.rules import PERMISSIONS, PUBLIC, Permission

IDLE_LIMIT = timedelta(minutes=30)
SESSION_LIMIT = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=1)


class Record(BaseModel):
    """Base of commands and answers: frozen, and strict about unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Actor(Record):
    """Who acts. `session_id` is None for `system`, which the operating system has let in, not a password."""

    account_id: int
    login: str
    role: Role
    provider_id: int | None = None
    headquarters_id: int | None = None
    provider_name: str = ""
    session_id: int | None = None
    must_change_password: bool = False


class Work:
    """A write under way: collects its audit lines."""

    def __init__(self, actor_reference: str) -> None:
        self._actor = actor_reference
        self.moment = clock.now()
        self.audited = 0

    def audit(self, action: str, subject: str, **details: Any) -> None:
        """Add a line: `action` as `project.cancel`, `subject` and details by reference, nothing personal."""
        audit.append_audit_line(
            at=self.moment.isoformat(timespec="microseconds"),
            actor=self._actor,
            action=action,
            subject=subject,
            details=json.dumps(details, ensure_ascii=False, sort_keys=True, default=str),
        )
        self.audited += 1


def _in_words(error: StorageError) -> ServiceError:
    match error.fault:
        case Fault.BUSY:
            return Busy(_("The database is in use by somebody else. Nothing was changed. Try again in a moment."))
        case Fault.FULL:
            return Unavailable(_("The disk is full. Nothing was changed. Ask your administrator to make room."))
        case Fault.READ_ONLY:
            return Unavailable(
                _("The database is read-only. Nothing was changed. Ask your administrator for write access to it.")
            )
        case Fault.DAMAGED:
            return Unavailable(
                _("The database file is damaged. Ask your administrator to restore a backup (kmop-tui db restore).")
            )
        case Fault.NEWER:
            return Unavailable(
                _("The database was made by a newer kmop-tui. Install that version, or restore a backup.")
            )
        case Fault.UNREACHABLE:
            return Unavailable(
                _("The database cannot be opened. Check that the file and its folder exist and are yours.")
            )


@contextmanager
def storage_in_words() -> Iterator[None]:
    """Turn the store's own troubles into `Busy` or `Unavailable`."""
    try:
        yield
    except StorageError as error:
        raise _in_words(error) from error


@contextmanager
def reading() -> Iterator[None]:
    """A connection for the body; the store's own troubles come out as `Busy` or `Unavailable`."""
    with storage_in_words(), connected():
        yield


@contextmanager
def writing(actor: Actor | None) -> Iterator[Work]:
    """One transaction for the body. It must write an audit line, or nothing is kept: there is no silent write.

    `actor` None is for what happens before anybody is known, such as a failed login.
    """
    with storage_in_words(), transaction():
        work = Work("nobody" if actor is None else f"account:{actor.account_id}")
        yield work
        if not work.audited:
            raise RuntimeError("a write without its audit line")


def _end_reason(started_at: datetime, last_used_at: datetime) -> str | None:
    moment = clock.now()
    if moment - started_at > SESSION_LIMIT:
        return _("Your session has lasted 12 hours and was ended. Log in again; you go on where you were.")
    if moment - last_used_at > IDLE_LIMIT:
        return _("Your session was ended after 30 minutes without work. Log in again; you go on where you were.")
    return None


def require(actor: Actor | None, permission: Permission) -> None:
    """Raise unless the actor's session is open and its role may do this; called inside `reading` or `writing`.

    What is public asks for no session, and for nobody (`actor` None).
    """
    if permission in PUBLIC:
        return
    if actor is None:
        raise NotAllowed(_("Log in first."))
    must_change_password = actor.role is not Role.SYSTEM and _account_in_session(actor).must_change_password
    if actor.role not in PERMISSIONS[permission]:
        raise NotAllowed(_("Your login may not do this. Ask the headquarters or the helpdesk on 1700."))
    if must_change_password and permission is not Permission.CHANGE_LOGIN:
        raise NotAllowed(_("Choose a password of your own first."))


def _account_in_session(actor: Actor) -> Account:
    """The actor's account as it is now; SessionExpired unless the session is open and the account unchanged."""
    found = None if actor.session_id is None else accounts.open_session(actor.session_id)
    if found is None or found[1].id != actor.account_id:
        raise SessionExpired(_("Your session was ended. Log in again; you go on where you were."))
    session, account = found
    if account.role != actor.role or account.provider_id != actor.provider_id:
        raise SessionExpired(_("Your login was changed meanwhile. Log in again."))
    if reason := _end_reason(session.started_at, session.last_used_at):
        raise SessionExpired(reason)
    if clock.now() - session.last_used_at > TOUCH_EVERY:
        try:
            with transaction():
                accounts.touch_session(session.id, clock.now())
        except StorageError as error:
            # who only reads goes on while nobody can write: this can wait for the next time
            if error.fault not in (Fault.BUSY, Fault.READ_ONLY):
                raise
    return account
