"""`kmop-tui export projects`, as a process: what it writes where, and its exit status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.codes import ServiceType
from db.database import transaction
from services.accounts import on_behalf_of
from services.projects import ProjectQuery, SortColumn, list_projects
from services.work import Actor
from tests.services.export_files import fill, read_sheet

LIST = ("export", "projects", "--login", "eigen")


@pytest.fixture
def folder(database: Path) -> Path:
    """Where the filled database is."""
    with transaction():
        fill()
    return database.parent


@pytest.fixture
def own(folder: Path, system: Actor) -> Actor:
    return on_behalf_of("eigen", actor=system)


def command(folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """`kmop-tui export projects` as it is installed, for the login `eigen`."""
    program = Path(sys.executable).with_name("kmop-tui")
    return subprocess.run(
        [
            program,
            "--lang",
            "en",
            "--database",
            folder / "kmop.db",
            "export",
            "projects",
            "--login",
            "eigen",
            *arguments,
        ],
        env=os.environ | {"KMOP_NOW": "2016-03-11T09:00"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def test_the_command_writes_data_to_stdout_and_words_to_stderr(folder: Path, own: Actor) -> None:
    given = ["--format", "json", "--amount", ">100", "--service", "advies", "--applied", "2016", "--sort=-amount"]
    done = command(folder, *given)

    query = ProjectQuery(amount=">100", service=ServiceType.ADVICE, applied="2016", sort=SortColumn.AMOUNT)
    lines = list_projects(query, actor=own, offset=0, limit=1000)
    assert [item["number"] for item in json.loads(done.stdout)] == [line.number for line in lines]
    assert len(lines) > 1
    assert (done.returncode, done.stderr.decode()) == (0, f"{len(lines)} projects written.\n")


def test_the_command_overwrites_only_when_forced(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "lijst.xlsx"
    target.write_text("van mij")

    refused = command(folder, "--format", "xlsx", "-o", target)
    assert (refused.returncode, refused.stdout, target.read_text()) == (1, b"", "van mij")
    assert str(target) in refused.stderr.decode()

    done = command(folder, "--format", "xlsx", "--all-years", "-o", target, "--force")
    assert (done.returncode, done.stdout, done.stderr.decode()) == (0, b"", f"120 projects written to {target}.\n")
    assert read_sheet(target.read_bytes()).max_row == 121


def test_the_command_names_the_option_that_cannot_be_read(folder: Path) -> None:
    done = command(folder, "--format", "csv", "--amount", "veel", "--applied", "ooit")

    assert (done.returncode, done.stdout) == (2, b"")
    assert "--amount: 'veel'" in done.stderr.decode()
    assert "--applied: 'ooit'" in done.stderr.decode()


def test_the_command_writes_no_xlsx_to_a_terminal(folder: Path) -> None:
    leader, terminal = os.openpty()
    program = Path(sys.executable).with_name("kmop-tui")
    done = subprocess.run(
        [program, "--lang", "en", "--database", folder / "kmop.db", *LIST, "--format", "xlsx"],
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(terminal)
    os.close(leader)
    assert done.returncode == 2
    assert "-o" in done.stderr.decode()
