"""The user's language: texts through gettext, dates and amounts in Belgian notation. English is the source."""

import gettext as gettext_library
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

LANGUAGES = ("nl", "en")
DOMAIN = "kmop_tui"
LOCALE_FOLDER = Path(__file__).with_name("locale")
TIME_ZONE = ZoneInfo("Europe/Brussels")
# One notation for dates and amounts in both languages: what is typed and what files hold never depends on the screen.
NOTATION = "nl_BE"

_of_the_program = LANGUAGES[0]
_of_this_text: ContextVar[str | None] = ContextVar("language", default=None)


def use_language(language: str) -> None:
    """Show everything in `language` (`nl` or `en`) from now on."""
    global _of_the_program
    _of_the_program = language


@contextmanager
def written_in(language: str) -> Iterator[None]:
    """Texts made in the body are in `language`: a letter to a client is Dutch, whatever the operator's screen is."""
    token = _of_this_text.set(language)
    try:
        yield
    finally:
        _of_this_text.reset(token)


def language() -> str:
    """The language in force here."""
    return _of_this_text.get() or _of_the_program


@cache
def _translations(of: str) -> gettext_library.NullTranslations:
    if of == "en":
        return gettext_library.NullTranslations()
    return gettext_library.translation(DOMAIN, LOCALE_FOLDER, [of])


def _(message: str) -> str:
    """`message` in the user's language."""
    return _translations(language()).gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form for `number` in the user's language."""
    return _translations(language()).ngettext(singular, plural, number)


def show_date(day: date | None) -> str:
    """`11/03/2016`; nothing for no date."""
    return "" if day is None else f"{day:%d/%m}/{day.year:04}"


def show_moment(moment: datetime | None) -> str:
    """`11/03/2016 09:00`, in Belgian time; nothing for no moment."""
    if moment is None:
        return ""
    local = moment.astimezone(TIME_ZONE)
    return f"{show_date(local.date())} {local:%H:%M}"


@lru_cache(4096)
def show_amount(cents: int) -> str:
    """Whole cents as `€ 1.198,35`, with a plain space so that what is copied from the screen can be searched."""
    from decimal import Decimal

    from babel.numbers import format_currency

    return format_currency(Decimal(cents) / 100, "EUR", locale=NOTATION).replace("\N{NO-BREAK SPACE}", " ")


@lru_cache(4096)
def show_number(number: int) -> str:
    """A whole number with its thousands apart: `50.000`."""
    from babel.numbers import format_decimal

    return format_decimal(number, locale=NOTATION)
