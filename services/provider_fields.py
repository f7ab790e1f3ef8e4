"""The fields of a provider and of its addresses: how the screens call them, and what each must hold."""

from collections.abc import Callable, Mapping

from db.fields import folded
from services.checks import (
    clean_line,
    clean_text,
    limit_length,
    parse_account_number,
    parse_email,
    parse_phone,
    parse_postcode,
    require_line,
    show_account_number,
)
from services.errors import Invalid
from services.language import _

ADDRESS = ("street", "house_number", "box", "postcode", "municipality")
FOLDED = ("name", "municipality")
LONGEST_LINE = 200  # characters
LONGEST_EMAIL = 254  # RFC 5321
LONGEST_NUMBER = 20  # of a house or box
LONGEST_PRESENTATION = 2000


def field_name(field: str) -> str:
    """How the screens call the field."""
    return {
        "name": _("Name"),
        "street": _("Street"),
        "house_number": _("Number"),
        "box": _("Box"),
        "postcode": _("Postcode"),
        "municipality": _("Municipality"),
        "email": _("Mail address"),
        "phone": _("Telephone"),
        "account_number": _("Account number"),
        "expertise": _("Fields of expertise"),
        "presentation": _("Presentation"),
    }[field]


_PARSERS: dict[str, Callable[[str], str]] = {
    "name": lambda text: require_line(text, field_name("name"), LONGEST_LINE),
    "street": lambda text: require_line(text, field_name("street"), LONGEST_LINE),
    "house_number": lambda text: require_line(text, field_name("house_number"), LONGEST_NUMBER),
    "box": lambda text: limit_length(clean_line(text), field_name("box"), LONGEST_NUMBER),
    "postcode": lambda text: parse_postcode(require_line(text, field_name("postcode"), LONGEST_LINE)),
    "municipality": lambda text: require_line(text, field_name("municipality"), LONGEST_LINE),
    "email": lambda text: parse_email(require_line(text, field_name("email"), LONGEST_EMAIL)),
    "phone": lambda text: parse_phone(text) if text.strip() else "",
    "account_number": lambda text: parse_account_number(require_line(text, field_name("account_number"), LONGEST_LINE)),
    "presentation": lambda text: limit_length(clean_text(text), field_name("presentation"), LONGEST_PRESENTATION),
}


def _parse(field: str, text: str) -> str:
    return _PARSERS[field](text) if field in _PARSERS else text


def field_problem(field: str, text: str) -> str:
    """What is wrong with what was typed in the field, '' if nothing or if it has no rule of its own here."""
    try:
        _parse(field, text)
    except ValueError as error:
        return str(error)
    return ""


def show_field(field: str, kept: str) -> str:
    """A value as it is kept in the form in which people read it."""
    return show_account_number(kept) if field == "account_number" else kept


def show_typed(field: str, typed: str) -> str:
    """What was typed, and has no problem, in the form in which people read it."""
    return show_field(field, _parse(field, typed))


def parse_fields(typed: Mapping[str, str]) -> dict[str, str]:
    """The fields as they are kept; Invalid has a sentence for each that does not do."""
    if wrong := {field: problem for field, text in typed.items() if (problem := field_problem(field, text))}:
        raise Invalid(wrong)
    return {field: _parse(field, text) for field, text in typed.items()}


def changed_fields(kept: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """The typed fields that differ from what is kept, as they are to be kept; Invalid as in `parse_fields`.

    Only those are checked: what the back office once brought stays as it is until somebody changes it.
    """
    parsed = parse_fields({field: text for field, text in typed.items() if text != kept[field]})
    return {field: text for field, text in parsed.items() if text != kept[field]}


def as_columns(values: Mapping[str, str]) -> dict[str, str]:
    """The fields as columns of their table: what is searched is kept in folded form as well."""
    return dict(values) | {f"{field}_folded": folded(values[field]) for field in FOLDED if field in values}
