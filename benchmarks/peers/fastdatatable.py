"""The project list as textual-fastdatatable does it, out of Arrow: `python fastdatatable.py DATABASE LOGIN`."""

from rows import HEADINGS, Cells
from textual.binding import Binding
from textual_fastdatatable import ArrowBackend, DataTable

from screens import Peer, ProjectList


class ProjectTable(DataTable):
    """The table with kmop-tui's keys for the first and the last row."""

    BINDINGS = [Binding("g", "cursor_table_start"), Binding("G", "cursor_table_end")]


class WithFastDataTable(ProjectList):
    """The list."""

    def table(self, rows: list[Cells]) -> ProjectTable:
        columns = zip(*rows, strict=True) if rows else [()] * len(HEADINGS)
        backend = ArrowBackend.from_pydict({name: list(cells) for name, cells in zip(HEADINGS, columns, strict=True)})
        return ProjectTable(id="projects", cursor_type="row", render_markup=False, backend=backend)

    async def fill(self, rows: list[Cells]) -> None:
        # it takes no other rows: "Unmount this table and mount a new one instead"
        await self.query_one(ProjectTable).remove()
        await self.mount(self.table(rows))


if __name__ == "__main__":
    Peer(WithFastDataTable).run()
