"""The audit trail: append-only lines, each holding the hash of the one before it."""

from collections.abc import Iterator
from hashlib import sha256

from peewee import TextField

from db.fields import Table

CHAIN_START = "0" * 64


class AuditLine(Table):
    """Who did what to which record; both are named by reference (`account:7`), never by personal values."""

    at = TextField()
    actor = TextField()
    action = TextField()
    subject = TextField(index=True)
    details = TextField()
    previous_hash = TextField()
    hash = TextField(unique=True)

    class Meta:
        table_name = "audit_line"


def chain_hash(previous_hash: str, number: int, *columns: str) -> str:
    """The hash of a line: over the hash before it, its own number and its columns, each with its length in front."""
    digest = sha256(f"{previous_hash}:{number}".encode())
    for column in columns:
        encoded = column.encode()
        digest.update(f":{len(encoded)}:".encode())
        digest.update(encoded)
    return digest.hexdigest()


def append_audit_line(*, at: str, actor: str, action: str, subject: str, details: str) -> None:
    """Add a line at the end of the chain; the caller holds the write transaction."""
    head = AuditLine.select(AuditLine.id, AuditLine.hash).order_by(AuditLine.id.desc()).tuples().first()
    number, previous = (1, CHAIN_START) if head is None else (head[0] + 1, head[1])
    AuditLine.insert(
        id=number,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        details=details,
        previous_hash=previous,
        hash=chain_hash(previous, number, at, actor, action, subject, details),
    ).execute()


def audit_lines() -> Iterator[tuple[int, str, str, str, str, str, str, str]]:
    """All lines from the first on: number, at, actor, action, subject, details, previous hash, hash."""
    yield from AuditLine.select().order_by(AuditLine.id).tuples().iterator()


def count_audit_lines(action: str, subject: str, since: str) -> int:
    """How many lines of `action` on `subject` there are from `since` on."""
    wanted = (AuditLine.subject == subject) & (AuditLine.action == action) & (AuditLine.at >= since)
    count: int = AuditLine.select().where(wanted).count()
    return count


def is_demo() -> bool:
    """Whether the database was filled as a demo, which is on record in its trail."""
    return count_audit_lines("demo.fill", "database", "") > 0
