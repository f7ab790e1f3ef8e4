"""By which index a project list is read: that of its order, or that of one of its filters.

SQLite's planner knows neither how many rows a filter leaves nor that a page ends after a hundred, so it is told. What
each way costs is reckoned beforehand on a sample of the projects.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from db import project_sample
from db.fields import folded
from db.project_filters import NAMED, ProjectFilter, Sql, conditions_of
from db.projects import PIECE, PIECES

PAGE = 100  # rows
# What other work costs, in entries of an index that could be looked at meanwhile (some 0.08 µs each)
LOOKING_UP_NAMES = 40_000  # once
LOOKING_UP_DAYS = 40_000
NAME = 2  # whether an entry's enterprise is one of those
JOINING = 6  # an entry with its enterprise
OF_TABLE = 15  # a row of the table instead of an entry
SORTING = 2  # a row among others
EVENLY = 3  # times the usual distance to the first row is still chance

YEARS = " ".join(map(str, range(1990, 2100)))  # that a number may begin with
IN_RANGES = ("applied", "amount", "service", "status")  # filters whose rows stand together in their index


class Sort(NamedTuple):
    """The name of the index that holds an order, and the columns that make the order up; no two rows have the same."""

    by: str
    keys: tuple[str, ...]


SORTS = {
    "number": Sort("project_by_number", ("number",)),
    "enterprise": Sort("project_by_enterprise", ("name_folded", "enterprise_id", "number")),
    "applied": Sort("project_by_applied", ("applied_on", "number")),
    "amount": Sort("project_by_amount", ("amount_cents", "number")),
    "service": Sort("project_by_service", ("service", "number")),
    "status": Sort("project_by_status", ("status", "number")),
}


class Way(NamedTuple):
    """Where rows are read from: an index, and what is read of it; `in_order` if it has the order of the list."""

    source: str
    condition: Sql | None = None
    in_order: bool = False


class Ways(NamedTuple):
    """The best way to a page and to all rows, and about how many rows these are."""

    page: Way
    whole: Way
    rows: float


class _Cost(NamedTuple):
    """A way, and what a page and what all rows cost by it."""

    page: float
    whole: float
    way: Way


def in_order(sort: str) -> Way:
    """By the index that holds the order."""
    return Way(f"project INDEXED BY {SORTS[sort].by}", in_order=True)


def skips_days(conditions: Mapping[str, Sql], sort: str) -> bool:
    """Whether the order goes by numbers, of which those of other days can be passed over."""
    return "applied" in conditions and sort in ("number", "service", "status")


def choose_ways(chosen: ProjectFilter, sort: str, order: str) -> Ways:
    """The cheapest ways for this filter and sort; `order` is the sort's ORDER BY."""
    conditions = conditions_of(chosen, joined=sort == "enterprise")
    sample = _Sample(chosen, conditions, order)
    costs = [_in_order(sample, sort), *_by_filters(sample, sort)]
    return Ways(min(costs, key=lambda cost: cost.page).way, min(costs, key=lambda cost: cost.whole).way, sample.found)


class _Sample:
    """What the sample says of one filter: its rows in the list's order, and which conditions each of them meets."""

    def __init__(self, chosen: ProjectFilter, conditions: dict[str, Sql], order: str) -> None:
        self.chosen, self.conditions = chosen, conditions
        asked = conditions_of(chosen, joined=True)
        questions = [f"coalesce({asked[field].text}, 0) != 0" for field in conditions]
        values = [value for field in conditions for value in asked[field].values]
        self.projects, self.answers = project_sample.answers([*questions, "1"], values, order)
        self.each = self.projects / max(1, len(self.answers))  # projects that one of the sample stands for
        self.found = self.each * sum(map(all, self.answers))
        self.named = "enterprise" in conditions or "not enterprise" in conditions

    def rows(self, field: str) -> float:
        """About how many rows meet that condition; none in the sample may still be some."""
        place = list(self.conditions).index(field)
        return self.each * max(0.5, sum(answer[place] for answer in self.answers))


def _in_order(sample: _Sample, sort: str) -> _Cost:
    """A page: past all before the first row that is let through, from there as dense as they are on the whole."""
    ranged = sort in IN_RANGES and sort in sample.conditions
    skips = skips_days(sample.conditions, sort)
    # what lies outside of these is not looked at
    inside = ([sort] if ranged else []) + (["applied"] if skips else [])
    places = [list(sample.conditions).index(field) for field in inside]
    walked = [answer for answer in sample.answers if all(answer[place] for place in places)]
    once, entry = LOOKING_UP_DAYS if skips else 0, 1
    if sample.named and sort != "enterprise":
        once, entry = once + LOOKING_UP_NAMES, entry + NAME
    lets_through = [place for place, answer in enumerate(walked) if all(answer)]
    apart = len(walked) / len(lets_through) if lets_through else 0.0  # in the sample, if they are spread evenly
    gap = max(0.0, lets_through[0] - EVENLY * apart) if lets_through else len(walked)
    looks = gap * sample.each + PAGE * apart
    every = sample.rows(sort) if ranged else sample.projects
    return _Cost(looks * entry + once, every * entry + once, in_order(sort))


def _by_filters(sample: _Sample, sort: str) -> Iterator[_Cost]:
    """Every row of one filter, whatever page is wanted; those that the others let through are sorted."""
    joining = JOINING if sort == "enterprise" else 0
    once = LOOKING_UP_NAMES if sample.named else 0
    entry = 1 + (joining or NAME if sample.named else 0)
    for field, condition in sample.conditions.items():
        if field == "whose":
            way, looks = Way("project INDEXED BY project_by_headquarters", condition), sample.rows(field) * entry
        elif field == "number":
            way, part = _by_digits(sample.chosen.number)
            looks = part * sample.projects * OF_TABLE
        elif field == "enterprise":
            way = Way(f"project INDEXED BY {SORTS[field].by}", Sql(NAMED, (folded(sample.chosen.enterprise),)))
            looks = sample.rows(field)
        elif field in IN_RANGES:
            way, looks = Way(f"project INDEXED BY {SORTS[field].by}", condition), sample.rows(field) * entry
        else:
            continue
        yield _Cost(looks + once + (SORTING + joining) * sample.found, looks + once, way)


def _by_digits(text: str) -> tuple[Way, float]:
    """By the digits in a part of a number, and which share of all projects that finds: all, if no index has them."""
    _front, letter, digits = text.rpartition("O")
    if not re.fullmatch("[0-9]{1,6}" if letter else "[0-9]{3,6}", digits) or (not letter and digits in YEARS):
        return Way("project NOT INDEXED"), 1.0
    indexes = list(PIECES.items())[: 1 if letter else len(PIECES) - len(digits) + PIECE]
    begin = digits[:PIECE]
    found = (f"SELECT id FROM project INDEXED BY {name} WHERE {piece} BETWEEN ? AND ?" for name, piece in indexes)
    values = (begin, begin.ljust(PIECE, "9")) * len(indexes)
    way = Way("project NOT INDEXED", Sql(f"project.id IN ({' UNION ALL '.join(found)})", values))
    return way, len(indexes) / 10 ** len(begin)
