"""The project list: filtered, sorted and counted among a million rows while somebody types (decision 0013)."""

from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from db.codes import ProjectStatus, ServiceType
from db.database import database
from db.project_filters import ProjectFilter, Sql, all_of, between, conditions_of, equal
from db.project_places import Key, Places, Start
from db.project_ways import SORTS, Way, choose_ways, in_order, skips_days
from db.projects import Project

SHORT = 60_000  # rows of a list that is kept whole, as the ids of its rows; a large provider has 50,000
STEP = 5_000  # rows between the places that are looked up in a longer one

LISTED = ("number", "applied_on", "amount_cents", "service", "status", "enterprise_id")
ROW = (*LISTED, "name", "name_folded")


class ProjectLine(NamedTuple):
    """A row of the list."""

    number: str
    enterprise: str
    applied_on: date
    amount_cents: int
    service: ServiceType
    status: ProjectStatus


class Reading:
    """The rows of one filter in one order."""

    def __init__(self, chosen: ProjectFilter, sort: str, descending: bool, places: Places | None = None) -> None:
        self._chosen, self._descending = chosen, descending
        self._sort, self._keys = sort, SORTS[sort].keys
        self._joined = sort == "enterprise"
        self._conditions = conditions_of(chosen, joined=self._joined)
        self.places = places or Places()

    def page(self, offset: int, limit: int) -> Sequence[ProjectLine]:
        """At most `limit` rows from `offset`."""
        if self.places.count is not None:
            limit = min(limit, self.places.count - offset)
        if limit <= 0:
            return []
        if self.places.ids is not None:
            return self._known(self.places.ids[offset : offset + limit])
        start = self.places.nearest(offset, limit)
        rows = self._rows(self._way(), start, limit)
        if start.backwards:
            rows.reverse()
        for place in {0, len(rows) - 1} if rows else ():
            self._note(offset + place, rows[place])
        return [_line(row) for row in rows]

    def beside(self, anchor: Project, *, after: bool) -> str | None:
        """The number of the row after (or before) where `anchor` stands, or would stand."""
        rows = self._rows(self._way(), Start(self._key(anchor), backwards=not after), 1)
        return rows[0][0] if rows else None

    def every(self) -> Iterator[ProjectLine]:
        """All rows, one in memory at a time; one statement, so as they were at one moment."""
        way = self._way(whole=True)
        where = self._where(way)
        columns = ", ".join((*LISTED, "(SELECT name FROM enterprise WHERE id = enterprise_id)"))
        found = _run(f"SELECT {columns} FROM {self._source(way)} WHERE {where.text} {self._order()}", *where.values)
        return map(_line, found)

    def count(self) -> int:
        """How many rows there are; from now on each place of a short list is at hand."""
        way = self._way(whole=True)
        if self.places.ways is not None and self.places.ways.rows > SHORT:
            self.places.count = count_projects(self._chosen)
            return self.places.count
        where = self._where(way)
        found = _run(f"SELECT project.id FROM {self._source(way)} WHERE {where.text} {self._order()}", *where.values)
        ids = array("q", (key for (key,) in found))
        self.places.ids, self.places.count = ids, len(ids)
        return len(ids)

    def count_before(self, anchor: Project | None) -> int:
        """How many rows come before where `anchor` stands, or would stand; all of them for None."""
        way = self._way(whole=True)
        beyond = None if anchor is None else self._beyond(Start(self._key(anchor), backwards=True))
        where = self._where(way, beyond)
        [rows] = _run(f"SELECT count(*) FROM {self._source(way)} WHERE {where.text}", *where.values).fetchone()
        return int(rows)

    def survey(self) -> None:
        """Look up places all over a long list, so that each page of it is near one; until the list is left."""
        position, start = -1, Start(passed=STEP - 1)
        while not self.places.left and self.places.ids is None:
            found = self._rows(in_order(self._sort), start, 1)
            if not found:
                return
            position += STEP
            start = Start(self._note(position, found[0]), STEP - 1)

    # -- the way to the rows -------------------------------------------------------------------------------------------

    def _way(self, *, whole: bool = False) -> Way:
        """The way by which a page, or the whole list, is there soonest; found out once for a list."""
        if self.places.ways is None:
            self.places.ways = choose_ways(self._chosen, self._sort, self._order())
        return self.places.ways.whole if whole else self.places.ways.page

    def _bounds(self) -> Sql | None:
        """The least and the greatest number in the days that are asked for: numbers go up with the days."""
        days = self._conditions["applied"]
        index = "project INDEXED BY project_by_applied"
        every = (
            f"WITH RECURSIVE days (day) AS (SELECT min(applied_on) FROM {index} WHERE {days.text} UNION ALL "
            f"SELECT (SELECT min(applied_on) FROM {index} WHERE applied_on > day AND {days.text}) "
            "FROM days WHERE day IS NOT NULL) "
        )
        ends = ", ".join(f"{end}((SELECT {end}(number) FROM {index} WHERE applied_on = day))" for end in ("min", "max"))
        found = _run(f"{every} SELECT {ends} FROM days WHERE day IS NOT NULL", *days.values, *days.values).fetchone()
        if self._sort == "number":
            return between("number", *found)
        codes = tuple(map(str, ServiceType if self._sort == "service" else ProjectStatus))
        return all_of(Sql(f"{self._sort} IN ({', '.join('?' * len(codes))})", codes), between("number", *found))

    def _where(self, way: Way, beyond: Sql | None = None) -> Sql:
        """All conditions, each once: the way's is often that of a filter."""
        return all_of(*dict.fromkeys((way.condition, *self._conditions.values(), beyond)))

    def _source(self, way: Way) -> str:
        """What stands behind FROM; the first table is the one that is read in order."""
        if not self._joined:
            return way.source
        tables = ("enterprise", way.source) if way.in_order else (way.source, "enterprise")
        return f"{tables[0]} CROSS JOIN {tables[1]} ON enterprise.id = enterprise_id"

    def _note(self, position: int, row: Key) -> Key:
        key = tuple(row[ROW.index(name)] for name in self._keys)
        self.places.note(position, key)
        return key

    def _known(self, ids: Sequence[int]) -> Sequence[ProjectLine]:
        """The rows with these ids, in their order."""
        marks = ", ".join("?" * len(ids))
        rows = _run(
            f"SELECT {', '.join(ROW)}, project.id FROM project JOIN enterprise ON enterprise.id = enterprise_id "
            f"WHERE project.id IN ({marks})",
            *ids,
        )
        lines = {row[-1]: _line(row) for row in rows}
        return [lines[key] for key in ids if key in lines]

    def _order(self, *, backwards: bool = False) -> str:
        direction = "DESC" if self._descending != backwards else "ASC"
        return "ORDER BY " + ", ".join(f"{key} {direction}" for key in self._keys)

    def _key(self, project: Project) -> Key:
        values = {
            "number": project.number,
            "applied_on": project.applied_on.isoformat(),
            "amount_cents": project.amount_cents,
            "service": str(project.service),
            "status": str(project.status),
            "enterprise_id": project.enterprise_id,
            "name_folded": project.enterprise.name_folded,
        }
        return tuple(values[key] for key in self._keys)

    def _beyond(self, start: Start) -> Sql | None:
        """What is read from there on."""
        if start.key is None:
            return None
        sign = "<" if self._descending != start.backwards else ">"
        keys, values = self._keys, start.key
        if self._conditions.get(self._sort) == equal(self._sort, values[0]):
            # of one code only the numbers differ, and by two conditions on the code no index knows where to begin
            keys, values = keys[1:], values[1:]
        beyond = Sql(f"({', '.join(keys)}) {sign} ({', '.join('?' * len(keys))})", values)
        # nor does it by the columns of two tables
        return all_of(Sql(f"name_folded {sign}= ?", values[:1]), beyond) if self._joined else beyond

    def _rows(self, way: Way, start: Start, limit: int) -> list[Key]:
        """`limit` rows from there, in the direction of reading."""
        beyond = self._beyond(start)
        if beyond is None and way.in_order and skips_days(self._conditions, self._sort):
            beyond = self._bounds()
        where = self._where(way, beyond)
        found = f"SELECT {', '.join(LISTED)} FROM {self._source(way)} WHERE {where.text}"
        return self._named(Sql(f"{found} {self._order(backwards=start.backwards)}", where.values), start, limit)

    def _named(self, found: Sql, start: Start, limit: int) -> list[Key]:
        """`limit` of the rows found, with the names of their enterprises, which are looked up for these only."""
        text = (
            f"WITH found AS MATERIALIZED ({found.text} LIMIT ? OFFSET ?) SELECT {', '.join(ROW)} FROM found "
            f"CROSS JOIN enterprise ON enterprise.id = enterprise_id {self._order(backwards=start.backwards)}"
        )
        return list(_run(text, *found.values, limit, start.passed))


def _run(text: str, *values: Any) -> Any:
    return database.execute_sql(text, values)


def _line(row: Sequence[Any]) -> ProjectLine:
    number, applied_on, cents, service, status, _enterprise, name = row[:7]
    return ProjectLine(number, name, date.fromisoformat(applied_on), cents, ServiceType(service), ProjectStatus(status))


def every_project_line(chosen: ProjectFilter, sort: str, descending: bool) -> Iterator[ProjectLine]:
    """The whole list, one row in memory at a time; one statement, so its rows are those of one moment."""
    return Reading(chosen, sort, descending).every()


def count_projects(chosen: ProjectFilter) -> int:
    """How many projects the filter leaves."""
    return Reading(chosen, "applied", descending=True).count_before(None)
