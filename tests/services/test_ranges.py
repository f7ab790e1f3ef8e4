"""The filters for dates and amounts, as people type them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ranges import amount_bounds, date_bounds

D = date
SENTENCE_ENDS = (".", "..")


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("", (None, None)),
        ("   ", (None, None)),
        ("..", (None, None)),
        ("11/03/2016", (D(2016, 3, 11), D(2016, 3, 11))),
        ("2016-03-11", (D(2016, 3, 11), D(2016, 3, 11))),
        ("2016", (D(2016, 1, 1), D(2016, 12, 31))),
        ("02/2016", (D(2016, 2, 1), D(2016, 2, 29))),
        ("2016-02", (D(2016, 2, 1), D(2016, 2, 29))),
        ("2/2015", (D(2015, 2, 1), D(2015, 2, 28))),
        ("12/2016", (D(2016, 12, 1), D(2016, 12, 31))),
        ("2016-12..", (D(2016, 12, 1), None)),
        ("..02/2016", (None, D(2016, 2, 29))),
        ("2015..2016", (D(2015, 1, 1), D(2016, 12, 31))),
        ("01/03/2016 .. 10/03/2016", (D(2016, 3, 1), D(2016, 3, 10))),
        ("11/03/2016..11/03/2016", (D(2016, 3, 11), D(2016, 3, 11))),
        (">2015", (D(2016, 1, 1), None)),
        (">=2015", (D(2015, 1, 1), None)),
        ("< 2015", (None, D(2014, 12, 31))),
        ("<= 2015", (None, D(2015, 12, 31))),
        (">28/02/2016", (D(2016, 2, 29), None)),
        ("0012-05", (D(12, 5, 1), D(12, 5, 31))),
    ],
)
def test_days_months_years_and_ranges(text: str, bounds: tuple[date | None, date | None]) -> None:
    assert date_bounds(text) == bounds


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("", (None, None)),
        ("..", (None, None)),
        ("1198", (119800, 119899)),
        ("1.198", (119800, 119899)),
        ("1.198,35", (119835, 119835)),
        ("1198,3", (119830, 119830)),
        ("€ 1.000", (100000, 100099)),
        ("1,5", (150, 150)),
        (">1000", (100001, None)),
        (">=1.000", (100000, None)),
        ("<500", (None, 49999)),
        ("<= 500", (None, 50000)),
        ("..500", (None, 50000)),
        ("100..500", (10000, 50000)),
        ("100,01 .. 500,99", (10001, 50099)),
        ("500..500", (50000, 50000)),
        ("0", (0, 99)),
        ("<0", (None, -1)),
    ],
)
def test_amounts_and_ranges_in_cents(text: str, bounds: tuple[int | None, int | None]) -> None:
    assert amount_bounds(text) == bounds


@pytest.mark.parametrize(
    "text",
    [
        "01/01/0001",
        *("gisteren", "13/2016", "00/2016", "31/02/2016", "2016..2015", "1..2..3", ">", ">=", "> ..", "..<2016"),
        *("99999", "11/03/16", "٢٠١٦", "2016-13", "0000", "9999", "2016/03"),
        # the calendar ends there
        *(">31/12/9999", "<01/01/0001", "<0001", "<01/0001"),
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)^'.*' .*\.$|\.\.$"):
        date_bounds(text)


@pytest.mark.parametrize(
    "text",
    [
        "veel",
        "1.00",
        "1,234",
        "-5",
        "1e3",
        "1 0,0 0,",
        ">",
        "500..100",
        "1.000.00",
        "9" * 16,
        "9" * 5000,
        ">" + "9" * 5000,
    ],
)
def test_what_is_no_amount_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^'.*' (is|loopt) .*\.$"):
        amount_bounds(text)


typed = st.text(max_size=20) | st.text("0123456789/-.,<>=€ ", max_size=24)


@given(text=typed)
@example(text=">31/12/9999")
def test_nothing_typed_makes_more_trouble_than_a_sentence(text: str) -> None:
    parsers: list[Callable[[str], tuple[Any, Any]]] = [date_bounds, amount_bounds]
    for bounds in parsers:
        said, found = "", (None, None)
        try:
            found = bounds(text)
        except ValueError as error:
            said = str(error)
        low, high = found
        assert said.endswith(SENTENCE_ENDS) if said else low is None or high is None or low <= high


@given(first=st.dates(D(2, 1, 1), D(9998, 12, 31)), days=st.integers(0, 1000))
def test_each_way_to_write_a_bound_lets_the_right_days_through(first: date, days: int) -> None:
    last = first + timedelta(days=min(days, (D(9998, 12, 31) - first).days))
    low, high = f"{first:%d/%m}/{first.year:04}", last.isoformat()
    day = timedelta(days=1)
    assert date_bounds(f"{low}..{high}") == (first, last)
    assert date_bounds(f">{low}") == (first + day, None)
    assert date_bounds(f"<{high}") == (None, last - day)


@given(cents=st.integers(0, 10**13))
def test_each_way_to_write_an_amount_is_the_same_amount(cents: int) -> None:
    euro, rest = divmod(cents, 100)
    for text in (f"{euro},{rest:02}", f"{euro:,}".replace(",", ".") + f",{rest:02}", f"€ {euro},{rest:02} "):
        assert amount_bounds(text) == (cents, cents)
        assert amount_bounds(f">{text}") == (cents + 1, None)
