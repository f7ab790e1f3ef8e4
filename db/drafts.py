"""What somebody has typed in a form and not sent yet."""

from peewee import TextField

from db.accounts import Account
from db.fields import MomentField, Table, reference


class Draft(Table):
    """The content (JSON) of one form of one account; secrets are never part of it."""

    account = reference(Account, index=False)
    form = TextField()
    content = TextField()
    saved_at = MomentField()

    account_id: int

    class Meta:
        table_name = "draft"
        indexes = ((("account", "form"), True),)
