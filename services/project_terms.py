"""The filters of the project list as one line: `status:lopend bedrag>1000 aanvraag:2016-02.. -bakker`.

A term is `FIELD:VALUE`, where the value is what one would type in that column's filter, `FIELD>VALUE` and the like
where there are ranges, or a word of the enterprise's name unless it looks like a project number; `-` turns it round.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache, partial
from typing import Any, NamedTuple

from db.fields import folded
from services.checks import clean_line
from services.errors import Invalid
from services.language import LANGUAGES, _, written_in
from services.projects import LONGEST_TEXT, TURNED, ProjectQuery, ProjectStatus, ServiceType
from services.ranges import amount_bounds, date_bounds
from services.words import word

# Blanks part words, but for those between quotation marks; a mark written twice between these stands for itself.
WORD = re.compile(r'(?:(?P<open>"(?:[^"]|"")*+\Z)|"(?:[^"]|"")*+"|[^\s"])++')
SHAPE = re.compile(r'(?P<turned>-(?=.))?(?:(?P<name>[^":<>]*)(?P<sign>:|[<>]=?))?(?P<value>.*)', re.DOTALL)
QUOTED = re.compile(r'"((?:[^"]|"")*+)"')
# A word that is a project number, the beginning of one, or a part of one
NUMBER = re.compile("[0-9]+|[0-9]{4}K(?:M(?:O[0-9]*)?)?|[0-9]*KMO[0-9]+", re.IGNORECASE)


class TermsUnreadable(Invalid):
    """A term that cannot be read: `str(error)` says why, `start` and `end` say where in the line."""

    def __init__(self, sentence: str, start: int, end: int) -> None:
        super().__init__({"terms": sentence})
        self.start, self.end = start, end


class Field(NamedTuple):
    """What a term can be about; there are `codes` to choose from, or `check` says what is wrong with a text."""

    filter: str
    """The name of the filter in `ProjectQuery`."""
    name: Callable[[], str]
    """What it is called in the line, in the user's language."""
    check: Callable[[str], object] = str
    """Raises ValueError with a sentence."""
    ranges: bool = False
    codes: Callable[[], Mapping[Any, str]] = dict
    """What each code is called in the line, in the user's language."""


def _short(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise ValueError(_("This is longer than %(limit)s characters.") % {"limit": LONGEST_TEXT})


def _words(codes: type[StrEnum]) -> dict[StrEnum, str]:
    return {code: word(code).lower() for code in codes}


NAME = Field("enterprise", lambda: _("enterprise"), _short)
PROJECT_NUMBER = Field("number", lambda: _("number"), _short)
# In the order in which they are shown
FIELDS = (
    Field("status", lambda: _("status"), codes=partial(_words, ProjectStatus)),
    Field("service", lambda: _("service"), codes=partial(_words, ServiceType)),
    Field("amount", lambda: _("amount"), amount_bounds, ranges=True),
    Field("applied", lambda: _("applied"), date_bounds, ranges=True),
    Field("all_years", lambda: _("years"), codes=lambda: {True: _("all")}),
    PROJECT_NUMBER,
    NAME,
)


class Term(NamedTuple):
    """A word of the line, read; its value stands from `start` to `end`. `bare` when it names no field."""

    field: Field
    turned: bool
    value: str
    bare: bool
    start: int
    end: int


class Completion(NamedTuple):
    """What could stand in place of the line from `start` to `end`."""

    text: str
    start: int
    end: int


def read_terms(text: str, query: ProjectQuery) -> ProjectQuery:
    """The list that the line asks for, in the order of `query`; TermsUnreadable for the first term that does not do."""
    found: dict[Field, list[Term]] = {}
    values: dict[str, Any] = {}
    for each in WORD.finditer(text):
        term = _read_word(each)
        former = found.setdefault(term.field, [])
        if former:
            _require_one_name(former, term, each)
        former.append(term)
        try:
            values |= _values(term.field, " ".join(part.value for part in former), former[0].turned)
        except ValueError as error:
            raise TermsUnreadable(str(error), term.start, term.end) from None
    return ProjectQuery(sort=query.sort, descending=query.descending).model_copy(update=values)


def show_terms(query: ProjectQuery) -> str:
    """The line that asks for this list, in the user's language; a filter that cannot be read is shown as it is."""
    terms = []
    for field in FIELDS:
        value = getattr(query, field.filter)
        if codes := field.codes():
            turned = getattr(query, f"not_{field.filter}", False)
            term = f"{field.name()}:{_quoted(codes[value])}" if value else ""
        else:
            filtered = _as_filtered(value)
            turned = filtered.startswith(TURNED)
            term = _show_text(field, filtered.removeprefix(TURNED), turned)
        if term:
            terms.append(TURNED * turned + term)
    return " ".join(terms)


def complete_terms(text: str, cursor: int) -> tuple[Completion, ...]:
    """What the word that ends at the cursor can become: fields not used yet, or what can be chosen in its field."""
    start, end = word_at(text, cursor)
    if cursor != end:
        return ()
    shape = _shape(text[start:end])
    if shape["sign"]:
        field = _named(shape)
        words = [] if field is None or shape["sign"] != ":" else list(field.codes().values())
    else:
        used = {_named(_shape(each[0])) for each in WORD.finditer(text)}
        words = [f"{field.name()}:" for field in FIELDS if field not in used]
    typed = folded(shape["value"])
    fitting = sorted(known for known in words if folded(known).startswith(typed) and folded(known) != typed)
    return tuple(Completion(known, start + shape.start("value"), end) for known in fitting)


def word_at(text: str, cursor: int) -> tuple[int, int]:
    """Where the word that the cursor is in, or at an end of, begins and ends; both at the cursor when there is none."""
    spans = (each.span() for each in WORD.finditer(text))
    return next(((start, end) for start, end in spans if start <= cursor <= end), (cursor, cursor))


# -- reading -----------------------------------------------------------------------------------------------------------


def _shape(text: str) -> re.Match[str]:
    return next(SHAPE.finditer(text))  # it fits any text: what is neither name nor sign is value


@cache
def _names() -> dict[str, Field]:
    """The fields by their names in all languages; `nr` is how people write the number."""
    names = {"nr": PROJECT_NUMBER}
    for language in LANGUAGES:
        with written_in(language):
            names |= {folded(field.name()): field for field in FIELDS}
    return names


def _named(shape: re.Match[str]) -> Field | None:
    return _names().get(folded(shape["name"] or ""))


def _read_word(each: re.Match[str]) -> Term:
    """The term that a word is."""
    if each["open"]:
        why = _("This quotation mark is not closed; within a text it is written twice.")
        raise TermsUnreadable(why, each.start("open"), each.end())
    shape = _shape(each[0])
    value = clean_line(QUOTED.sub(lambda quoted: quoted[1].replace('""', '"'), shape["value"]))
    start, sign = each.start() + shape.start("value"), shape["sign"]
    field = _named(shape) if sign else PROJECT_NUMBER if NUMBER.fullmatch(shape["value"]) else NAME
    if field is None:
        why = _("'%(name)s' is no filter; put a name with : < or > in quotation marks.") % {"name": shape["name"]}
        raise TermsUnreadable(why, each.start() + shape.start("name"), start)
    compared = "" if sign in (None, ":") else sign
    if compared and not field.ranges:
        why = _("%(field)s has no larger or smaller: write %(field)s: and what you look for.") % {"field": field.name()}
        raise TermsUnreadable(why, each.start() + shape.start("name"), start)
    if not value:
        why = _("%(term)s is empty: type what you look for right behind it, without a blank.") % {"term": each[0]}
        raise TermsUnreadable(why, *each.span())
    return Term(field, shape["turned"] is not None, compared + value, sign is None, start, each.end())


def _require_one_name(former: list[Term], term: Term, each: re.Match[str]) -> None:
    """Only words of a name may come together, and none of these turned round by itself."""
    if term.field is not NAME or not term.bare or not former[0].bare:
        why = _("%(field)s is there already; put several words in quotation marks.") % {"field": term.field.name()}
        raise TermsUnreadable(why, *each.span())
    if term.turned or former[0].turned:
        name = _quoted_whole(" ".join(part.value for part in (*former, term)))
        why = _("Leave a name out as a whole, in quotation marks: -%(name)s.") % {"name": name}
        raise TermsUnreadable(why, *each.span())


def _values(field: Field, value: str, turned: bool) -> dict[str, Any]:
    """What the term sets in the query; ValueError with a sentence."""
    if not field.codes():
        text = _as_filtered(TURNED * turned + value)
        field.check(text.removeprefix(TURNED))
        return {field.filter: text}
    code = _code(field, value)
    # without `years:all` it is the last two anyway
    return {field.filter: not turned} if code is True else {field.filter: code, f"not_{field.filter}": turned}


def _code(field: Field, value: str) -> Any:
    """The code whose word begins with `value`, in any language."""
    begin, found = folded(value), set()
    for language in LANGUAGES:
        with written_in(language):
            found |= {code for code, known in field.codes().items() if folded(known).startswith(begin)}
    if len(found) == 1:
        return found.pop()
    names = {"term": f"{field.name()}:{value}"}
    if found:
        names["words"] = ", ".join(sorted(known for code, known in field.codes().items() if code in found))
        raise ValueError(_("%(term)s may be %(words)s: type more of it.") % names)
    names["words"] = ", ".join(sorted(field.codes().values()))
    raise ValueError(_("There is no %(term)s: choose from %(words)s.") % names)


# -- showing -----------------------------------------------------------------------------------------------------------


def _as_filtered(text: str) -> str:
    """The text of a filter as the list takes it: `-` alone leaves nothing out."""
    text = clean_line(text)
    left = text.removeprefix(TURNED).strip()
    return TURNED + left if left and text.startswith(TURNED) else left


def _show_text(field: Field, text: str, turned: bool) -> str:
    if field is NAME:
        words = text.split(" ")
        plain = all(_is_name(each) for each in words) and not (turned and len(words) > 1)
        return text if plain else _quoted_whole(text)
    if field is PROJECT_NUMBER and NUMBER.fullmatch(text):
        return text
    if field.ranges and text.startswith(("<", ">")) and text == _quoted(text):
        return field.name() + text
    return text and f"{field.name()}:{_quoted(text)}"


def _is_name(text: str) -> bool:
    """Whether the word is read as one of a name, as it stands."""
    return not (NUMBER.fullmatch(text) or re.search('[":<>]', text) or (text != TURNED and text.startswith(TURNED)))


def _quoted(text: str) -> str:
    return _quoted_whole(text) if re.search('[" ]', text) else text


def _quoted_whole(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
