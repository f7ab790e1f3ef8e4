"""Write RESULTS.md from what the parts have found: `python benchmarks/results.py`, the last of `make bench`."""

import os
import platform
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bounds import COLUMNS, COUNT_P95, ORDER, PAGE_P95, PAGE_P99, PAGES, Bound, behind, bounds
from data import COUNT, QUERIES, SURVEY, WINDOW
from database import HERE
from figures import Figures, Sample, median, number, percentile
from keys import FILTER, FILTER_NAME, IDLE, PATIENCE_SECONDS, SLOW_SECONDS
from programs import OURS
from watched import Cost

# What is asked of the rest; nobody waits for a survey.
ASKED = {COUNT: f"– / {COUNT_P95:g} / –", SURVEY: "–"}
RESULTS = HERE / "RESULTS.md"
TRIED = HERE / "TRIED.md"  # written by hand: what was tried where a bound is not kept


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, the first column to the left."""
    lines = [headings, ["---", *["--:"] * (len(headings) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def machine(figures: Figures) -> str:
    """What it ran on, without the machine's name."""
    models = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    peers = "".join(f", {name} {known}" for name, known in figures.keys["versions"].items())
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, Textual {version('textual')}, "
        f"SQLite {sqlite3.sqlite_version}{peers}"
    )


def in_short(found: Sequence[Bound]) -> str:
    """All bounds, kept or not."""
    return table(
        ("what was asked", "bound", "found", "kept"),
        [
            (
                bound.what,
                f"{'≥' if bound.least else '≤'} {number(bound.asked)} {bound.unit}".rstrip(),
                "not measured" if bound.found is None else number(bound.found),
                "yes" if bound.kept else "**no**",
            )
            for bound in found
        ],
    )


def short_of(found: Sequence[Bound], figures: Figures) -> Iterator[str]:
    """What falls short, in words."""
    for bound in found:
        if bound.found is None:
            yield f"{bound.what}: not measured"
        elif not bound.kept:
            off = f", {bound.found / bound.asked:.2f} times that" if bound.asked else ""
            found_is = f"{number(bound.found)} {bound.unit}".rstrip()
            yield f"{bound.what}: {found_is} where {number(bound.asked)} was asked{off}"
    for who, told in figures.journeys.items():
        if told["failure"]:
            yield f"the journey of {who} did not arrive: {told['failure']}"
    for session in figures.keys["sessions"]:
        if session["failure"]:
            yield f"{session['program']} at {session['rows']}, {session['size']} failed: {session['failure']}"
    for name, reason in figures.keys["missing"].items():
        yield f"{name} is missing: {reason}"


def data_tables(figures: Figures) -> str:
    """Milliseconds by view, alone and while others write."""
    parts = []
    for view in figures.data["alone"]:
        rows = []
        for kind in (*PAGES, COUNT, SURVEY):
            cells = [kind, str(len(figures.data["alone"][view]["ms"].get(kind, [])))]
            for part in ("alone", "beside"):
                ms = figures.data[part][view]["ms"].get(kind)
                cells += [number(percentile(ms, percent)) for percent in (50, 95, 99)] if ms else ["–"] * 3
            cells.append(ASKED.get(kind, f"– / {PAGE_P95:g} / {PAGE_P99:g}"))
            rows.append(cells)
        headings = ("ms", "n", "p50", "p95", "p99", "p50, 4 writing", "p95", "p99", "bound")
        parts.append(f"### {view.capitalize()}\n\n{table(headings, rows)}")
    return "\n".join(parts)


def key_tables(figures: Figures, size: str) -> str:
    """One table for each column of the costs."""
    programs = figures.found(2)
    parts = []
    for column, called in COLUMNS.items():
        rows = [
            [
                f"{action}, {listed}",
                *(cell(figures, Sample(size, listed, program, action), column) for program in programs),
            ]
            for action in ORDER
            for listed in figures.found(1)
            if figures.costs.get(Sample(size, listed, OURS, action))
        ]
        parts.append(table((called, *programs), rows))
    return "\n".join(parts)


def cell(figures: Figures, sample: Sample, column: str) -> str:
    """The median, of a filter the 95th percentile too; another program's with the ratio of ours to it."""
    values = figures.column(sample, column)
    if not values:
        waited = figures.given_up.get(sample)
        return f"> {waited:g} s" if waited and column == "painted" else "–"
    shown = number(median(values))
    if column == "painted" and sample.action in (FILTER, FILTER_NAME):
        shown += f" / {number(percentile(values, 95))}"
    ours = figures.column(sample._replace(program=OURS), column)
    return shown if sample.program == OURS else f"{shown} (×{median(ours) / max(median(values), 0.1):.2f})"


def rest_table(figures: Figures) -> str:
    """Memory, and what is written in three seconds of rest."""
    programs = figures.found(2)
    rows = []
    for size in figures.found(0):
        for listed in figures.found(1):
            cells = [f"{listed}, {size}"]
            for program in programs:
                idle = figures.column(Sample(size, listed, program, IDLE), "bytes")
                memory = figures.memory.get((size, listed, program))
                cells.append(f"{number(memory)} MiB, {number(max(idle))} B" if memory and idle else "–")
            rows.append(cells)
    return table(("private memory, bytes when idle", *programs), rows)


def items(lines: Iterable[str], none: str) -> str:
    """A Markdown list, or `none`."""
    return "\n".join(f"- {line}" for line in lines) or none


def head(figures: Figures) -> str:
    """When, on what, and how to repeat it."""
    quick = " with QUICK=1: too few samples to rely on" if figures.data["queries"] < QUERIES else ""
    return f"""# A million projects, measured

Written on {datetime.now(UTC):%Y-%m-%d} by `make bench`{quick}.
{machine(figures)}.

To repeat it: `make bench` on a quiet machine; `make bench QUICK=1` is a short one. fzf comes from the distribution's
packages, the other programs are installed into an environment of their own. The parts, from `.venv/bin/python`:
`benchmarks/data.py`, `benchmarks/keys.py`, `benchmarks/journey.py`, and `benchmarks/results.py`, which writes this.
"""


def about_data(figures: Figures) -> str:
    """What the tables of the data show."""
    making, floor = figures.data["making"], figures.data["floor"]
    projects, seconds = making["projects"], making["seconds"]
    return f"""{projects:,} projects (and the demo's own) of 8,000 providers and 20,000 enterprises, made in
{seconds:.0f} s, {projects / seconds:,.0f} a second; the file has {making["bytes"] / 1e6:,.0f} MB.
{figures.data["queries"]} random queries, one to three filters in any order of the list, through the services that the
screens use, {WINDOW} rows a window; *n* of them have a second window. Then the same while four processes change the
status of {figures.changes_a_second:.0f} projects a second together.

The floor, {WINDOW} bare numbers from anywhere in a covering index over an open connection: p50
{number(percentile(floor, 50))} ms, p95 {number(percentile(floor, 95))} ms.
"""


def about_keys(figures: Figures) -> str:
    """What the tables of the keys show."""
    plan, floor = figures.keys["plan"], [Cost(*cost) for cost in figures.keys["floor"]]
    given_up = items(
        (
            f"{sample.program} at {sample.rows} rows, {sample.size}: {sample.action} was given up after {seconds:g} s."
            for sample, seconds in figures.given_up.items()
        ),
        "- Nobody.",
    )
    sessions, repeats, ready = plan["sessions"], plan["repeats"], plan["ready_seconds"]
    text, cpu = median([cost.painted for cost in floor]), median([cost.cpu for cost in floor])
    return f"""Medians over {sessions} session(s) of kmop-tui and one of each other program, {repeats} keys of a kind in
each; of a filter also the 95th percentile. *Painted* is from the key to the moment from which the rows of the list
stand as they stay (where none changes, to the first frame, with the letter typed), at the start to the first text;
*CPU ms* is what all threads use until the program is at rest; *bytes* are what it writes until then.
In brackets what kmop-tui takes of the other's: below 1 is in its favour.

DataTable is Textual's own table, fastdatatable is textual-fastdatatable; both have all rows of the same file in the
widget, ask the database again with each letter of the filter, and draw nothing around the list. VisiData reads the same
rows as CSV; it does not filter while one types: its filter is `|` with the digits, and `"` to open the rows so marked.
fzf reads them as lines (`--exact --no-sort`). A list opens from the menu, in VisiData and fzf from the start.

An action is given up after {PATIENCE_SECONDS:g} s, the opening of a list after {ready:g} s; whoever is so slow, or
takes {SLOW_SECONDS:g} s to open a list, is not measured with it in the other terminal. Not waited for any longer:

{given_up}

The floor, Textual with one line of text: first text after {number(text)} ms, {number(cpu)} ms of CPU.
"""


def document(figures: Figures) -> str:
    """RESULTS.md."""
    found = list(bounds(figures))
    parts = [
        head(figures),
        f"## In short\n\n{in_short(found)}",
        f"## What falls short\n\n{items(short_of(found, figures), 'Nothing that was asked for.')}\n",
        "Where another program is ahead: how many times its median is ours, at worst.\n",
        f"{items(behind(figures), 'Nowhere.')}\n",
        TRIED.read_text(encoding="utf-8") if TRIED.exists() else "",
        f"## The data\n\n{about_data(figures)}",
        data_tables(figures),
        f"## The keys\n\n{about_keys(figures)}",
        *(f"### {size}\n\n{key_tables(figures, size)}" for size in figures.found(0)),
        f"### At rest\n\n{rest_table(figures)}",
        f"## The journey\n\n{table(('seconds, with the typing', *figures.journeys), journey_rows(figures))}",
    ]
    return "\n".join(part for part in parts if part)


def journey_rows(figures: Figures) -> list[list[str]]:
    """The steps, and how long each took."""
    steps = dict.fromkeys(step for told in figures.journeys.values() for step in told["seconds"])
    return [
        [
            step,
            *(f"{told['seconds'][step]:.1f}" if step in told["seconds"] else "–" for told in figures.journeys.values()),
        ]
        for step in steps
    ]


def main() -> int:
    """Write it; 1 when a program or a journey did not do what was asked of it."""
    figures = Figures()
    RESULTS.write_text(document(figures), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))
    return int(any(told["failure"] for told in (*figures.journeys.values(), *figures.keys["sessions"])))


if __name__ == "__main__":
    sys.exit(main())
