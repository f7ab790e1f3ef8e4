"""The rows of a table as far as they are known: blocks of a data set that nobody holds whole."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

BLOCK = 100  # rows: the unit in which rows are asked for and kept
MOST_BLOCKS = 16  # kept, the ones used longest ago go first

R = TypeVar("R")
Out = TypeVar("Out", covariant=True)


class Source(Protocol[Out]):
    """Where rows come from. Both are called in worker threads and may raise."""

    def fetch(self, offset: int, limit: int) -> Sequence[Out]:
        """The rows from `offset`, at most `limit`; fewer where they end."""

    def count(self) -> int:
        """How many rows there are; called once, before the first `fetch`, whenever the table reads anew."""


@dataclass
class DataSet(Generic[R]):
    """How many rows there are, and some blocks of them by block number, the ones used longest ago first."""

    source: Source[R]
    sort: tuple[str, bool] | None
    count: int
    blocks: dict[int, Sequence[R]]

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

    def add(self, blocks: dict[int, Sequence[R]], needed: range) -> None:
        """Keep `blocks`, and let go of what was used longest ago; never of what is `needed` now."""
        self.blocks |= blocks
        spare = [number for number in self.blocks if number not in needed]
        for number in spare[: max(0, len(self.blocks) - MOST_BLOCKS)]:
            del self.blocks[number]


def blocks_around(cursor: int, rows: int, count: int) -> range:
    """The numbers of the blocks that hold two screens of `rows` on either side of the cursor."""
    return range(max(0, cursor - 2 * rows) // BLOCK, -(-min(count, cursor + 2 * rows) // BLOCK))


def read_blocks(source: Source[R], numbers: range) -> dict[int, Sequence[R]]:
    """The rows of the blocks `numbers`, in one fetch."""
    if not numbers:
        return {}
    rows = source.fetch(numbers.start * BLOCK, len(numbers) * BLOCK)
    return {number: rows[place * BLOCK : (place + 1) * BLOCK] for place, number in enumerate(numbers)}


class ShortList(Generic[R]):
    """A source whose rows are few enough to be read at once, by `read`."""

    def __init__(self, read: Callable[[], Sequence[R]]) -> None:
        self._read = read
        self._rows: Sequence[R] = ()

    def count(self) -> int:
        """Read them; the table asks this first."""
        self._rows = self._read()
        return len(self._rows)

    def fetch(self, offset: int, limit: int) -> Sequence[R]:
        """Some of them."""
        return self._rows[offset : offset + limit]
