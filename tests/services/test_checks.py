"""What people type, checked and brought into one form."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.checks import (
    clean_line,
    clean_text,
    parse_amount,
    parse_date,
    parse_email,
    parse_enterprise_number,
    parse_project_number,
    parse_provider_number,
    show_enterprise_number,
    show_provider_number,
)

PARSERS: list[Callable[[str], Any]] = [
    parse_amount,
    parse_date,
    parse_email,
    parse_enterprise_number,
    parse_project_number,
    parse_provider_number,
]
HOSTILE = "\x1b]52;c;QQ==\x07\x9b31m\u202e\u200b\ufeff\x00\ud800\U000e0041"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Firma \t [2016]\u00a0 nv\n", "Firma [2016] nv"),
        ("E\u0301lise", "Élise"),
        ("e\u200d\u0301", "é"),
        (f"a{HOSTILE}b", "a]52;c;QQ==31mb"),
        ("\ufb01rma ½ €", "\ufb01rma ½ €"),
        ("regel\u2028twee", "regel twee"),
        (HOSTILE[-5:], ""),
    ],
)
def test_a_line_is_kept_clean(text: str, kept: str) -> None:
    assert clean_line(text) == kept


def test_a_text_keeps_its_lines() -> None:
    assert clean_text("\r\n een\ttwee  drie\r\nvier\rvijf\x1b[0m\n\n") == "een twee  drie\nvier\nvijf[0m"
    assert clean_text("e\u200d\u0301") == "é"


@given(text=st.text(st.characters(codec=None)))
@example(text="e\u200d\u0301")
@example(text="a \u200b b")
@example(text="\u1100\ufeff\u1161")
def test_what_was_cleaned_is_clean(text: str) -> None:
    for clean in (clean_line, clean_text):
        kept = clean(text)
        assert unicodedata.is_normalized("NFC", kept)
        assert clean(kept) == kept
        assert not {unicodedata.category(letter) for letter in kept if letter != "\n"} & {"Cc", "Cf", "Cs", "Co", "Cn"}
    assert "\n" not in clean_line(text)
    assert "  " not in clean_line(text)


@pytest.mark.parametrize(
    "text",
    ["0403.019.261", "BE 0403.019.261", "be0403019261", "403019261", "403.019.261", " 0403 019 261 ", "0403-019-261"],
)
def test_an_enterprise_number_in_any_dress(text: str) -> None:
    assert parse_enterprise_number(text) == "0403019261"


@pytest.mark.parametrize(
    "text",
    [
        *("", "BE", "0403.019.262", "0403.019.26", "04030192611", "2403019261", "0000000000", "000000000"),
        *("NL0403019261", "0403.O19.261", "٠٤٠٣٠١٩٢٦١", "0403.019.261/2"),
    ],
)
def test_what_is_no_enterprise_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ondernemingsnummer"):
        parse_enterprise_number(text)


@given(first=st.integers(1, 19_999_999))
def test_the_last_two_digits_are_97_less_the_rest(first: int) -> None:
    number = f"{first:08}{97 - first % 97:02}"
    assert parse_enterprise_number(number) == number
    assert parse_enterprise_number(show_enterprise_number(number)) == number
    assert re.fullmatch(r"[01]\d{3}\.\d{3}\.\d{3}", show_enterprise_number(number))
    for place in (3, 7, 9):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        with pytest.raises(ValueError, match=r"\."):
            parse_enterprise_number(wrong)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0862.010.195", ("0862010195", 0)),
        ("BE0862010195/2", ("0862010195", 2)),
        (" 0862.010.195 / 12 ", ("0862010195", 12)),
    ],
)
def test_a_provider_number_may_name_a_department(text: str, number: tuple[str, int]) -> None:
    assert parse_provider_number(text) == number
    assert parse_provider_number(show_provider_number(*number)) == number


@pytest.mark.parametrize(
    "text", ["0862010195/", "0862010195/0", "0862010195/a", "0862010195/1/2", "/2", "0862010195/²"]
)
def test_what_is_no_provider_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        parse_provider_number(text)


@pytest.mark.parametrize("text", ["2016KMO044855", "2016kmo044855", " 2016 KMO 044855 ", "2016-KMO-044.855"])
def test_a_project_number_in_any_dress(text: str) -> None:
    assert parse_project_number(text) == "2016KMO044855"


@pytest.mark.parametrize(
    "text", ["", "2016KMO44855", "16KMO044855", "2016KM0044855", "2016KMO0448555", "٢٠١٦KMO044855"]
)
def test_what_is_no_project_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2016KMO044855"):
        parse_project_number(text)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.198,35", 119835),
        ("1198,35", 119835),
        ("€ 1.000", 100000),
        ("1.000.000", 100000000),
        ("1,5", 150),
        ("0,05", 5),
        ("007", 700),
        ("1 198,35", 119835),
        pytest.param("0" * 5000 + "7", 700, id="zeros"),
    ],
)
def test_amounts_are_whole_cents(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    "text", ["", "€", "1198.35", "1.1", "1,234", "-1", "1_000", "٣", "1.0000", "9" * 14, "9" * 5000]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^'.*' is "):
        parse_amount(text)


@pytest.mark.parametrize("text", ["11/03/2016", " 2016-03-11 "])
def test_a_day_is_written_in_two_ways(text: str) -> None:
    assert parse_date(text) == date(2016, 3, 11)


@pytest.mark.parametrize(
    "text", ["", "11/03/16", "31/02/2016", "03/11/2016/", "11-03-2016", "20160311", "11/03/2016 x"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="11/03/2016"):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "address"), [(" an@example.com ", "an@example.com"), ("élise@EXAMPLE.com", "élise@example.com")]
)
def test_mail_addresses(text: str, address: str) -> None:
    assert parse_email(text) == address


@pytest.mark.parametrize("text", ["", "an", "an@", "@example.com", "an@example.com, b@example.com", "a\nb@example.com"])
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"(?s)^'.*\.$"):
        parse_email(text)


@given(text=st.text() | st.text("0123456789KMO./,-€@a ", max_size=24))
def test_nothing_typed_makes_more_trouble_than_a_sentence(text: str) -> None:
    for parse in PARSERS:
        said = "."
        try:
            parse(text)
        except ValueError as error:
            said = str(error)
        assert said.endswith("."), (parse, said)
