"""What the imports of providers, projects and payments have in common."""

import json
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol, TypeVar

from services.backoffice_files import Cells
from services.checks import parse_amount, parse_date, parse_email, parse_enterprise_number, parse_provider_number
from services.language import _
from services.work import Work

R = TypeVar("R")
Problems = Mapping[str, str]  # why a row is refused, by column


class Outcome(Enum):
    """What became of a row that was not refused."""

    NEW = auto()
    UNCHANGED = auto()


class Importer(Protocol[R]):
    """How rows of one kind are read and recorded. A file is gone through `turns` times, from 0."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns that the file must have."""

    turns: int

    def read(self, cells: Cells) -> R:
        """The row, checked for form and arithmetic; Invalid by column."""

    def turn(self, row: R) -> int:
        """In which turn the row is recorded."""

    def record(self, rows: Sequence[R], work: Work) -> Sequence[Outcome | Problems]:
        """Write what is new, checked against what is known; what became of each row."""


def fingerprint(row: tuple[Any, ...]) -> str:
    """SHA-256 (hexadecimal) over the fields of a row in their one form."""
    return sha256(json.dumps(row, ensure_ascii=False).encode()).hexdigest()


def known_otherwise(columns: Sequence[str]) -> Problems:
    """Refuse a row whose number is known with other values in these columns."""
    return dict.fromkeys(columns, _("This number is known with another value; what is known stays as it is."))


# Files name the same few thousand enterprises and days again and again.
enterprise_number = lru_cache(10_000)(parse_enterprise_number)
provider_number = lru_cache(10_000)(parse_provider_number)
email = lru_cache(10_000)(parse_email)


@lru_cache(10_000)
def day(text: str) -> str:
    """A date as ISO text, which is how the tables keep it."""
    return parse_date(text).isoformat()


def positive_amount(text: str) -> int:
    """An amount above zero, in cents."""
    cents = parse_amount(text)
    if not cents:
        raise ValueError(_("The amount must be more than zero."))
    return cents
