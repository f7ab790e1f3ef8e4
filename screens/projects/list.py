"""Overzicht projecten: the list with a filter per column, sorting, marks, and the ways from there."""

from functools import partial
from typing import Any, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.projects.detail import ProjectScreen
from screens.projects.filters import ColumnFilters
from screens.projects.marks import Marks
from screens.projects.overview import OverviewPanel
from screens.projects.query_line import QueryLine
from screens.projects.rows import ProjectSource, columns, counts_in_words
from screens.widgets.frame import MessageLine, show_place
from screens.widgets.record_table import RecordTable
from services.errors import Invalid, ServiceError
from services.language import _
from services.project_overview import sum_projects
from services.project_terms import show_terms
from services.projects import (
    ProjectCounts,
    ProjectLine,
    ProjectQuery,
    SortColumn,
    locate_project,
)
from services.rules import Permission, why_not_permitted
from services.saved_views import NUMBERS, list_views

SOON = 0.2  # seconds that a count may take before the screen says that it is on its way
NO_FILTERS = ProjectQuery()


class ProjectListScreen(DeskScreen):
    """The provider's projects, or all of them for an operator."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # what has no room on the key line is what comes last here
        bind("slash", "filter", "Filter", "projects.filter"),
        bind("x", "clear_filters", "Clear", "projects.clear"),
        bind("b", "bulk", "React", "projects.bulk"),
        bind("v", "views", "Views", "projects.views"),
        bind("o", "overview", "Totals", "projects.overview"),
        bind("e", "export", "Export", "projects.export"),
        bind("a", "all_years", "Years", "projects.all_years"),
        bind("s", "sort(1)", "Sort", "projects.sort"),
        bind("S", "sort(-1)", "Sort on the former column", "projects.sort_back", show=False),
        bind("r", "reverse", "Turn round", "projects.reverse", show=False),
        bind("colon", "query_line", "Line", "projects.query_line"),
        bind("space", "mark", "Mark", "projects.mark", show=False),
        bind("asterisk", "mark_all", "Mark all", "projects.mark_all", show=False),
        bind("down", "to_list", "To the list", "projects.to_list", show=False),
        *(bind(f"{place}", f"view({place})", "Saved view", f"projects.view_{place}", show=False) for place in NUMBERS),
    ]
    AUTO_FOCUS = "RecordTable"

    def __init__(self) -> None:
        super().__init__()
        self.query_shown = ProjectQuery()
        self._source: ProjectSource | None = None
        self._opened: tuple[ProjectLine, ProjectScreen] | None = None
        self._marks = Marks()

    @property
    def table(self) -> RecordTable[ProjectLine]:
        """The list itself."""
        return self.query_one(RecordTable)

    @property
    def rows(self) -> Widget:
        """What the filters lead to: the list, or its totals."""
        return self.query_one(OverviewPanel) if self.has_class("-overview") else self.table

    @property
    def filters(self) -> ColumnFilters:
        """What stands above it."""
        return self.query_one(ColumnFilters)

    def heading(self) -> str:
        return _("Overview of projects")

    def explanation(self) -> str:
        return "\n\n".join(
            (
                _(
                    "Your projects of the last two calendar years, the newest first; a shows all years. Press / to "
                    "filter: type part of a number or a name, a day, month or year (11/03/2016, 03/2016, 2016), a "
                    "range (01/03/2016.., ..2015) or an amount (728,93, >1000, 100..500); choose a service and a "
                    "status with Enter. A dash in front turns a filter round: -bakker leaves out the bakers. Esc "
                    "returns from the filters to the list, x clears them. s sorts on the next column, r turns the "
                    "order round."
                ),
                _(
                    "Enter opens a project, where you can react to it. To react to many at once mark them: space marks "
                    "one, * all of the list; b then says what can be done about them. o shows totals instead of the "
                    "list, e writes exactly this list to a file, or copies it."
                ),
                _(
                    "The same filters in one line: press : and type, say, status:running amount>1000 baker. → or Tab "
                    "completes a word. A list that you come back to is kept under v; its digit shows it again."
                ),
            )
        )

    def body(self) -> ComposeResult:
        yield Static(id="counts", markup=False)
        yield QueryLine(id="line")
        yield ColumnFilters(id="filters")
        yield RecordTable(
            columns(),
            empty_text=_("No project matches these filters. Press x to clear them."),
            follow=self._follow,
            marked=self._marks.has,
        )
        yield OverviewPanel()

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(QueryLine).display = False
        self._show()

    # -- the query -------------------------------------------------------------------------------------------------

    def take_over(self, query: ProjectQuery) -> None:
        """Show the list of `query`, and let all filters say so."""
        self.filters.show(query)
        self._show(**query.model_dump())

    def _show(self, *, cursor: int = 0, **changes: Any) -> None:
        self.query_shown = self.filters.query_of(self.query_shown).model_copy(update=changes)
        source = ProjectSource(self.query_shown, self.app.acting)
        self._marks.whole = False
        self.say("")
        self.refresh_bindings()
        if not self.query_one(QueryLine).field.has_focus:
            self.query_one(QueryLine).show(self.query_shown)
        self.table.show(source, cursor=cursor, sort=(self.query_shown.sort, self.query_shown.descending))
        if self.has_class("-overview"):
            self._add_up()

    def on_column_filters_changed(self) -> None:
        """The list follows what is typed and chosen."""
        if self.filters.query_of(self.query_shown) != self.query_shown:
            self._show()

    def on_query_line_changed(self, event: QueryLine.Changed) -> None:
        """So does it what the line says, and the filters say the same."""
        if event.query != self.query_shown:
            self.take_over(event.query)

    def on_query_line_unreadable(self, event: QueryLine.Unreadable) -> None:
        """The list stays as it was; the line shows where it cannot be read."""
        self.say(event.sentence, wrong=True)

    def on_query_line_offered(self, event: QueryLine.Offered) -> None:
        """Below: what can be typed now."""
        self.say("")
        if event.text:
            self.query_one(MessageLine).hint(event.text, "")
        else:
            self._follow()

    def on_query_line_submitted(self) -> None:
        """Enter goes to what the line left."""
        self.rows.focus()

    def on_input_submitted(self) -> None:
        """So does it from a filter."""
        self.rows.focus()

    def action_to_list(self) -> None:
        """Down goes there too."""
        self.rows.focus()

    def on_descendant_blur(self) -> None:
        """The line gives its place back to the counts when it is left."""
        self.call_after_refresh(self._swap_line)

    def _swap_line(self) -> None:
        """What cannot be read stays there to be put right, and a window that is too small takes nothing away."""
        line = self.query_one(QueryLine)
        if line.display and not (line.field.has_focus or line.unreadable or self.too_small):
            self._close_line()

    def _close_line(self) -> None:
        line = self.query_one(QueryLine)
        line.display = False
        self.query_one("#counts").display = True
        line.show(self.query_shown)
        self._follow()

    # -- what is on the screen -------------------------------------------------------------------------------------

    def on_record_table_shown(self, event: RecordTable.Shown) -> None:
        """New rows are there, so the filters could be read; the count may take a moment more."""
        if isinstance(event.source, ProjectSource) and event.source is not self._source:
            if self._source is not None:
                self._source.places.left = True
            self._source = event.source
        self.filters.mark(())
        self.set_timer(SOON, self._say_uncounted)

    def on_record_table_counted(self, event: RecordTable.Counted) -> None:
        """Say how many there are, and get to know a long list better while nobody waits for it."""
        if self._source is not None and event.source is self._source:
            self._say_counts()
            self.run_worker(
                self._source.survey, thread=True, exit_on_error=False, group="survey", description="survey the list"
            )

    @property
    def counts(self) -> ProjectCounts | None:
        """How many projects the rows on the screen are; None until it is known."""
        return None if self._source is None else self._source.counts

    def _say_uncounted(self) -> None:
        if self.counts is None:
            self._say_counts()

    def _say_counts(self) -> None:
        said = (self._marks.in_words(), counts_in_words(self.counts, self.query_shown))
        self.query_one("#counts", Static).update(Content(" · ".join(filter(None, said))), layout=False)

    def _follow(self) -> None:
        """Below: the enterprise's whole name where its cell is cut, and the place in the list."""
        if self.query_one(QueryLine).field.has_focus:
            return
        name = "" if self.table.current is None or self.has_class("-overview") else self.table.current.enterprise
        whole = name if cell_len(name) > self.table.column_span("enterprise")[1] else ""
        self.query_one(MessageLine).hint(whole, show_place(self.table.cursor, self.table.count) if name else "")

    def on_record_table_failed(self, event: RecordTable.Failed) -> None:
        """The rows stay as they were; say what was wrong with the filters, or with the database."""
        self._failed(event.error)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, ServiceError):
            raise error
        self.refused(error)

    def refused(self, error: ServiceError) -> None:
        """Mark the filter that cannot be read."""
        super().refused(error)
        if isinstance(error, Invalid):
            self.filters.mark(error.fields)

    def on_record_table_laid_out(self) -> None:
        """Keep each filter above its column."""
        self.filters.align({name: self.table.column_span(name)[1] for name in SortColumn})

    # -- keys ------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Clearing is offered when there is something to clear, reacting to many when many are marked."""
        if action == "clear_filters":
            kept = self.query_shown.model_dump(include={"sort", "descending", "all_years"})
            return self.query_shown != NO_FILTERS.model_copy(update=kept)
        if action == "bulk":
            return bool(self._marks)
        # in a field these keys are letters
        return action not in ("filter", "query_line") or not isinstance(self.focused, Input)

    def action_filter(self) -> None:
        """To the filters."""
        self.query_one("#number").focus()

    def action_query_line(self) -> None:
        """To the line that says the same as the filters, in the place of the counts."""
        line = self.query_one(QueryLine)
        line.show(self.query_shown)
        self.query_one("#counts").display = False
        line.display = True
        line.focus()

    def action_clear_filters(self) -> None:
        """All filters empty; order and years stay."""
        kept = self.query_shown.model_dump(include={"sort", "descending", "all_years"})
        self.take_over(NO_FILTERS.model_copy(update=kept))
        self.rows.focus()

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

    def action_overview(self) -> None:
        """Totals in the place of the rows, or the rows again; the filters stay and go on filtering."""
        if not self.has_class("-overview") and self._unreadable():
            return
        self.toggle_class("-overview")
        self.rows.focus()
        self._follow()
        if self.has_class("-overview"):
            self._add_up()

    def _add_up(self) -> None:
        self.query_one(OverviewPanel).show(partial(sum_projects, self.query_shown, actor=self.app.acting))

    def on_overview_panel_failed(self, event: OverviewPanel.Failed) -> None:
        """As for the list."""
        self._failed(event.error)

    def action_views(self) -> None:
        """The lists that one comes back to."""
        from screens.projects.views import ViewsScreen

        self.app.push_screen(ViewsScreen(self.query_shown, in_words=show_terms, opened=self.take_over))

    def action_view(self, number: int) -> None:
        """The saved view with that number."""
        self.run_worker(self._open_view(number), group="view", exclusive=True, description="open view")

    async def _open_view(self, number: int) -> None:
        actor = self.app.acting
        views = await self.ask(lambda: list_views(actor=actor))
        if views is None:
            return
        view = next((view for view in views if view.number == number), None)
        if view is None or view.query is None:
            self.say(_("There is no saved view %(number)s; v shows them.") % {"number": number})
        else:
            self.take_over(view.query)
            self.say(_("View %(number)s: %(name)s") % {"number": number, "name": view.name})

    def action_export(self) -> None:
        """To a file or the clipboard; not while a filter cannot be read, as the rows shown are not what was asked."""
        if self._unreadable():
            return
        from screens.projects.export import ExportScreen

        self.app.push_screen(ExportScreen(self.query_shown, None if self.counts is None else self.counts.shown))

    def _unreadable(self) -> bool:
        """Whether a filter cannot be read, which is said then."""
        if self.filters.unreadable:
            self.say(_("Correct the marked filter first, or press x to clear the filters."), wrong=True)
        return self.filters.unreadable

    def action_back(self) -> None:
        """From the filters to what they lead to, from the totals to the list, from the list to the menu."""
        if self.focused is not self.rows:
            self.rows.focus()
        elif self.query_one(QueryLine).display:
            self._close_line()
            self.say("")
        elif self.has_class("-overview"):
            self.action_overview()
        else:
            super().action_back()

    # -- marks -----------------------------------------------------------------------------------------------------

    def action_mark(self) -> None:
        """Mark the project under the cursor, or take its mark away, and go on to the next."""
        if (line := self.table.current) is None or self.focused is not self.table:
            return
        if self._marks.whole:
            self.say(_("All projects of the list are marked; * takes the marks away."))
            return
        self._marks.turn(line)
        self._marks_changed()
        self.table.cursor += 1

    def action_mark_all(self) -> None:
        """Mark all that the filters let through, or take all marks away."""
        if self._unreadable():
            return
        self._marks.turn_all()
        self._marks_changed()

    def _marks_changed(self) -> None:
        self.table.refresh_texts()
        self._say_counts()
        self.refresh_bindings()

    def why_not(self, action: str) -> str:
        """Operators look at projects and do not react to them."""
        return why_not_permitted(Permission.REACT_TO_PROJECT, self.app.acting.role) if action == "bulk" else ""

    def action_bulk(self) -> None:
        """React to the marked projects at once."""
        if self._unreadable():
            return
        if reason := self.why_not("bulk"):
            self.say(reason, wrong=True)
            return
        from screens.projects.bulk import BulkReactionScreen

        self.app.push_screen(BulkReactionScreen(self._marks.selection(self.query_shown), self._reacted))

    def _reacted(self, said: str) -> None:
        self._marks.clear()
        self._show(cursor=self.table.cursor)
        self.say(said)

    # -- one project -----------------------------------------------------------------------------------------------

    def on_record_table_selected(self, event: RecordTable.Selected[ProjectLine]) -> None:
        """Open the project, once: a second key may come before the new screen is there."""
        if not self.is_current:
            return
        self._opened = event.record, ProjectScreen(event.record.number, self.query_shown)
        self.app.push_screen(self._opened[1])

    def on_screen_resume(self) -> None:
        """Coming back, the cursor goes to the project that was looked at last, or to where it would stand."""
        super().on_screen_resume()
        if self._opened is None:
            return
        (line, screen), self._opened = self._opened, None
        if screen.number != line.number or (screen.record is not None and screen.record.status != line.status):
            self.run_worker(
                self._find_again(screen.number), group="locate", exclusive=True, description="find the place"
            )

    async def _find_again(self, number: str) -> None:
        query, actor = self.query_shown, self.app.acting
        place = await self.ask(lambda: locate_project(query, number, actor=actor))
        if place is not None and query == self.query_shown:
            self._show(cursor=place)
