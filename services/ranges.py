"""The filters for dates and amounts: one value, `>1000`, `..500`, `100..500`, `2016`, `01/03/2016..`."""

import re
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import TypeVar

from services.checks import parse_amount, parse_date
from services.language import _

Value = TypeVar("Value", date, int)

# The calendar's first and last year are left out: nothing comes before the one or after the other.
YEARS = range(MINYEAR + 1, MAXYEAR)

# A value typed coarsely stands for all it covers: 2016 for the year, 728 for 728,00 up to 728,99.
Span = tuple[Value, Value]
Bounds = tuple[Value | None, Value | None]


def _year_or_month(text: str) -> Span[date] | None:
    found = (
        re.fullmatch("(?P<year>[0-9]{4})", text)
        or re.fullmatch("(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})", text)
        or re.fullmatch("(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4})", text)
    )
    if found is None or int(found["year"]) not in YEARS:
        return None
    year = int(found["year"])
    if "month" not in found.groupdict():
        return date(year, 1, 1), date(year, 12, 31)
    month = int(found["month"])
    if not 1 <= month <= 12:
        return None
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _date_span(text: str) -> Span[date]:
    coarse = _year_or_month(text)
    if coarse is not None:
        return coarse
    try:
        exact = parse_date(text)
    except ValueError:
        exact = date.min
    if exact.year not in YEARS:
        raise ValueError(
            _("'%(text)s' is no date; write 2016, 03/2016, 11/03/2016, or a range such as 01/03/2016..")
            % {"text": text}
        )
    return exact, exact


def _amount_span(text: str) -> Span[int]:
    cents = parse_amount(text)
    return cents, cents if "," in text else cents + 99


def _bounds(
    text: str, span: Callable[[str], Span[Value]], before: Callable[[Value], Value], after: Callable[[Value], Value]
) -> Bounds[Value]:
    text = text.strip()
    if not text:
        return None, None
    if ".." in text:
        low, _dots, high = (part.strip() for part in text.partition(".."))
        lowest, highest = span(low)[0] if low else None, span(high)[1] if high else None
        if lowest is not None and highest is not None and lowest > highest:
            raise ValueError(_("'%(text)s' runs backwards; write the lower value first.") % {"text": text})
        return lowest, highest
    if sign := re.match("[<>]=?", text):
        first, last = span(text[sign.end() :].strip())
        return {">": (after(last), None), ">=": (first, None), "<": (None, before(first)), "<=": (None, last)}[sign[0]]
    return span(text)


def date_bounds(text: str) -> Bounds[date]:
    """First and last day that the filter lets through, None where it is open; ValueError with a sentence."""
    day = timedelta(days=1)
    return _bounds(text, _date_span, lambda first: first - day, lambda last: last + day)


def amount_bounds(text: str) -> Bounds[int]:
    """Lowest and highest amount in cents, None where it is open; ValueError with a sentence.

    A bound is the amount itself; only an amount alone without cents covers its whole euro.
    """

    def exact(amount: str) -> Span[int]:
        cents = parse_amount(amount)
        return cents, cents

    bounded = ".." in text or text.strip()[:1] in ("<", ">")
    return _bounds(text, exact if bounded else _amount_span, lambda cents: cents - 1, lambda cents: cents + 1)
