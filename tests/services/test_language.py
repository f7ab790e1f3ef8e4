"""The Dutch texts against the code that asks for them, and how dates, amounts and numbers are written."""

import argparse
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.frontend import parse_keywords
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from db.codes import ProjectStatus, ServiceType
from kmop_tui.cli import SERVICES, STATUSES
from services.language import (
    LANGUAGES,
    LOCALE_FOLDER,
    _,
    ngettext,
    show_amount,
    show_date,
    show_moment,
    show_number,
    written_in,
)
from services.locale.extraction import calls
from services.words import word

ROOT = Path(__file__).parents[2]
PACKAGES = ("kmop_tui", "screens", "services", "db")
PO = LOCALE_FOLDER / "nl" / "LC_MESSAGES" / "kmop_tui.po"
# What `make texts` looks for, and how.
KEYWORDS = parse_keywords(re.findall(r" -k (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8")))
READER = "services.locale.extraction:calls"
PARAMETER = re.compile(r"%(?:\(\w+\))?[a-z%]")

# argparse's texts for whoever builds a parser in a wrong way, and for what this command line does not use.
NEVER_SAID = {
    " (default: %(default)s)",
    "%(heading)s:",
    "%(prog)s: warning: %(message)s\n",
    "%r is not callable",
    "'required' is an invalid argument for positionals",
    ".__call__() not defined",
    "argument '%(argument_name)s' is deprecated",
    'argument "-" with mode %r',
    "can't open '%(filename)s': %(error)s",
    "cannot have multiple subparser arguments",
    "cannot merge actions - two groups are named %r",
    "command '%(parser_name)s' is deprecated",
    "conflicting option string: %s",
    "conflicting subparser alias: %s",
    "conflicting subparser: %s",
    "dest= is required for options like %r",
    "invalid conflict_resolution value: %r",
    "invalid option string %(option)r: must start with a character %(prefix_chars)r",
    "mutually exclusive arguments must be optional",
    "option '%(option)s' is deprecated",
    "unexpected option string: %s",
}


def forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The one form of a text, or its singular and plural."""
    return tuple(text) if isinstance(text, tuple | list) else (text or "",)


@cache
def asked_for() -> dict[tuple[str, ...], str]:
    """Each text in the code, with the place of its last use."""
    return {
        forms(text): f"{package}/{file}:{line}"
        for package in PACKAGES
        for file, line, text, *_rest in extract_from_dir(ROOT / package, [("**.py", READER)], keywords=KEYWORDS)
    }


@cache
def texts() -> dict[tuple[str, ...], Message]:
    """The Dutch catalogue, without its heading."""
    return _entries(read_po(BytesIO(PO.read_bytes())))


def _entries(catalog: Catalog) -> dict[tuple[str, ...], Message]:
    return {forms(message.id): message for message in catalog if message.id}


def holding(words: str, written: Iterable[str]) -> list[str]:
    """Which of these texts hold one of `words`, but for the names of parameters."""
    wanted = re.compile(rf"\b({'|'.join(words.split())})\b", re.IGNORECASE)
    return [text for text in written if wanted.search(PARAMETER.sub("", text))]


def test_each_text_of_the_code_is_in_the_catalogue_and_nothing_else() -> None:
    assert asked_for(), "nothing was read from the code"
    assert {text: place for text, place in asked_for().items() if text not in texts()} == {}, "run `make texts`"
    assert set(texts()) - set(asked_for()) == set(), "run `make texts`"


def test_each_text_is_translated() -> None:
    assert [text for text, message in texts().items() if not all(forms(message.string))] == []
    assert [text for text, message in texts().items() if message.fuzzy] == []
    assert [text for text, message in texts().items() if len(forms(message.string)) != len(text)] == []


def test_no_text_is_put_together_before_it_is_translated() -> None:
    """Only a literal can be found; the descriptions of keys are found where the keys are bound."""
    hidden = []
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        lines = path.read_text(encoding="utf-8").splitlines()
        with path.open("rb") as file:
            for line, keyword, values, _comments in calls(file, KEYWORDS, (), {}):
                wanted = [position - 1 for position in KEYWORDS[keyword] or (1,)]
                literal = all(position < len(values) and values[position] for position in wanted)
                if not literal and "_(binding.description)" not in lines[line - 1]:
                    hidden.append(f"{path.relative_to(ROOT)}:{line}")
    assert hidden == []


def test_texts_in_f_strings_are_found() -> None:
    source = b"""f"{_('one')}: {ngettext('a', 'b', 2)}" f'{bind("x", "y", "key", "id")}' "_('no')" """
    assert [values for _line, _keyword, values, _comments in calls(BytesIO(source), KEYWORDS, (), {})] == [
        ("one",),
        ("a", "b", None),
        ("x", "y", "key", "id"),
    ]


def test_parameters_survive_translation() -> None:
    differing = [
        (english, dutch)
        for text, message in texts().items()
        for english, dutch in zip(text, forms(message.string), strict=True)
        if sorted(PARAMETER.findall(english)) != sorted(PARAMETER.findall(dutch))
        or english.endswith("\n") != dutch.endswith("\n")
    ]
    assert differing == []


def test_the_compiled_catalogue_is_that_of_the_texts() -> None:
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(PO.read_bytes())))
    compiled.seek(0)
    with PO.with_suffix(".mo").open("rb") as file:
        shipped, made_now = _entries(read_mo(file)), _entries(read_mo(compiled))
    assert {text: message.string for text, message in shipped.items()} == {
        text: message.string for text, message in made_now.items()
    }, "run `make texts`"


def test_the_code_is_in_english() -> None:
    words = "bestand dossier een geen gevonden het kies niet paswoord uitloggen uw voor wijzigen wordt zijn"
    assert holding(words, (text for entry in asked_for() for text in entry)) == []


def test_the_translation_is_dutch_says_u_and_keeps_to_the_terms_of_the_manual() -> None:
    dutch = [text for message in texts().values() for text in forms(message.string)]
    assert holding("the not your password project's please", dutch) == []
    assert holding("je jij jou jouw", dutch) == []
    # paswoord, login, onderneming, onderneming
    assert holding("wachtwoord wachtwoorden gebruikersnaam bedrijf firma", dutch) == []


def test_argparse_is_translated() -> None:
    said = {
        forms(text)
        for _line, text, *_rest in extract_from_file(READER, argparse.__file__, keywords=KEYWORDS)
        if forms(text)[0] not in NEVER_SAID
    }
    assert ("usage: ",) in said
    assert said - set(asked_for()) == set(), "name them in services/locale/argparse_texts.py"


def test_the_statuses_and_services_are_the_manual_s() -> None:
    with written_in("nl"):
        assert tuple(word(status) for status in ProjectStatus) == STATUSES
        assert tuple(word(service).lower() for service in ServiceType) == SERVICES
    with written_in("en"):
        assert word(ProjectStatus.RUNNING) == "Running"


@pytest.mark.parametrize(
    ("language", "number", "line"),
    [
        ("nl", 0, "0 projecten gevonden (waarvan 0 getoond)"),
        ("nl", 1, "1 project gevonden (waarvan 1 getoond)"),
        ("nl", 203, "203 projecten gevonden (waarvan 203 getoond)"),
        ("en", 0, "0 projects found (0 shown)"),
        ("en", 1, "1 project found (1 shown)"),
        ("en", 203, "203 projects found (203 shown)"),
    ],
)
def test_the_form_follows_the_number(language: str, number: int, line: str) -> None:
    with written_in(language):
        found = ngettext(
            "%(found)s project found (%(shown)s shown)", "%(found)s projects found (%(shown)s shown)", number
        )
    assert found % {"found": number, "shown": number} == line


def test_a_letter_is_written_in_its_own_language() -> None:
    with written_in("en"):
        with written_in("nl"):
            assert _("Log out") == "Uitloggen"
        assert _("Log out") == "Log out"


@pytest.mark.parametrize("language", LANGUAGES)
def test_dates_and_amounts_are_belgian_in_each_language(language: str) -> None:
    with written_in(language):
        assert show_amount(119_835) == "€ 1.198,35"
        assert show_amount(0) == "€ 0,00"
        assert show_amount(5) == "€ 0,05"
        assert show_amount(123_456_789_012) == "€ 1.234.567.890,12"
        assert show_number(50_000) == "50.000"
        assert show_number(203) == "203"
        assert show_date(date(2016, 3, 1)) == "01/03/2016"
        assert show_date(None) == ""


def test_moments_are_in_belgian_time() -> None:
    assert show_moment(datetime(2016, 3, 11, 8, 0, tzinfo=UTC)) == "11/03/2016 09:00"
    assert show_moment(datetime(2016, 7, 11, 8, 0, tzinfo=UTC)) == "11/07/2016 10:00"
    assert show_moment(datetime(2016, 12, 31, 23, 30, tzinfo=UTC)) == "01/01/2017 00:30"
    assert show_moment(None) == ""
