"""Saved views of the list of projects. Frozen copies, as in 0001."""

from typing import Any

from peewee import Check, Database, IntegerField, TextField

from db.fields import Table, reference


class Account(Table):
    class Meta:
        table_name = "account"


class SavedView(Table):
    account = reference(Account, index=False)
    number = IntegerField()
    name = TextField()
    query = TextField()

    class Meta:
        table_name = "saved_view"
        indexes = ((("account", "number"), True),)
        constraints = (Check("number BETWEEN 1 AND 9"), Check("name <> ''"))


def up(migrator: Any, db: Database) -> None:
    """Make the table."""
    db.create_tables([SavedView])
