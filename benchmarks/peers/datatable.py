"""The project list as Textual's own DataTable does it, all rows in the widget: `python datatable.py DATABASE LOGIN`."""

from rich.text import Text
from rows import HEADINGS, Cells
from textual.binding import Binding
from textual.widgets import DataTable

from screens import Peer, ProjectList


class ProjectTable(DataTable[Text]):
    """Textual's table with kmop-tui's keys for the first and the last row."""

    BINDINGS = [Binding("g", "scroll_top"), Binding("G", "scroll_bottom")]

    def add(self, rows: list[Cells]) -> None:
        """Add rows; a name is never markup."""
        self.add_rows([Text(cell) for cell in row] for row in rows)


class WithDataTable(ProjectList):
    """The list."""

    def table(self, rows: list[Cells]) -> ProjectTable:
        table = ProjectTable(id="projects", cursor_type="row")
        table.add_columns(*HEADINGS)
        table.add(rows)
        return table

    async def fill(self, rows: list[Cells]) -> None:
        self.query_one(ProjectTable).clear().add(rows)


if __name__ == "__main__":
    Peer(WithDataTable).run()
