"""Random questions to the project list, the same ones for the same seed: one to three filters, any sort."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from services.projects import TURNED, ProjectQuery, ProjectStatus, ServiceType, SortColumn

SEED = 4
SAMPLED = 5_000
MOST_DIGITS = 10
MOST_LETTERS = 8
TURNED_ROUND = 0.1  # of the filters


class Sampled(NamedTuple):
    """Of a row of the database: what somebody may look for."""

    number: str
    enterprise: str
    applied_on: date
    cents: int


def _sampled(database: Path, random: Random) -> list[Sampled]:
    """Rows from all over the table."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        [highest] = connection.execute("SELECT max(id) FROM project").fetchone()
        rows = [
            connection.execute(
                "SELECT number, name, applied_on, amount_cents FROM project "
                "JOIN enterprise ON enterprise.id = enterprise_id WHERE project.id = ?",
                (random.randint(1, highest),),
            ).fetchone()
            for _ in range(SAMPLED)
        ]
    return [Sampled(number, name, date.fromisoformat(day), cents) for number, name, day, cents in rows]


def _fragment(text: str, longest: int, random: Random) -> str:
    """A piece of `text`, 1 to `longest` characters, as somebody types it; one of ten is found nowhere, or by chance."""
    length = random.randint(1, longest)
    start = random.randrange(max(1, len(text) - length + 1))
    piece = text[start : start + length].strip() or text[0]
    piece = random.choice((str.lower, str.upper, str))(piece)
    return piece[::-1] if random.random() < 0.1 else piece


def _day(day: date, random: Random) -> str:
    return random.choice((f"{day:%d/%m/%Y}", day.isoformat()))


def _applied(random: Random, rows: list[Sampled]) -> str:
    first, last = sorted(random.choice(rows).applied_on for _ in range(2))
    return random.choice(
        (
            f"{last.year}",
            f"{last:%m/%Y}",
            f"{last:%Y-%m}",
            f"{first:%m/%Y}..{last:%m/%Y}",
            f"{_day(first, random)}..{_day(last, random)}",
            f"{_day(last, random)}..",
            f"..{_day(first, random)}",
            f">{_day(last, random)}",
            _day(last, random),
        )
    )


def _amount(random: Random, rows: list[Sampled]) -> str:
    low, high = sorted(random.choice(rows).cents for _ in range(2))
    exact = f"{low // 100},{low % 100:02}"
    return random.choice(
        (f">{high // 100}", f"<{low // 100}", f"{low // 100}..{high // 100}", f"{low // 100}..", f"<={exact}", exact)
    )


FILTERS: dict[str, Callable[[Random, list[Sampled]], Any]] = {
    "number": lambda random, rows: _fragment(random.choice(rows).number, MOST_DIGITS, random),
    "enterprise": lambda random, rows: _fragment(random.choice(rows).enterprise, MOST_LETTERS, random),
    "applied": _applied,
    "amount": _amount,
    "service": lambda random, rows: random.choice(list(ServiceType)),
    "status": lambda random, rows: random.choice(list(ProjectStatus)),
}


def _filters(random: Random, rows: list[Sampled]) -> dict[str, Any]:
    """One to three filters, now and then one that is turned round."""
    chosen = {name: FILTERS[name](random, rows) for name in random.sample(list(FILTERS), random.randint(1, 3))}
    for name in [name for name in chosen if random.random() < TURNED_ROUND]:
        if name in ("service", "status"):
            chosen[f"not_{name}"] = True
        else:
            chosen[name] = f"{TURNED}{chosen[name]}"
    return chosen


def random_queries(database: Path, count: int) -> list[ProjectQuery]:
    """`count` of them, with values that are in the database."""
    random = Random(SEED)
    rows = _sampled(database, random)
    return [
        ProjectQuery(
            **_filters(random, rows),
            sort=random.choice(list(SortColumn)),
            descending=random.random() < 0.5,
            all_years=random.random() < 0.5,
        )
        for _ in range(count)
    ]
