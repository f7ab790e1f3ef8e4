"""Registraties: overzicht, with the manual's columns, its status legend and its actions."""

import textwrap
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from screens.keys import bind
from screens.registrations.actions import RegistrationActions
from screens.registrations.detail import RegistrationScreen
from screens.registrations.request import RequestScreen
from screens.widgets.frame import MessageLine, show_place
from screens.widgets.record_rows import ShortList
from screens.widgets.record_table import Column, RecordTable
from services.errors import ServiceError
from services.language import _, ngettext, show_date
from services.registrations import (
    RegistrationEvent,
    RegistrationRecord,
    RegistrationStatus,
    list_registrations,
)
from services.words import word


def _status(record: RegistrationRecord) -> str:
    return f"{record.status} {word(record.status)}"


# Column, its heading, what it is sorted by.
SORTS: dict[str, Callable[[RegistrationRecord], str]] = {
    "service": lambda record: word(record.service),
    "number": lambda record: record.number[4:],
    "expires": lambda record: "" if record.expires_on is None else record.expires_on.isoformat(),
    "provider": lambda record: record.provider_name.casefold(),
    "kind": lambda record: record.kind,
    "status": lambda record: record.status,
}


def _columns() -> list[Column[RegistrationRecord]]:
    number, expires = _("Registration no."), _("Expiry date")
    # each as wide as its heading with the sort mark
    return [
        Column("service", _("Service"), lambda record: word(record.service), 10),
        Column("number", number, lambda record: record.number, len(number) + 1),
        Column("expires", expires, lambda record: show_date(record.expires_on), max(11, len(expires) + 1)),
        Column("provider", _("Service provider"), lambda record: record.provider_name, None),
        Column("kind", _("Type"), lambda record: record.kind, 5),
        Column("status", _("Status*"), _status, 30, short=(8, lambda record: record.status)),
    ]


class Legend(Static):
    """What the codes of the states mean."""

    def on_resize(self) -> None:
        """In three columns as in the manual, the last one for the long words, or one after the other."""
        texts = [f"{status}: {word(status)}" for status in RegistrationStatus]
        lines = [f"{texts[row]:<16} {texts[row + 1]:<17} {texts[row + 2]}" for row in (0, 3, 6)]
        width = self.content_size.width - 2
        if max(map(len, lines)) > width:
            lines = textwrap.wrap(";  ".join(texts), max(1, width))
        self.update(Content("* " + "\n  ".join(lines)))


class RegistrationListScreen(RegistrationActions):
    """The organisation's registrations, with what can be done about each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("n", "request", "New", "registrations.new"),
        bind("v", "move('extend')", "Extend", "registrations.extend"),
        bind("h", "move('renew')", "Renew", "registrations.renew"),
        bind("a", "active", "All/active", "registrations.active"),
        bind("s", "sort(1)", "Sort", "registrations.sort", show=False),
        bind("S", "sort(-1)", "Sort on the former column", "registrations.sort_back", show=False),
        bind("r", "reverse", "Turn round", "registrations.reverse", show=False),
    ]
    AUTO_FOCUS = "RecordTable"

    def __init__(self) -> None:
        super().__init__()
        self._active_only = False
        self._sort, self._descending = "service", False
        self._came_back = False

    @property
    def table(self) -> RecordTable[RegistrationRecord]:
        """The list itself."""
        return self.query_one(RecordTable)

    def heading(self) -> str:
        return _("Registrations: overview")

    def explanation(self) -> str:
        return _(
            "Your registrations, by service. Enter shows one with all that can be done about it; n asks for a new one. "
            "An approved registration is extended (v) before its expiry date; one that has expired is renewed (h). "
            "a shows all services, or the active ones only. s sorts on the next column, r turns the order round."
        )

    def body(self) -> ComposeResult:
        yield Static(id="counts", markup=False)
        yield RecordTable(_columns(), follow=self._follow)
        yield Legend(id="legend")

    def on_mount(self) -> None:
        super().on_mount()
        self.load()

    def load(self, after: str = "") -> None:
        """Read the registrations anew, and say `after`."""
        self.say(after)
        self.table.empty_text = (
            _("No service has a live registration. Press a to see all registrations, n to ask for one.")
            if self._active_only
            else _("No registration yet. Press n to ask for one.")
        )
        actor, active_only, sort, descending = self.app.acting, self._active_only, self._sort, self._descending

        def read() -> Sequence[RegistrationRecord]:
            found = list_registrations(actor=actor, active_only=active_only)
            return sorted(found, key=SORTS[sort], reverse=descending)

        self.table.show(ShortList(read), cursor=self.table.cursor, sort=(sort, descending))

    def current(self) -> RegistrationRecord | None:
        """The registration under the cursor."""
        return self.table.current

    def on_record_table_counted(self, event: RecordTable.Counted) -> None:
        """Say how many there are."""
        found = ngettext("%(count)s registration", "%(count)s registrations", event.count) % {"count": event.count}
        which = _("active services") if self._active_only else _("all services")
        self.query_one("#counts", Static).update(Content(f"{found} · {which}"))

    def _follow(self) -> None:
        """Below: the code of the status with its word; the keys that do something for it."""
        self.refresh_bindings()
        record = self.table.current
        line = self.query_one(MessageLine)
        if record is None:
            line.hint("", "")
        else:
            line.hint(_status(record), show_place(self.table.cursor, self.table.count))

    def on_record_table_failed(self, event: RecordTable.Failed) -> None:
        """The rows stay; say what was wrong."""
        if not isinstance(event.error, ServiceError):
            raise event.error
        self.refused(event.error)

    def on_record_table_selected(self, event: RecordTable.Selected[RegistrationRecord]) -> None:
        """Open the registration."""
        self._came_back = True
        self.app.push_screen(RegistrationScreen(event.record))

    def on_screen_resume(self) -> None:
        """Something may have changed meanwhile."""
        if self._came_back:
            self._came_back = False
            self.load()

    def action_request(self) -> None:
        """Ask for a new registration."""
        self._came_back = True
        self.app.push_screen(RequestScreen())

    def action_active(self) -> None:
        """All services, or the active ones."""
        self._active_only = not self._active_only
        self.load()

    def action_sort(self, step: int) -> None:
        """Sort on the column beside the present one."""
        columns = list(SORTS)
        self._sort = columns[(columns.index(self._sort) + step) % len(columns)]
        self.load()

    def action_reverse(self) -> None:
        """The same column, the other way round."""
        self._descending = not self._descending
        self.load()

    def why_not(self, action: str) -> str:
        """Why extending or renewing is not possible for the registration under the cursor."""
        if self.table.count == 0 and action.startswith("move("):
            return _("No registration is shown: there is none to extend or renew.")
        return self.why_not_move(action, (RegistrationEvent.EXTEND, RegistrationEvent.RENEW))
