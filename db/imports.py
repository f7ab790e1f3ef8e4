"""Queries for many rows at once, as imports need them: one for a batch instead of one for each row."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from datetime import datetime
from types import TracebackType
from typing import Any, NamedTuple, Self

from peewee import fn

from db import bulk
from db.codes import PaymentKind, ProjectStatus
from db.enterprises import Enterprise
from db.establishments import Establishment
from db.fields import Table, folded
from db.payments import Payment, paid
from db.projects import Project
from db.providers import Provider

ProviderNumber = tuple[str, int]


class KnownProject(NamedTuple):
    """A project as the tables hold it now; dates as ISO text, the provider by its number."""

    number: str
    enterprise: str
    enterprise_number: str
    email: str
    provider: ProviderNumber
    service: str
    title: str
    applied_on: str
    starts_on: str
    ends_on: str
    amount_cents: int
    subsidy_cents: int
    status: str


class KnownProvider(NamedTuple):
    """A provider as the tables hold it now, with its own address (establishment 1)."""

    name: str
    number: ProviderNumber
    kind: str
    legal_form: str
    street: str
    house_number: str
    box: str
    postcode: str
    municipality: str
    email: str
    phone: str
    account_number: str


class KnownEnterprise(NamedTuple):
    """An enterprise, and the newest application that named it (day and project number, which sort)."""

    id: int
    name: str
    email: str
    newest_application: str


class PaymentKey(NamedTuple):
    """What tells a payment from all others; the day as ISO text."""

    project_id: int
    paid_on: str
    kind: str
    amount_cents: int
    occurrence: int


class PaidProject(NamedTuple):
    """What payments look at in a project, and what was paid so far, in cents."""

    id: int
    number: str
    status: ProjectStatus
    amount_cents: int
    own_share_cents: int
    deposited_cents: int
    paid_out_cents: int


def insert_rows(model: type[Table], rows: Sequence[dict[str, Any]]) -> None:
    """Add the rows, which all name the same fields, valued as SQLite keeps them; other fields get their defaults."""
    if not rows:
        return
    defaults = {field.name: value for field, value in model._meta.defaults.items()}
    names = list(defaults | rows[0])
    columns = " ".join(model._meta.fields[name].column_name for name in names)
    # insert_many would spend four times as long on building its statement
    bulk.insert_rows(model, columns, ([(defaults | row)[name] for name in names] for row in rows))


def project_digests(numbers: Collection[str]) -> dict[str, str | None]:
    """The fingerprints of those of the projects that are known."""
    rows: Any = Project.select(Project.number, Project.source_digest).where(Project.number.in_(numbers)).tuples()
    return dict(rows)


def known_projects(numbers: Collection[str]) -> dict[str, KnownProject]:
    """Those of the projects that are known, by number."""
    rows: Any = (
        Project.select(
            Project.number,
            Enterprise.name,
            Enterprise.enterprise_number,
            Enterprise.email,
            Provider.enterprise_number,
            Provider.department_number,
            Project.service,
            Project.title,
            Project.applied_on.cast("text"),
            Project.starts_on.cast("text"),
            Project.ends_on.cast("text"),
            Project.amount_cents,
            Project.subsidy_cents,
            Project.status,
        )
        .join(Enterprise)
        .switch(Project)
        .join(Provider, on=(Project.provider == Provider.id))
        .where(Project.number.in_(numbers))
        .tuples()
    )
    return {
        number: KnownProject(number, name, enterprise, email, (provider, department), *others)
        for number, name, enterprise, email, provider, department, *others in rows
    }


def provider_ids(enterprise_numbers: Iterable[str]) -> dict[ProviderNumber, tuple[int, int]]:
    """The headquarters and departments of these enterprises: their ids, and the ids of their organisations."""
    rows: Any = (
        Provider.select(Provider.enterprise_number, Provider.department_number, Provider.id, Provider.headquarters)
        .where(Provider.enterprise_number.in_(set(enterprise_numbers)))
        .tuples()
    )
    return {(enterprise, department): (key, organisation or key) for enterprise, department, key, organisation in rows}


def known_providers(enterprise_numbers: Iterable[str]) -> dict[ProviderNumber, tuple[KnownProvider, str | None]]:
    """The headquarters and departments of these enterprises, with the fingerprint of the row each came from."""
    rows: Any = (
        Provider.select(
            Provider.enterprise_number,
            Provider.department_number,
            Provider.source_digest,
            Provider.name,
            Provider.kind,
            Provider.legal_form,
            fn.COALESCE(Establishment.street, ""),
            fn.COALESCE(Establishment.house_number, ""),
            fn.COALESCE(Establishment.box, ""),
            fn.COALESCE(Establishment.postcode, ""),
            fn.COALESCE(Establishment.municipality, ""),
            Provider.email,
            Provider.phone,
            Provider.account_number,
        )
        .left_outer_join(Establishment, on=((Establishment.provider == Provider.id) & (Establishment.number == 1)))
        .where(Provider.enterprise_number.in_(set(enterprise_numbers)))
        .tuples()
    )
    return {
        (enterprise, department): (KnownProvider(name, (enterprise, department), *values), digest)
        for enterprise, department, digest, name, *values in rows
    }


def known_enterprises(enterprise_numbers: Iterable[str]) -> dict[str, KnownEnterprise]:
    """Those of the enterprises that are known, by number."""
    newest = fn.COALESCE(fn.MAX(Project.applied_on.concat(Project.number)), "").coerce(False)
    rows: Any = (
        Enterprise.select(Enterprise.enterprise_number, Enterprise.id, Enterprise.name, Enterprise.email, newest)
        .left_outer_join(Project)
        .where(Enterprise.enterprise_number.in_(set(enterprise_numbers)))
        .group_by(Enterprise.id)
        .tuples()
    )
    return {number: KnownEnterprise(*values) for number, *values in rows}


def rename_enterprise(enterprise_id: int, name: str, email: str) -> None:
    """Give the enterprise the name and address of its newest application."""
    Enterprise.update(name=name, name_folded=folded(name), email=email, version=Enterprise.version + 1).where(
        Enterprise.id == enterprise_id
    ).execute()


def insert_payments(payments: Sequence[PaymentKey]) -> set[PaymentKey]:
    """Add those of the payments that are not known yet, and give these back."""
    if not payments:
        return set()
    columns = [Payment.project, Payment.paid_on, Payment.kind, Payment.amount_cents, Payment.occurrence]
    added = (
        Payment.insert_many(payments, fields=columns)
        .on_conflict(action="NOTHING", conflict_target=columns)
        .returning(*columns)
        .tuples()
        .execute()
    )
    return {PaymentKey(project, paid_on.isoformat(), *others) for project, paid_on, *others in added}


def project_ids(numbers: Collection[str]) -> dict[str, int]:
    """The ids of those of the projects that are known."""
    rows: Any = Project.select(Project.number, Project.id).where(Project.number.in_(numbers)).tuples()
    return dict(rows)


def paid_projects(ids: Collection[int]) -> list[PaidProject]:
    """What was paid for each of the projects, by number."""
    rows: Any = (
        Project.select(
            Project.id,
            Project.number,
            Project.status,
            Project.amount_cents,
            Project.amount_cents - Project.subsidy_cents,
            paid(PaymentKind.DEPOSIT),
            paid(PaymentKind.PAYOUT),
        )
        .where(Project.id.in_(ids))
        .order_by(Project.number)
        .tuples()
    )
    return [PaidProject(key, number, ProjectStatus(status), *cents) for key, number, status, *cents in rows]


def move_projects(ids: Sequence[int], status: ProjectStatus, moment: datetime) -> None:
    """Bring the projects, read in this same transaction, to `status`."""
    if ids:
        Project.update(status=status, status_since=moment, version=Project.version + 1).where(
            Project.id.in_(ids)
        ).execute()


class OccurrenceCounts:
    """How often each key came by, counted in a private file that SQLite keeps on disk: memory does not grow with it."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = off")
        self._connection.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def count(self, key: str) -> int:
        """Count `key` once more; how often it came by until now, from 1."""
        with closing(
            self._connection.execute(
                "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times", (key,)
            )
        ) as found:
            times: int = found.fetchone()[0]
        return times
