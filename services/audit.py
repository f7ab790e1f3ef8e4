"""The audit trail: whether it is whole."""

from collections.abc import Iterable

from db import audit
from db.audit import CHAIN_START, chain_hash
from services.language import _
from services.rules import Permission
from services.work import Actor, Record, reading, require


class AuditTrail(Record):
    """The sound lines from the first on, and the hash of the last of them; `problem` is a sentence about what follows.

    Lines cut off at the end leave a sound chain: only a count and hash noted elsewhere show that they are gone.
    """

    lines: int
    head: str
    problem: str | None = None


def examine(lines: Iterable[tuple[int, str, str, str, str, str, str, str]]) -> AuditTrail:
    """Follow the chain from its first line to the first one that does not fit."""
    count, head = 0, CHAIN_START
    for number, at, actor, action, subject, details, previous, own in lines:
        expected = count + 1
        if number != expected:
            if count:
                problem = _("Audit line %(expected)s is missing: line %(number)s follows line %(last)s.")
            else:
                problem = _("The audit trail begins with line %(number)s: what came before it was removed.")
            return _broken(count, head, problem, expected=expected, number=number, last=count)
        if own != chain_hash(previous, number, at, actor, action, subject, details):
            return _broken(count, head, _("Audit line %(number)s was changed."), number=number)
        if previous != head:
            problem = _("Audit line %(number)s does not follow from the one before it: one of the two was replaced.")
            return _broken(count, head, problem, number=number)
        count, head = number, own
    return AuditTrail(lines=count, head=head)


def _broken(lines: int, head: str, problem: str, **numbers: int) -> AuditTrail:
    return AuditTrail(lines=lines, head=head, problem=problem % numbers)


def verify(*, actor: Actor) -> AuditTrail:
    """Examine the whole audit trail of the database in use."""
    with reading():
        require(actor, Permission.VERIFY_AUDIT)
        return examine(audit.audit_lines())
