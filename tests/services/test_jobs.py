"""The nightly job: what is due is done once, however often it runs and wherever it is killed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from db.accounts import PasswordReset, Session
from db.audit import AuditLine
from db.codes import PaymentKind, ProjectStatus, Role
from db.database import database as db_database
from db.database import transaction
from db.drafts import Draft
from db.mail import Mail
from db.models import ALL
from db.projects import Project
from db.providers import Provider
from db.registrations import Registration, RegistrationNotice
from kmop_tui.cli import main
from services import clock, jobs
from services.errors import NotAllowed
from services.jobs import JobsResult, run_jobs
from services.work import Actor
from tests.making import (
    audit_trail,
    later,
    make_account,
    make_enterprise,
    make_project,
    make_provider,
    pay,
    register,
    rows,
    sign_in,
)

TODAY = date(2016, 3, 11)
YESTERDAY = TODAY - timedelta(days=1)
NOTHING = JobsResult(registrations_expired=0, reminders=0, projects_cancelled=0, passwords_dropped=0, drafts_dropped=0)
ALL_OF_IT = JobsResult(
    registrations_expired=2, reminders=1, projects_cancelled=1, passwords_dropped=1, drafts_dropped=1
)


@pytest.fixture
def provider(database: Path) -> Provider:
    """A headquarters."""
    made: Provider = make_provider("Eerste & Co", "0862010195")
    return made


@pytest.fixture
def due(provider: Provider, system: Actor) -> None:
    """Something for every part of the job, and beside each something that is not due."""
    other, third = make_provider("Tweede", "0403019261"), make_provider("Derde", "0403227515")
    register(provider, "DV.O000001", "G", expires_on=YESTERDAY)
    register(provider, "DV.A000002", "G/V", expires_on=YESTERDAY)
    register(other, "DV.O000003", "G", expires_on=TODAY + timedelta(days=80))
    register(other, "DV.A000004", "G/V", expires_on=TODAY + timedelta(days=80))
    register(third, "DV.O000005", "G", expires_on=date(2016, 9, 12))
    register(third, "DV.A000006", "S", expires_on=YESTERDAY)
    enterprise = make_enterprise(403019261, "Café [A] %s")
    make_project("2016KMO000001", provider, enterprise, applied_on=TODAY - timedelta(days=31))
    make_project("2016KMO000002", provider, enterprise, applied_on=TODAY - timedelta(days=30))
    account = make_account("iemand", Role.HEADQUARTERS, provider)
    colleague = make_account("nog iemand", Role.HELPDESK)
    now = clock.now()
    with transaction():
        PasswordReset.create(account=account, password_hash="-", expires_at=now - timedelta(minutes=1))
        PasswordReset.create(account=colleague, password_hash="-", expires_at=now + timedelta(minutes=9))
        Draft.create(account=account, form="oud", content="{}", saved_at=now - timedelta(days=91))
        Draft.create(account=account, form="jong", content="{}", saved_at=now - timedelta(days=89))


def everything() -> dict[str, Any]:
    """All rows of all tables."""
    return {model.__name__: rows(model) for model in ALL if model is not Session}


def statuses() -> dict[str, str]:
    """The state of each registration."""
    return {row["number"]: row["status"] for row in rows(Registration)}


def test_what_is_due_is_done_and_the_rest_is_left(due: None, system: Actor) -> None:
    assert run_jobs(actor=system) == ALL_OF_IT
    assert statuses() == {
        "DV.O000001": "L",
        "DV.A000002": "L/H",
        "DV.O000003": "G",
        "DV.A000004": "G/V",
        "DV.O000005": "G",
        "DV.A000006": "S",
    }
    assert [row["status"] for row in rows(Project)] == ["ProjectGeannuleerd", "Bevestigd"]
    assert [row["form"] for row in rows(Draft)] == ["jong"]
    assert len(rows(PasswordReset)) == 1
    about = sorted((row["subject_of"], row["recipient"]) for row in rows(Mail))
    assert about == [
        ("project:2016KMO000001", "info@example.com"),
        ("project:2016KMO000001", "klant@example.com"),
        ("registration:DV.A000002", "info@example.com"),
        ("registration:DV.O000001", "info@example.com"),
        ("registration:DV.O000003", "info@example.com"),
    ]
    assert sorted(action for action, _subject in audit_trail() if action != "account.add") == [
        "account.drop_reset",
        "draft.drop",
        "project.lapse",
        "registration.expire",
        "registration.expire",
        "registration.remind",
    ]
    notices = sorted((row["registration"], row["months"]) for row in rows(RegistrationNotice))
    assert notices == [(1, 0), (2, 0), (3, 3)]


def test_running_again_changes_nothing(due: None, system: Actor) -> None:
    run_jobs(actor=system)
    before = everything()
    assert run_jobs(actor=system) == NOTHING
    assert everything() == before


def test_a_dry_run_counts_and_writes_nothing(due: None, system: Actor) -> None:
    before = everything()
    assert run_jobs(actor=system, dry_run=True) == ALL_OF_IT
    assert everything() == before


class Killed(BaseException):
    """The end of the process, in the middle of something."""


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, write: int) -> Iterator[None]:
    """Let the audit line number `write` of the job be its last moment: its transaction is never committed."""
    written = 0
    real: Callable[..., None] = jobs.Work.audit

    def audit(*arguments: Any, **details: Any) -> None:
        nonlocal written
        real(*arguments, **details)
        written += 1
        if written == write:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(jobs.Work, "audit", audit)
        yield


def done() -> dict[str, Any]:
    """What the job leaves behind, in no particular order and without the moments."""
    return {
        "registrations": statuses(),
        "projects": [row["status"] for row in rows(Project)],
        "mail": sorted((row["subject_of"], row["recipient"], row["subject"], row["body"]) for row in rows(Mail)),
        "notices": sorted((row["registration"], row["months"]) for row in rows(RegistrationNotice)),
        "audit": sorted((row["action"], row["subject"], row["details"]) for row in rows(AuditLine)),
        "left": (len(rows(Draft)), len(rows(PasswordReset))),
    }


def test_killed_at_any_point_it_ends_the_same(
    due: None, system: Actor, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = database.read_bytes()
    run_jobs(actor=system)
    expected = done()
    for write in range(1, 7):
        db_database.close()
        for name in ("-wal", "-shm"):
            database.with_name(database.name + name).unlink(missing_ok=True)
        database.write_bytes(start)
        with killed_at(monkeypatch, write), pytest.raises(Killed):
            run_jobs(actor=system)
        assert done() != expected
        run_jobs(actor=system)
        assert done() == expected, write


@pytest.mark.parametrize(
    ("module", "list_of_due"),
    [
        (jobs, "_expired"),
        (jobs, "_to_remind"),
        (jobs, "_lapsed"),
        (jobs.jobs, "resets_expired"),
        (jobs.jobs, "drafts_older"),
    ],
)
def test_what_another_run_did_meanwhile_is_passed_over(
    due: None, system: Actor, monkeypatch: pytest.MonkeyPatch, module: ModuleType, list_of_due: str
) -> None:
    real = getattr(module, list_of_due)

    def overtaken(*arguments: Any) -> Any:
        found = real(*arguments)
        with monkeypatch.context() as other_run:
            other_run.setattr(module, list_of_due, real)
            run_jobs(actor=system)
        return found

    monkeypatch.setattr(module, list_of_due, overtaken)
    run_jobs(actor=system)
    assert len(rows(Mail)) == 5
    assert len(rows(AuditLine)) == 7  # the account of the system is one


def test_two_at_once_do_everything_once(due: None, system: Actor) -> None:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _place: run_jobs(actor=system), range(2)))
    for part in JobsResult.model_fields:
        assert sum(getattr(result, part) for result in results) == getattr(ALL_OF_IT, part), part
    assert len(rows(Mail)) == 5


def test_each_reminder_goes_out_once_and_then_the_notice(provider: Provider, system: Actor) -> None:
    register(provider, "DV.O000001", "G", expires_on=date(2016, 9, 20))
    told = []
    for day in range(200):
        result = run_jobs(actor=system)
        if result != NOTHING:
            told.append((TODAY + timedelta(days=day), result.reminders, result.registrations_expired))
        later(days=1)
    assert told == [
        (date(2016, 3, 20), 1, 0),
        (date(2016, 6, 20), 1, 0),
        (date(2016, 8, 20), 1, 0),
        (date(2016, 9, 21), 0, 1),
    ]
    assert all("20/09/2016" in row["body"] for row in rows(Mail))


def test_an_old_database_gets_the_nearest_reminder_alone(provider: Provider, system: Actor) -> None:
    register(provider, "DV.O000001", "G", expires_on=date(2016, 3, 31))
    assert run_jobs(actor=system).reminders == 1
    assert run_jobs(actor=system) == NOTHING
    assert [row["months"] for row in rows(RegistrationNotice)] == [1]


@pytest.mark.parametrize(
    ("days", "cents", "cancelled"),
    [(30, 0, False), (31, 0, True), (31, 71900, True), (31, 71901, False), (400, 0, True)],
)
def test_the_own_share_has_thirty_days(
    provider: Provider, system: Actor, days: int, cents: int, cancelled: bool
) -> None:
    applied_on = TODAY - timedelta(days=days)
    project = make_project("2016KMO000001", provider, make_enterprise(1, "Klant"), applied_on=applied_on)
    pay(project, PaymentKind.DEPOSIT, cents)
    assert run_jobs(actor=system).projects_cancelled == cancelled
    assert len(rows(Mail)) == 2 * cancelled


@pytest.mark.parametrize("status", sorted(set(ProjectStatus) - {ProjectStatus.CONFIRMED}))
def test_only_confirmed_projects_lapse(provider: Provider, system: Actor, status: ProjectStatus) -> None:
    make_project("2015KMO000001", provider, make_enterprise(1, "Klant"), applied_on=date(2015, 1, 5), status=status)
    assert run_jobs(actor=system) == NOTHING


def test_a_letter_about_a_lapsed_project_says_what_and_why(due: None, system: Actor) -> None:
    run_jobs(actor=system)
    letters = [row for row in rows(Mail) if row["subject_of"] == "project:2016KMO000001"]
    for letter in letters:
        assert "2016KMO000001" in letter["subject"]
        assert all(fact in letter["body"] for fact in ("€ 719,01", "10/03/2016", "Café [A] %s", "Eerste & Co"))


def test_people_do_not_run_it(due: None) -> None:
    before = everything()
    with pytest.raises(NotAllowed):
        run_jobs(actor=sign_in(make_account("beheer", Role.ADMIN)))
    assert {name: before[name] for name in ("Registration", "Mail", "Project")} == {
        name: everything()[name] for name in ("Registration", "Mail", "Project")
    }


def test_the_command_prints_what_it_did(due: None, database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for arguments in (["--dry-run"], [], [], ["--dry-run"]):
        assert main(["--database", str(database), "--lang", "en", "jobs", "run", *arguments]) == 0
        out, err = capsys.readouterr()
        assert out == ""
        told.append(err.splitlines())
    lines = [
        "2 registrations expired",
        "1 reminder of an expiry date",
        "1 unpaid project cancelled",
        "1 expired password dropped",
        "1 old draft dropped",
    ]
    assert told == [["Nothing was changed. This is due:", *lines], lines, *[["Nothing is due."]] * 2]
