"""The project list as Textual's own DataTable does it: the same rows, columns and keys, all rows in the widget.

`python datatable.py DATABASE LOGIN` opens a first screen; `4` opens the list, `/` goes to a filter on the number.
Header, footer and whatever else kmop-tui draws around its list are left out, which is in this program's favour.
"""

import sqlite3
import sys
from pathlib import Path

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import DataTable, Input, Static

# What the list of kmop-tui shows at first: the organisation's projects of two calendar years (the demo's clock says
# 2016), newest first.
ROWS = """
    SELECT project.number, enterprise.name, project.applied_on, project.amount_cents, project.service, project.status
    FROM project
    JOIN enterprise ON enterprise.id = project.enterprise_id
    JOIN account ON account.provider_id = project.headquarters_id
    WHERE account.login = ? AND project.applied_on >= '2015-01-01' AND project.number LIKE '%' || ? || '%'
    ORDER BY project.applied_on DESC, project.number DESC
"""
HEADINGS = ("Projectnr", "Onderneming", "Aanvraag", "Bedrag", "Dienst", "Status")
SERVICES = {"O": "Opleiding", "A": "Advies"}

Row = tuple[str, str, str, int, str, str]


def rows_of(database: Path, login: str, number: str = "") -> list[Row]:
    """The projects of the organisation with that login whose number contains `number`, in the order of the list."""
    connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(ROWS, (login, number)).fetchall()
    finally:
        connection.close()


def cells_of(row: Row) -> tuple[str | Text, ...]:
    """The row as it is shown; a name is never markup."""
    number, name, applied_on, cents, service, status = row
    euros = f"{cents // 100:,}".replace(",", ".")
    applied = "/".join(reversed(applied_on.split("-")))
    return number, Text(name), applied, f"€ {euros},{cents % 100:02}", SERVICES[service], status


class ProjectList(Screen[None]):
    """The filter above the table."""

    CSS = "Input, Input:focus { border: none; height: 1; }"
    BINDINGS = [("slash", "go_to('#filter')"), ("escape", "go_to('#projects')")]

    def __init__(self, database: Path, login: str) -> None:
        super().__init__()
        self.database = database
        self.login = login

    def compose(self) -> ComposeResult:
        yield Input(id="filter")
        yield ProjectTable(id="projects", cursor_type="row")

    def on_mount(self) -> None:
        # a blinking cursor writes for ever, and the benchmark waits for rest
        self.query_one(Input).cursor_blink = False
        table = self.query_one(ProjectTable)
        table.add_columns(*HEADINGS)
        self.fill()
        table.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        self.query_one(ProjectTable).clear()
        self.fill(event.value)

    def fill(self, number: str = "") -> None:
        """Put the rows into the table, all of them, as the widget wants it."""
        self.query_one(ProjectTable).add_rows(map(cells_of, rows_of(self.database, self.login, number)))

    def action_go_to(self, selector: str) -> None:
        """Go to the filter or to the table."""
        self.query_one(selector).focus()


class ProjectTable(DataTable[str | Text]):
    """Textual's table with kmop-tui's keys for the first and the last row."""

    BINDINGS = [Binding("g", "scroll_top"), Binding("G", "scroll_bottom")]


class Peer(App[None]):
    """A first screen, and the list behind `4`."""

    BINDINGS = [("4", "open")]

    def __init__(self, database: Path, login: str) -> None:
        super().__init__()
        self.database = database
        self.login = login

    def compose(self) -> ComposeResult:
        yield Static("4 Overzicht projecten")

    def action_open(self) -> None:
        """Open the list."""
        self.push_screen(ProjectList(self.database, self.login))


if __name__ == "__main__":
    Peer(Path(sys.argv[1]), sys.argv[2]).run()
