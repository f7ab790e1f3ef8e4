"""What people choose from by typing a few letters: legal forms (rechtsvormen) and fields of expertise (vakgebieden)."""

from collections.abc import Iterable

from db import reference_tables
from db.fields import folded
from services.work import reading


def legal_forms() -> tuple[str, ...]:
    """All legal forms, by their usual abbreviations; anybody may read them."""
    with reading():
        return tuple(reference_tables.legal_form_names())


def fields_of_expertise() -> tuple[str, ...]:
    """All fields of expertise; anybody may read them."""
    with reading():
        return tuple(reference_tables.expertise_names())


def matching(names: Iterable[str], typed: str) -> tuple[str, ...]:
    """Those of `names` that hold `typed`, whatever its case and accents; the ones that begin with it come first."""
    wanted = folded(typed.strip())
    found = [name for name in names if wanted in folded(name)]
    return tuple(sorted(found, key=lambda name: not folded(name).startswith(wanted)))
