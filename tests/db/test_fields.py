"""How values are kept: what sorts as text sorts as a value, and comes back as it was."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.fields import DateField, FlagField, MomentField, folded

moments = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(first=moments, second=moments)
def test_moments_sort_as_text_and_come_back(first: datetime, second: datetime) -> None:
    field = MomentField()
    texts = field.db_value(first), field.db_value(second)
    assert texts[0] is not None
    assert texts[1] is not None
    assert (texts[0] < texts[1], texts[0] == texts[1]) == (first < second, first == second)
    assert field.python_value(texts[0]) == first
    assert field.python_value(field.db_value(None)) is None
    assert texts[0].endswith("+00:00")


@given(first=st.dates(), second=st.dates())
def test_days_sort_as_text_and_come_back(first: date, second: date) -> None:
    field = DateField()
    texts = field.db_value(first), field.db_value(second)
    assert (str(texts[0]) < str(texts[1])) == (first < second)
    assert field.python_value(texts[0]) == first
    assert field.python_value(None) is None


@pytest.mark.parametrize("value", [True, False])
def test_flags_are_one_and_zero(value: bool) -> None:
    field = FlagField()
    assert field.db_value(value) == int(value)
    assert field.python_value(int(value)) is value


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Élise", "elise"), ("STRASSE", "strasse"), ("Straße", "strasse"), ("Ｆｕｌｌ", "full"), ("Ĳ", "ij"), ("ﬁ", "fi")],
)
def test_texts_are_folded_for_searching(text: str, plain: str) -> None:
    assert folded(text) == plain


@given(text=st.text())
def test_a_folded_text_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_moment_is_kept_to_the_microsecond_in_utc() -> None:
    assert MomentField().db_value(datetime(2016, 3, 11, 8, tzinfo=UTC)) == "2016-03-11T08:00:00.000000+00:00"
