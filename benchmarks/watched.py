"""The terminal of the journeys with a stopwatch: what an action costs until its rows stand, and until all rests."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

sys.path.append(str(Path(__file__).parent.parent / "tests" / "journeys"))

from terminal import KEYS, SYNCHRONIZED, Terminal

# Long enough for a program that waits for the next letter before it asks the database.
QUIET_SECONDS = 0.25
NUMBER = re.compile(r"\d{4}KMO\d{6}")

Rows = dict[int, tuple[Any, ...]]


class Cost(NamedTuple):
    """Milliseconds until the rows of the list stand as they stay, and until the last byte; of the processor; bytes."""

    painted: float
    rest: float
    cpu: float
    bytes: float


class TooSlow(Exception):
    """The program was not at rest after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"not at rest after {seconds:g} s")
        self.seconds = seconds


class Watched(Terminal):
    """A terminal that keeps when each piece of output came, and how the rows of the list looked after it."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        self._chunks: list[tuple[float, int]] = []
        self._frames: list[tuple[float, Rows]] = []
        super().__init__(*arguments, **keywords)

    def rows(self) -> Rows:
        """The lines that hold a project's number, each letter with its looks."""
        return {
            number: tuple(self._screen.buffer[number][column] for column in range(self._screen.columns))
            for number, line in enumerate(self._screen.display)
            if NUMBER.search(line)
        }

    def _read(self, seconds: float) -> bytes:
        data = super()._read(seconds)
        if data:
            self._chunks.append((self.heard, len(data)))
        return data

    def _draw(self, data: bytes) -> None:
        for heard, length in self._chunks:
            super()._draw(data[:length])
            data = data[length:]
            # half a frame is not what a person sees
            if SYNCHRONIZED not in self.modes:
                self._frames.append((heard, self.rows()))
        self._chunks.clear()

    def costs(self, act: Callable[[], None], patience: float) -> Cost:
        """What it costs to do `act`, from rest to rest; TooSlow when that takes longer than `patience` seconds."""
        before, received, used = self.rows(), len(self.received), self.cpu_seconds
        self._frames.clear()
        begun = time.perf_counter()
        act()
        return self._cost(patience, begun, before, received, used)

    def starts(self, patience: float) -> Cost:
        """What it costs to start, asked before anything else is done."""
        return self._cost(patience, self.started, {}, 0, 0)

    def _cost(self, patience: float, begun: float, before: Rows, received: int, used: float) -> Cost:
        if not self._rests(QUIET_SECONDS, patience):
            raise TooSlow(patience)
        assert self.exit_status is None, f"the program has ended:\n{self.text}"
        return Cost(
            painted=(self._painted(before) - begun) * 1000,
            rest=(self.heard - begun) * 1000,
            cpu=(self.cpu_seconds - used) * 1000,
            bytes=len(self.received) - received,
        )

    def _painted(self, before: Rows) -> float:
        """When the rows came that stay; where none changed, the first frame: the letter that was typed."""
        painted, last = self.heard, self.rows()
        if last == before:
            return self._frames[0][0] if self._frames else painted
        for heard, rows in reversed(self._frames):
            if rows != last:
                break
            painted = heard
        return painted

    def press_at_once(self, key: str) -> None:
        """Press a key without waiting for what it does."""
        self.send(KEYS.get(key, key).encode())

    def first_text(self) -> float:
        """Milliseconds from the start to the first text on the screen."""
        self.wait_for(re.compile(r"\S"), limit=60)
        return (self.heard - self.started) * 1000

    def idle(self, seconds: float) -> Cost:
        """What is written and computed while nobody does anything."""
        received, used, end = len(self.received), self.cpu_seconds, time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._draw(self._read(left))
        return Cost(0, 0, (self.cpu_seconds - used) * 1000, len(self.received) - received)

    def private_mebibytes(self) -> float:
        """The memory that is the program's alone."""
        rollup = Path(f"/proc/{self.process_id}/smaps_rollup").read_text(encoding="ascii")
        return sum(int(kilobytes) for kilobytes in re.findall(r"^Private_\w+:\s+(\d+) kB", rollup, re.MULTILINE)) / 1024
