"""A table that draws a window of rows out of any number: it never holds them all, and never waits for them."""

import textwrap
from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.reactive import reactive
from textual.strip import Strip

from screens.keys import bind
from screens.widgets.record_columns import Column, Layout
from screens.widgets.record_reading import ReadingTable, TableMessage
from screens.widgets.record_rows import Source
from screens.widgets.safe_lines import safe_text

__all__ = ["Column", "RecordTable", "Source"]

WHEEL = 3  # rows that a turn of the mouse wheel moves

R = TypeVar("R")
T = TypeVar("T")


class RecordTable(ReadingTable[R], can_focus=True):
    """Rows of a `Source`, one a line below a header; `show` puts a data set in it.

    The rows come first; how many there are is asked afterwards, and until it is known the cursor moves among the rows
    that were seen to exist. There is no scroll bar, so that all columns of the terminal hold text: the owner shows the
    position, from `cursor` and `count`. The cursor is marked without colour too (bold, or reversed under NO_COLOR).
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record-table--header",
        "record-table--row",
        "record-table--cursor",
        "record-table--waiting",
    }
    DEFAULT_CSS = """
    RecordTable {
        height: 1fr;
        background: $background;
        color: $foreground;

        & > .record-table--header { background: $panel; color: $foreground; text-style: bold; }
        & > .record-table--row { background: $background; color: $foreground; }
        & > .record-table--waiting { background: $background; color: $text-muted; }
        & > .record-table--cursor {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: bold;
        }
        &:focus > .record-table--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: bold;
        }
        &:nocolor > .record-table--cursor { text-style: underline; }
        &:nocolor:focus > .record-table--cursor {
            background: $background;
            color: $foreground;
            text-style: bold reverse;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up,k", "move(-1)", "Up", "table.up", show=False),
        bind("down,j", "move(1)", "Down", "table.down", show=False),
        bind("pageup", "page(-1)", "Page up", "table.page_up", show=False),
        bind("pagedown", "page(1)", "Page down", "table.page_down", show=False),
        bind("home,g", "first", "First", "table.first", show=False),
        bind("end,G", "last", "Last", "table.last", show=False),
        bind("enter", "select", "Open", "table.open"),
    ]

    empty_text: reactive[str] = reactive("")
    """What is said, over as many lines as it takes, when a data set has no rows."""

    class Selected(TableMessage, Generic[T]):
        """Enter, or a second click, on row `index`."""

        def __init__(self, table: "RecordTable[T]", index: int, record: T) -> None:
            super().__init__(table)
            self.index, self.record = index, record

    class LaidOut(TableMessage):
        """Columns have another place or width: see `column_span`."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        *,
        empty_text: str = "",
        follow: Callable[[], None] = lambda: None,
        marked: Callable[[R], bool] = lambda row: False,
        id: str | None = None,
    ) -> None:
        """`follow` is called in the same frame whenever `current`, `cursor` or `count` has changed."""
        super().__init__(follow, id)
        self._columns, self._marked = tuple(columns), marked
        self._layout = Layout(self._columns, 0)
        self._told: dict[str, tuple[int, int]] = {}  # the column spans that the owner was told of last
        self.set_reactive(RecordTable.empty_text, empty_text)

    # -- what the owner asks and knows ---------------------------------------------------------------------------------

    def refresh_texts(self) -> None:
        """Ask anew what the rows say, and which of them are marked."""
        if self._data is not None:
            self._data.texts.clear()
        self.refresh()

    def column_span(self, key: str) -> tuple[int, int]:
        """Where the column `key` begins and how wide it is, in cells; KeyError when there is no such column."""
        return self._layout.spans[key]

    # -- keys and mouse ------------------------------------------------------------------------------------------------

    def on_key(self) -> None:
        """A key that comes before the jump to the last row calls it off; what the key does itself comes after this."""
        self._jumping = False

    def action_move(self, step: int) -> None:
        """The cursor `step` rows down."""
        self.cursor += step

    def action_page(self, step: int) -> None:
        """The cursor and the rows `step` screens down; the cursor stays on its line of the screen."""
        move = step * max(1, self._rows)
        self._move(self._cursor + move, self._top + move)

    def action_first(self) -> None:
        """To the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """To the last row, however far; while nobody knows how far, as soon as that is known."""
        if self._data is None:
            return
        self._jumping = True
        if self._data.count is None and self._data not in (self._counting, self._uncounted):  # it failed
            self._count(self._data)
        self._go_on()

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if (record := self.current) is not None:
            self.post_message(self.Selected(self, self._cursor, record))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, one on the cursor opens."""
        place = event.get_content_offset(self)
        index = -1 if place is None else self._top + place.y - 1
        if self._data is None or not self._top <= index < self._data.reach:
            return
        if index == self._cursor:
            self.action_select()
        self.cursor = index

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop().prevent_default()
        self._move(self._cursor + WHEEL, self._top + WHEEL)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop().prevent_default()
        self._move(self._cursor - WHEEL, self._top - WHEEL)

    # -- drawing -------------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Columns follow the width; the cursor stays in view."""
        self._arrange()
        if self._layout.spans != self._told:
            self._told = self._layout.spans
            self.post_message(self.LaidOut(self))
        if self._scroll(self._top):
            self.refresh()
        self._go_on()

    def _arrange(self) -> None:
        """Lay the columns out for the present width; when drawing too, for a frame can come before its resize event."""
        if self.size.width != self._layout.total:
            self._layout = Layout(self._columns, self.size.width)
            if self._data is not None:
                self._data.texts.clear()

    def _line(self, index: int) -> tuple[str, str]:
        """The text of a row and the component class it is drawn with."""
        if self._data is None:
            return "", "row"
        if not self._data.reach:
            lines = textwrap.wrap(safe_text(self.empty_text), max(1, self.size.width))
            return (lines[index] if index < len(lines) else ""), "row"
        if index >= self._data.reach:
            return "", "row"
        row, texts = self._data.row(index), self._data.texts
        if row is not None and index not in texts:
            texts[index] = self._layout.line(row, marked=self._marked(row))
        name = "cursor" if index == self._cursor else "waiting" if row is None else "row"
        return ("…" if row is None else texts[index]), name

    def render_line(self, y: int) -> Strip:
        """One line in one style: that is what keeps a page below three kilobytes."""
        self._arrange()
        if y == 0:
            text, name = self._layout.header(self._data.sort if self._data is not None else None), "header"
        else:
            text, name = self._line(self._top + y - 1)
        style = self.get_component_rich_style(f"record-table--{name}")
        return Strip([Segment(set_cell_size(text, self.size.width), style)], self.size.width)
