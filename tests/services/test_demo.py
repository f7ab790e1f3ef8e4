"""The demo: the manual's rows on top, money that fits each status, and as many others as asked for."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.accounts import Account
from db.audit import AuditLine
from db.codes import ProjectStatus, ReactionKind, RegistrationStatus, Role, ServiceType
from db.database import use_database
from db.enterprises import Enterprise
from db.inspection import problems_of
from db.projects import Project
from db.providers import Provider
from db.registrations import last_counter
from services import clock, demo_projects
from services.accounts import LogIn, log_in
from services.checks import parse_enterprise_number, parse_provider_number
from services.databases import open_database
from services.demo import PROOF, fill_demo
from services.demo_logins import DEMO_LOGINS, DEMO_PASSWORD, DEMO_START
from services.errors import NotFound
from services.establishments import list_establishments
from services.projects import ProjectQuery, ProjectRecord, count_projects, get_project, list_projects
from services.proofs import ProofFile, check_proof
from services.provider_search import ProviderQuery, search_providers
from services.registrations import list_registrations
from services.work import Actor, reading

MANUAL = """
2016KMO044855 | Testonderneming_A en B | 10/03/2016 | 1.198,35 | Opleiding | ProjectGeannuleerd
2016KMO044443 | Testonderneming_A en B | 09/03/2016 | 728,93 | Opleiding | Bevestigd
2016KMO043643 | Testonderneming_C | 08/03/2016 | 780,99 | Opleiding | Bevestigd
2016KMO041971 | Testonderneming_A en B | 07/03/2016 | 1.301,65 | Opleiding | Bevestigd
2016KMO040092 | Testonderneming_A en B | 03/03/2016 | 728,93 | Opleiding | Bevestigd
2016KMO040021 | Testonderneming_A en B | 02/03/2016 | 720,00 | Opleiding | ProjectGeannuleerd
2016KMO039364 | Testonderneming_A en B | 02/03/2016 | 728,93 | Opleiding | StopzettingAangevraagd
2016KMO039146 | Testonderneming_A en B | 01/03/2016 | 780,99 | Opleiding | Afgewerkt
2016KMO037938 | Testonderneming_A en B | 29/02/2016 | 728,93 | Opleiding | Afgewerkt
2016KMO034580 | Testonderneming_A en B | 23/02/2016 | 1.301,65 | Opleiding | Afgewerkt
2016KMO034012 | Testonderneming_A en B | 23/02/2016 | 728,93 | Opleiding | Lopend
2016KMO031877 | Testonderneming_A en B | 19/02/2016 | 157,02 | Opleiding | Lopend
"""
SERVICE_WORDS = {ServiceType.TRAINING: "Opleiding", ServiceType.ADVICE: "Advies"}
EVERYTHING = ProjectQuery(all_years=True)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A filled demo without further rows, at the demo's moment."""
    before, path = clock._start, tmp_path_factory.mktemp("demo") / "demo.db"
    clock.start_at(DEMO_START)
    fill_demo(path)
    yield path
    clock._start = before


@pytest.fixture(scope="module")
def everybody(demo: Path) -> dict[str, Actor]:
    """All logins of the demo, logged in."""
    use_database(demo)
    return {login: log_in(LogIn(login=login, password=DEMO_PASSWORD)) for login, _role in DEMO_LOGINS}


@pytest.fixture
def provider(demo: Path, everybody: dict[str, Actor]) -> Actor:
    """The headquarters of the manual's provider."""
    use_database(demo)
    return everybody["012345678"]


def all_of(actor: Actor, query: ProjectQuery = EVERYTHING) -> list[ProjectRecord]:
    """Every project that the query leaves, with all that belongs to it."""
    return [get_project(line.number, actor=actor) for line in list_projects(query, actor=actor, offset=0, limit=1000)]


def test_the_manuals_rows_are_on_top(provider: Actor) -> None:
    lines = list_projects(ProjectQuery(), actor=provider, offset=0, limit=12)
    shown = [
        f"{line.number} | {line.enterprise} | {line.applied_on:%d/%m/%Y} | "
        + f"{line.amount_cents / 100:,.2f}".translate(str.maketrans(",.", ".,"))
        + f" | {SERVICE_WORDS[line.service]} | {line.status}"
        for line in lines
    ]
    assert shown == MANUAL.split("\n")[1:-1]


def test_two_years_have_203_projects_and_the_full_list_more(provider: Actor) -> None:
    assert count_projects(ProjectQuery(), actor=provider).found == 203
    assert count_projects(EVERYTHING, actor=provider).found == 227


def test_every_login_comes_in_with_its_role(everybody: dict[str, Actor]) -> None:
    assert {login: actor.role for login, actor in everybody.items()} == dict(DEMO_LOGINS)
    assert not any(actor.must_change_password for actor in everybody.values())
    assert {actor.role for actor in everybody.values()} == set(Role) - {Role.SYSTEM}


def test_the_manuals_provider_has_the_manuals_two_registrations(provider: Actor) -> None:
    shown = [
        (record.number, record.expires_on, record.kind, record.status) for record in list_registrations(actor=provider)
    ]
    assert shown == [("DV.A218723", None, "MZ", "A"), ("DV.O218724", date(2023, 3, 21), "MZ", "G")]


def test_other_providers_have_something_in_every_state_that_fits_the_day(everybody: dict[str, Actor]) -> None:
    records = list_registrations(actor=everybody["helpdesk"])
    assert {record.status for record in records} == set(RegistrationStatus)
    for record in records:
        assert record.requested_on <= record.status_since.date() <= clock.today()
        if record.status in ("G", "G/V"):
            assert record.expires_on is not None
            assert record.expires_on > clock.today()
        if record.status in ("L", "L/H"):
            assert record.expires_on is not None
            assert record.expires_on < clock.today()
        assert (record.declaration_received_on is None) == (record.status in ("A", "G/V", "L/H"))
    assert [record.status for record in list_registrations(actor=everybody["groot"])] == ["G/V", "G"]


def test_the_next_number_follows_the_manuals(provider: Actor) -> None:
    with reading():
        assert last_counter() == 218724


def test_the_manuals_provider_has_an_establishment_elsewhere(provider: Actor) -> None:
    shown = [(found.municipality, found.street_line) for found in list_establishments(actor=provider)]
    assert shown == [("Schaarbeek", "Koning Albert II-Laan 30 12"), ("Gent", "Veldstraat 12")]


def test_the_public_search_finds_providers_by_what_they_do(provider: Actor) -> None:
    found = search_providers(ProviderQuery(), actor=None, offset=0, limit=100)
    # all but the department and the one whose registrations are suspended and stopped
    assert len(found) == 9
    assert any(line.expertise for line in found)


def test_one_confirmed_project_of_testonderneming_c(provider: Actor) -> None:
    query = ProjectQuery(status=ProjectStatus.CONFIRMED, enterprise="testonderneming_c")
    assert [line.number for line in list_projects(query, actor=provider, offset=0, limit=9)] == ["2016KMO043643"]


def test_older_rows_have_every_status_and_both_services(provider: Actor) -> None:
    older = list_projects(ProjectQuery(applied="..18/02/2016"), actor=provider, offset=0, limit=1000)
    assert len(older) == 191
    assert Counter(line.status for line in older).keys() == set(ProjectStatus)
    assert Counter(line.service for line in older).keys() == set(ServiceType)


def test_money_fits_the_status(provider: Actor, everybody: dict[str, Actor]) -> None:
    for project in all_of(provider) + all_of(everybody["groot"]):
        match project.status:
            case ProjectStatus.CONFIRMED | ProjectStatus.CANCELLED:
                assert not project.payments
            case ProjectStatus.FINISHED:
                assert project.deposited_cents == project.own_share_cents
                assert project.paid_out_cents == project.amount_cents
                assert project.balance_cents == 0
            case _:
                assert project.deposited_cents == project.own_share_cents
                assert project.paid_out_cents < project.amount_cents
                assert project.balance_cents > 0
        days = [payment.paid_on for payment in project.payments]
        assert days == sorted(days)
        assert all(project.applied_on <= day <= date(2016, 3, 10) for day in days)
        assert project.starts_on >= project.applied_on - timedelta(days=14)
        assert project.subsidy_cents == round(
            project.amount_cents * (0.4 if project.service is ServiceType.TRAINING else 0.5) + 1e-6
        )


def test_only_projects_of_the_last_30_days_wait_for_their_own_share(provider: Actor) -> None:
    confirmed = all_of(provider, ProjectQuery(all_years=True, status=ProjectStatus.CONFIRMED))
    assert len(confirmed) > 4
    assert min(project.applied_on for project in confirmed) >= date(2016, 3, 11) - timedelta(days=30)


def test_amounts_are_round_ones_without_vat(provider: Actor) -> None:
    odd = [
        project.number
        for project in all_of(provider)
        if abs(project.amount_cents * 121 - round(project.amount_cents * 121, -4)) > 61
    ]
    assert odd == ["2016KMO040021"]


def test_what_can_be_done_about_the_manuals_projects(provider: Actor) -> None:
    possible = {
        number: [kind for kind in ReactionKind if kind not in get_project(number, actor=provider).why_not]
        for number in ("2016KMO043643", "2016KMO034012", "2016KMO039146", "2016KMO039364", "2016KMO044855")
    }
    assert possible == {
        "2016KMO043643": [ReactionKind.CANCEL],
        "2016KMO034012": [ReactionKind.STOP],
        "2016KMO039146": [ReactionKind.REPORT],
        "2016KMO039364": [],
        "2016KMO044855": [],
    }


def test_every_stop_has_its_reaction_and_proof(provider: Actor) -> None:
    stops = [
        project
        for project in all_of(provider)
        if project.status in (ProjectStatus.STOP_REQUESTED, ProjectStatus.STOPPED)
    ]
    assert stops
    for project in stops:
        [reaction] = project.reactions
        assert (reaction.kind, reaction.proof_name) == (ReactionKind.STOP, "annulering.pdf")
        assert project.status_since is not None
        assert reaction.reacted_at <= project.status_since
    assert check_proof(ProofFile(name="annulering.pdf", content=PROOF)) == "application/pdf"
    assert PROOF.index(b"xref") == int(PROOF.split(b"startxref\n")[1].split()[0])


def test_some_were_cancelled_by_hand_and_some_ran_out_of_time(provider: Actor) -> None:
    cancelled = all_of(provider, ProjectQuery(all_years=True, status=ProjectStatus.CANCELLED))
    assert {len(project.reactions) for project in cancelled} == {0, 1}
    [reaction] = get_project("2016KMO044855", actor=provider).reactions
    assert (reaction.login, reaction.kind) == ("012345678", ReactionKind.CANCEL)


def test_the_department_sees_its_own_projects_only(provider: Actor, everybody: dict[str, Actor]) -> None:
    department = everybody["departement"]
    own = {project.number for project in all_of(department)}
    assert 15 <= len(own) <= 25
    assert own < {project.number for project in all_of(provider)}
    with pytest.raises(NotFound):
        get_project("2016KMO044855", actor=department)
    with reading():
        [kept] = Provider.select().where(Provider.id == department.provider_id)
    assert (kept.enterprise_number, kept.department_number) == parse_provider_number("0862.010.195/2")


def test_the_large_provider_has_projects_without_asking(provider: Actor, everybody: dict[str, Actor]) -> None:
    assert count_projects(ProjectQuery(), actor=everybody["groot"]).found == 40
    assert count_projects(EVERYTHING, actor=everybody["helpdesk"]).found == 267


def test_numbers_are_valid_unique_and_rise_with_the_days(demo: Path) -> None:
    use_database(demo)
    with reading():
        numbers = [row.enterprise_number for model in (Provider, Enterprise) for row in model.select()]
        days = [row.applied_on for row in Project.select().order_by(Project.number)]
        addresses = {row.email for model in (Provider, Enterprise, Account) for row in model.select()}
    assert all(parse_enterprise_number(number) == number for number in numbers)
    assert len(set(numbers)) == len(numbers) - 1  # the department has its headquarters' number
    assert days == sorted(days)
    assert all(address.endswith("@example.com") for address in addresses)


def test_one_audit_line_for_the_fill(tmp_path: Path) -> None:
    fill_demo(tmp_path / "demo.db")
    with reading():
        assert [line.action for line in AuditLine.select()] == ["demo.fill"]


def schema_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def rows_of(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT project.*, enterprise.*, (SELECT group_concat(paid_on || kind || amount_cents) FROM payment "
            "WHERE project_id = project.id) FROM project JOIN enterprise ON enterprise.id = enterprise_id ORDER BY 1"
        ).fetchall()


def test_further_rows_by_seed(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    first, again, other = (tmp_path / name for name in ("1.db", "2.db", "3.db"))
    fill_demo(first, rows=2000, seed=1, progress=lambda done, total: told.append((done, total)))
    fill_demo(again, rows=2000, seed=1)
    fill_demo(other, rows=2000, seed=2)
    assert told[-1] == (2227, 2227)
    assert rows_of(first) == rows_of(again)
    assert rows_of(first)[:227] == rows_of(other)[:227]
    assert rows_of(first) != rows_of(other)
    assert problems_of(first) == []
    open_database(tmp_path / "empty.db")
    assert schema_of(first) == schema_of(tmp_path / "empty.db")


def test_a_twentieth_of_the_further_rows_is_the_large_providers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "_start", clock._start)
    clock.start_at(DEMO_START)
    fill_demo(tmp_path / "demo.db", rows=2000)
    large = log_in(LogIn(login="groot", password=DEMO_PASSWORD))
    assert count_projects(ProjectQuery(), actor=large).found == 100
    with reading():
        assert Project.select().count() == 227 + 2000
        assert Provider.select().count() == 3 + 16
        names = {row.name for row in Enterprise.select()}
    assert {"Firma [2016] nv", "Café Élise & Zonen"} <= names


def test_numbers_for_a_million_rows() -> None:
    own = demo_projects.own_projects()
    numbers, large = demo_projects.other_numbers(950_000, 50_000, own, demo_projects.Random(1))
    assert len(set(numbers)) == 1_000_000
    assert numbers == sorted(numbers)
    assert len(large) == 50_000
    assert min(large) > 2015_000000
    assert not {project.number for project in own}.intersection(numbers)
