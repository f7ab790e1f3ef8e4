"""The record behind what somebody has in hand."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.accounts import Account, Session
from db.codes import ProjectStatus, ProviderKind, Role, ServiceType
from db.enterprises import Enterprise
from db.fields import folded
from db.projects import Project
from db.providers import Provider, find_provider
from services import clock
from services.errors import NotAllowed, NotFound
from services.find import LONGEST_TEXT, MOST_NAMES, find_records
from services.rules import OPERATORS, PROVIDERS
from services.work import Actor, writing

PROVIDER_FACTS: dict[str, Any] = {
    "legal_form": "NV",
    "email": "info@example.com",
    "phone": "02 553 11 11",
    "account_number": "BE68539007547034",
}
ESC = "\x1b"


@pytest.fixture(autouse=True)
def rows(system: Actor) -> None:
    """A provider and its two departments, an enterprise, a project and two logins."""
    with writing(system) as work:
        work.audit("test.rows", "database")
        headquarters = add_provider("Opleidingen Élise", "0862010195")
        add_provider("Élise Gent", "0862010195", 1, headquarters)
        add_provider("Élise Brugge", "0862010195", 2, headquarters)
        enterprise = add_enterprise("Testonderneming_A en B", "0403019261")
        Project.create(
            number="2016KMO044855",
            enterprise=enterprise,
            provider=headquarters,
            headquarters=headquarters,
            service=ServiceType.TRAINING,
            title=f"Boekhouden {ESC}]52;c;eA==\x07",
            applied_on=date(2016, 3, 10),
            starts_on=date(2016, 3, 14),
            ends_on=date(2016, 3, 15),
            amount_cents=119835,
            subsidy_cents=47934,
            status=ProjectStatus.CANCELLED,
        )
        add_account("012345678", Role.HEADQUARTERS, headquarters)
        add_account("Helpdesk", Role.HELPDESK)


def add_provider(name: str, number: str, department: int = 0, headquarters: Provider | None = None) -> Provider:
    added: Provider = Provider.create(
        name=name,
        name_folded=folded(name),
        kind=ProviderKind.DEPARTMENT if department else ProviderKind.HEADQUARTERS,
        enterprise_number=number,
        department_number=department,
        headquarters=headquarters,
        **PROVIDER_FACTS,
    )
    return added


def add_enterprise(name: str, number: str) -> Enterprise:
    added: Enterprise = Enterprise.create(
        enterprise_number=number, name=name, name_folded=folded(name), email="klant@example.com"
    )
    return added


def add_account(login: str, role: Role, provider: Provider | None = None) -> Account:
    added: Account = Account.create(
        login=login,
        login_folded=folded(login),
        role=role,
        provider=provider,
        password_hash="x",
        created_at=clock.now(),
    )
    return added


def found(text: str, actor: Actor) -> dict[str, list[str]]:
    """What was found, by what each record goes by."""
    result = find_records(text, actor=actor)
    known = {
        "projects": [project.number for project in result.projects],
        "providers": [provider.number for provider in result.providers],
        "enterprises": [enterprise.number for enterprise in result.enterprises],
        "accounts": [account.login for account in result.accounts],
    }
    return {kind: names for kind, names in known.items() if names}


ORGANISATION = ["0862.010.195", "0862.010.195/1", "0862.010.195/2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016KMO044855", {"projects": ["2016KMO044855"]}),
        (" 2016 kmo 044855\n", {"projects": ["2016KMO044855"]}),
        ("0862.010.195", {"providers": ORGANISATION}),
        ("BE0862010195", {"providers": ORGANISATION}),
        ("862 010 195", {"providers": ORGANISATION}),
        ("0862.010.195/2", {"providers": ["0862.010.195/2"]}),
        ("be 0403 019 261", {"enterprises": ["0403.019.261"]}),
        ("012345678", {"accounts": ["012345678"]}),
        ("HELPDESK", {"accounts": ["Helpdesk"]}),
        ("elise", {"providers": ["0862.010.195/2", "0862.010.195/1", "0862.010.195"]}),
        ("ÉLISE GENT", {"providers": ["0862.010.195/1"]}),
        ("onderneming_a", {"enterprises": ["0403.019.261"]}),
    ],
)
def test_each_thing_in_hand_leads_to_its_record(text: str, expected: dict[str, list[str]], system: Actor) -> None:
    assert found(text, system) == expected


def test_a_number_of_both_a_provider_and_an_enterprise_leads_to_both(system: Actor) -> None:
    with writing(system) as work:
        work.audit("test.rows", "database")
        add_enterprise("Klant Élise", "0862010195")
        add_account("0862010195", Role.ADMIN)
    assert found("0862.010.195", system) == {"providers": ORGANISATION, "enterprises": ["0862.010.195"]}
    assert found("0862010195", system) == {
        "providers": ORGANISATION,
        "enterprises": ["0862.010.195"],
        "accounts": ["0862010195"],
    }


@pytest.mark.parametrize(
    "text", ["", "  ", "2016KMO999999", "0862.010.195/3", "0403.019.262", "%", "onderneming%", "niemand", "x" * 70_000]
)
def test_nothing_found_is_told(text: str, system: Actor) -> None:
    with pytest.raises(NotFound):
        find_records(text, actor=system)
    assert LONGEST_TEXT < 70_000


def test_a_project_comes_whole(system: Actor) -> None:
    (project,) = find_records("2016KMO044855", actor=system).projects
    assert (project.enterprise, project.provider) == ("Testonderneming_A en B", "Opleidingen Élise")
    assert (project.amount_cents, project.subsidy_cents) == (119835, 47934)


def test_many_names_are_counted_and_the_very_name_comes_first(system: Actor) -> None:
    with writing(system) as work:
        work.audit("test.rows", "database")
        for number in range(30):
            add_enterprise(f"Aannemer Zeno {number:02}", f"{number:010}")
            add_provider(f"Zeno {number:02}", f"{number:010}")
        add_enterprise("ZENO", "0999999999")

    result = find_records("zeno", actor=system)

    assert (len(result.providers), result.provider_count) == (MOST_NAMES, 30)
    assert (len(result.enterprises), result.enterprise_count) == (MOST_NAMES, 31)
    assert result.enterprises[0].name == "ZENO"
    assert [provider.name for provider in result.providers] == [f"Zeno {number:02}" for number in range(MOST_NAMES)]
    exact = find_records("zeno 0", actor=system)
    assert (len(exact.providers), exact.provider_count) == (10, 10)


@pytest.mark.parametrize("role", sorted(PROVIDERS | OPERATORS))
def test_operators_find_and_providers_do_not(role: Role, system: Actor) -> None:
    with writing(system) as work:
        provider = find_provider("0862010195") if role in PROVIDERS else None
        work.audit("test.session", "session")
        account = add_account("iemand", role, provider)
        session = Session.create(account=account, source="test", started_at=work.moment, last_used_at=work.moment)
    actor = Actor(
        account_id=account.id, login="iemand", role=role, provider_id=account.provider_id, session_id=session.id
    )
    if role in OPERATORS:
        assert found("2016KMO044855", actor) == {"projects": ["2016KMO044855"]}
    for text in ("2016KMO044855", "niemand"):
        stranger = actor if role in PROVIDERS else actor.model_copy(update={"session_id": None})
        with pytest.raises(NotAllowed):
            find_records(text, actor=stranger)


def kmop_tui(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kmop_tui", "--lang", "en", "find", *arguments],
        env=os.environ | {"KMOP_DATABASE": str(path), "KMOP_NOW": "2016-03-11T09:00"},
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_the_command_for_people(database: Path) -> None:
    done = kmop_tui(database, "2016kmo044855")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Project 2016KMO044855"
    assert [line.split(maxsplit=1)[1].strip() for line in lines[1:]] == [
        "Boekhouden ]52;c;eA==",
        "ProjectCancelled",
        "Testonderneming_A en B (0403.019.261)",
        "Opleidingen Élise (0862.010.195)",
        "Training",
        "10/03/2016",
        "€ 1.198,35",
    ]
    headings = [line for line in kmop_tui(database, "0862010195").stdout.splitlines() if line and line[0] != " "]
    assert headings == [f"Provider {number}" for number in ORGANISATION]


def test_the_command_for_programs(database: Path) -> None:
    done = kmop_tui(database, "helpdesk", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert result["accounts"] == [
        {
            "login": "Helpdesk",
            "role": "helpdesk",
            "provider_number": "",
            "provider": "",
            "email": None,
            "created_at": result["accounts"][0]["created_at"],
            "last_login_at": None,
            "ended_at": None,
        }
    ]
    assert [result[kind] for kind in ("projects", "providers", "enterprises")] == [[], [], []]
    assert "password" not in done.stdout


def test_the_command_never_cuts_silently(database: Path, system: Actor) -> None:
    with writing(system) as work:
        work.audit("test.rows", "database")
        for number in range(MOST_NAMES + 1):
            add_enterprise(f"Zeno {number:02}", f"{number:010}")
    for options in ([], ["--json"]):
        done = kmop_tui(database, "zeno", *options)
        assert done.returncode == 0
        assert done.stderr == "1 more enterprise is not shown; give more of the name.\n"


def test_the_command_says_that_nothing_was_found(database: Path) -> None:
    done = kmop_tui(database, f"niemand{ESC}[31m")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("kmop-tui: 'niemand[31m' is not known.")
    assert done.stderr.count("\n") == 1
