"""Measure the data behind the project list: random questions to a million projects, through the program's services.

`python benchmarks/data.py` asks 300 questions twice, alone and while four other processes write, and keeps what it
found for results.py. The database is a copy that is wholly in the system's memory; each call opens its own connection,
as each of the program's does.
"""

import argparse
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from database import cached_database, keep, making_of, say, working_copy
from queries import SEED, random_queries
from writers import others_writing

from services import clock
from services.accounts import LogIn, log_in
from services.databases import open_existing
from services.demo_logins import DEMO_PASSWORD, DEMO_START
from services.errors import ServiceError
from services.projects import Places, ProjectQuery, count_projects, list_projects, survey_projects
from services.work import Actor

QUERIES = 300
WINDOW = 100  # rows that the list asks at once
VIEWS = {"nation-wide": "helpdesk", "one provider": "groot"}
FIRST_PAGE, NEXT_WINDOW, THE_END, ANYWHERE = "first page", "next window", "the end", "any position"
COUNT = "exact count"
SURVEY = "survey"  # of a long list, that nobody waits for
SLOWEST = 3

T = TypeVar("T")


@dataclass
class Times:
    """Milliseconds of each kind of call, slowest queries beside them, and the errors that were seen."""

    ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    slowest: dict[str, list[tuple[float, str]]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def call(self, kind: str, query: ProjectQuery, work: Callable[[], T]) -> T | None:
        """Do `work` and note its time; None when it failed."""
        begun = time.perf_counter()
        try:
            return work()
        except ServiceError as error:
            self.errors.append(f"{kind}: {error!r}")
            return None
        finally:
            took = (time.perf_counter() - begun) * 1000
            self.ms[kind].append(took)
            slow = (took, f"{query.model_dump(mode='json', exclude_defaults=True)}")
            self.slowest[kind] = sorted([*self.slowest.get(kind, []), slow], reverse=True)[:SLOWEST]


def ask(query: ProjectQuery, actor: Actor, random: Random, times: Times) -> None:
    """All that the list may want of one query. Where it has no second window, its end and middle are not asked."""
    places = Places()

    def window(kind: str, offset: int) -> Sequence[Any] | None:
        return times.call(
            kind, query, lambda: list_projects(query, actor=actor, offset=offset, limit=WINDOW, places=places)
        )

    window(FIRST_PAGE, 0)
    counts = times.call(COUNT, query, lambda: count_projects(query, actor=actor, places=places))
    if counts is None or counts.shown <= WINDOW:
        return
    last = counts.shown - WINDOW
    window(NEXT_WINDOW, WINDOW)
    window(THE_END, last)
    times.call(SURVEY, query, lambda: survey_projects(query, actor=actor, places=places))
    window(ANYWHERE, random.randint(0, last))


def measure(queries: Sequence[ProjectQuery], actors: dict[str, Actor]) -> dict[str, Times]:
    """The times of all queries, by view."""
    found = {}
    for view, actor in actors.items():
        say(f"{len(queries)} queries, {view}")
        random = Random(SEED)
        found[view] = Times()
        for query in queries:
            ask(query, actor, random, found[view])
    return found


def floor(database: Path, times: int) -> list[float]:
    """Milliseconds for a window of bare numbers, from anywhere in a covering index, over one open connection."""
    sql = "SELECT number FROM project WHERE number >= ? ORDER BY number LIMIT ?"
    random = Random(SEED)
    took = []
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        numbers = [number for (number,) in connection.execute("SELECT number FROM project ORDER BY number")]
        plan = str(connection.execute(f"EXPLAIN QUERY PLAN {sql}", ("", WINDOW)).fetchall())
        assert "COVERING INDEX" in plan, plan
        for _ in range(times):
            number = random.choice(numbers)
            begun = time.perf_counter()
            connection.execute(sql, (number, WINDOW)).fetchall()
            took.append((time.perf_counter() - begun) * 1000)
    return took


def main() -> None:
    """Measure, and keep what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=QUERIES, metavar="N", help=f"how many (default: {QUERIES})")
    parser.add_argument("--quick", action="store_true", help="a tenth of them")
    options = parser.parse_args()
    count = options.queries // 10 if options.quick else options.queries
    with working_copy() as database:
        clock.start_at(DEMO_START)
        open_existing(database)
        queries = random_queries(database, count)
        actors = {view: log_in(LogIn(login=login, password=DEMO_PASSWORD)) for view, login in VIEWS.items()}
        bare = floor(database, count)
        alone = measure(queries, actors)
        say("The same while four other processes write")
        made = making_of(cached_database())
        with others_writing(database, actors["one provider"], made.projects) as others:
            beside = measure(queries, actors)
    keep(
        "data",
        {
            "queries": count,
            "making": made._asdict(),
            "floor": bare,
            "alone": {view: vars(times) for view, times in alone.items()},
            "beside": {view: vars(times) for view, times in beside.items()},
            "others": [vars(written) for written in others],
        },
    )


if __name__ == "__main__":
    main()
