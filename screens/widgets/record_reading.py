"""How a table gets its rows and their number: asked for in threads, answered in any order, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from textual.geometry import Region, clamp
from textual.message import Message
from textual.widget import Widget

from screens.widgets.record_rows import DataSet, Source, blocks_around, read_blocks

MOST_LOADS = 2  # at once: a fast query overtakes one slow one, more would only pile up

R = TypeVar("R")
T = TypeVar("T")


@dataclass(frozen=True)
class _Load(Generic[R]):
    """A data set that was asked for; `keep` leaves cursor and scroll position where they are when it comes."""

    source: Source[R]
    sort: tuple[str, bool] | None
    cursor: int
    keep: bool = False
    count: int | None = None  # when it had to be known beforehand


class TableMessage(Message):
    """What the owner of a table hears."""

    def __init__(self, table: "ReadingTable[Any]") -> None:
        super().__init__()
        self.table = table

    @property
    def control(self) -> "ReadingTable[Any]":
        """The table it comes from, for `@on(..., "#id")`."""
        return self.table


class ReadingTable(Widget, Generic[R]):
    """The half of a table without keys and without a look: the rows it has, the ones on their way, and the cursor."""

    class Shown(TableMessage, namespace="record_table"):
        """The rows of `source` have taken the place of the former ones."""

        def __init__(self, table: "ReadingTable[Any]", source: Source[Any]) -> None:
            super().__init__(table)
            self.source = source

    class Counted(TableMessage, namespace="record_table"):
        """The source of the rows on the screen says that there are `count` of them."""

        def __init__(self, table: "ReadingTable[Any]", count: int, source: Source[Any]) -> None:
            super().__init__(table)
            self.count, self.source = count, source

    class Failed(TableMessage, namespace="record_table"):
        """A source raised `error`; the rows on the screen stay."""

        def __init__(self, table: "ReadingTable[Any]", error: Exception) -> None:
            super().__init__(table)
            self.error = error

    def __init__(self, follow: Callable[[], None], id: str | None) -> None:
        super().__init__(id=id)
        self._follow = follow
        self._data: DataSet[R] | None = None
        self._cursor = 0
        self._top = 0  # the first row in view
        self._asked: _Load[R] | None = None  # the newest; answers to any other are stale
        self._lost: DataSet[R] | None = None  # the newest, when only its count can tell where its cursor goes
        self._loading = False  # the newest has not been answered
        self._waiting = False  # nor has its reading begun: MOST_LOADS others are under way
        self._loads = 0  # threads at work on loads, stale ones too: a thread cannot be stopped
        self._reading = False  # blocks of the data set on the screen are on their way
        self._counting: DataSet[R] | None = None  # whose count is under way: one at a time
        self._uncounted: DataSet[R] | None = None  # whose count comes next
        self._jumping = False  # to the last row, once the count tells which one that is

    # -- what the owner asks and knows ---------------------------------------------------------------------------------

    def show(self, source: Source[R], *, cursor: int = 0, sort: tuple[str, bool] | None = None) -> None:
        """Read `source` in a thread and then show it at once; until then the former rows stay.

        `sort` is the key of the sorted column and whether it is descending. A cursor beyond the end goes to
        the last row.
        """
        self._jumping = False
        self._ask(_Load(source, sort, max(0, cursor)))

    def refresh_rows(self) -> None:
        """Read the same source again; cursor and scroll position stay."""
        if self._data is not None and not self._loading:
            self._ask(_Load(self._data.source, self._data.sort, self._cursor, keep=True))
        elif self._asked is not None:
            self._ask(replace(self._asked, count=None))

    @property
    def cursor(self) -> int:
        """The index of the row under the cursor; can be set, and stops at the ends."""
        return self._cursor

    @cursor.setter
    def cursor(self, index: int) -> None:
        self._move(index, self._top)

    @property
    def count(self) -> int | None:
        """How many rows the data set on the screen has; None as long as that is not known."""
        return None if self._data is None else self._data.count

    @property
    def current(self) -> R | None:
        """The row under the cursor, None when there is none or it is still on its way."""
        return None if self._data is None else self._data.row(self._cursor)

    @property
    def busy(self) -> bool:
        """Whether rows are being read. (Textual's own `loading` would lay a spinner over the rows.)"""
        return self._loading or self._reading

    @property
    def bare(self) -> bool:
        """Whether the first rows are on their way: there is nothing yet that a key could be meant for."""
        return self._loading and self._data is None

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
        self._asked, self._loading, self._lost = load, True, None
        self._waiting = self._loads >= MOST_LOADS
        if not self._waiting:
            self._start_load(load)

    def _start_load(self, load: _Load[R]) -> None:
        rows = max(self._rows, 25)  # before the first layout the height is not known
        numbers = blocks_around(load.cursor, rows, load.count)

        def work() -> DataSet[R]:
            data = DataSet(load.source, load.sort, load.count)
            data.add(numbers, read_blocks(load.source, numbers), numbers)
            return data

        self._loads += 1
        self._in_thread(work, partial(self._take_load, load))

    def _take_load(self, load: _Load[R], answer: DataSet[R] | Exception) -> None:
        self._loads -= 1
        if self._waiting and self._asked is not None:
            self._waiting = False
            self._start_load(self._asked)
        if load is not self._asked:
            return
        if isinstance(answer, Exception):
            self._fail(answer)
            return
        wanted = self._cursor if load.keep else load.cursor
        if answer.count is None and wanted >= answer.reach:
            self._lost = answer
            self._count(answer)
            return
        self._loading = False
        self._data = answer
        self._cursor = clamp(wanted, 0, max(0, answer.reach - 1))
        self._scroll(self._top if load.keep else self._cursor - self._rows // 2)
        self.refresh()
        self.post_message(self.Shown(self, answer.source))
        self._follow()
        if load.count is None:
            self._count(answer)
        else:
            self.post_message(self.Counted(self, load.count, answer.source))
        self._go_on()

    def _fail(self, error: Exception) -> None:
        """What was asked for last does not come."""
        self._loading = False
        self.post_message(self.Failed(self, error))
        self._go_on()

    def _count(self, data: DataSet[R]) -> None:
        """Ask how many rows there are; while another count is under way this one waits, unless a newer one comes."""
        if self._counting is not None:
            self._uncounted = data
            return
        self._counting = data
        self._in_thread(data.source.count, self._take_count)

    def _take_count(self, answer: int | Exception) -> None:
        data, self._counting = self._counting, None
        newest, self._uncounted = self._uncounted, None
        if newest is not None:
            self._count(newest)
        if data is self._lost and self._asked is not None:
            if isinstance(answer, Exception):
                self._fail(answer)
            else:
                wanted = self._cursor if self._asked.keep else self._asked.cursor
                self._ask(replace(self._asked, cursor=clamp(wanted, 0, max(0, answer - 1)), count=answer))
        elif data is self._data and data is not None:
            if isinstance(answer, Exception):
                self._jumping = False
                self.post_message(self.Failed(self, answer))
            else:
                self._set_count(data, answer)

    def _set_count(self, data: DataSet[R], count: int) -> None:
        former, data.count = data.reach, count
        self.post_message(self.Counted(self, count, data.source))
        if former != count and min(former, count) < self._top + self._rows:
            self._scroll(self._top)
            self.refresh()
        if self._cursor and self._cursor >= count:
            self.cursor = count - 1
        else:
            self._follow()
        self._go_on()

    def _go_on(self) -> None:
        """Jump to the last row, if that was asked and it is known; read what is missing round the cursor.

        One request at a time, the next from where the cursor is then.
        """
        data = self._data
        if self._jumping and data is not None and data.count is not None:
            self._jumping = False
            self.cursor = data.count - 1
        if data is None or self.busy:
            return
        if numbers := data.missing(blocks_around(self._cursor, self._rows, data.count)):
            self._reading = True
            self._in_thread(partial(read_blocks, data.source, numbers), partial(self._take_blocks, data, numbers))

    def _take_blocks(self, data: DataSet[R], numbers: range, answer: Sequence[R] | Exception) -> None:
        self._reading = False
        if data is not self._data:
            self._go_on()
            return
        if isinstance(answer, Exception):  # not asked again before the cursor moves
            self.post_message(self.Failed(self, answer))
            return
        waiting = [index for index in range(self._top, self._top + self._rows) if data.row(index) is None]
        arrived, counted = self.current is None, data.count is not None
        data.add(numbers, answer, blocks_around(self._cursor, self._rows, data.count))
        for index in waiting:  # none when the rows were read ahead: then there is nothing to paint
            if data.row(index) is not None:
                self._refresh_row(index)
        if (arrived and self.current is not None) or counted != (data.count is not None):
            self._follow()
        self._go_on()

    # -- moving --------------------------------------------------------------------------------------------------------

    @property
    def _rows(self) -> int:
        """How many rows fit below the header."""
        return max(0, self.size.height - 1)

    def _scroll(self, top: int) -> bool:
        """Put row `top` first, or the nearest that fills the screen with the cursor in view; whether it is another."""
        rows, former = max(1, self._rows), self._top
        last = max(0, (0 if self._data is None else self._data.reach) - rows)
        self._top = clamp(clamp(top, self._cursor - rows + 1, self._cursor), 0, last)
        return self._top != former

    def _move(self, index: int, top: int) -> None:
        """Put the cursor on `index`; only the two lines concerned are painted unless the rows must scroll."""
        index = clamp(index, 0, max(0, (0 if self._data is None else self._data.reach) - 1))
        if index == self._cursor:
            return
        old, self._cursor = self._cursor, index
        if self._scroll(top):
            self.refresh()
        else:
            self._refresh_row(old)
            self._refresh_row(index)
        self._follow()
        self._go_on()

    def _refresh_row(self, index: int) -> None:
        self.refresh(Region(0, index - self._top + 1, self.size.width, 1))
