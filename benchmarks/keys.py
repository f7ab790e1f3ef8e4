"""Measure the list under the fingers: kmop-tui in a terminal of its own, beside other programs with the same rows.

`python benchmarks/keys.py` presses keys in each program at each size of terminal and list, and keeps what it found for
results.py. The million is what an operator sees with all years.
"""

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from database import keep, say, working_copy
from lists import OPERATOR, Listing, listings
from programs import (
    CURSOR,
    END,
    OURS,
    PAGE,
    SCROLL,
    TOP,
    Program,
    bare,
    filters_on_the_name,
    programs,
    versions,
)
from watched import Cost, TooSlow, Watched

from driver import clean_environment

START, OPEN, ALL_YEARS = "start to first text", "open the list", "all years"
FILTER, FILTER_NAME, IDLE = "a filter key", "a filter key, name", "idle"
IDLE_SECONDS = 3.0
PATIENCE_SECONDS = 60.0
ENOUGH_SECONDS = 8.0  # for all samples of one action; the first one always counts
SLOW_SECONDS = 60.0  # whoever opens a list no faster does so in one terminal only


class Plan(NamedTuple):
    """How much is measured."""

    sizes: Sequence[tuple[int, int]] = ((80, 24), (200, 50))
    sessions: int = 2  # of kmop-tui; one of each other program
    repeats: int = 6
    ready_seconds: float = 120


QUICK = Plan(sizes=((80, 24),), sessions=1, repeats=3, ready_seconds=30)


@dataclass
class Session:
    """What one session of a program cost, by action; seconds after which an action was given up; what went wrong."""

    program: str
    rows: str
    size: str
    costs: dict[str, list[Cost]] = field(default_factory=lambda: defaultdict(list))
    memory: float = 0
    given_up: dict[str, float] = field(default_factory=dict)
    failure: str = ""

    def note(self, action: str, costs: Iterator[Cost]) -> None:
        """Take the costs of an action one by one, until that has taken long enough."""
        spent = 0.0
        try:
            for cost in costs:
                self.costs[action].append(cost)
                spent += cost.rest / 1000
                if spent > ENOUGH_SECONDS:
                    break
        except TooSlow as slow:
            self.given_up[action] = slow.seconds
            raise

    @property
    def slow(self) -> bool:
        """Whether this program is spared the same list in another terminal."""
        return bool(self.given_up) or any(cost.rest > SLOW_SECONDS * 1000 for cost in self.costs[OPEN])


def pressing(terminal: Watched, key: str, times: int = 1, patience: float = PATIENCE_SECONDS) -> Iterator[Cost]:
    """What pressing `key` costs, so many times."""
    for _ in range(times):
        cost = terminal.costs(partial(terminal.press_at_once, key), patience)
        assert cost.bytes, f"{key!r} changed nothing on the screen:\n{terminal.text}"
        yield cost


def use(program: Program, terminal: Watched, listing: Listing, session: Session, plan: Plan) -> None:
    """One person's way through the list."""
    _open(program, terminal, listing, session, plan)
    terminal.wait_for(listing.first)
    keys = program.keys
    session.note(CURSOR, pressing(terminal, keys[CURSOR], times=plan.repeats))
    # past the bottom of the screen, where each further one scrolls
    height = int(session.size.split("x")[1])
    terminal.press(*[keys[CURSOR]] * height)
    terminal.settle(limit=PATIENCE_SECONDS)
    assert listing.first not in terminal.text, f"the list did not scroll:\n{terminal.text}"
    session.note(SCROLL, pressing(terminal, keys[SCROLL], times=plan.repeats))
    # no further than the list goes
    session.note(PAGE, pressing(terminal, keys[PAGE], times=min(plan.repeats, listing.rows // height - 2)))
    for _ in range(plan.repeats // 2):
        session.note(END, pressing(terminal, keys[END]))
        terminal.wait_for(listing.last)
        session.note(TOP, pressing(terminal, keys[TOP]))
        terminal.wait_for(listing.first)
    session.memory = terminal.private_mebibytes()
    session.note(IDLE, iter([terminal.idle(IDLE_SECONDS)]))
    session.note(FILTER, program.filters(terminal, listing, PATIENCE_SECONDS))
    if program.name == OURS:
        session.note(FILTER_NAME, filters_on_the_name(terminal, listing, PATIENCE_SECONDS))
    session.memory = max(session.memory, terminal.private_mebibytes())


def _open(program: Program, terminal: Watched, listing: Listing, session: Session, plan: Plan) -> None:
    first_text = terminal.first_text()
    patience = plan.ready_seconds
    if program.opens is None:
        session.note(OPEN, map(terminal.starts, [patience]))
        started = session.costs[OPEN][0]
    else:
        started = terminal.starts(PATIENCE_SECONDS)
        program.enter(terminal, listing)
        terminal.settle(limit=PATIENCE_SECONDS)
        session.note(OPEN, pressing(terminal, program.opens, patience=patience))
    session.costs[START].append(started._replace(painted=first_text))
    if program.name == OURS and listing.login == OPERATOR:
        session.note(ALL_YEARS, pressing(terminal, "a"))


def take_part(
    program: Program, listing: Listing, size: tuple[int, int], plan: Plan, environment: Mapping[str, str]
) -> Session:
    """A session of the program, whatever comes of it."""
    columns, lines = size
    session = Session(program.name, listing.name, f"{columns}x{lines}")
    begun = time.perf_counter()
    with closing(Watched(program.command(listing), size=size, environment=environment)) as terminal:
        try:
            use(program, terminal, listing, session, plan)
        except TooSlow as slow:
            say(f"  {slow}")
        except AssertionError as error:
            session.failure = str(error).partition("\n")[0]
            say(f"  failed: {error}")
    say(f"{session.size}, {listing.name} projects: {program.name}, {time.perf_counter() - begun:.0f} s")
    return session


def measure(database: Path, folder: Path, plan: Plan, found: Sequence[Program]) -> list[Session]:
    """All programs in turn, so that a busy moment of the machine hits each alike."""
    environment = clean_environment(folder)
    lists = list(listings(database, folder))
    sessions: list[Session] = []
    for repetition in range(plan.sessions):
        for size in plan.sizes:
            for listing in lists:
                for program in found:
                    before = [one for one in sessions if (one.program, one.rows) == (program.name, listing.name)]
                    if program.name == OURS or (not repetition and not any(one.slow for one in before)):
                        sessions.append(take_part(program, listing, size, plan, environment))
    return sessions


def starts_bare(times: int, folder: Path) -> list[Cost]:
    """What the least costs that is drawn with Textual."""
    costs = []
    for _ in range(times):
        with closing(Watched(bare(), environment=clean_environment(folder))) as terminal:
            first_text = terminal.first_text()
            costs.append(terminal.starts(PATIENCE_SECONDS)._replace(painted=first_text))
    return costs


def main() -> None:
    """Measure, and keep what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short session of each, at 80x24 only")
    plan = QUICK if parser.parse_args().quick else Plan()
    found, missing = programs()
    with working_copy() as database, tempfile.TemporaryDirectory() as folder:
        floor = starts_bare(plan.repeats, Path(folder))
        sessions = measure(database, Path(folder), plan, found)
    keep(
        "keys",
        {
            "plan": plan._asdict(),
            "programs": [program.name for program in found],
            "missing": missing,
            "versions": versions(),
            "floor": floor,
            "sessions": [vars(session) for session in sessions],
        },
    )


if __name__ == "__main__":
    main()
