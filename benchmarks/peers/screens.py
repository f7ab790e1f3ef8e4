"""A Textual program around a table: a first screen, `4` opens the list, `/` goes to a filter on the number.

Header, footer and whatever else kmop-tui draws around its list are left out, which is in these programs' favour.
"""

import sys
from pathlib import Path

from rows import Cells, rows_of
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static


class ProjectList(Screen[None]):
    """The filter above the table, which a peer makes in `fill`."""

    CSS = "Input, Input:focus { border: none; height: 1; }"
    BINDINGS = [("slash", "go_to('#filter')"), ("escape", "go_to('#projects')")]

    def __init__(self, database: Path, login: str) -> None:
        super().__init__()
        self.database = database
        self.login = login

    def compose(self) -> ComposeResult:
        yield Input(id="filter")
        yield self.table(rows_of(self.database, self.login))

    def on_mount(self) -> None:
        # a blinking cursor writes for ever, and the benchmark waits for rest
        self.query_one(Input).cursor_blink = False
        self.query_one("#projects").focus()

    async def on_input_changed(self, event: Input.Changed) -> None:
        await self.fill(rows_of(self.database, self.login, event.value))

    def table(self, rows: list[Cells]) -> Widget:
        """The table with all rows in it, its id `projects`."""
        raise NotImplementedError

    async def fill(self, rows: list[Cells]) -> None:
        """Put other rows into the table."""
        raise NotImplementedError

    def action_go_to(self, selector: str) -> None:
        """Go to the filter or to the table."""
        self.query_one(selector).focus()


class Peer(App[None]):
    """A first screen, and the list behind `4`."""

    BINDINGS = [("4", "open")]

    def __init__(self, screen: type[ProjectList]) -> None:
        super().__init__()
        self.list = screen

    def compose(self) -> ComposeResult:
        yield Static("4 Overzicht projecten")

    def action_open(self) -> None:
        """Open the list of DATABASE and LOGIN."""
        self.push_screen(self.list(Path(sys.argv[1]), sys.argv[2]))
