"""The outbox: letters are rows written in the transaction that causes them, sent later by `kmop-tui mail send`."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN, BlobField, Check, IntegerField, TextField

from db.codes import MailStatus
from db.database import database_path, transaction
from db.errors import Fault, StorageError
from db.fields import CodeField, FlagField, MomentField, Table, reference
from db.reactions import Proof


class Mail(Table):
    """A letter. `holds_secret` has its body wiped once it is sent; `subject_of` is what it is about (`project:...`)."""

    message_id = TextField(unique=True)
    recipient = TextField()
    subject = TextField()
    body = TextField()
    proof = reference(Proof, null=True)
    subject_of = TextField(index=True)
    holds_secret = FlagField(default=False)
    status = CodeField(MailStatus, default=MailStatus.WAITING)
    created_at = MomentField()
    not_before = MomentField()
    claimed_until = MomentField(null=True)
    attempts = IntegerField(default=0)
    last_error = TextField(null=True)
    sent_at = MomentField(null=True)

    proof_id: int | None

    class Meta:
        table_name = "mail"
        indexes = ((("status", "not_before"), False),)


class MailAttachment(Table):
    """A document that goes with a letter, as it was when the letter was written."""

    mail = reference(Mail, backref="attachments")
    file_name = TextField()
    media_type = TextField()
    content = BlobField()

    mail_id: int

    class Meta:
        table_name = "mail_attachment"
        constraints = (Check("length(content) > 0"),)


def _due(moment: datetime) -> Any:
    """Letters that may go out. One that asked for no delay is due whatever the clock says: clocks are set back."""
    unclaimed = Mail.claimed_until.is_null() | (Mail.claimed_until <= moment)
    undelayed = (Mail.not_before <= moment) | (Mail.not_before == Mail.created_at)
    return (Mail.status == MailStatus.WAITING) & undelayed & unclaimed


@contextmanager
def sender_at_work() -> Iterator[None]:
    """Held by each sender while it works; who comes when no other does takes back what killed senders had claimed.

    The operating system holds the lock and so lets go of a killed sender's: nobody waits for its claims to run out.
    """
    path = database_path()
    try:
        handle = os.open(path.with_name(path.name + ".mail.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StorageError(Fault.UNREACHABLE, str(error)) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            with transaction():
                Mail.update(claimed_until=None).where(Mail.claimed_until.is_null(False)).execute()
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def claim_letter(moment: datetime, until: datetime) -> Mail | None:
    """The letter that has been due longest, with its proof, claimed `until` then; the caller holds the transaction."""
    letter: Mail | None = (
        Mail.select(Mail, Proof)
        .join(Proof, JOIN.LEFT_OUTER)
        .where(_due(moment))
        .order_by(Mail.not_before, Mail.id)
        .first()
    )
    if letter is not None:
        Mail.update(claimed_until=until).where(Mail.id == letter.id).execute()
    return letter


def waiting_letter(about: str, subject: str) -> Mail | None:
    """The oldest letter with that subject about that record that has not been sent yet."""
    letter: Mail | None = (
        Mail.select()
        .where((Mail.subject_of == about) & (Mail.subject == subject) & (Mail.status == MailStatus.WAITING))
        .order_by(Mail.id)
        .first()
    )
    return letter


def settle_letter(letter: Mail, **changes: Any) -> None:
    """Write what came of an attempt and give up the claim; what was sent stays sent."""
    Mail.update(claimed_until=None, attempts=Mail.attempts + 1, **changes).where(
        (Mail.id == letter.id) & (Mail.status != MailStatus.SENT)
    ).execute()


def release_letter(letter: Mail, moment: datetime, error: str) -> int:
    """Give up the claim without an attempt, note `error` with all that is due, and tell how many letters that is."""
    Mail.update(claimed_until=None).where(Mail.id == letter.id).execute()
    noted: int = Mail.update(last_error=error).where(_due(moment)).execute()
    return noted


def attachments_of(letter: Mail) -> list[MailAttachment]:
    """The documents that go with the letter, in the order they were put in."""
    return list(MailAttachment.select().where(MailAttachment.mail == letter).order_by(MailAttachment.id))


class Enclosed(NamedTuple):
    """The names of what goes with a letter: its proof and its documents (not their content)."""

    proof: str | None
    attachments: tuple[str, ...]


def letters(*, limit: int, offset: int) -> list[tuple[Mail, Enclosed]]:
    """`limit` letters from `offset`, the newest first, each with the names of what goes with it."""
    return _with_names(Mail.select().order_by(Mail.id.desc()).limit(limit).offset(offset))


def find_letter(letter_id: int) -> tuple[Mail, Enclosed] | None:
    """The letter with that id, with the names of what goes with it."""
    return next(iter(_with_names(Mail.select().where(Mail.id == letter_id))), None)


def _with_names(query: Any) -> list[tuple[Mail, Enclosed]]:
    rows = list(query)
    wanted = [row.proof_id for row in rows if row.proof_id is not None]
    proofs: Any = Proof.select(Proof.id, Proof.file_name).where(Proof.id.in_(wanted)).tuples()
    proof_of = dict(proofs)
    documents: Any = (
        MailAttachment.select(MailAttachment.mail, MailAttachment.file_name)
        .where(MailAttachment.mail.in_(rows))
        .order_by(MailAttachment.id)
        .tuples()
    )
    names_of: dict[int, list[str]] = {}
    for letter_id, name in documents:
        names_of.setdefault(letter_id, []).append(name)
    return [(row, Enclosed(proof_of.get(row.proof_id), tuple(names_of.get(row.id, ())))) for row in rows]
