"""A table that draws a window of rows out of any number: it never holds them all, and never waits for them."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size, clamp
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from screens.keys import bind
from screens.widgets.record_columns import Column, Layout
from screens.widgets.record_rows import DataSet, Source, blocks_around, read_blocks
from screens.widgets.safe_lines import safe_text

__all__ = ["Column", "RecordTable", "Source"]

MOST_LOADS = 2  # at once: a fast query overtakes one slow one, more would only pile up
WHEEL = 3  # rows that a turn of the mouse wheel moves

R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True)
class _Load(Generic[R]):
    """A data set that was asked for; `keep` leaves cursor and scroll position where they are when it comes."""

    source: Source[R]
    sort: tuple[str, bool] | None
    cursor: int
    keep: bool = False


class RecordTable(ScrollView, Generic[R], can_focus=True, inherit_bindings=False):
    """Rows of a `Source`, one a line below a header; `show` puts a data set in it.

    There is no scroll bar, so that all columns of the terminal hold text: the owner shows the position, from
    `Highlighted` and `count`. The cursor is marked without colour too (bold, or reversed under NO_COLOR).
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
        overflow: hidden;
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

    class _Message(Message):
        def __init__(self, table: "RecordTable[Any]") -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> "RecordTable[Any]":
            """The table it comes from, for `@on(..., "#id")`."""
            return self.table

    class Highlighted(_Message, Generic[T]):
        """The cursor is on row `index`; `record` is None while that row is on its way (a second message brings it)."""

        def __init__(self, table: "RecordTable[T]", index: int, record: T | None) -> None:
            super().__init__(table)
            self.index, self.record = index, record

    class Selected(_Message, Generic[T]):
        """Enter, or a second click, on row `index`."""

        def __init__(self, table: "RecordTable[T]", index: int, record: T) -> None:
            super().__init__(table)
            self.index, self.record = index, record

    class Shown(_Message):
        """The rows of `source`, `count` of them, have taken the place of the former ones."""

        def __init__(self, table: "RecordTable[Any]", count: int, source: Source[Any]) -> None:
            super().__init__(table)
            self.count, self.source = count, source

    class Failed(_Message):
        """A source raised `error`; the rows on the screen stay."""

        def __init__(self, table: "RecordTable[Any]", error: Exception) -> None:
            super().__init__(table)
            self.error = error

    class LaidOut(_Message):
        """Columns have another place or width: see `column_span`."""

    def __init__(self, columns: Sequence[Column[R]], *, empty_text: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._data: DataSet[R] | None = None
        self._cursor = 0
        self._asked: _Load[R] | None = None  # the newest; answers to any other are stale
        self._loading = False  # the newest has not been answered
        self._waiting = False  # nor has its reading begun: MOST_LOADS others are under way
        self._loads = 0  # threads at work on loads, stale ones too: a thread cannot be stopped
        self._reading = False  # blocks of the data set on the screen are on their way
        self._layout = Layout(self._columns, 0)
        self._told: dict[str, tuple[int, int]] = {}  # the column spans that the owner was told of last
        self.set_reactive(RecordTable.empty_text, empty_text)

    # -- what the owner asks and knows ---------------------------------------------------------------------------------

    def show(self, source: Source[R], *, cursor: int = 0, sort: tuple[str, bool] | None = None) -> None:
        """Read `source` in a thread and then show it at once; until then the former rows stay.

        `sort` is the key of the sorted column and whether it is descending. A cursor beyond the end goes to
        the last row.
        """
        self._ask(_Load(source, sort, max(0, cursor)))

    def refresh_rows(self) -> None:
        """Read the same source again; cursor and scroll position stay."""
        if self._data is not None and not self._loading:
            self._ask(_Load(self._data.source, self._data.sort, self._cursor, keep=True))
        elif self._asked is not None:
            self._ask(replace(self._asked))

    @property
    def cursor(self) -> int:
        """The index of the row under the cursor; can be set, and stops at the ends."""
        return self._cursor

    @cursor.setter
    def cursor(self, index: int) -> None:
        self._move(index, self.scroll_offset.y)

    @property
    def count(self) -> int | None:
        """How many rows the data set on the screen has; None before the first."""
        return None if self._data is None else self._data.count

    @property
    def current(self) -> R | None:
        """The row under the cursor, None when there is none or it is still on its way."""
        return None if self._data is None else self._data.row(self._cursor)

    @property
    def busy(self) -> bool:
        """Whether rows are being read. (Textual's own `loading` would lay a spinner over the rows.)"""
        return self._loading or self._reading

    def column_span(self, key: str) -> tuple[int, int]:
        """Where the column `key` begins and how wide it is, in cells; KeyError when there is no such column."""
        return self._layout.spans[key]

    # -- reading -------------------------------------------------------------------------------------------------------

    def _in_thread(self, work: Callable[[], T], take: Callable[[T | Exception], None]) -> None:
        """Do `work` in a thread and hand what it returns or raises to `take`, back in the event loop."""

        def body() -> None:
            answer: T | Exception
            try:
                answer = work()
            except Exception as error:  # noqa: BLE001 -- whatever it is, the owner is told
                answer = error
            self.call_later(take, answer)

        self.run_worker(body, thread=True, exit_on_error=False, group="record-table", description="read rows")

    def _ask(self, load: _Load[R]) -> None:
        self._asked, self._loading = load, True
        self._waiting = self._loads >= MOST_LOADS
        if not self._waiting:
            self._start_load(load)

    def _start_load(self, load: _Load[R]) -> None:
        rows = max(self._rows, 25)  # before the first layout the height is not known

        def work() -> DataSet[R]:
            count = load.source.count()
            cursor = clamp(load.cursor, 0, max(0, count - 1))
            return DataSet(load.source, load.sort, count, read_blocks(load.source, blocks_around(cursor, rows, count)))

        self._loads += 1
        self._in_thread(work, partial(self._take_load, load))

    def _take_load(self, load: _Load[R], answer: DataSet[R] | Exception) -> None:
        self._loads -= 1
        if self._waiting and self._asked is not None:
            self._waiting = False
            self._start_load(self._asked)
        if load is not self._asked:
            return
        self._loading = False
        if isinstance(answer, Exception):
            self.post_message(self.Failed(self, answer))
            self._read_ahead()
            return
        self._data = answer
        self._cursor = clamp(self._cursor if load.keep else load.cursor, 0, max(0, answer.count - 1))
        # Not through the reactive: that would lay out the whole screen for a height which only scrolling looks at.
        self.set_reactive(RecordTable.virtual_size, Size(0, answer.count + 1))
        self._scroll(self.scroll_offset.y if load.keep else self._cursor - self._rows // 2)
        self.refresh()
        self.post_message(self.Shown(self, answer.count, answer.source))
        self._highlight()
        self._read_ahead()

    def _read_ahead(self) -> None:
        """Ask for what is missing round the cursor; one request at a time, the next from where the cursor is then."""
        data = self._data
        if data is None or self.busy:
            return
        if numbers := data.missing(blocks_around(self._cursor, self._rows, data.count)):
            self._reading = True
            self._in_thread(partial(read_blocks, data.source, numbers), partial(self._take_blocks, data))

    def _take_blocks(self, data: DataSet[R], answer: dict[int, Sequence[R]] | Exception) -> None:
        self._reading = False
        if data is not self._data:
            self._read_ahead()
            return
        if isinstance(answer, Exception):  # not asked again before the cursor moves
            self.post_message(self.Failed(self, answer))
            return
        top = self.scroll_offset.y
        waiting = [index for index in range(top, top + self._rows) if data.row(index) is None]
        arrived = self.current is None
        data.add(answer, blocks_around(self._cursor, self._rows, data.count))
        for index in waiting:  # none when the rows were read ahead: then there is nothing to paint
            if data.row(index) is not None:
                self.refresh(Region(0, index - top + 1, self.size.width, 1))
        if arrived and self.current is not None:
            self._highlight()
        self._read_ahead()

    # -- moving --------------------------------------------------------------------------------------------------------

    @property
    def _rows(self) -> int:
        """How many rows fit below the header."""
        return max(0, self.size.height - 1)

    def _scroll(self, top: int) -> None:
        """Put row `top` first, or the nearest that keeps the cursor in view; Textual stops it at the ends."""
        rows = max(1, self._rows)
        self.scroll_to(y=clamp(top, self._cursor - rows + 1, self._cursor), animate=False, force=True)

    def _move(self, index: int, top: int) -> None:
        """Put the cursor on `index`; only the two lines concerned are painted unless the rows must scroll."""
        index = clamp(index, 0, max(0, (self.count or 0) - 1))
        if index == self._cursor:
            return
        old, self._cursor = self._cursor, index
        before = self.scroll_offset.y
        self._scroll(top)
        if self.scroll_offset.y == before:
            for line in (old, index):
                self.refresh(Region(0, line - before + 1, self.size.width, 1))
        self._highlight()
        self._read_ahead()

    def _highlight(self) -> None:
        self.post_message(self.Highlighted(self, self._cursor, self.current))

    def action_move(self, step: int) -> None:
        """The cursor `step` rows down."""
        self.cursor += step

    def action_page(self, step: int) -> None:
        """The cursor and the rows `step` screens down; the cursor stays on its line of the screen."""
        move = step * max(1, self._rows)
        self._move(self._cursor + move, self.scroll_offset.y + move)

    def action_first(self) -> None:
        """To the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """To the last row, however far."""
        self.cursor = (self.count or 1) - 1

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if (record := self.current) is not None:
            self.post_message(self.Selected(self, self._cursor, record))

    def on_click(self, event: events.Click) -> None:
        """A click puts the cursor there, one on the cursor opens."""
        place = event.get_content_offset(self)
        if place is None or place.y == 0 or (index := self.scroll_offset.y + place.y - 1) >= (self.count or 0):
            return
        if index == self._cursor:
            self.action_select()
        self.cursor = index

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop().prevent_default()
        self._move(self._cursor + WHEEL, self.scroll_offset.y + WHEEL)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop().prevent_default()
        self._move(self._cursor - WHEEL, self.scroll_offset.y - WHEEL)

    # -- drawing -------------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Columns follow the width; the cursor stays in view."""
        self._arrange()
        if self._layout.spans != self._told:
            self._told = self._layout.spans
            self.post_message(self.LaidOut(self))
        self._scroll(self.scroll_offset.y)
        self._read_ahead()

    def _arrange(self) -> None:
        """Lay the columns out for the present width; when drawing too, for a frame can come before its resize event."""
        if self.size.width != self._layout.total:
            self._layout = Layout(self._columns, self.size.width)

    def _line(self, index: int) -> tuple[str, str]:
        """The text of a row and the component class it is drawn with."""
        if self._data is None:
            return "", "row"
        if not self._data.count:
            lines = textwrap.wrap(safe_text(self.empty_text), max(1, self.size.width))
            return (lines[index] if index < len(lines) else ""), "row"
        if index >= self._data.count:
            return "", "row"
        row = self._data.row(index)
        text = "…" if row is None else self._layout.line(row)
        return text, "cursor" if index == self._cursor else "waiting" if row is None else "row"

    def render_line(self, y: int) -> Strip:
        """One line in one style: that is what keeps a page below three kilobytes."""
        self._arrange()
        if y == 0:
            text, name = self._layout.header(self._data.sort if self._data is not None else None), "header"
        else:
            text, name = self._line(self.scroll_offset.y + y - 1)
        style = self.get_component_rich_style(f"record-table--{name}")
        return Strip([Segment(set_cell_size(text, self.size.width), style)], self.size.width)
