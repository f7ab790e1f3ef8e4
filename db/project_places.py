"""What is known of one project list while somebody looks at it: where some of its rows stand."""

from array import array
from bisect import bisect_left, insort
from threading import Lock
from typing import Any, NamedTuple

from db.project_ways import Ways

MOST = 2_000  # places remembered of one list

Key = tuple[Any, ...]


class Start(NamedTuple):
    """Where to begin: beside the row with `key` (None: at an end of the list), how many rows further, which way."""

    key: Key | None = None
    passed: int = 0
    backwards: bool = False


class Places:
    """Where rows of one list are known to stand: a page is read from the nearest of them.

    One object goes with one query, from its first page on. Others may write meanwhile: a page goes on where the one
    beside it ended.
    """

    def __init__(self) -> None:
        self.count: int | None = None
        self.ids: array[int] | None = None  # of all rows, in order, where these are few
        self.left = False  # nobody looks at this list any more
        self.ways: Ways | None = None  # once they have been chosen
        self._keys: dict[int, Key] = {}
        self._positions: list[int] = []
        self._lock = Lock()  # pages are asked for in several threads

    def note(self, position: int, key: Key) -> None:
        """The row at `position` has this key."""
        with self._lock:
            if position not in self._keys:
                if len(self._positions) >= MOST:
                    self._positions = self._positions[::2]
                    self._keys = {known: self._keys[known] for known in self._positions}
                insort(self._positions, position)
            self._keys[position] = key

    def nearest(self, offset: int, limit: int) -> Start:
        """The shortest way to the `limit` rows from `offset`."""
        starts = [Start(passed=offset)]
        if self.count is not None:
            starts.append(Start(passed=max(0, self.count - offset - limit), backwards=True))
        with self._lock:
            behind, ahead = bisect_left(self._positions, offset), bisect_left(self._positions, offset + limit)
            for place in self._positions[max(0, behind - 1) : behind]:
                starts.append(Start(self._keys[place], offset - place - 1))
            for place in self._positions[ahead : ahead + 1]:
                starts.append(Start(self._keys[place], place - offset - limit, backwards=True))
        return min(starts, key=lambda start: start.passed)
