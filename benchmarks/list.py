"""Measure the project list in a real terminal, beside Textual's own DataTable with the same rows of the same file.

`make bench` prints the table and writes it to RESULTS.md; `--repetitions N` for more or fewer. The first run makes a
database of 1,000,000 projects in benchmarks/.cache; one that no longer fits the code is made anew.
"""

import argparse
import hashlib
import os
import platform
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT / "tests" / "journeys"), str(HERE / "peers")]

from datatable import rows_of  # noqa: E402

from driver import PROGRAM, Operator, clean_environment  # noqa: E402
from terminal import KEYS, Terminal  # noqa: E402

PROJECTS = 1_000_000
# 203 projects, and 5 % of all
LOGINS = ("012345678", "groot")
SIZE = (80, 24)

# Long enough for a program that waits for the next letter before it asks the database.
QUIET_SECONDS = 0.3
PATIENCE_SECONDS = 180.0

OURS, PEER, FLOOR = "kmop-tui", "DataTable", "bare Textual"
START, OPEN = "start to first text", "open the list"


class Sample(NamedTuple):
    """What one action cost: bytes written, milliseconds to the last of them, and of the processor until at rest."""

    bytes: float
    ms: float
    cpu_ms: float


# By rows in the list, action and program.
Results = dict[tuple[int, str, str], list[Sample]]


class Program(NamedTuple):
    """A program with a project list: its command, and the way to the screen where `4` opens the list."""

    name: str
    command: Callable[[Path, str], Sequence[str | Path]]
    enter: Callable[[Terminal, str], None]


PROGRAMS = (
    Program(
        OURS,
        command=lambda database, login: [PROGRAM, "--database", database],
        enter=lambda terminal, login: Operator(terminal).logs_in(login),
    ),
    Program(
        PEER,
        command=lambda database, login: [sys.executable, HERE / "peers" / "datatable.py", database, login],
        enter=lambda terminal, login: None,
    ),
)


def fill_database(path: Path) -> None:
    """Fill a new file with the demo's rows and `PROJECTS` others. The one place that knows how it is done."""
    from services.demo import fill_demo

    fill_demo(path, rows=PROJECTS, seed=1)


def cached_database() -> Path:
    """The filled database, made when there is none for the present tables and demo."""
    sources = [*sorted((ROOT / "db" / "migrations").glob("*.py")), *sorted((ROOT / "services").glob("demo*.py"))]
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    path = HERE / ".cache" / f"projects-{PROJECTS}-{digest}.db"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        print(f"Making {PROJECTS:,} projects, once", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            made = Path(folder) / path.name
            fill_database(made)
            assert not made.with_name(f"{made.name}-wal").exists(), "the filled database was left open"
            made.rename(path)
    return path


def measured(terminal: Terminal, key: str) -> Sample:
    """What pressing `key` costs, from rest to rest."""
    terminal.settle(QUIET_SECONDS, PATIENCE_SECONDS)
    before, used, pressed = len(terminal.received), terminal.cpu_seconds, time.perf_counter()
    terminal.send(KEYS.get(key, key).encode())
    terminal.settle(QUIET_SECONDS, PATIENCE_SECONDS)
    written = len(terminal.received) - before
    assert written, f"{key!r} changed nothing on the screen:\n{terminal.text}"
    return Sample(written, (terminal.heard - pressed) * 1000, (terminal.cpu_seconds - used) * 1000)


def started(terminal: Terminal) -> Sample:
    """What starting costs; the milliseconds are those to the first text on the screen."""
    terminal.wait_for(re.compile(r"\S"))
    first = terminal.heard
    terminal.settle(QUIET_SECONDS, PATIENCE_SECONDS)
    return Sample(len(terminal.received), (first - terminal.started) * 1000, terminal.cpu_seconds * 1000)


def session(program: Program, terminal: Terminal, login: str, first: str, last: str) -> Iterator[tuple[str, Sample]]:
    """One person's way through the list, whose first and last projects are `first` and `last`."""
    yield START, started(terminal)
    program.enter(terminal, login)
    yield OPEN, measured(terminal, "4")
    terminal.wait_for(first)
    for _ in range(8):
        yield "cursor down", measured(terminal, "down")
    # past the bottom of the screen, where each further one scrolls
    terminal.press(*["down"] * SIZE[1])
    assert first not in terminal.text, f"the list did not scroll:\n{terminal.text}"
    for _ in range(8):
        yield "scroll by one", measured(terminal, "down")
    for _ in range(5):
        yield "page down", measured(terminal, "pagedown")
    yield "to the end", measured(terminal, "G")
    terminal.wait_for(last)
    terminal.press("g")
    terminal.wait_for(first)
    terminal.press("/")
    yield "a letter in the filter", measured(terminal, "9")


def measure(database: Path, repetitions: int) -> Results:
    """All programs in turn, as often as `repetitions` says, so that a busy moment of the machine hits each alike."""
    results: Results = defaultdict(list)
    lists = {login: rows_of(database, login) for login in LOGINS}
    with tempfile.TemporaryDirectory() as home:
        environment = clean_environment(Path(home))
        for repetition in range(repetitions):
            for login, rows in lists.items():
                bare = str(HERE / "peers" / "bare.py")
                with closing(Terminal([sys.executable, bare], size=SIZE, environment=environment)) as terminal:
                    results[len(rows), START, FLOOR].append(started(terminal))
                for program in PROGRAMS:
                    print(f"{repetition + 1}/{repetitions}: {program.name}, {len(rows):,} projects", file=sys.stderr)
                    command = program.command(database, login)
                    with closing(Terminal(command, size=SIZE, environment=environment)) as terminal:
                        for action, sample in session(program, terminal, login, rows[0][0], rows[-1][0]):
                            results[len(rows), action, program.name].append(sample)
    return results


def shown(results: Results) -> str:
    """The medians as Markdown tables, one for each size of the list."""
    parts = []
    for rows in dict.fromkeys(rows for rows, _, _ in results):
        parts += [
            f"## {rows:,} projects in the list\n",
            f"| | bytes: {OURS} | {PEER} | ratio | ms: {OURS} | {PEER} | ratio | CPU ms: {OURS} | {PEER} | ratio |",
            "|---|" + "--:|" * 9,
        ]
        for action in dict.fromkeys(action for size, action, _ in results if size == rows):
            cells = [action]
            for ours, peer in zip(
                medians(results[rows, action, OURS]), medians(results[rows, action, PEER]), strict=True
            ):
                cells += [number(ours), number(peer), f"{ours / peer:.2f}"]
            parts.append("| " + " | ".join(cells) + " |")
        floor = medians(results[rows, START, FLOOR])
        parts.append(
            f"\nThe floor, {FLOOR} with one line of text: first text after {number(floor.ms)} ms, "
            f"{number(floor.bytes)} bytes, {number(floor.cpu_ms)} ms of CPU.\n"
        )
    return "\n".join(parts)


def medians(samples: list[Sample]) -> Sample:
    """The median of each column on its own."""
    return Sample(*(median(column) for column in zip(*samples, strict=True)))


def number(value: float) -> str:
    """Whole from ten on, one decimal below."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def machine() -> str:
    """What it ran on, without the machine's name."""
    models = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}, Textual {version('textual')}"
    )


def main() -> None:
    """Measure, print, write RESULTS.md."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=3, metavar="N", help="sessions of each program (default: 3)")
    repetitions = parser.parse_args().repetitions
    tables = shown(measure(cached_database(), repetitions))
    print(tables)
    (HERE / "RESULTS.md").write_text(
        f"""# The project list, measured

Written on {datetime.now(UTC):%Y-%m-%d} by `make bench`; run it again to repeat it.
{machine()}; a terminal of {SIZE[0]}x{SIZE[1]}; a file with {PROJECTS:,} projects.

Medians over {repetitions} sessions of each program, run in turn. *Bytes* are what the program writes to the terminal,
*ms* the time from the key to the last of them (at the start: to the first text), *CPU ms* what all its threads use
until it is at rest. {PEER} is Textual's own table with the same rows of the same file, all of them in the widget, with
no header or footer around it; a ratio below 1 is in favour of {OURS}.

{tables}""",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
