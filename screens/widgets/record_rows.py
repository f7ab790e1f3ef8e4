"""The rows of a table as far as they are known: blocks of a data set that nobody holds whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

BLOCK = 100  # rows: the unit in which rows are asked for and kept
MOST_BLOCKS = 16  # kept, the ones used longest ago go first

R = TypeVar("R")
Out = TypeVar("Out", covariant=True)


class Source(Protocol[Out]):
    """Where rows come from. Both are called in worker threads, one while the other is at work, and may raise."""

    def fetch(self, offset: int, limit: int) -> Sequence[Out]:
        """The rows from `offset`, at most `limit`; fewer where they end."""

    def count(self) -> int:
        """How many rows there are; asked once the first rows are there, whenever the table reads anew."""


@dataclass(eq=False)
class DataSet(Generic[R]):
    """Blocks of rows by block number, the ones used longest ago first, and what is known of how many there are."""

    source: Source[R]
    sort: tuple[str, bool] | None
    count: int | None = None
    blocks: dict[int, Sequence[R]] = field(default_factory=dict)
    seen: int = 0  # rows up to the last one that was ever fetched
    texts: dict[int, str] = field(default_factory=dict)  # how rows were drawn, by their index; the owner clears it

    @property
    def reach(self) -> int:
        """How many rows are known to exist."""
        return self.seen if self.count is None else self.count

    def row(self, index: int) -> R | None:
        """The row at `index`, None when it is not here."""
        block = self.blocks.get(index // BLOCK, ())
        place = index % BLOCK
        return block[place] if place < len(block) else None

    def missing(self, needed: range) -> range:
        """The blocks to read so that all `needed` are here; the ones that are count as just used."""
        for number in needed:
            if number in self.blocks:
                self.blocks[number] = self.blocks.pop(number)
        missing = [number for number in needed if number not in self.blocks]
        return range(missing[0], missing[-1] + 1) if missing else range(0)

    def add(self, numbers: range, rows: Sequence[R], needed: range) -> None:
        """Keep `rows` as the blocks `numbers`, and let go of what was used longest ago; never of what is `needed`."""
        for place, number in enumerate(numbers):
            self.blocks[number] = rows[place * BLOCK : (place + 1) * BLOCK]
        self.texts.clear()
        start, end = numbers.start * BLOCK, numbers.start * BLOCK + len(rows)
        # none at all is no end: rows before `start` may be missing too
        if self.count is None and end < numbers.stop * BLOCK and (rows or start <= self.seen):
            self.count = end
        if rows:
            self.seen = max(self.seen, end)
        spare = [number for number in self.blocks if number not in needed]
        for number in spare[: max(0, len(self.blocks) - MOST_BLOCKS)]:
            del self.blocks[number]


def blocks_around(cursor: int, rows: int, count: int | None) -> range:
    """The numbers of the blocks that hold two screens of `rows` on either side of the cursor."""
    end = cursor + 2 * rows
    return range(max(0, cursor - 2 * rows) // BLOCK, -(-(end if count is None else min(count, end)) // BLOCK))


def read_blocks(source: Source[R], numbers: range) -> Sequence[R]:
    """The rows of the blocks `numbers`, in one fetch."""
    return source.fetch(numbers.start * BLOCK, len(numbers) * BLOCK) if numbers else ()


class ShortList(Generic[R]):
    """A source whose rows are few enough to be read at once, by `read`."""

    def __init__(self, read: Callable[[], Sequence[R]]) -> None:
        self._read = read
        self._rows: Sequence[R] = ()

    def fetch(self, offset: int, limit: int) -> Sequence[R]:
        """Read them, and give some."""
        self._rows = self._read()
        return self._rows[offset : offset + limit]

    def count(self) -> int:
        """How many were read last; the table fetches first."""
        return len(self._rows)
