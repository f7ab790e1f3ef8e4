"""The table that never holds all rows: what it draws, how little it asks for, what it does with late or bad answers."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.geometry import Region

from screens.widgets.record_columns import fit
from screens.widgets.record_rows import BLOCK, MOST_BLOCKS
from screens.widgets.record_table import Column, RecordTable

SMALL, LARGE = (80, 24), (132, 43)
MILLION = 1_000_000


@dataclass
class Numbers:
    """Rows `name 0`, `name 1`, ...; waits for `gate`, raises `error`, and remembers what it was asked."""

    name: str
    total: int
    gate: threading.Event | None = None
    error: Exception | None = None
    asked: list[tuple[int, int]] = field(default_factory=list)
    at_work: int = 0
    most_at_work: int = 0
    count_gate: threading.Event | None = None
    count_error: Exception | None = None
    counted: int = 0

    def count(self) -> int:
        self.counted += 1
        if self.count_gate is not None:
            self.count_gate.wait(10)
        if self.count_error is not None:
            raise self.count_error
        return self.total

    def fetch(self, offset: int, limit: int) -> Sequence[str]:
        self.asked.append((offset, limit))
        self.at_work += 1
        self.most_at_work = max(self.at_work, self.most_at_work)
        if self.gate is not None:
            self.gate.wait(10)
        self.at_work -= 1
        if self.error is not None:
            raise self.error
        return [f"{self.name} {index}" for index in range(offset, min(self.total, offset + limit))]


COLUMNS: list[Column[str]] = [
    Column("number", "Number", lambda row: row.rpartition(" ")[2], 8, align="right"),
    Column("name", "Name", lambda row: row, None),
    Column("status", "Status", lambda row: "Waiting for money", 40, short=(10, lambda row: "Waiting")),
]


class TableApp(App[None]):
    """One table, and the messages that came from it."""

    def __init__(self, columns: Sequence[Column[Any]] = COLUMNS) -> None:
        super().__init__()
        self.columns = columns
        self.heard: list[Any] = []
        self.followed: list[tuple[int, str | None, int | None]] = []
        self.marks: set[str] = set()

    def compose(self) -> ComposeResult:
        empty_text = "Nothing matches these filters. Press x to clear them."
        yield RecordTable(
            self.columns, empty_text=empty_text, follow=self._follow, marked=lambda row: row in self.marks
        )

    def _follow(self) -> None:
        self.followed.append((self.table.cursor, self.table.current, self.table.count))

    @property
    def table(self) -> RecordTable[str]:
        return self.query_one(RecordTable)

    def on_mount(self) -> None:
        self.table.focus()

    def lines(self) -> list[str]:
        """What is painted: from the cache where the table has not asked for a line to be drawn again."""
        return [strip.text.rstrip() for strip in self.table.render_lines(self.table.size.region)]

    def told(self, kind: type) -> list[Any]:
        return [message for message in self.heard if isinstance(message, kind)]

    def on_record_table_selected(self, event: RecordTable.Selected[str]) -> None:
        self.heard.append(event)

    def on_record_table_shown(self, event: RecordTable.Shown) -> None:
        self.heard.append(event)

    def on_record_table_counted(self, event: RecordTable.Counted) -> None:
        self.heard.append(event)

    def on_record_table_failed(self, event: RecordTable.Failed) -> None:
        self.heard.append(event)

    def on_record_table_laid_out(self, event: RecordTable.LaidOut) -> None:
        self.heard.append(event)


async def until(condition: Callable[[], object]) -> None:
    """Wait for what a worker thread brings about."""
    for _time in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("it has not come about in five seconds")


async def show(app: TableApp, source: Numbers, **options: Any) -> None:
    """Show `source` and wait for its rows, and for their number where they came."""
    app.table.show(source, **options)
    await until(lambda: not app.table.busy and (source.error or source.counted))
    await until(lambda: app.table._counting is None)


@contextmanager
def painted(table: RecordTable[str]) -> Iterator[list[Region]]:
    """The regions that the table asks to be painted; everything counts as one region of its size."""
    regions: list[Region] = []
    refresh = table.refresh

    def spy(*asked: Region, **options: Any) -> Any:
        regions.extend(asked or [table.size.region])
        return refresh(*asked, **options)

    table.refresh = spy  # type: ignore[method-assign]
    yield regions
    del table.refresh  # type: ignore[method-assign]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_rows_fill_the_screen_below_a_header_with_the_sort_mark(size: tuple[int, int]) -> None:
    app = TableApp()
    async with app.run_test(size=size):
        await show(app, Numbers("a", MILLION), sort=("name", True))
        lines = app.lines()
        assert len(lines) == size[1]
        name = size[0] - 8 - 40 - 2
        assert lines[0] == f"  Number {'Name▼':{name}} Status"
        assert lines[1] == f"       0 {'a 0':{name}} Waiting for money"
        assert lines[-1].split()[0] == str(size[1] - 2)
        assert app.table.column_span("status") == (size[0] - 40, 40)
        assert (app.table.count, app.table.cursor, app.table.current) == (MILLION, 0, "a 0")


async def test_the_mark_points_up_when_ascending_and_is_never_cut_away() -> None:
    app = TableApp([Column("k", "A long title", str, 6), Column("r", "Right", str, 9, align="right")])
    async with app.run_test(size=SMALL):
        await show(app, Numbers("a", 3), sort=("k", False))
        assert app.lines()[0] == "A lo…▲     Right"
        await show(app, Numbers("a", 3), sort=("r", False))
        assert app.lines()[0] == "A lon…    Right▲"


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_keys_move_the_cursor_and_keep_it_in_view(size: tuple[int, int]) -> None:
    app = TableApp()
    rows = size[1] - 1
    steps = [
        ("down", 1), ("j", 2), ("k", 1), ("up", 0), ("up", 0), ("pagedown", rows), ("pagedown", 2 * rows),
        ("pageup", rows), ("G", 4999), ("down", 4999), ("pageup", 4999 - rows), ("g", 0), ("end", 4999), ("home", 0),
    ]  # fmt: skip
    async with app.run_test(size=size) as pilot:
        await show(app, Numbers("a", 5000))
        for key, cursor in steps:
            await pilot.press(key)
            await until(lambda: not app.table.busy)
            assert app.table.cursor == cursor, key
            assert app.table.current == f"a {cursor}"
            assert sum(line.split()[0] == str(cursor) for line in app.lines()[1:]) == 1, key
        assert [cursor for cursor, _same in groupby(app.followed, key=itemgetter(0))][:4] == [0, 1, 2, 1]
        app.table.cursor = 5
        await pilot.press("pagedown")
        assert app.lines()[6].split()[0] == str(5 + rows), "the cursor stays on its line of the screen"


async def test_the_cursor_line_alone_has_the_cursor_style() -> None:
    app = TableApp()
    async with app.run_test(size=SMALL) as pilot:
        await show(app, Numbers("a", 50))
        await pilot.press("down", "down")
        styles = [next(iter(app.table.render_line(y))).style for y in range(24)]
        assert styles.count(styles[3]) == 1
        assert styles[3] is not None
        assert styles[3].bold
        focused = styles[3].bgcolor
        app.set_focus(None)
        await pilot.pause()
        calm = next(iter(app.table.render_line(3))).style
        assert calm is not None
        assert calm.bgcolor not in (focused, styles[4].bgcolor if styles[4] else None)


async def test_without_colour_the_cursor_line_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = TableApp()
    async with app.run_test(size=SMALL):
        await show(app, Numbers("a", 50))
        styles = [next(iter(app.table.render_line(y))).style for y in (1, 2)]
        assert [bool(style and style.reverse) for style in styles] == [True, False]


async def test_enter_and_a_second_click_open() -> None:
    app = TableApp()
    async with app.run_test(size=SMALL) as pilot:
        await show(app, Numbers("a", 50))
        await pilot.press("down", "enter")
        await pilot.click(RecordTable, offset=(5, 6))
        assert [(event.index, event.record) for event in app.told(RecordTable.Selected)] == [(1, "a 1")]
        assert app.table.cursor == 5
        await pilot.click(RecordTable, offset=(5, 0))
        await pilot.click(RecordTable, offset=(5, 6))
        assert [event.record for event in app.told(RecordTable.Selected)] == ["a 1", "a 5"]


async def test_the_wheel_takes_the_cursor_along() -> None:
    app = TableApp()
    async with app.run_test(size=SMALL) as pilot:
        await show(app, Numbers("a", 50))
        await pilot._post_mouse_events([MouseScrollDown], RecordTable)
        assert app.lines()[1].split()[0] == "3"
        assert app.table.cursor == 3


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_of_a_million_rows_only_windows_are_read_and_few_are_kept(size: tuple[int, int]) -> None:
    app, source = TableApp(), Numbers("a", MILLION)
    async with app.run_test(size=size) as pilot:
        await show(app, source)
        assert sum(limit for _offset, limit in source.asked) <= 2 * BLOCK
        await pilot.press("end")
        await until(lambda: not app.table.busy)
        assert app.table.current == "a 999999"
        assert sum(limit for _offset, limit in source.asked) <= 4 * BLOCK
        for place in range(0, MILLION, MILLION // 50):
            app.table.cursor = place
            await until(lambda: not app.table.busy)
        assert app.table._data is not None
        assert len(app.table._data.blocks) <= MOST_BLOCKS
        asked = len(source.asked)
        app.table.cursor = MILLION // 50 * 48
        await pilot.pause()
        assert len(source.asked) == asked, "a place seen shortly before is still here"
        for place in range(1000, 40_000, 1000):
            app.table.cursor = 0
            await until(lambda: not app.table.busy)
            app.table.cursor = place
            await until(lambda: not app.table.busy)
        assert sum(offset == 0 for offset, _limit in source.asked) <= 2, "what is used again and again stays"


async def test_a_move_paints_two_lines_and_rows_read_ahead_none() -> None:
    app, source = TableApp(), Numbers("a", 5000)
    async with app.run_test(size=SMALL) as pilot:
        await show(app, source)
        with painted(app.table) as regions:
            await pilot.press("down")
            assert regions == [Region(0, 1, 80, 1), Region(0, 2, 80, 1)]
        app.table.cursor = 50
        with painted(app.table) as regions:
            app.table.cursor = 60
            await until(lambda: len(source.asked) == 2 and not app.table.busy)
            assert regions == [app.table.size.region], "scrolling once, and nothing for the block that came"


async def test_a_held_key_never_queues_reads() -> None:
    app, source = TableApp(), Numbers("a", MILLION)
    async with app.run_test(size=SMALL) as pilot:
        await show(app, source)
        source.gate = threading.Event()
        for _time in range(100):
            app.table.action_page(1)
        await pilot.pause()
        assert len(source.asked) == 2
        assert app.lines()[1:] == ["…"] * 23
        styles = [next(iter(app.table.render_line(y))).style for y in (1, 2)]
        assert app.table.render_line(1).text.startswith("…")
        assert styles[0] != styles[1], "the cursor is seen on a row that is not there yet"
        assert app.table.get_component_rich_style("record-table--waiting") == styles[1]
        assert app.table.busy
        assert app.table.current is None
        await pilot.press("enter")
        with painted(app.table) as regions:
            source.gate.set()
            await until(lambda: not app.table.busy)
        assert regions == [Region(0, y, 80, 1) for y in range(1, 24)], "the rows in view alone are painted"
        assert app.table.current == "a 2300"
        assert len(source.asked) == 3, "one for where it was, one for where it is"
        assert source.most_at_work == 1
        assert app.followed[-1][1] == "a 2300"
        assert app.told(RecordTable.Selected) == []


async def begin(app: TableApp, source: Numbers, **options: Any) -> None:
    """Show `source`, whose count is slow, and wait for its rows alone."""
    source.count_gate = threading.Event()
    app.table.show(source, **options)
    await until(lambda: not app.table.busy and source.counted)


async def test_rows_come_before_their_number_and_can_be_walked_through_meanwhile() -> None:
    app, source = TableApp(), Numbers("a", MILLION)
    async with app.run_test(size=SMALL) as pilot:
        app.table.show(source)
        assert app.table.bare
        await begin(app, source)
        assert source.count_gate is not None
        assert "a 22" in app.lines()[-1]
        assert (app.table.count, app.table.bare) == (None, False)
        await pilot.press(*["pagedown"] * 5)
        await until(lambda: not app.table.busy)
        assert 92 <= app.table.cursor < 200, "no row that nobody has seen"
        for _time in range(40):
            await pilot.press("pagedown")
            await until(lambda: not app.table.busy)
        assert app.table.cursor > 900
        assert app.table.current == f"a {app.table.cursor}"
        assert app.table._data is not None
        assert len(app.table._data.blocks) <= MOST_BLOCKS
        assert source.counted == 1
        assert app.told(RecordTable.Counted) == []
        place = app.table.cursor
        source.count_gate.set()
        await until(lambda: app.told(RecordTable.Counted))
        assert [event.count for event in app.told(RecordTable.Counted)] == [MILLION]
        assert (app.table.count, app.table.cursor) == (MILLION, place)
        assert app.followed[-1] == (place, f"a {place}", MILLION)


async def test_the_last_row_waits_for_the_number_and_any_key_calls_it_off() -> None:
    app, source = TableApp(), Numbers("a", MILLION)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, source)
        await pilot.press("G")
        assert app.table.cursor == 0
        assert source.count_gate is not None
        source.count_gate.set()
        await until(lambda: app.table.current == "a 999999")
        await begin(app, source)
        await pilot.press("G", "down")
        source.count_gate.set()
        await until(lambda: app.table.count == MILLION)
        assert app.table.cursor == 1
        await begin(app, source)
        await pilot.press("end", "x")  # a key that is not the table's
        source.count_gate.set()
        await until(lambda: app.table.count == MILLION)
        assert app.table.cursor == 0
        await begin(app, source)
        await pilot.press("G")
        app.table.show(Numbers("b", 5000))
        source.count_gate.set()
        await until(lambda: app.table.count == 5000)
        assert app.table.cursor == 0, "that was meant for other rows"


async def test_a_short_first_page_tells_the_end_at_once_and_the_owner_hears_the_number_all_the_same() -> None:
    app, source = TableApp(), Numbers("a", 30)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, source)
        assert app.table.count == 30
        await pilot.press("G")
        assert app.table.current == "a 29"
        assert app.told(RecordTable.Counted) == []
        assert source.count_gate is not None
        source.count_gate.set()
        await until(lambda: [event.count for event in app.told(RecordTable.Counted)] == [30])
        empty = Numbers("empty", 0)
        await begin(app, empty)
        assert app.lines()[1].startswith("Nothing matches")
        assert app.table.count == 0
        assert empty.count_gate is not None
        empty.count_gate.set()


async def test_an_end_found_while_walking_lets_the_last_row_be_reached() -> None:
    app, source = TableApp(), Numbers("a", 120)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, source)
        assert app.table.count is None
        await pilot.press(*["pagedown"] * 4)
        await until(lambda: app.table.count == 120)
        await pilot.press("G")
        assert app.table.current == "a 119"
        assert "a 119" in app.lines()[-1]
        assert source.count_gate is not None
        source.count_gate.set()


async def test_one_count_at_a_time_and_of_the_waiting_ones_the_newest() -> None:
    app = TableApp()
    sources = [Numbers(f"s{n}", MILLION, count_gate=threading.Event()) for n in range(4)]
    async with app.run_test(size=SMALL):
        for source in sources:
            app.table.show(source)
            await until(lambda: not app.table.busy)
        assert [source.counted for source in sources] == [1, 0, 0, 0]
        assert app.table.count is None
        assert sources[0].count_gate is not None
        sources[0].count_gate.set()
        await until(lambda: sources[3].counted)
        assert [source.counted for source in sources] == [1, 0, 0, 1]
        assert app.table.count is None, "the first one's number is not that of these rows"
        assert app.told(RecordTable.Counted) == []
        assert sources[3].count_gate is not None
        sources[3].count_gate.set()
        await until(lambda: app.table.count == MILLION)
        assert [event.source.name for event in app.told(RecordTable.Counted)] == ["s3"]


async def test_a_cursor_beyond_the_end_waits_for_the_number_and_a_newer_set_overtakes_it() -> None:
    app, source = TableApp(), Numbers("a", 250, count_gate=threading.Event())
    assert source.count_gate is not None
    async with app.run_test(size=SMALL):
        await show(app, Numbers("old", 60))
        app.table.show(source, cursor=5000)
        await until(lambda: source.counted)
        assert app.table.busy
        assert app.table.current == "old 0"
        app.table.show(Numbers("new", 70))
        await until(lambda: app.table.current == "new 0")
        source.count_gate.set()
        await until(lambda: len(app.told(RecordTable.Counted)) == 2)
        assert (app.table.current, app.table.count) == ("new 0", 70)
        assert source.asked == [(4900, 200)]


async def test_a_number_that_does_not_come_leaves_the_rows_and_is_asked_for_again_by_the_key_that_needs_it() -> None:
    app, source = TableApp(), Numbers("a", MILLION)
    source.count_error = OSError("the database is locked")
    async with app.run_test(size=SMALL) as pilot:
        await show(app, source)
        await until(lambda: [str(event.error) for event in app.told(RecordTable.Failed)] == ["the database is locked"])
        assert (app.table.current, app.table.count) == ("a 0", None)
        await pilot.press("down", "pagedown")
        assert app.table.current == "a 24"
        await pilot.press("G")
        await until(lambda: len(app.told(RecordTable.Failed)) == 2)
        source.count_error = None
        await pilot.press("G")
        await until(lambda: app.table.current == "a 999999")
        source.count_error = OSError("locked again")
        await show(app, source, cursor=2 * MILLION)
        await until(lambda: len(app.told(RecordTable.Failed)) == 3)
        assert (app.table.busy, app.table.current) == (False, "a 999999")


async def test_rows_that_do_not_come_while_their_number_does() -> None:
    app, source = TableApp(), Numbers("a", MILLION)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, source)
        source.error = OSError("gone")
        assert source.count_gate is not None
        source.count_gate.set()
        await until(lambda: app.table.count == MILLION)
        await pilot.press("G")
        await until(lambda: app.told(RecordTable.Failed))
        assert (app.table.cursor, app.table.current) == (MILLION - 1, None)
        source.error = None
        await pilot.press("up")
        await until(lambda: app.table.current == "a 999998")


async def test_fewer_rows_than_were_seen_take_the_cursor_back() -> None:
    app, source = TableApp(), Numbers("a", MILLION)
    async with app.run_test(size=SMALL) as pilot:
        await begin(app, source)
        await pilot.press("pagedown", "pagedown", "pagedown")
        source.total = 40
        assert source.count_gate is not None
        source.count_gate.set()
        await until(lambda: app.table.count == 40)
        assert app.table.current == "a 39"
        assert "a 39" in app.lines()[-1]
        assert app.followed[-1] == (39, "a 39", 40)
        source.total = 0
        app.table.refresh_rows()
        await until(lambda: app.table.count == 0)
        assert app.lines()[1].startswith("Nothing matches")


async def test_marked_rows_have_a_star_where_the_space_was() -> None:
    app = TableApp()
    async with app.run_test(size=SMALL) as pilot:
        await show(app, Numbers("a", 50))
        plain = app.lines()
        app.marks |= {"a 0", "a 2"}
        await pilot.pause()
        assert app.lines() == plain
        app.table.refresh_texts()
        await pilot.pause()
        lines = app.lines()
        assert [y for y in range(24) if lines[y] != plain[y]] == [1, 3]
        assert lines[1] == plain[1][:8] + "*" + plain[1][9:]
        await pilot.resize_terminal(30, 24)
        await pilot.pause()
        assert app.lines()[3].startswith("       2*a 2")


async def test_the_owner_follows_in_the_same_frame_as_the_cursor() -> None:
    app = TableApp()
    async with app.run_test(size=SMALL):
        await show(app, Numbers("a", 5000))
        app.followed.clear()
        app.table.cursor = 3
        assert app.followed == [(3, "a 3", 5000)]
        app.table.cursor = 3
        app.table.action_last()
        assert app.followed[1:] == [(4999, None, 5000)]
        await until(lambda: app.followed[2:] == [(4999, "a 4999", 5000)])


async def test_a_stale_answer_is_dropped() -> None:
    app, slow = TableApp(), Numbers("slow", 70, gate=threading.Event())
    assert slow.gate is not None
    async with app.run_test(size=SMALL) as pilot:
        await show(app, Numbers("old", 60))
        app.table.show(slow)
        await until(lambda: slow.asked)
        await show(app, Numbers("fast", 80))
        assert app.table.current == "fast 0"
        slow.gate.set()
        await until(lambda: app.table._loads == 0)
        await pilot.pause()
        assert (app.table.current, app.table.count) == ("fast 0", 80)
        assert [event.source.name for event in app.told(RecordTable.Shown)] == ["old", "fast"]


async def test_what_becomes_of_a_former_set_concerns_nobody() -> None:
    app, old = TableApp(), Numbers("old", MILLION)
    async with app.run_test(size=SMALL) as pilot:
        await show(app, old)
        old.gate = threading.Event()
        await pilot.press("end")
        await until(lambda: len(old.asked) == 2)
        app.table.show(Numbers("new", MILLION))
        await until(lambda: app.table.current == "new 0")
        old.error = OSError("of no interest any more")
        old.gate.set()
        await until(lambda: not app.table.busy)
        await pilot.pause()
        assert app.told(RecordTable.Failed) == []
        await pilot.press("end")
        await until(lambda: not app.table.busy)
        assert app.table.current == "new 999999"


async def test_a_cursor_beyond_the_end_goes_to_the_last_row_once_that_is_counted() -> None:
    app, source = TableApp(), Numbers("a", 250)
    async with app.run_test(size=SMALL) as pilot:
        await show(app, source, cursor=5000)
        await pilot.pause()
        assert {(cursor, row) for cursor, row, _count in app.followed if row is not None} == {(249, "a 249")}
        assert "a 249" in app.lines()[-1]
        assert source.asked == [(4900, 200), (100, 200)]
        assert source.counted == 1


async def test_typing_against_slow_queries_keeps_two_of_them_at_most_and_ends_with_the_last() -> None:
    app, gate = TableApp(), threading.Event()
    sources = [Numbers(f"s{n}", 10, gate=gate) for n in range(6)]
    async with app.run_test(size=SMALL):
        for source in sources:
            app.table.show(source)
        await until(lambda: sources[1].asked)
        gate.set()
        await until(lambda: not app.table.busy)
        assert app.table.current == "s5 0"
        assert [bool(source.asked) for source in sources] == [True, True, False, False, False, True]


async def test_old_rows_stay_whole_until_the_new_ones_replace_them_at_once() -> None:
    app, new = TableApp(), Numbers("new", MILLION, gate=threading.Event())
    assert new.gate is not None
    async with app.run_test(size=SMALL) as pilot:
        await show(app, Numbers("old", 500), sort=("name", False))
        app.table.show(new, cursor=777_777, sort=("status", True))
        await until(lambda: new.asked)
        await pilot.press("down", "pagedown")
        before = app.lines()
        assert "Name▲" in before[0]
        assert all("old" in line for line in before[1:])
        assert app.table.count == 500
        new.gate.set()
        await until(lambda: app.table.count == MILLION)
        after = app.lines()
        assert "Status▼" in after[0]
        assert all("new" in line for line in after[1:])
        assert app.table.current == "new 777777"


async def test_reading_again_keeps_cursor_and_scroll_position() -> None:
    app, source = TableApp(), Numbers("a", 500)
    async with app.run_test(size=SMALL) as pilot:
        await show(app, source, sort=("name", True))
        app.table.cursor = 250
        await pilot.press("up", "up")
        await until(lambda: not app.table.busy)
        before = app.lines()
        source.name = "b"
        app.table.refresh_rows()
        await until(lambda: not app.table.busy)
        assert app.lines() == [line.replace("a 2", "b 2") for line in before]
        source.gate = threading.Event()
        app.table.refresh_rows()
        await pilot.press("up")
        source.gate.set()
        await until(lambda: not app.table.busy)
        assert app.table.cursor == 247, "a move made meanwhile counts"
        source.total = 100
        app.table.refresh_rows()
        await until(lambda: not app.table.busy)
        assert app.table.current == "b 99"
        assert "b 99" in app.lines()[-1]


async def test_reading_again_while_a_new_set_is_on_its_way_reads_the_new_one() -> None:
    app, new = TableApp(), Numbers("new", 9, gate=threading.Event())
    assert new.gate is not None
    async with app.run_test(size=SMALL):
        app.table.refresh_rows()  # nothing was ever shown: nothing to do
        await show(app, Numbers("old", 9))
        app.table.show(new)
        app.table.refresh_rows()
        await until(lambda: len(new.asked) == 2)
        new.gate.set()
        await until(lambda: not app.table.busy)
        assert app.table.current == "new 0"


async def test_a_failure_keeps_the_rows_and_tells_why() -> None:
    app, source = TableApp(), Numbers("a", 5000)
    async with app.run_test(size=SMALL) as pilot:
        await show(app, source, sort=("name", False))
        before = app.lines()
        bad = Numbers("bad", 10, error=OSError("the database is locked"))
        await show(app, bad, sort=("status", True))
        await pilot.pause()
        assert app.lines() == before
        assert [str(event.error) for event in app.told(RecordTable.Failed)] == ["the database is locked"]
        source.error = OSError("gone")
        await pilot.press("end")
        await until(lambda: not app.table.busy)
        await pilot.pause()
        assert [str(event.error) for event in app.told(RecordTable.Failed)][1:] == ["gone"], "not tried in a loop"
        assert app.lines()[1:] == ["…"] * 23
        source.error = None
        await pilot.press("up")
        await until(lambda: app.table.current == "a 4998")


async def test_rows_that_vanished_since_the_count_are_not_asked_for_for_ever() -> None:
    app, source = TableApp(), Numbers("a", 300)
    async with app.run_test(size=SMALL) as pilot:
        await show(app, source)
        source.total = 250
        await pilot.press("end")
        await until(lambda: not app.table.busy)
        asked = len(source.asked)
        await pilot.press("up", "down", "enter")
        assert len(source.asked) == asked
        assert app.table.current is None
        assert app.told(RecordTable.Selected) == []


async def test_an_empty_set_says_so_and_no_key_does_harm() -> None:
    app = TableApp()
    async with app.run_test(size=(30, 10)) as pilot:
        assert app.lines()[1:] == [""] * 9
        await pilot.press("down", "enter", "end", "pagedown")
        await show(app, Numbers("a", 0), cursor=5)
        assert app.lines()[1:4] == ["Nothing matches these filters.", "Press x to clear them.", ""]
        await pilot.press("down", "enter", "end", "pageup", "home")
        assert (app.table.cursor, app.table.current, app.table.count) == (0, None, 0)
        assert app.told(RecordTable.Selected) == []


async def test_narrow_terminals_take_the_short_form_and_tell_it() -> None:
    app = TableApp()
    async with app.run_test(size=SMALL) as pilot:
        await show(app, Numbers("a", 50))
        app.heard.clear()
        await pilot.resize_terminal(67, 24)
        await pilot.pause()
        assert app.table.column_span("status") == (57, 10)
        assert app.lines()[1] == f"       0 {'a 0':47} Waiting"
        await until(lambda: len(app.told(RecordTable.LaidOut)) == 1)
        await pilot.resize_terminal(22, 8)
        await pilot.pause()
        assert app.lines()[1] == "       0 a… Waiting"
        await pilot.press("end")
        await pilot.resize_terminal(80, 24)
        await until(lambda: "a 49" in app.lines()[-1])
        await pilot.resize_terminal(80, 10)
        await until(lambda: len(app.lines()) == 10 and "a 49" in app.lines()[-1])
        assert len(app.told(RecordTable.LaidOut)) == 3, "only widths count"


HOSTILE = [
    "\x1b]52;c;ZXZpbA==\x07", "\x9b31m", "a\nb\tc\rd", "\u202egnp.exe", "\ud800", "e" + "\u0301" * 5000,
    "[/red][@click=app.quit]x",
    "漢字" * 40, "👩‍👩‍👧‍👦" * 9, "\u200b\ufeff", "y" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_hostile_text_is_drawn_as_plain_text_of_the_right_width(text: str) -> None:
    app = TableApp([Column("k", "K", lambda row: text, None), Column("e", "E", lambda row: "end", 3)])
    async with app.run_test(size=SMALL):
        await show(app, Numbers("a", 3))
        line = app.table.render_line(1).text
        assert cell_len(line) == 80
        assert line.endswith(" end")
        assert all(letter.isprintable() for letter in line)
        assert line.count("\u0301") <= 4
        if cell_len(text) > 76 and text.isprintable() and "\u0301" not in text:
            assert line[:-4].rstrip().endswith("…")


@given(st.text(max_size=60), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_a_fitted_text_is_exactly_as_wide_as_its_column(text: str, width: int, align: Any) -> None:
    assert cell_len(fit(text, width, align)) == width


def test_cut_text_says_so_and_markup_stays_text() -> None:
    assert fit("Firma [2016] nv", 20) == "Firma [2016] nv     "
    assert fit("Firma [2016] nv", 10) == "Firma [20…"
    assert fit("漢字漢字", 6) == "漢字 …"
    assert fit("12,50", 7, "right") == "  12,50"
