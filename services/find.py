"""Find the record behind what somebody has in hand: a project number, enterprise number, login or name."""

from collections.abc import Sequence
from datetime import date, datetime

from db import find
from db.accounts import Account, find_account
from db.codes import ProviderKind, Role
from db.enterprises import Enterprise
from db.projects import find_project
from db.providers import Provider, find_provider
from services.checks import (
    clean_line,
    parse_project_number,
    parse_provider_number,
    show_enterprise_number,
    show_provider_number,
)
from services.errors import NotFound
from services.language import _
from services.projects import ProjectRecord, project_record
from services.rules import Permission
from services.work import Actor, Record, reading, require

MOST_NAMES = 20
LONGEST_TEXT = 500  # more than any number, login or name of ours has


class FoundProvider(Record):
    """A headquarters or department."""

    number: str
    name: str
    kind: ProviderKind
    legal_form: str
    email: str
    phone: str
    ended_on: date | None


class FoundEnterprise(Record):
    """A customer."""

    number: str
    name: str
    email: str


class FoundAccount(Record):
    """A login; the provider's number and name are empty for an operator's."""

    login: str
    role: Role
    provider_number: str
    provider: str
    email: str | None
    created_at: datetime
    last_login_at: datetime | None
    ended_at: datetime | None


class FindResult(Record):
    """What was found, at least one record. Names give `MOST_NAMES` of each kind; the counts say how many there are."""

    projects: tuple[ProjectRecord, ...]
    providers: tuple[FoundProvider, ...]
    provider_count: int
    enterprises: tuple[FoundEnterprise, ...]
    enterprise_count: int
    accounts: tuple[FoundAccount, ...]


def find_records(text: str, *, actor: Actor) -> FindResult:
    """The records behind `text`, which is looked up as a number where it is one, else as a part of a name, and always
    as a login. NotFound when there is none.
    """
    wanted = clean_line(text)[:LONGEST_TEXT]
    with reading():
        require(actor, Permission.FIND_ANYTHING)
        projects = _projects(wanted, actor)
        providers, provider_count, enterprises, enterprise_count = _numbered(wanted)
        if wanted and not (projects or providers or enterprises):
            providers, provider_count = find.providers_named(wanted, MOST_NAMES)
            enterprises, enterprise_count = find.enterprises_named(wanted, MOST_NAMES)
        account = find_account(wanted)
        if not (projects or providers or enterprises or account):
            raise NotFound(
                _("'%(text)s' is not known. Give a project number, enterprise number, login or part of a name.")
                % {"text": wanted}
            )
        return FindResult(
            projects=tuple(projects),
            providers=tuple(_found_provider(provider) for provider in providers),
            provider_count=provider_count,
            enterprises=tuple(_found_enterprise(enterprise) for enterprise in enterprises),
            enterprise_count=enterprise_count,
            accounts=() if account is None else (_found_account(account),),
        )


def _projects(wanted: str, actor: Actor) -> list[ProjectRecord]:
    try:
        project = find_project(parse_project_number(wanted))
    except ValueError:
        return []
    return [] if project is None else [project_record(project, actor)]


def _numbered(wanted: str) -> tuple[Sequence[Provider], int, Sequence[Enterprise], int]:
    """What bears the enterprise number: a headquarters with its departments and an enterprise, or one department."""
    try:
        enterprise_number, department_number = parse_provider_number(wanted)
    except ValueError:
        return [], 0, [], 0
    if department_number:
        department = find_provider(enterprise_number, department_number)
        return ([], 0, [], 0) if department is None else ([department], 1, [], 0)
    providers = find.providers_numbered(enterprise_number)
    enterprises = find.enterprises_numbered(enterprise_number)
    return providers, len(providers), enterprises, len(enterprises)


def _found_provider(provider: Provider) -> FoundProvider:
    return FoundProvider(
        number=show_provider_number(provider.enterprise_number, provider.department_number),
        name=provider.name,
        kind=ProviderKind(provider.kind),
        legal_form=provider.legal_form,
        email=provider.email,
        phone=provider.phone,
        ended_on=provider.ended_on,
    )


def _found_enterprise(enterprise: Enterprise) -> FoundEnterprise:
    return FoundEnterprise(
        number=show_enterprise_number(enterprise.enterprise_number), name=enterprise.name, email=enterprise.email
    )


def _found_account(account: Account) -> FoundAccount:
    provider: Provider | None = account.provider
    return FoundAccount(
        login=account.login,
        role=Role(account.role),
        provider_number=""
        if provider is None
        else show_provider_number(provider.enterprise_number, provider.department_number),
        provider="" if provider is None else provider.name,
        email=account.email,
        created_at=account.created_at,
        last_login_at=account.last_login_at,
        ended_at=account.ended_at,
    )
