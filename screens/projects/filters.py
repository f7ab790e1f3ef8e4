"""The filter above each column of the project list."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Select
from textual.widgets._select import NoSelection

from screens.widgets.inputs import TextField
from services.language import _
from services.projects import TURNED, ProjectQuery, ProjectStatus, ServiceType
from services.words import word

TEXTS = ("number", "enterprise", "applied", "amount")
CHOICES: dict[str, type[ServiceType] | type[ProjectStatus]] = {"service": ServiceType, "status": ProjectStatus}

# A code, and whether all but that one are meant.
Choice = tuple[StrEnum, bool]


class ColumnChoice(Select[Choice]):
    """One of a column's codes, or with a dash in front all but that one: Enter opens the list, letters find in it."""

    def __init__(self, codes: Collection[StrEnum], *, id: str) -> None:
        # Text and not Content: Select finds typed letters in str and Text only
        options = [(Text(dash + word(code)), (code, bool(dash))) for dash in ("", TURNED) for code in codes]
        super().__init__(options, prompt=_("All"), id=id, compact=True)


class ColumnFilters(Horizontal):
    """A filter for each column; together they are the query but for its order and years."""

    class Changed(Message):
        """Somebody typed or chose."""

    def compose(self) -> ComposeResult:
        for name in TEXTS:
            yield TextField(id=name, max_length=60, placeholder=_("Filter on"))
        for name, codes in CHOICES.items():
            yield ColumnChoice(list(codes), id=name)

    def query_of(self, base: ProjectQuery) -> ProjectQuery:
        """`base` with what the filters say."""
        said: dict[str, Any] = {name: self.query_one(f"#{name}", Input).value for name in TEXTS}
        for name in CHOICES:
            value = self.query_one(f"#{name}", ColumnChoice).value
            said[name], said[f"not_{name}"] = (None, False) if isinstance(value, NoSelection) else value
        return base.model_copy(update=said)

    def show(self, query: ProjectQuery) -> None:
        """Let the filters say what `query` does; `Changed` is not sent."""
        with self.prevent(Input.Changed, Select.Changed):
            for name in TEXTS:
                field = self.query_one(f"#{name}", Input)
                if field.value != getattr(query, name):
                    field.value = getattr(query, name)
            for name in CHOICES:
                code = getattr(query, name)
                self.query_one(f"#{name}", ColumnChoice).value = (
                    Select.NULL if code is None else (code, getattr(query, f"not_{name}"))
                )

    def mark(self, unreadable: Collection[str]) -> None:
        """Mark the filters that cannot be read, and no others."""
        for name in TEXTS:
            self.query_one(f"#{name}", Input).set_class(name in unreadable, "-unreadable")

    @property
    def unreadable(self) -> bool:
        """Whether one of them is marked."""
        return bool(self.query("Input.-unreadable"))

    def align(self, spans: Mapping[str, int]) -> None:
        """Give each the width of its column, in cells."""
        for name in (*TEXTS, *CHOICES):
            self.query_one(f"#{name}").styles.width = spans[name]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter with every letter."""
        event.stop()
        self.post_message(self.Changed())

    def on_select_changed(self, event: Select.Changed) -> None:
        """Filter by the choice."""
        event.stop()
        self.post_message(self.Changed())
