"""Looking a record up by what somebody has in hand: a number or a part of a name."""

from typing import Any

from db.enterprises import Enterprise
from db.fields import folded
from db.providers import Provider


def providers_numbered(enterprise_number: str) -> list[Provider]:
    """The headquarters with that number, and its departments."""
    found: Any = Provider.select().where(Provider.enterprise_number == enterprise_number)
    return list(found.order_by(Provider.department_number))


def enterprises_numbered(enterprise_number: str) -> list[Enterprise]:
    """The enterprise with that number."""
    return list(Enterprise.select().where(Enterprise.enterprise_number == enterprise_number))


def providers_named(text: str, limit: int) -> tuple[list[Provider], int]:
    """At most `limit` providers whose name holds `text`, and how many there are."""
    return _named(Provider, text, limit)


def enterprises_named(text: str, limit: int) -> tuple[list[Enterprise], int]:
    """At most `limit` enterprises whose name holds `text`, and how many there are."""
    return _named(Enterprise, text, limit)


def _named(model: Any, text: str, limit: int) -> tuple[list[Any], int]:
    """By name without regard to case and marks; who bears exactly that name comes first, then by name."""
    wanted = folded(text)
    query = model.select().where(model.name_folded.contains(wanted))
    found = list(query.order_by((model.name_folded == wanted).desc(), model.name_folded, model.id).limit(limit))
    return found, len(found) if len(found) < limit else query.count()
