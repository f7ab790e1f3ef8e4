"""Aanmelden: how an organisation that has no login yet becomes a service provider, with its address and its login."""

from collections.abc import Mapping
from itertools import count

from db import accounts, reference_tables
from db.codes import ProviderKind, Role
from db.establishments import Establishment
from db.fields import folded
from db.providers import Provider, find_provider
from services import passwords, provider_fields
from services.accounts import mail_first_password, new_account
from services.checks import (
    clean_line,
    parse_enterprise_number,
    require_line,
    show_enterprise_number,
)
from services.errors import Invalid
from services.language import _
from services.work import Record, reading, writing

LONGEST_NAME = 200  # characters
LONGEST_TYPED = 64_000  # more than any field may have: each says itself how much


class SignUp(Record):
    """The manual's eight groups of data, as they were typed; `expertise` names the fields, one or more."""

    name: str = ""
    enterprise_number: str = ""
    legal_form: str = ""
    street: str = ""
    house_number: str = ""
    box: str = ""
    postcode: str = ""
    municipality: str = ""
    email: str = ""
    phone: str = ""
    account_number: str = ""
    expertise: tuple[str, ...] = ()
    presentation: str = ""


def field_name(field: str) -> str:
    """What the screen calls a field of `SignUp`."""
    own = {
        "name": _("Company name"),
        "enterprise_number": _("Enterprise number"),
        "legal_form": _("Legal form"),
    }
    return own.get(field) or provider_fields.field_name(field)


def parse_field(field: str, typed: str) -> str:
    """One field (not `expertise`) in the form in which it is kept; Invalid when it does not do."""
    try:
        if field == "name":
            return require_line(typed, field_name(field), LONGEST_NAME)
        if field != "box":
            require_line(typed, field_name(field), LONGEST_TYPED)
        if field == "enterprise_number":
            return parse_enterprise_number(typed)
        if field == "legal_form":
            return clean_line(typed)
    except ValueError as error:
        raise Invalid({field: str(error)}) from None
    return provider_fields.parse_fields({field: typed})[field]


def show_field(field: str, kept: str) -> str:
    """A value as it was checked in the form in which people read it."""
    if field == "enterprise_number":
        return show_enterprise_number(kept)
    return provider_fields.show_field(field, kept)


def require_new(enterprise_number: str) -> str:
    """The number (ten digits) itself; Invalid when its enterprise is a provider already. Nothing is told of logins."""
    with reading():
        _refuse_known(enterprise_number)
    return enterprise_number


def _refuse_known(enterprise_number: str) -> None:
    if find_provider(enterprise_number) is not None:
        known = _(
            "Enterprise %(number)s has signed up already. Go back and ask for a new password on the first screen."
        )
        raise Invalid({"enterprise_number": known % {"number": show_enterprise_number(enterprise_number)}})


def _checked(command: SignUp) -> Mapping[str, str]:
    kept: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for field in SignUp.model_fields:
        try:
            if field != "expertise":
                kept[field] = parse_field(field, getattr(command, field))
        except Invalid as error:
            wrong |= error.fields
    if not command.expertise:
        wrong["expertise"] = _("Choose one or more fields of expertise.")
    with reading():
        if "legal_form" in kept and kept["legal_form"] not in reference_tables.legal_form_names():
            wrong["legal_form"] = _("Choose a legal form from the list: type a few of its letters.")
        if not set(command.expertise) <= set(reference_tables.expertise_names()):
            wrong["expertise"] = _("Choose the fields of expertise from the list: type a few of their letters.")
    if wrong:
        raise Invalid(wrong)
    return kept


def sign_up(command: SignUp) -> str:
    """Make the headquarters (MZ), its establishment 1 and its login, and mail login and temporary password.

    Nobody is logged in yet. The login is the enterprise number's ten digits; should somebody else have chosen that as a
    login, `-2` and so on is put behind it. Returns the mail address. Invalid has a sentence for each field that does
    not do, and for an enterprise that has signed up already, be it a moment ago.
    """
    kept = _checked(command)
    require_new(kept["enterprise_number"])
    password = passwords.temporary_password()
    password_hash = passwords.hash_password(password)
    with writing(None) as work:
        _refuse_known(kept["enterprise_number"])
        provider = Provider.create(
            name=kept["name"],
            name_folded=folded(kept["name"]),
            kind=ProviderKind.HEADQUARTERS,
            enterprise_number=kept["enterprise_number"],
            legal_form=kept["legal_form"],
            email=kept["email"],
            phone=kept["phone"],
            account_number=kept["account_number"],
            presentation=kept["presentation"],
        )
        address = {field: kept[field] for field in provider_fields.ADDRESS}
        Establishment.create(provider=provider, **provider_fields.as_columns(address))
        reference_tables.set_expertise(provider.id, command.expertise)
        work.audit("provider.sign_up", f"provider:{provider.id}")
        login = _free_login(kept["enterprise_number"])
        account = new_account(work, login, Role.HEADQUARTERS, provider, kept["email"], password_hash)
        mail_first_password(work, account, kept["email"], password)
    return kept["email"]


def _free_login(digits: str) -> str:
    if accounts.find_account(digits) is None:
        return digits
    return next(login for number in count(2) if accounts.find_account(login := f"{digits}-{number}") is None)
