"""What a project list adds up to: how many projects and how much money per day, per status and per service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from db.codes import ProjectStatus, ServiceType
from db.database import database
from db.project_filters import ProjectFilter, Sql, all_of, conditions_of
from db.project_ways import choose_ways, in_order

FEW = 150_000  # rows: up to here grouping them takes less than reading the index of each column

# SQLite groups a million rows soon only in the order of an index, so each column is read out of its own. Of two of them
# the greater part need not be read: most projects are finished, most are trainings, and these are what is left.
REST = {"status": ProjectStatus.FINISHED, "service": ServiceType.TRAINING}
COLUMNS = {"applied": "applied_on", "status": "status", "service": "service"}


@dataclass(frozen=True, slots=True)
class Sum:
    """A number of projects, and their amounts together."""

    count: int = 0
    cents: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.count + other.count, self.cents + other.cents)

    def __sub__(self, other: "Sum") -> "Sum":
        return Sum(self.count - other.count, self.cents - other.cents)


class ProjectSums(NamedTuple):
    """The sums of one list; a day without projects is not there, nor need be a status or a service."""

    by_day: Mapping[date, Sum]
    by_status: Mapping[ProjectStatus, Sum]
    by_service: Mapping[ServiceType, Sum]


def sum_projects(chosen: ProjectFilter) -> ProjectSums:
    """Add up what the filter leaves; one statement, so as it was at one moment."""
    ways = choose_ways(chosen, "applied", "")
    conditions = conditions_of(chosen, joined=False).values()
    parts = []
    for sort, column in COLUMNS.items():
        way = ways.whole if ways.rows <= FEW else in_order(sort)
        where = all_of(*dict.fromkeys((way.condition, *conditions, _not_the_rest(column))))
        sums = f"SELECT '{sort}', {column}, count(*), sum(amount_cents) FROM {way.source}"
        parts.append(Sql(f"{sums} WHERE {where.text} GROUP BY {column}", where.values))
    text = " UNION ALL ".join(part.text for part in parts)
    found: dict[str, dict[str, Sum]] = {sort: {} for sort in COLUMNS}
    for sort, value, count, cents in database.execute_sql(text, [value for part in parts for value in part.values]):
        found[sort][value] = Sum(count, cents)
    total = sum(found["applied"].values(), Sum())
    for column, code in REST.items():
        found[column][code] = total - sum(found[column].values(), Sum())
    return ProjectSums(
        {date.fromisoformat(day): each for day, each in found["applied"].items()},
        {ProjectStatus(code): each for code, each in found["status"].items()},
        {ServiceType(code): each for code, each in found["service"].items()},
    )


def _not_the_rest(column: str) -> Sql | None:
    """All codes but the usual one, so that the index of the column leads to them."""
    if column not in REST:
        return None
    codes = tuple(str(code) for code in type(REST[column]) if code is not REST[column])
    return Sql(f"{column} IN ({', '.join('?' * len(codes))})", codes)
