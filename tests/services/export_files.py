"""What the tests of the export share: rows with hostile names, and reading the files back."""

import csv
import io
import random
from datetime import date
from typing import Any

import openpyxl

from db.accounts import Account, Session
from db.codes import ProjectStatus, ProviderKind, Role, ServiceType
from db.enterprises import Enterprise
from db.fields import folded
from db.projects import Project
from db.providers import Provider
from services import clock

HOSTILE = [
    '=HYPERLINK("http://example.com/?"&A1;"klik")',
    " =1+1",
    "\N{NO-BREAK SPACE}+32 9 000",
    "\ufeff-2+3",
    "\t@SUM(A1)",
    "\r=cmd|' /C calc'!A0",
    "＝1",
    "＠SUM(1)",
    "Firma [2016] nv",
    'Café "Élise"; het anker',
    '"alleen links',
    "twee\r\nregels",
    "\x1b]52;c;AAAA\x07\x1b[2J\x9b31mrood",
    "e" + "\N{COMBINING ACUTE ACCENT}" * 200,
    "a\u202etxt.exe\ufffe",
    "<r><t>binnen</t></r>",
    "</t></is></c>&amp;_x001B_",
    "http://example.com/",
    "{=1+1}",
    "1198,35",
]


def add_provider(name: str, number: str) -> Provider:
    return Provider.create(
        name=name,
        name_folded=folded(name),
        kind=ProviderKind.HEADQUARTERS,
        enterprise_number=number,
        legal_form="NV",
        email="info@example.com",
        account_number="BE68539007547034",
    )


def add_enterprise(number: int, name: str) -> Enterprise:
    return Enterprise.create(
        enterprise_number=f"{number:010}", name=name, name_folded=folded(name), email="klant@example.com"
    )


def add_project(number: int, enterprise: Enterprise, provider: Provider, **columns: Any) -> Project:
    values: dict[str, Any] = {
        "service": ServiceType.TRAINING,
        "applied_on": date(2016, 3, 10),
        "amount_cents": 119835,
        "status": ProjectStatus.CONFIRMED,
    }
    return Project.create(
        number=f"2016KMO{number:06}",
        enterprise=enterprise,
        provider=provider,
        headquarters=provider,
        title="Boekhouden",
        starts_on=date(2016, 3, 15),
        ends_on=date(2016, 3, 16),
        subsidy_cents=0,
        **(values | columns),
    )


def fill() -> None:
    """120 projects of `eigen` with hostile names among the enterprises, and 30 of `ander`."""
    rng = random.Random(2016)  # noqa: S311
    own, other = add_provider("Eigen NV", "0862010195"), add_provider("Ander NV", "0403019261")
    enterprises = [add_enterprise(number, name) for number, name in enumerate([*HOSTILE, "Firma A", "Firma B"], 1)]
    for number in range(150):
        add_project(
            number,
            enterprises[number % len(enterprises)],
            own if number < 120 else other,
            service=rng.choice(list(ServiceType)),
            status=rng.choice(list(ProjectStatus)),
            applied_on=date(rng.choice((2013, 2015, 2016)), rng.randint(1, 3), rng.randint(1, 28)),
            amount_cents=rng.choice((5, 99, 10_000, 72_893, 119_835, 123_456_789)),
        )
    for login, provider in (("eigen", own), ("ander", other)):
        account = Account.create(
            login=login,
            login_folded=login,
            role=Role.HEADQUARTERS,
            provider=provider,
            password_hash="-",
            created_at=clock.now(),
        )
        Session.create(account=account, source="local", started_at=clock.now(), last_used_at=clock.now())


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


def read_sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active
