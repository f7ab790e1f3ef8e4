"""Column types of our own: STRICT tables know INTEGER, TEXT, REAL and BLOB only, so dates are ISO text."""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from peewee import AutoField, Check, ForeignKeyField, IntegerField, Model, TextField

from db.database import database


class DateField(TextField):
    """A calendar day as `2016-03-11`, which sorts as text."""

    def db_value(self, value: date | str | None) -> str | None:
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        return None if value is None else date.fromisoformat(value)


class MomentField(TextField):
    """A moment as UTC text with microseconds (`2016-03-11T08:00:00.000000+00:00`), which sorts as text."""

    def db_value(self, value: datetime | None) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def python_value(self, value: str | None) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class CodeField(TextField):
    """One of an enumeration's codes, held by a CHECK."""

    def __init__(self, codes: Iterable[str], **options: Any) -> None:
        self.codes = tuple(str(code) for code in codes)
        super().__init__(**options)

    def bind(self, model: type[Model], name: str, set_attribute: bool = True) -> None:
        listed = ", ".join(f"'{code}'" for code in self.codes)
        self.constraints = [Check(f'"{name}" IN ({listed})')]
        super().bind(model, name, set_attribute)


class FlagField(IntegerField):
    """Yes or no as 1 or 0."""

    def db_value(self, value: bool | None) -> int | None:
        return None if value is None else int(value)

    def python_value(self, value: int | None) -> bool | None:
        return None if value is None else bool(value)


class Table(Model):
    """Base of all models: STRICT, on the one database."""

    id = AutoField()

    class Meta:
        database = database
        strict_tables = True
        legacy_table_names = False


def reference(model: type[Model], **options: Any) -> ForeignKeyField:
    """A foreign key that never takes its children along: records are ended, not deleted."""
    return ForeignKeyField(model, on_delete="RESTRICT", **options)


def folded(text: str) -> str:
    """`text` for searching: compatibility forms and marks dropped, case folded (`Élise` is found by `elise`)."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
