"""What providers did about a project, and the proofs that go with it: BLOBs, so that one backup holds all."""

from typing import Any

from peewee import BlobField, Check, ForeignKeyField, TextField

from db.accounts import Account
from db.codes import ProjectStatus, ReactionKind, Reason
from db.fields import CodeField, MomentField, Table, reference
from db.projects import Project


class Reaction(Table):
    """Annuleren, stopzetten or melden, with its reason and the status before and after."""

    project = reference(Project, backref="reactions")
    kind = CodeField(ReactionKind)
    reason = CodeField(Reason)
    reason_text = TextField(default="")
    account = reference(Account)
    reacted_at = MomentField()
    status_before = CodeField(ProjectStatus)
    status_after = CodeField(ProjectStatus)

    project_id: int
    account_id: int

    class Meta:
        table_name = "reaction"
        constraints = (Check("reason <> 'other' OR reason_text <> ''"),)


class Proof(Table):
    """Bewijsstuk: the file that goes with a stop request."""

    reaction = ForeignKeyField(Reaction, unique=True, backref="proofs", on_delete="RESTRICT")
    file_name = TextField()
    media_type = TextField()
    content = BlobField()
    sha256 = TextField()

    reaction_id: int

    class Meta:
        table_name = "proof"
        constraints = (Check("length(content) BETWEEN 1 AND 10485760"),)


def reactions_to(project_id: int) -> list[tuple[Reaction, str | None]]:
    """The project's reactions with the name of their proof, the newest first (not its content)."""
    found = (
        Reaction.select(Reaction, Account)
        .join(Account)
        .where(Reaction.project == project_id)
        .order_by(Reaction.id.desc())
    )
    rows = list(found)
    names: Any = Proof.select(Proof.reaction, Proof.file_name).where(Proof.reaction.in_(rows)).tuples()
    name_of = dict(names)
    return [(row, name_of.get(row.id)) for row in rows]
