"""The lists of projects that somebody keeps by number and name, to come back to."""

from collections.abc import Sequence

from peewee import Check, IntegerField, TextField

from db.accounts import Account
from db.fields import Table, reference


class SavedView(Table):
    """One of an account's nine places: its name and the query of the list (JSON)."""

    account = reference(Account, index=False)
    number = IntegerField()
    name = TextField()
    query = TextField()

    account_id: int

    class Meta:
        table_name = "saved_view"
        indexes = ((("account", "number"), True),)
        constraints = (Check("number BETWEEN 1 AND 9"), Check("name <> ''"))


def views_of(account_id: int) -> Sequence[SavedView]:
    """What that account keeps, by number."""
    return list(SavedView.select().where(SavedView.account == account_id).order_by(SavedView.number))


def find_view(account_id: int, number: int) -> SavedView | None:
    """What that account keeps under that number."""
    found: SavedView | None = SavedView.get_or_none((SavedView.account == account_id) & (SavedView.number == number))
    return found


def keep_view(account_id: int, number: int, name: str, query: str) -> SavedView:
    """Put the view under that number, in the place of what stood there."""
    SavedView.insert(account=account_id, number=number, name=name, query=query).on_conflict(
        conflict_target=(SavedView.account, SavedView.number), update={"name": name, "query": query}
    ).execute()
    kept: SavedView = SavedView.get((SavedView.account == account_id) & (SavedView.number == number))
    return kept


def drop_view(view_id: int) -> None:
    """Forget the view."""
    SavedView.delete().where(SavedView.id == view_id).execute()
