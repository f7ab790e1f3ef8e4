"""Vestigingen: overzicht, with the manual's columns."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from screens.desk_screen import DeskScreen
from screens.establishments.detail import EstablishmentScreen
from screens.establishments.form import EstablishmentFormScreen
from screens.keys import bind
from screens.widgets.record_rows import ShortList
from screens.widgets.record_table import Column, RecordTable
from services.errors import ServiceError
from services.establishments import EstablishmentRecord, list_establishments
from services.language import _


class EstablishmentListScreen(DeskScreen):
    """The addresses of the headquarters, its own first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("n", "add", "New", "establishments.new"),
        bind("w", "change", "Change", "establishments.change"),
    ]
    AUTO_FOCUS = "RecordTable"

    @property
    def table(self) -> RecordTable[EstablishmentRecord]:
        """The list itself."""
        return self.query_one(RecordTable)

    def heading(self) -> str:
        return _("Establishments: overview")

    def explanation(self) -> str:
        return _(
            "The addresses of your organisation. The first one is your headquarters itself; n adds another, w changes "
            "the one under the cursor, Enter shows it and what can be done about it. Whoever looks for a provider "
            "finds you by the place of each of them."
        )

    def body(self) -> ComposeResult:
        lead = _("The first establishment is your headquarters. Enterprises find you by the place of each of them.")
        yield Static(Content(lead), classes="lead")
        yield RecordTable(
            [
                Column("number", _("No."), lambda line: str(line.number), 4, align="right"),
                Column("place", _("Municipality"), lambda line: line.place_line, 32),
                Column("street", _("Street and no./box"), lambda line: line.street_line, None),
            ]
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.load()

    def load(self, after: str = "") -> None:
        """Read the list anew, and say `after`."""
        actor = self.app.acting
        self.say(after)
        self.table.show(ShortList(lambda: list_establishments(actor=actor)), cursor=self.table.cursor)

    def on_record_table_failed(self, event: RecordTable.Failed) -> None:
        """Say what was wrong with the database or the session."""
        if not isinstance(event.error, ServiceError):
            raise event.error
        self.refused(event.error)

    def action_add(self) -> None:
        """The form for a new one."""
        self.app.push_screen(EstablishmentFormScreen(None, self.load))

    def action_change(self) -> None:
        """The form of the one under the cursor."""
        if self.table.current is not None:
            self.app.push_screen(EstablishmentFormScreen(self.table.current, self.load))

    def on_record_table_selected(self, event: RecordTable.Selected[EstablishmentRecord]) -> None:
        """Show it, once: a second key may come before the new screen is there."""
        if self.is_current:
            self.app.push_screen(EstablishmentScreen(event.record, self.load))
