"""Which projects a list shows, as SQL asks for them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from db.codes import ProjectStatus, ServiceType
from db.fields import folded

NAMED = "enterprise_id IN (SELECT id FROM enterprise WHERE instr(name_folded, ?))"


@dataclass(frozen=True)
class ProjectFilter:
    """Which projects: every field that is set narrows the list; bounds are inclusive, amounts in cents.

    A filter whose name is in `turned` leaves out what it would let through. `since` is where the whole list begins.
    """

    headquarters_id: int | None = None
    provider_id: int | None = None
    since: date | None = None
    number: str = ""
    enterprise: str = ""
    applied_from: date | None = None
    applied_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    service: ServiceType | None = None
    status: ProjectStatus | None = None
    turned: frozenset[str] = frozenset()


class Sql(NamedTuple):
    """A piece of SQL and what its question marks stand for."""

    text: str
    values: tuple[Any, ...] = ()


def all_of(*conditions: Sql | None) -> Sql:
    """A condition that holds where each of these holds."""
    parts = [part for part in conditions if part is not None]
    return Sql(
        " AND ".join(part.text for part in parts) or "1", tuple(value for part in parts for value in part.values)
    )


def between(column: str, lowest: Any, highest: Any) -> Sql | None:
    """From the lowest to the highest, both included; None where neither is given."""
    low = None if lowest is None else Sql(f"{column} >= ?", (lowest,))
    high = None if highest is None else Sql(f"{column} <= ?", (highest,))
    return all_of(low, high) if low or high else None


def equal(column: str, value: Any) -> Sql | None:
    """Just that value; None where it is not given."""
    return None if value is None else Sql(f"{column} = ?", (value,))


def _first_day(chosen: ProjectFilter) -> date | None:
    """One bound where there are two, for SQLite begins to read at the one that it sees first."""
    if "applied" in chosen.turned:
        return chosen.applied_from
    return max((day for day in (chosen.since, chosen.applied_from) if day is not None), default=None)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def conditions_of(chosen: ProjectFilter, *, joined: bool) -> dict[str, Sql]:
    """What each filter that is set asks of a row, by its name; `not NAME` for one that is turned round.

    `joined` says that the rows are read together with their enterprises.
    """
    number, name = chosen.number, folded(chosen.enterprise)
    # in the order in which a row is asked: what takes longer comes later
    asked = {
        "service": equal("service", chosen.service),
        "status": equal("status", chosen.status),
        "amount": between("amount_cents", chosen.amount_from, chosen.amount_to),
        "applied": between("applied_on", _iso(_first_day(chosen)), _iso(chosen.applied_to)),
        "number": Sql("instr(number, ?)", (number,)) if number else None,
        "enterprise": Sql("instr(name_folded, ?)" if joined else NAMED, (name,)) if name else None,
    }
    found = {field: condition for field, condition in asked.items() if condition is not None}
    for field in chosen.turned & found.keys():
        text, values = found.pop(field)
        found[f"not {field}"] = Sql(f"NOT ({text})", values)
    if chosen.since is not None and "applied" not in found:
        found["applied"] = Sql("applied_on >= ?", (chosen.since.isoformat(),))
    whose = (equal("headquarters_id", chosen.headquarters_id), equal("provider_id", chosen.provider_id))
    return found | ({"whose": all_of(*whose)} if any(whose) else {})
