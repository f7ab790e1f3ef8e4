"""Saved views: nine places for lists of projects to come back to, each with how many projects it has now."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key
from textual.widgets import Button, Static

from screens.confirm import ConfirmScreen
from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.widgets.frame import MessageLine
from screens.widgets.inputs import Labelled, TextField
from screens.widgets.record_rows import ShortList
from screens.widgets.record_table import Column, RecordTable
from services.errors import Invalid, ServiceError
from services.language import _, show_number
from services.projects import ProjectQuery, count_projects
from services.saved_views import NUMBERS, SavedView, SaveView, drop_view, list_views, save_view
from services.work import Actor

Words = Callable[[ProjectQuery | None], str]


@dataclass(frozen=True)
class Place:
    """One of the nine lines: the view under that number, None where there is none."""

    number: int
    view: SavedView | None

    @property
    def query(self) -> ProjectQuery | None:
        """The list it opens, None when it opens none."""
        return None if self.view is None else self.view.query


def _places(actor: Actor) -> Sequence[Place]:
    views = {view.number: view for view in list_views(actor=actor)}
    return [Place(number, views.get(number)) for number in NUMBERS]


class ViewsScreen(DeskScreen):
    """The user's views. `present` is the list one comes from, `opened` gets the query of the view that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("w", "keep", "Keep", "views.keep"),
        bind("d,delete", "remove", "Remove", "views.remove"),
    ]
    AUTO_FOCUS = "RecordTable"

    def __init__(
        self,
        present: ProjectQuery,
        *,
        in_words: Callable[[ProjectQuery], str],
        opened: Callable[[ProjectQuery], None],
    ) -> None:
        super().__init__()
        self._present, self._in_words, self._opened = present, in_words, opened
        self._counts: dict[ProjectQuery, str] = {}

    @property
    def table(self) -> RecordTable[Place]:
        """The nine places."""
        return self.query_one(RecordTable)

    def heading(self) -> str:
        return _("Saved views")

    def explanation(self) -> str:
        return _(
            "Lists of projects that you come back to: filters, order and years under a number and a name, for your "
            "login alone. A digit, or Enter, shows that list, as it is now. w keeps the list that you come from under "
            "the number at the cursor; d removes what is there. At the right stands how many projects each list has "
            "now. Esc goes back to your list as it was."
        )

    def body(self) -> ComposeResult:
        yield Static(id="present", markup=False)
        yield RecordTable(
            [
                Column("number", _("No."), lambda place: str(place.number), 3, align="right"),
                # at 60 columns the list in words still says something
                Column("name", _("Name"), _name, 30, short=(16, _name)),
                Column("query", _("List"), self._list, None),
                Column("count", _("Projects"), self._count, 9, align="right"),
            ],
            follow=self._follow,
        )

    def on_mount(self) -> None:
        super().on_mount()
        self.load()

    def on_screen_resume(self) -> None:
        """Back from a question, a form or logging in again: read what is there now."""
        if not self.table.busy:
            self.load()

    def load(self) -> None:
        """Read the views anew."""
        actor = self.app.acting
        self.table.show(ShortList(lambda: _places(actor)), cursor=self.table.cursor)

    # -- what the lines say --------------------------------------------------------------------------------------------

    def _words(self, query: ProjectQuery | None) -> str:
        """The list in words; None is a query that was kept and cannot be read any more."""
        return _("cannot be read any more") if query is None else self._in_words(query) or _("no filters")

    def _list(self, place: Place) -> str:
        return "" if place.view is None else self._words(place.query)

    def _count(self, place: Place) -> str:
        if place.view is None:
            return ""
        return "–" if place.query is None else self._counts.get(place.query, "…")

    def on_record_table_shown(self, event: RecordTable.Shown) -> None:
        """Say what can be kept, and count what is there."""
        places: Sequence[Place] = event.source.fetch(0, len(NUMBERS))
        present = _("The list you come from: %(list)s") % {"list": self._words(self._present)}
        if any(place.view for place in places):
            how = _("w keeps it under the number at the cursor.")
        else:
            how = _("Nothing kept yet: w keeps this list at the cursor.")
        self.query_one("#present", Static).update(Content(f"{present}\n{how}"), layout=False)
        self.run_worker(self._count_all(places), group="count", exclusive=True, description="count projects")

    async def _count_all(self, places: Sequence[Place]) -> None:
        """One after the other. Not by `ask`: keys need not wait for these answers."""
        actor = self.app.acting
        for place in places:
            if (query := place.query) is None:
                continue
            try:
                counts = await asyncio.to_thread(count_projects, query, actor=actor)
                shown = show_number(counts.shown)
            except Invalid:
                shown = "–"  # a filter that could be read when it was kept; the list says which
            except ServiceError as error:
                if self in self.app.screen_stack:
                    self.refused(error)
                return
            if self not in self.app.screen_stack:
                return
            self._counts[query] = shown
            self.table.refresh_texts()

    def _follow(self) -> None:
        """Below: name and list whole, where one of them is cut."""
        self.refresh_bindings()
        place, whole = self.table.current, ""
        if place is not None and place.view is not None:
            cells = {"name": place.view.name, "query": self._list(place)}
            if any(cell_len(text) > self.table.column_span(column)[1] for column, text in cells.items()):
                whole = ": ".join(cells.values())
        self.query_one(MessageLine).hint(whole, "")

    def on_record_table_failed(self, event: RecordTable.Failed) -> None:
        """Say what was wrong with the database or the session."""
        if not isinstance(event.error, ServiceError):
            raise event.error
        self.refused(event.error)

    # -- keys ----------------------------------------------------------------------------------------------------------

    def why_not(self, action: str) -> str:
        """Why the place at the cursor cannot be opened or removed."""
        place = self.table.current
        if place is None:
            return ""
        if place.view is None:
            return {
                "select": _("Nothing is kept under %(number)s yet: w keeps the list you come from there."),
                "remove": _("Nothing is kept under %(number)s: there is nothing to remove."),
            }.get(action, "") % {"number": place.number}
        if action == "select" and place.query is None:
            return _(
                "View %(number)s cannot be read any more: put another list in its place (w), or remove it (d)."
            ) % {"number": place.number}
        return ""

    def on_key(self, event: Key) -> None:
        """A digit opens at once."""
        if event.character and event.character in "123456789":
            event.stop()
            self.table.cursor = int(event.character) - 1
            self._open(self.table.current)

    def on_record_table_selected(self, event: RecordTable.Selected[Place]) -> None:
        """Enter opens the one under the cursor."""
        self._open(event.record)

    def _open(self, place: Place | None) -> None:
        """Go back to the list with that query, once: a second key may come before this screen is gone."""
        if reason := self.why_not("select"):
            self.say(reason, wrong=True)
        elif place is not None and place.query is not None and self.is_current:
            self.app.pop_screen()
            self._opened(place.query)

    def action_keep(self) -> None:
        """Ask under which name the list one comes from is kept."""
        if (place := self.table.current) is not None:
            self.say("")
            self.app.push_screen(KeepViewScreen(place, self._present, words=self._words, done=self.say))

    def action_remove(self) -> None:
        """Ask, then forget it."""
        place = self.table.current
        if reason := self.why_not("remove"):
            self.say(reason, wrong=True)
        elif place is not None and place.view is not None:
            view = place.view

            def answered(agreed: bool | None) -> None:
                if agreed:
                    self.run_worker(self._remove(view), description="remove view")

            self.say("")
            question = _("Remove view %(number)s, %(name)s?") % {"number": view.number, "name": view.name}
            self.app.push_screen(ConfirmScreen(question, yes=_("Remove"), no=_("Back")), answered)

    async def _remove(self, view: SavedView) -> None:
        actor = self.app.acting

        def drop() -> bool:
            drop_view(view, actor=actor)
            return True

        if await self.ask(drop):
            self.say(_("View %(number)s was removed.") % {"number": view.number})
        self.load()


def _name(place: Place) -> str:
    return "–" if place.view is None else place.view.name


class KeepViewScreen(DeskScreen):
    """Asks the name under which the list `present` is kept at `place`; `done` hears what to say once it is."""

    AUTO_FOCUS = "Input"

    def __init__(self, place: Place, present: ProjectQuery, *, words: Words, done: Callable[[str], None]) -> None:
        super().__init__()
        self._place, self._present, self._words, self._done = place, present, words, done
        self._former_name = "" if place.view is None else place.view.name
        self._sending = False

    def heading(self) -> str:
        return _("Keep this list as view %(number)s") % {"number": self._place.number}

    def explanation(self) -> str:
        return _(
            "Give the list a name of at most 40 characters; Enter keeps it. What stands under that number already is "
            "named here: this list takes its place. Esc goes back and leaves everything as it is."
        )

    def body(self) -> ComposeResult:
        present = _("The list you come from: %(list)s") % {"list": self._words(self._present)}
        yield Static(Content(present), classes="lead")
        if self._place.view is not None:
            former = _("This takes the place of view %(number)s, %(name)s: %(list)s") % {
                "number": self._place.number,
                "name": self._former_name,
                "list": self._words(self._place.query),
            }
            yield Static(Content(former), classes="lead")
        yield Labelled(_("Name"), TextField(self._former_name, id="name"))
        with Horizontal(classes="buttons"):
            yield Button(Content(_("Keep")), id="keep")

    def unsaved(self) -> bool:
        """Whether a name was typed and not kept."""
        return not self._sending and self.query_one(TextField).value != self._former_name

    def on_input_submitted(self) -> None:
        """Enter keeps it."""
        self._keep()

    def on_button_pressed(self) -> None:
        """Keep it."""
        self._keep()

    def _keep(self) -> None:
        """Send it, once."""
        if self.is_current and not self._sending:
            self._sending = True
            self.run_worker(self._send(self.query_one(TextField).value), description="keep view")

    async def _send(self, name: str) -> None:
        kept, actor = None, self.app.acting
        command = SaveView(number=self._place.number, name=name, query=self._present, replaces=self._place.view)
        try:
            kept = await self.ask(lambda: save_view(command, actor=actor))
        finally:
            self._sending = kept is not None
        if kept is not None and self.is_current:
            self.app.pop_screen()
            self._done(_("View %(number)s was kept: %(name)s.") % {"number": kept.number, "name": kept.name})

    def refused(self, error: ServiceError) -> None:
        """Mark the name when it does not do."""
        super().refused(error)
        self.query_one(TextField).set_class(isinstance(error, Invalid) and "name" in error.fields, "-invalid")
