"""Records for tests, made straight in the tables: real rows, no service in between that could be the one at fault."""

from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from argon2 import PasswordHasher
from peewee import SQL

from db.accounts import Account, Session
from db.audit import AuditLine
from db.codes import (
    PaymentKind,
    ProjectStatus,
    ProviderKind,
    RegistrationBasis,
    RegistrationStatus,
    Role,
    ServiceType,
)
from db.database import connected, transaction, use_database
from db.enterprises import Enterprise
from db.establishments import Establishment
from db.fields import Table, folded
from db.payments import Payment
from db.projects import Project
from db.providers import Provider
from db.registrations import Registration
from services import clock
from services.databases import open_database
from services.language import TIME_ZONE
from services.work import Actor

NINE = datetime(2016, 3, 11, 9, 0, tzinfo=TIME_ZONE)
PASSWORD = "kraai fluit onder zeven bruggen"
PDF = b"%PDF-1.4\n" + bytes(range(256))
# For everything but the strength of the hash itself: 0.1 ms instead of 230.
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kmop.db"
        open_database(path)
        return path.read_bytes()


def fresh_database(path: Path) -> None:
    """Use a migrated file without rows; a copy, since making one takes longer than most tests."""
    path.write_bytes(_migrated())
    use_database(path)


def later(**duration: float) -> None:
    """Move the clock on by a `timedelta`'s arguments."""
    clock.start_at(clock.now() + timedelta(**duration))


def make_provider(name: str, enterprise_number: str, headquarters: Provider | None = None, department: int = 0) -> Any:
    """A headquarters, or department `department` of one."""
    with transaction():
        return Provider.create(
            name=name,
            name_folded=folded(name),
            kind=ProviderKind.DEPARTMENT if headquarters else ProviderKind.HEADQUARTERS,
            enterprise_number=enterprise_number,
            department_number=department,
            headquarters=headquarters,
            legal_form="NV",
            email="info@example.com",
            account_number="BE68539007547034",
        )


def make_enterprise(number: int, name: str) -> Any:
    """An enterprise; the number need not be a right one."""
    with transaction():
        return Enterprise.create(
            enterprise_number=f"{number:010}", name=name, name_folded=folded(name), email="klant@example.com"
        )


def make_project(number: str, provider: Provider, enterprise: Enterprise, **columns: Any) -> Any:
    """A confirmed training of € 1.198,35, 40 % of it subsidy, applied for the day before the clock starts."""
    usual: dict[str, Any] = {
        "service": ServiceType.TRAINING,
        "title": "Boekhouden",
        "applied_on": date(2016, 3, 10),
        "starts_on": date(2016, 3, 15),
        "ends_on": date(2016, 3, 16),
        "amount_cents": 119835,
        "subsidy_cents": 47934,
        "status": ProjectStatus.CONFIRMED,
    }
    with transaction():
        return Project.create(
            number=number,
            enterprise=enterprise,
            provider=provider,
            headquarters=provider.headquarters or provider,
            **(usual | columns),
        )


def pay(project: Project, kind: PaymentKind, cents: int) -> None:
    """A payment for the project; nothing for no money."""
    if cents:
        with transaction():
            Payment.create(project=project, paid_on=date(2016, 3, 10), kind=kind, amount_cents=cents, occurrence=1)


def make_account(login: str, role: Role, provider: Provider | None = None, **columns: Any) -> Any:
    """An account with `PASSWORD`, hashed cheaply (none for `system`)."""
    usual: dict[str, Any] = {
        "password_hash": None if role is Role.SYSTEM else CHEAP_HASHER.hash(PASSWORD),
        "created_at": clock.now(),
    }
    with transaction():
        return Account.create(
            login=login, login_folded=folded(login), role=role, provider=provider, **(usual | columns)
        )


def sign_in(account: Account) -> Actor:
    """An open session of the account, without asking for its password."""
    provider: Provider | None = account.provider
    session_id = None
    if account.role != Role.SYSTEM:
        with transaction():
            session = Session.create(account=account, source="local", started_at=clock.now(), last_used_at=clock.now())
            session_id = session.id
    return Actor(
        account_id=account.id,
        login=account.login,
        role=Role(account.role),
        provider_id=account.provider_id,
        headquarters_id=None if provider is None else provider.organisation_id,
        provider_name="" if provider is None else provider.name,
        session_id=session_id,
        must_change_password=account.must_change_password,
    )


def rows(model: type[Table]) -> list[dict[str, Any]]:
    """All rows of a table, for comparing before and after."""
    with connected():
        found: Any = model.select().order_by(SQL("rowid")).dicts()
        return list(found)


def audit_trail() -> list[tuple[str, str]]:
    """Action and subject of each audit line, in order."""
    return [(row["action"], row["subject"]) for row in rows(AuditLine)]


def make_address(provider: Provider, number: int = 1, **columns: Any) -> Any:
    """An establishment of the provider in Schaarbeek, the manual's address; number 1 is its own."""
    usual = {"street": "Koning Albert II-Laan", "house_number": "30", "box": "12", "postcode": "1030"}
    place = columns.setdefault("municipality", "Schaarbeek")
    with transaction():
        return Establishment.create(
            provider=provider, number=number, municipality_folded=folded(place), **(usual | columns)
        )


def register(provider: Provider, number: str, status: str = "G", **columns: Any) -> Any:
    """A registration of the provider with that number, its service by the letter in it, valid until 21/03/2023."""
    usual: dict[str, Any] = {
        "service": number[3],
        "basis": RegistrationBasis.PRIVATE,
        "status_since": clock.now(),
        "status_before": RegistrationStatus.GRANTED if status == RegistrationStatus.SUSPENDED else None,
        "requested_on": date(2016, 1, 4),
        "expires_on": date(2023, 3, 21),
    }
    with transaction():
        return Registration.create(
            number=number,
            provider=provider,
            headquarters=provider.headquarters or provider,
            status=status,
            **(usual | columns),
        )
