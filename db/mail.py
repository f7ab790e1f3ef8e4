"""The outbox: letters are rows written in the transaction that causes them, sent later by `kmop-tui mail send`."""

from peewee import IntegerField, TextField

from db.codes import MailStatus
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
