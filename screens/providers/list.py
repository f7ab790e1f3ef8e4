"""Dienstverleners: overzicht, with the manual's columns."""

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.providers.detail import ProviderScreen
from screens.providers.form import ProviderFormScreen
from screens.widgets.frame import MessageLine
from screens.widgets.record_rows import ShortList
from screens.widgets.record_table import Column, RecordTable
from services.errors import ServiceError
from services.language import _
from services.providers import ProviderRecord, list_providers
from services.rules import Permission, why_not_permitted


class ProviderListScreen(DeskScreen):
    """The headquarters and its departments; a department sees itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("n", "add", "New", "providers.new"),
        bind("w", "change", "Change", "providers.change"),
    ]
    AUTO_FOCUS = "RecordTable"

    @property
    def table(self) -> RecordTable[ProviderRecord]:
        """The list itself."""
        return self.query_one(RecordTable)

    def heading(self) -> str:
        return _("Service providers: overview")

    def explanation(self) -> str:
        return _(
            "Your headquarters (MZ) and its departments (DEP). n signs up a department, for which you can then ask a "
            "registration; w changes the data of the one under the cursor, such as the account number; Enter shows "
            "all of it. A department sees itself and changes how it is reached."
        )

    def body(self) -> ComposeResult:
        lead = _(
            "The headquarters signs up its departments. After that it asks a registration for them under "
            "'Manage registrations'."
        )
        yield Static(Content(lead), classes="lead")
        yield RecordTable(
            [
                Column("name", _("Name"), lambda line: line.name, None),
                Column("kind", _("Type"), lambda line: line.kind, 4),
                Column("place", _("Municipality"), lambda line: line.place_line, 20),
                Column("street", _("Street and no./box"), lambda line: line.street_line, 27),
            ],
            follow=self._follow,
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.load()

    def load(self, after: str = "") -> None:
        """Read the list anew, and say `after`."""
        actor = self.app.acting
        self.say(after)
        self.table.show(ShortList(lambda: list_providers(actor=actor)), cursor=self.table.cursor)

    def _follow(self) -> None:
        """Below: the whole name where its cell is cut."""
        name = "" if self.table.current is None else self.table.current.name
        cut = cell_len(name) > self.table.column_span("name")[1]
        self.query_one(MessageLine).hint(name if cut else "", "")

    def on_record_table_failed(self, event: RecordTable.Failed) -> None:
        """Say what was wrong with the database or the session."""
        if not isinstance(event.error, ServiceError):
            raise event.error
        self.refused(event.error)

    def why_not(self, action: str) -> str:
        """Only a headquarters has departments to sign up."""
        return why_not_permitted(Permission.ADD_PROVIDER, self.app.acting.role) if action == "add" else ""

    def action_add(self) -> None:
        """The form for a new department, with the headquarters' account number to begin with."""
        if reason := self.why_not("add"):
            self.say(reason, wrong=True)
        else:
            self.run_worker(self._add(), group="add", exclusive=True, description="new department")

    async def _add(self) -> None:
        actor = self.app.acting
        members = await self.ask(lambda: list_providers(actor=actor))
        if members and self.is_current:
            self.app.push_screen(ProviderFormScreen(None, self.load, account_number=members[0].account_number))

    def action_change(self) -> None:
        """The form of the one under the cursor."""
        if self.table.current is not None:
            self.app.push_screen(ProviderFormScreen(self.table.current, self.load))

    def on_record_table_selected(self, event: RecordTable.Selected[ProviderRecord]) -> None:
        """Show it, once: a second key may come before the new screen is there."""
        if self.is_current:
            self.app.push_screen(ProviderScreen(event.record, self.load))
