"""Dienstverleners: a headquarters and its departments, and who may change what of them."""

from collections.abc import Sequence

from pydantic import Field

from db import accounts, establishments, projects, providers, reference_tables
from db.accounts import Account
from db.codes import ProviderKind as ProviderKind
from db.codes import Role
from db.establishments import Establishment
from db.providers import Provider, find_provider
from db.registrations import live_registrations
from services import mail, passwords
from services.accounts import login_problem, mail_first_password, new_account
from services.checks import clean_line, parse_provider_number, show_provider_number
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.establishments import AddressRecord, kept_address, typed_address
from services.language import _, written_in
from services.provider_fields import ADDRESS, as_columns, changed_fields, field_name, parse_fields
from services.rules import DEPARTMENT_CHANGES, OPEN_PROJECTS, Permission, why_not_end_provider
from services.work import Actor, Record, Work, reading, require, writing

LETTERS_IN = "nl"
MOST_NAMED = 3  # open projects that a refusal names
OF_PROVIDER = ("name", "email", "phone", "account_number", "presentation")


class ProviderRecord(AddressRecord):
    """A headquarters or department. `why_not_end` says why it cannot be ended, '' when it can; `mine_to_change` has the
    names of the fields that this actor may change. `address_version` is that of its own establishment."""

    number: str
    version: int
    address_version: int
    kind: ProviderKind
    name: str
    legal_form: str
    email: str
    phone: str
    account_number: str
    expertise: tuple[str, ...]
    presentation: str
    logins: tuple[str, ...]
    mine_to_change: frozenset[str]
    why_not_end: str


class ProviderFields(Record):
    """What is asked of a provider, as typed."""

    name: str
    street: str
    house_number: str
    box: str = ""
    postcode: str
    municipality: str
    email: str
    phone: str = ""
    account_number: str
    expertise: tuple[str, ...] = ()
    presentation: str = ""


class AddDepartment(ProviderFields):
    """A new department of the actor's headquarters; with a `login` it gets an account of its own, by mail."""

    login: str = ""


class ChangeProvider(ProviderFields):
    """A provider as it should be; the versions are those of the record the user saw.

    `password` is the actor's own, asked when the account number changes.
    """

    number: str
    version: int
    address_version: int
    password: str = Field(default="", repr=False)


def list_providers(*, actor: Actor) -> Sequence[ProviderRecord]:
    """The actor's organisation, the headquarters first; a department sees itself alone."""
    with reading():
        require(actor, Permission.VIEW_PROVIDERS)
        return [_record(provider, actor) for provider in _visible(actor)]


def get_provider(number: str, *, actor: Actor) -> ProviderRecord:
    """One of them by its number (`0862.010.195/2`); NotFound also when it is somebody else's, or was ended."""
    with reading():
        require(actor, Permission.VIEW_PROVIDERS)
        return _record(_find(number, actor), actor)


def add_department(command: AddDepartment, *, actor: Actor) -> ProviderRecord:
    """A new department with the next number, its address and, if asked for, its login (the password goes by mail).

    Invalid names what does not do.
    """
    login = clean_line(command.login)
    with reading():
        require(actor, Permission.ADD_PROVIDER)
        values = parse_fields({field: getattr(command, field) for field in (*OF_PROVIDER, *ADDRESS)})
        _require_known_expertise(command.expertise)
        if login and (problem := login_problem(login, None)):
            raise Invalid({"login": problem})
    password = passwords.temporary_password()
    password_hash = passwords.hash_password(password) if login else ""
    with writing(actor) as work:
        require(actor, Permission.ADD_PROVIDER)
        headquarters: Provider = Provider.get_by_id(actor.headquarters_id)
        department: Provider = Provider.create(
            kind=ProviderKind.DEPARTMENT,
            enterprise_number=headquarters.enterprise_number,
            department_number=providers.next_department_number(headquarters),
            headquarters=headquarters,
            legal_form=headquarters.legal_form,
            **as_columns({field: values[field] for field in OF_PROVIDER}),
        )
        Establishment.create(provider=department, number=1, **as_columns({field: values[field] for field in ADDRESS}))
        reference_tables.set_expertise(department.id, command.expertise)
        work.audit("provider.add", f"provider:{department.id}", headquarters=headquarters.id)
        if login:
            if problem := login_problem(login, None):
                raise Invalid({"login": problem})
            account = new_account(work, login, Role.DEPARTMENT, department, department.email, password_hash)
            mail_first_password(work, account, department.email, password)
        return _record(department, actor)


def change_provider(command: ChangeProvider, *, actor: Actor) -> ProviderRecord:
    """The provider as it is now; whoever is reached at its old and new mail address hears what matters by letter.

    Invalid names what does not do, the password included; NotAllowed for a field that is not the actor's to change,
    Conflict when the provider was changed since its versions were read.
    """
    with reading():
        require(actor, Permission.CHANGE_PROVIDER)
        changes = _changes(command, actor)
        password_hash = Account.get_by_id(actor.account_id).password_hash
    if not changes:
        raise Invalid({"name": _("Nothing was changed yet. Change a field, or go back with Esc.")})
    if "account_number" in changes:
        _require_password(password_hash, command.password)
    with writing(actor) as work:
        require(actor, Permission.CHANGE_PROVIDER)
        changes = _changes(command, actor)
        provider, address = _find_with_address(command.number, actor)
        before = provider.email
        if moved := {field: text for field, text in changes.items() if field in ADDRESS}:
            establishments.change_establishment(address, as_columns(moved))
        if "expertise" in changes:
            reference_tables.set_expertise(provider.id, command.expertise)
        providers.change_provider(
            provider, as_columns({field: text for field, text in changes.items() if field in OF_PROVIDER})
        )
        work.audit("provider.change", f"provider:{provider.id}", fields=sorted(changes))
        provider = _find(command.number, actor)
        if told := [field for field in ("account_number", "email") if field in changes]:
            _post_changes(work, provider, told, {before, provider.email})
        return _record(provider, actor)


def end_provider(number: str, version: int, *, actor: Actor) -> None:
    """End a department and its logins. NotAllowed while it has open projects or a live registration; Conflict when it
    was changed since `version` was read."""
    with writing(actor) as work:
        require(actor, Permission.END_PROVIDER)
        provider = _find(number, actor)
        if reason := _why_not_end(provider, actor):
            raise NotAllowed(reason)
        if provider.version != version:
            raise Conflict(_changed_meanwhile(provider))
        providers.change_provider(provider, {"ended_on": work.moment.date()})
        ended = accounts.end_accounts(provider.id, work.moment)
        work.audit("provider.end", f"provider:{provider.id}", accounts=ended)


def _visible(actor: Actor) -> Sequence[Provider]:
    """What the actor may see: its organisation, or the department that it is."""
    if actor.headquarters_id is None:
        raise RuntimeError("a provider's login without its provider")
    members = providers.organisation(actor.headquarters_id)
    if actor.role is Role.HEADQUARTERS:
        return members
    return [provider for provider in members if provider.id == actor.provider_id]


def _find(number: str, actor: Actor) -> Provider:
    try:
        provider = find_provider(*parse_provider_number(number))
    except ValueError as error:
        raise NotFound(str(error)) from None
    if provider is None or provider.id not in {member.id for member in _visible(actor)}:
        raise NotFound(
            _("There is no service provider %(number)s, or it is not yours.") % {"number": clean_line(number)}
        )
    return provider


def _find_with_address(number: str, actor: Actor) -> tuple[Provider, Establishment]:
    provider = _find(number, actor)
    return provider, establishments.own_addresses([provider.id])[provider.id]


def _changes(command: ChangeProvider, actor: Actor) -> dict[str, str]:
    """The fields that differ from what is kept, as they are to be kept (the expertise by name alone)."""
    provider, address = _find_with_address(command.number, actor)
    if (provider.version, address.version) != (command.version, command.address_version):
        raise Conflict(_changed_meanwhile(provider))
    kept = {field: getattr(provider, field) for field in OF_PROVIDER} | kept_address(address)
    typed = {field: getattr(command, field) for field in OF_PROVIDER} | typed_address(command)
    changes = changed_fields(kept, typed)
    if set(command.expertise) != set(reference_tables.expertise_of(provider.id)):
        _require_known_expertise(command.expertise)
        changes["expertise"] = ", ".join(command.expertise)
    if foreign := changes.keys() - _mine_to_change(actor):
        raise NotAllowed(
            _("Only your headquarters changes this: %(fields)s.")
            % {"fields": ", ".join(field_name(field) for field in sorted(foreign))}
        )
    return changes


def _changed_meanwhile(provider: Provider) -> str:
    return _("%(name)s was changed meanwhile, by somebody else.") % {"name": provider.name}


def _mine_to_change(actor: Actor) -> frozenset[str]:
    every = frozenset({*OF_PROVIDER, *ADDRESS, "expertise"})
    return every if actor.role is Role.HEADQUARTERS else DEPARTMENT_CHANGES


def _require_known_expertise(names: Sequence[str]) -> None:
    if unknown := set(names) - set(reference_tables.expertise_names()):
        raise Invalid(
            {"expertise": _("'%(name)s' is no field of expertise. Choose from the list.") % {"name": unknown.pop()}}
        )


def _require_password(password_hash: str | None, password: str) -> None:
    if not password:
        raise Invalid({"password": _("The account number changes: confirm it with your own password.")})
    if not passwords.verify_password(password_hash, password):
        raise Invalid({"password": _("The password is not right. Type the one that you log in with.")})


def _why_not_end(provider: Provider, actor: Actor) -> str:
    # a headquarters never ends here: its tens of thousands of projects need not be counted for that
    open_ones = OPEN_PROJECTS if provider.headquarters_id else ()
    count, numbers = projects.projects_of(provider, open_ones, most=MOST_NAMED)
    return why_not_end_provider(
        ProviderKind(provider.kind),
        actor.role,
        [registration.number for registration in live_registrations(provider.id)],
        numbers,
        count,
    )


def _post_changes(work: Work, provider: Provider, changed: Sequence[str], recipients: set[str]) -> None:
    """Tell both the old and the new address: whoever did not ask for this must hear of it."""
    with written_in(LETTERS_IN):
        number = show_provider_number(provider.enterprise_number, provider.department_number)
        facts = {
            "name": provider.name,
            "number": number,
            "email": provider.email,
            "account_number": f"… {provider.account_number[-4:]}",
        }
        lines = {
            "account_number": _("The new account number ends in %(account_number)s."),
            "email": _("The new mail address is %(email)s."),
        }
        body = _(
            "Dear provider,\n\nThe data of %(name)s (%(number)s) were changed.\n\n%(changes)s\n\n"
            "Was this not you or your organisation? Then call 1700 at once, and change your password."
        )
        for recipient in sorted(recipients):
            mail.post(
                work,
                recipient=recipient,
                subject=_("The data of %(name)s were changed") % facts,
                body=body % (facts | {"changes": "\n".join(lines[field] % facts for field in changed)}),
                about=f"provider:{provider.id}",
            )


def _record(provider: Provider, actor: Actor) -> ProviderRecord:
    address = establishments.own_addresses([provider.id])[provider.id]
    return ProviderRecord(
        number=show_provider_number(provider.enterprise_number, provider.department_number),
        version=provider.version,
        address_version=address.version,
        kind=ProviderKind(provider.kind),
        legal_form=provider.legal_form,
        expertise=tuple(reference_tables.expertise_of(provider.id)),
        logins=tuple(account.login for account in accounts.accounts_of(provider.id)),
        mine_to_change=_mine_to_change(actor),
        why_not_end=_why_not_end(provider, actor),
        **{field: getattr(provider, field) for field in OF_PROVIDER},
        **kept_address(address),
    )
