"""Zoek een dienstverlener: who has a valid registration, with a filter per column; no login is asked."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Input, Select, Static

from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.provider_search.detail import FoundProviderScreen
from screens.widgets.frame import MessageLine, show_place
from screens.widgets.inputs import ChoiceField, TextField
from screens.widgets.record_table import Column, RecordTable
from services.errors import Invalid, ServiceError
from services.language import _, ngettext, show_number
from services.provider_search import FoundLine, ProviderQuery, ServiceType, count_providers, search_providers
from services.reference_tables import fields_of_expertise
from services.words import word
from services.work import Actor

TEXT_FILTERS = ("name", "place", "expertise")
COLUMNS = ("name", "place", "service", "expertise")  # as they and their filters stand


class SearchSource:
    """The providers that one query finds, as the table asks for them; called in the table's worker threads."""

    def __init__(self, query: ProviderQuery, actor: Actor | None) -> None:
        self.query, self._actor = query, actor

    def fetch(self, offset: int, limit: int) -> Sequence[FoundLine]:
        """The lines from `offset`."""
        return search_providers(self.query, actor=self._actor, offset=offset, limit=limit)

    def count(self) -> int:
        """How many lines there are."""
        return count_providers(self.query, actor=self._actor)


def _short(line: FoundLine) -> str:
    return " ".join(_("Train.") if service is ServiceType.TRAINING else _("Adv.") for service in line.services)


def _columns() -> list[Column[FoundLine]]:
    return [
        Column("name", _("Name"), lambda line: line.name, None),
        Column("place", _("Municipality"), lambda line: line.place, 20),
        Column("service", _("Service"), lambda line: " ".join(map(word, line.services)), 16, short=(10, _short)),
        Column("expertise", _("Fields of expertise"), lambda line: ", ".join(line.expertise), 19),
    ]


class ProviderSearchScreen(DeskScreen):
    """The public search."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("slash", "filter", "Filter", "provider_search.filter"),
        bind("x", "clear_filters", "Clear", "provider_search.clear"),
    ]
    AUTO_FOCUS = "#name"

    def __init__(self) -> None:
        super().__init__()
        self.query_shown = ProviderQuery()

    @property
    def table(self) -> RecordTable[FoundLine]:
        """The list itself."""
        return self.query_one(RecordTable)

    def heading(self) -> str:
        return _("Find a service provider")

    def explanation(self) -> str:
        return _(
            "All service providers with a valid registration. Type a part of a name, a municipality or a postcode "
            "(every establishment counts), choose a service with Enter, type a part of a field of expertise (→ "
            "completes it). Enter or Esc goes to the list, / back to the filters, x clears them. Enter on a provider "
            "shows what it offers and how to reach it."
        )

    def body(self) -> ComposeResult:
        yield Static(id="counts", markup=False)
        with Horizontal(id="filters"):
            yield TextField(id="name", max_length=60, placeholder=_("Filter on"))
            yield TextField(id="place", max_length=60, placeholder=_("Filter on"))
            yield ChoiceField(ServiceType, prompt=_("All"), id="service")
            yield TextField(id="expertise", max_length=60, placeholder=_("Filter on"))
        empty_text = _("No provider matches these filters. Press x to clear them.")
        yield RecordTable(_columns(), empty_text=empty_text, follow=self._follow)

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._begin(), description="first search")

    async def _begin(self) -> None:
        if not self.app.ready.is_set():
            self.say(_("One moment, the database is being opened …"))
            await self.app.ready.wait()
        fields = await self.ask(fields_of_expertise)
        if fields is not None:
            self.query_one("#expertise", Input).suggester = SuggestFromList(fields, case_sensitive=False)
            self._show()

    # -- the query -------------------------------------------------------------------------------------------------

    def _query(self) -> ProviderQuery:
        texts = {name: self.query_one(f"#{name}", Input).value for name in TEXT_FILTERS}
        return ProviderQuery(**texts, service=self.query_one("#service", ChoiceField).code)

    def _show(self) -> None:
        if self.app.ready.is_set():
            self.query_shown = self._query()
            self.say("")
            self.refresh_bindings()
            self.table.show(SearchSource(self.query_shown, self.app.actor))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter with every letter."""
        self._show()

    def on_select_changed(self, event: Select.Changed) -> None:
        """Filter by the choice."""
        if self._query() != self.query_shown:
            self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """From a filter to what it leaves."""
        event.stop()
        self.table.focus()

    def on_record_table_shown(self) -> None:
        """New rows are on the screen: the filters can be read."""
        for name in TEXT_FILTERS:
            self.query_one(f"#{name}", Input).remove_class("-invalid")

    def on_record_table_counted(self, event: RecordTable.Counted) -> None:
        """Say how many there are."""
        found = ngettext(
            "%(number)s provider with a valid registration",
            "%(number)s providers with a valid registration",
            event.count,
        )
        self.query_one("#counts", Static).update(Content(found % {"number": show_number(event.count)}))

    def _follow(self) -> None:
        """Below: the whole name where its cell is cut, and the place in the list."""
        name = "" if self.table.current is None else self.table.current.name
        whole = name if cell_len(name) > self.table.column_span("name")[1] else ""
        self.query_one(MessageLine).hint(whole, show_place(self.table.cursor, self.table.count) if name else "")

    def on_record_table_failed(self, event: RecordTable.Failed) -> None:
        """The rows stay as they were; say what was wrong with the filters, or with the database."""
        if not isinstance(event.error, ServiceError):
            raise event.error
        self.refused(event.error)

    def refused(self, error: ServiceError) -> None:
        """Mark the filter that does not do."""
        super().refused(error)
        if isinstance(error, Invalid):
            for name in TEXT_FILTERS:
                self.query_one(f"#{name}", Input).set_class(name in error.fields, "-invalid")

    def on_record_table_laid_out(self) -> None:
        """Keep each filter above its column."""
        for name in COLUMNS:
            self.query_one(f"#{name}").styles.width = self.table.column_span(name)[1]

    # -- keys ------------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """To the filters."""
        self.query_one("#name").focus()

    def action_clear_filters(self) -> None:
        """All filters empty."""
        for name in TEXT_FILTERS:
            self.query_one(f"#{name}", Input).value = ""
        self.query_one("#service", ChoiceField).clear()
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Clearing is offered when there is something to clear."""
        return action != "clear_filters" or self.query_shown != ProviderQuery()

    def action_back(self) -> None:
        """From the filters to the list, from the list to the first screen."""
        if self.focused is self.table:
            super().action_back()
        else:
            self.table.focus()

    def on_record_table_selected(self, event: RecordTable.Selected[FoundLine]) -> None:
        """Show the provider, once: a second key may come before the new screen is there."""
        if self.is_current:
            self.app.push_screen(FoundProviderScreen(event.record.number))
