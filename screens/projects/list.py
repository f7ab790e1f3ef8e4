"""Overzicht projecten: the list with a filter per column, sorting, and the way to one project."""

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Select, Static

from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.projects.detail import ProjectScreen
from screens.widgets.frame import MessageLine
from screens.widgets.inputs import ChoiceField, TextField
from screens.widgets.record_table import Column, RecordTable
from services.errors import Invalid, ServiceError
from services.language import _, ngettext, show_amount, show_date, show_number
from services.projects import (
    ProjectCounts,
    ProjectLine,
    ProjectQuery,
    ProjectStatus,
    ServiceType,
    SortColumn,
    count_projects,
    list_projects,
    locate_project,
)
from services.words import word
from services.work import Actor

TEXT_FILTERS = ("number", "enterprise", "applied", "amount")
CHOICE_FILTERS: dict[str, type[ServiceType] | type[ProjectStatus]] = {"service": ServiceType, "status": ProjectStatus}


class ProjectSource:
    """The rows of one query, as the table asks for them; called in the table's worker threads."""

    def __init__(self, query: ProjectQuery, actor: Actor) -> None:
        self.query, self._actor = query, actor
        self.counts = ProjectCounts(found=0, shown=0)

    def fetch(self, offset: int, limit: int) -> Sequence[ProjectLine]:
        """The lines from `offset`."""
        return list_projects(self.query, actor=self._actor, offset=offset, limit=limit)

    def count(self) -> int:
        """How many lines there are; what was found before the filters is kept beside it."""
        self.counts = count_projects(self.query, actor=self._actor)
        return self.counts.shown


def _columns() -> list[Column[ProjectLine]]:
    return [
        Column("number", _("Project no."), lambda line: line.number, 13),
        Column("enterprise", _("Enterprise"), lambda line: line.enterprise, None),
        Column("applied", _("Applied"), lambda line: show_date(line.applied_on), 10),
        Column("amount", _("Amount"), lambda line: show_amount(line.amount_cents), 11, align="right"),
        Column(
            "service",
            _("Service"),
            lambda line: word(line.service),
            9,
            short=(6, lambda line: _("Train.") if line.service is ServiceType.TRAINING else _("Adv.")),
        ),
        Column("status", _("Status"), lambda line: word(line.status), 22),
    ]


class ProjectListScreen(DeskScreen):
    """The provider's projects, or all of them for an operator."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("slash", "filter", "Filter", "projects.filter"),
        bind("x", "clear_filters", "Clear", "projects.clear"),
        bind("s", "sort(1)", "Sort", "projects.sort"),
        bind("S", "sort(-1)", "Sort on the former column", "projects.sort_back", show=False),
        bind("r", "reverse", "Turn round", "projects.reverse", show=False),
        bind("a", "all_years", "All years", "projects.all_years"),
        bind("e", "export", "Export", "projects.export"),
        bind("down", "to_list", "To the list", "projects.to_list", show=False),
    ]
    AUTO_FOCUS = "RecordTable"

    def __init__(self) -> None:
        super().__init__()
        self.query_shown = ProjectQuery()
        self.counts = ProjectCounts(found=0, shown=0)
        self._opened: ProjectScreen | None = None

    @property
    def table(self) -> RecordTable[ProjectLine]:
        """The list itself."""
        return self.query_one(RecordTable)

    def heading(self) -> str:
        return _("Overview of projects")

    def explanation(self) -> str:
        return _(
            "Your projects of the last two calendar years, the newest first; a shows all years. Press / to filter: "
            "type part of a number or a name, a day, month or year (11/03/2016, 03/2016, 2016), a range "
            "(01/03/2016.., ..2015) or an amount (728,93, >1000, 100..500); choose a service and a status with Enter. "
            "Esc returns from the filters to the list, x clears them. s sorts on the next column, r turns the order "
            "round. Enter opens a project, where you can react to it. e writes exactly this list to a file, or "
            "copies it."
        )

    def body(self) -> ComposeResult:
        yield Static(id="counts", markup=False)
        with Horizontal(id="filters"):
            for name in TEXT_FILTERS:
                yield TextField(id=name, max_length=60, placeholder=_("Filter on"))
            for name, codes in CHOICE_FILTERS.items():
                yield ChoiceField(codes, prompt=_("All"), id=name)
        yield RecordTable(_columns(), empty_text=_("No project matches these filters. Press x to clear them."))

    def on_mount(self) -> None:
        super().on_mount()
        self._show()

    # -- the query -------------------------------------------------------------------------------------------------

    def _query(self) -> ProjectQuery:
        texts = {name: self.query_one(f"#{name}", Input).value for name in TEXT_FILTERS}
        chosen = {name: self.query_one(f"#{name}", ChoiceField).code for name in CHOICE_FILTERS}
        return self.query_shown.model_copy(update=texts | chosen)

    def _show(self, *, cursor: int = 0, **changes: Any) -> None:
        self.query_shown = self._query().model_copy(update=changes)
        source = ProjectSource(self.query_shown, self.app.acting)
        self.say("")
        self.refresh_bindings()
        self.table.show(source, cursor=cursor, sort=(self.query_shown.sort, self.query_shown.descending))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter with every letter."""
        self._show()

    def on_input_submitted(self) -> None:
        """Enter goes from a filter to what it left."""
        self.table.focus()

    def action_to_list(self) -> None:
        """Down goes there too."""
        self.table.focus()

    def on_select_changed(self, event: Select.Changed) -> None:
        """Filter by the choice."""
        if self._query() != self.query_shown:
            self._show()

    def on_record_table_shown(self, event: RecordTable.Shown) -> None:
        """New rows are on the screen: say how many there are."""
        if not isinstance(event.source, ProjectSource):
            return
        self.counts = event.source.counts
        for name in TEXT_FILTERS:
            self.query_one(f"#{name}", Input).remove_class("-unreadable")
        numbers = {"found": show_number(self.counts.found), "shown": show_number(self.counts.shown)}
        found = ngettext(
            "%(found)s project found (%(shown)s shown)", "%(found)s projects found (%(shown)s shown)", self.counts.found
        )
        years = _("all years") if event.source.query.all_years else _("the last two calendar years")
        self.query_one("#counts", Static).update(Content(f"{found % numbers} · {years}"))

    def on_record_table_highlighted(self, event: RecordTable.Highlighted[ProjectLine]) -> None:
        """Below: the enterprise's whole name where its cell is cut, and the place in the list."""
        name = "" if event.record is None else event.record.enterprise
        whole = name if cell_len(name) > self.table.column_span("enterprise")[1] else ""
        place = f"{show_number(event.index + 1)}/{show_number(self.counts.shown)}" if event.record else ""
        self.query_one(MessageLine).hint(whole, place)

    def on_record_table_failed(self, event: RecordTable.Failed) -> None:
        """The rows stay as they were; say what was wrong with the filters, or with the database."""
        if isinstance(event.error, ServiceError):
            self.refused(event.error)
        else:
            raise event.error

    def refused(self, error: ServiceError) -> None:
        """Mark the filter that cannot be read."""
        super().refused(error)
        if isinstance(error, Invalid):
            for name in TEXT_FILTERS:
                self.query_one(f"#{name}", Input).set_class(name in error.fields, "-unreadable")

    def on_record_table_laid_out(self) -> None:
        """Keep each filter above its column."""
        for name in (*TEXT_FILTERS, *CHOICE_FILTERS):
            self.query_one(f"#{name}").styles.width = self.table.column_span(name)[1]

    # -- keys ------------------------------------------------------------------------------------------------------

    def action_filter(self) -> None:
        """To the filters."""
        self.query_one("#number").focus()

    def action_clear_filters(self) -> None:
        """All filters empty."""
        for name in TEXT_FILTERS:
            self.query_one(f"#{name}", Input).value = ""
        for name in CHOICE_FILTERS:
            self.query_one(f"#{name}", ChoiceField).clear()
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Clearing is offered when there is something to clear."""
        if action == "clear_filters":
            shown = self.query_shown
            return any((shown.number, shown.enterprise, shown.applied, shown.amount, shown.service, shown.status))
        return True

    def action_sort(self, step: int) -> None:
        """Sort on the column beside the present one."""
        columns = list(SortColumn)
        self._show(sort=columns[(columns.index(self.query_shown.sort) + step) % len(columns)])

    def action_reverse(self) -> None:
        """The same column, the other way round."""
        self._show(descending=not self.query_shown.descending)

    def action_all_years(self) -> None:
        """The full list, or the last two calendar years again."""
        self._show(all_years=not self.query_shown.all_years)

    def action_export(self) -> None:
        """To a file or the clipboard; not while a filter cannot be read, as the rows shown are not what was asked."""
        if self.query("Input.-unreadable"):
            self.say(_("Correct the marked filter first, or press x to clear the filters."), wrong=True)
            return
        from screens.projects.export import ExportScreen

        self.app.push_screen(ExportScreen(self.query_shown, self.counts.shown))

    def action_back(self) -> None:
        """From the filters to the list, from the list to the menu."""
        if self.focused is self.table:
            super().action_back()
        else:
            self.table.focus()

    def on_record_table_selected(self, event: RecordTable.Selected[ProjectLine]) -> None:
        """Open the project, once: a second key may come before the new screen is there."""
        if not self.is_current:
            return
        self._opened = ProjectScreen(event.record.number, self.query_shown)
        self.app.push_screen(self._opened)

    def on_screen_resume(self) -> None:
        """Coming back, the cursor goes to the project that was looked at last, or to where it would stand."""
        if self._opened is not None:
            number, self._opened = self._opened.number, None
            self.run_worker(self._find_again(number), group="locate", exclusive=True, description="find the place")

    async def _find_again(self, number: str) -> None:
        query, actor = self.query_shown, self.app.acting
        place = await self.ask(lambda: locate_project(query, number, actor=actor))
        if place is not None and query == self.query_shown:
            self._show(cursor=place)
