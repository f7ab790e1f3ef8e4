"""What somebody has typed in a form and not sent yet."""

from datetime import datetime

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


def find_draft(account_id: int, form: str) -> Draft | None:
    """What that account has typed in that form."""
    found: Draft | None = Draft.get_or_none((Draft.account == account_id) & (Draft.form == form))
    return found


def keep_draft(account_id: int, form: str, content: str, moment: datetime) -> int:
    """Put `content` in the place of what was kept before; the draft's id."""
    Draft.insert(account=account_id, form=form, content=content, saved_at=moment).on_conflict(
        conflict_target=(Draft.account, Draft.form), update={"content": content, "saved_at": moment}
    ).execute()
    found: int = Draft.get((Draft.account == account_id) & (Draft.form == form)).id
    return found
