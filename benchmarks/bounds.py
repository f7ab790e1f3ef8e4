"""What was asked for, and what was found instead: each bound with its figure, and where another program is ahead."""

from collections.abc import Iterator
from typing import NamedTuple

from data import ANYWHERE, COUNT, FIRST_PAGE, NEXT_WINDOW, THE_END
from figures import MILLION, Figures, Sample, median, number, percentile
from keys import ALL_YEARS, FILTER, FILTER_NAME, IDLE, OPEN, START
from programs import CURSOR, END, OURS, PAGE, SCROLL, TOP

PAGES = (FIRST_PAGE, NEXT_WINDOW, THE_END, ANYWHERE)
PAGE_P95, PAGE_P99, COUNT_P95 = 20.0, 50.0, 150.0  # milliseconds
BESIDE_WRITERS = 2.0  # times as long
SMALL = "80x24"
# Actions in which kmop-tui is to be ahead of every other table, beside the memory.
BESIDE_OTHERS = ((CURSOR, "painted"), (CURSOR, "bytes"), (PAGE, "painted"), (PAGE, "bytes"), (FILTER, "painted"))
FZF = "fzf"


class Bound(NamedTuple):
    """One bound: what is measured, at most (or at least) how much of it, and how much it is."""

    what: str
    asked: float
    found: float | None
    unit: str = "ms"
    least: bool = False

    @property
    def kept(self) -> bool:
        """Whether it holds; what was not measured does not."""
        if self.found is None:
            return False
        return self.found >= self.asked if self.least else self.found <= self.asked


def bounds(figures: Figures) -> Iterator[Bound]:
    """All of them."""
    yield from _of_data(figures)
    yield from _of_keys(figures)
    yield from _beside_others(figures)
    failed = sum(bool(told["failure"]) for told in figures.journeys.values())
    yield Bound("journeys at a million that did not arrive", 0, failed, "")


def _of_data(figures: Figures) -> Iterator[Bound]:
    for part, factor, where in (("alone", 1.0, ""), ("beside", BESIDE_WRITERS, ", while others write")):
        for view, times in figures.data[part].items():
            pages = {kind: times["ms"][kind] for kind in PAGES if times["ms"].get(kind)}
            for percent, most in ((95, PAGE_P95), (99, PAGE_P99)):
                found, slowest = max((percentile(ms, percent), kind) for kind, ms in pages.items())
                yield Bound(f"{view}{where}: rows, p{percent} ({slowest})", most * factor, found)
            yield Bound(f"{view}{where}: count, p95", COUNT_P95 * factor, percentile(times["ms"][COUNT], 95))
    errors = sum(len(times["errors"]) for part in ("alone", "beside") for times in figures.data[part].values())
    yield Bound("errors seen", 0, errors + sum(len(other["errors"]) for other in figures.data["others"]), "")
    yield Bound("changes that others made a second", 200, round(figures.changes_a_second), "", least=True)
    making = figures.data["making"]
    yield Bound("projects made a second", 25_000, making["projects"] / making["seconds"], "", least=True)


def _of_keys(figures: Figures) -> Iterator[Bound]:
    def ours(action: str, column: str, percent: int) -> float | None:
        values = figures.column(Sample(SMALL, MILLION, OURS, action), column)
        return percentile(values, percent) if values else None

    for action in (FILTER, FILTER_NAME):
        yield Bound(f"{action}: painted, median", 30, ours(action, "painted", 50))
        yield Bound(f"{action}: painted, p95", 60, ours(action, "painted", 95))
    yield Bound(f"{CURSOR}: painted, median", 6, ours(CURSOR, "painted", 50))
    yield Bound(f"{CURSOR}: written, median", 300, ours(CURSOR, "bytes", 50), "bytes")
    yield Bound(f"{PAGE}: painted, median", 8, ours(PAGE, "painted", 50))
    yield Bound(f"{PAGE}: written, median", 3_000, ours(PAGE, "bytes", 50), "bytes")
    yield Bound("written when idle", 0, ours(IDLE, "bytes", 100), "bytes")
    yield Bound("private memory", 60, figures.memory.get((SMALL, MILLION, OURS)), "MiB")
    fzf = figures.column(Sample(SMALL, MILLION, FZF, FILTER), "painted")
    if fzf:
        yield Bound(f"{FILTER}: painted, median, twice fzf's", 2 * median(fzf), ours(FILTER, "painted", 50))


def _beside_others(figures: Figures) -> Iterator[Bound]:
    """In how many of the figures that have a bound another program is ahead, over all lists and terminals."""
    for program in figures.found(2):
        if program in (OURS, FZF):
            continue
        ahead = sum(len(_ahead(figures, program, *figure)) for figure in BESIDE_OTHERS)
        ahead += sum(
            bool(theirs) and theirs < figures.memory[size, rows, OURS]
            for (size, rows, name), theirs in list(figures.memory.items())
            if name == program
        )
        yield Bound(f"figures in which {program} is ahead", 0, ahead, "")


ORDER = (START, OPEN, ALL_YEARS, CURSOR, SCROLL, PAGE, END, TOP, FILTER, FILTER_NAME)
COLUMNS = {"painted": "ms painted", "cpu": "CPU ms", "bytes": "bytes"}


def behind(figures: Figures) -> Iterator[str]:
    """Where another program is ahead, a line for each action and column; fzf, which has no table, only filters."""
    for action in ORDER:
        for column, called in COLUMNS.items():
            ratios = {
                program: _ahead(figures, program, action, column)
                for program in figures.found(2)
                if program != OURS and (program != FZF or action == FILTER)
            }
            found = [
                f"{program} in {len(places)} of {len(figures.found(0)) * len(figures.found(1))} lists, at most "
                f"{number(max(places)[0])} times ({max(places)[1]})"
                for program, places in ratios.items()
                if places
            ]
            if found:
                yield f"**{action}**, {called}: {'; '.join(found)}"


def _ahead(figures: Figures, program: str, action: str, column: str) -> list[tuple[float, str]]:
    """How many times what the other program takes is what kmop-tui takes, and where, if it is more."""
    found = []
    for size in figures.found(0):
        for rows in figures.found(1):
            ours = figures.column(Sample(size, rows, OURS, action), column)
            theirs = figures.column(Sample(size, rows, program, action), column)
            if ours and theirs and median(theirs) < median(ours):
                found.append((median(ours) / max(median(theirs), 0.1), f"{rows}, {size}"))
    return found
