"""A store that does not do what it is asked: each service says so in a sentence, and nothing is lost or half done."""

import json
import os
import pwd
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import babel.numbers  # noqa: F401
import pytest
import zxcvbn  # noqa: F401

from db import migrate, sqlite
from db.accounts import Account
from db.codes import ReactionKind, Reason
from db.database import use_database
from db.models import ALL
from services import clock, passwords
from services.accounts import ChangeLogin, LogIn, change_login, log_in, log_out, system_actor
from services.databases import open_database
from services.errors import Busy, ServiceError, Unavailable
from services.language import use_language
from services.mail import list_mail
from services.projects import ProjectQuery, count_projects, get_project, list_projects
from services.proofs import ProofFile
from services.reactions import ReactToProject, react_to_project
from services.work import Actor
from tests.making import CHEAP_HASHER, NINE, PASSWORD, PDF, later, rows

BUSY = "The database is in use by somebody else."
FULL = "The disk is full."
READ_ONLY = "The database is read-only."
DAMAGED = "The database file is damaged."
UNREACHABLE = "The database cannot be opened."

READS: dict[str, Callable[[Actor], object]] = {
    "list": lambda actor: list_projects(ProjectQuery(), actor=actor, offset=0, limit=10),
    "count": lambda actor: count_projects(ProjectQuery(enterprise="k"), actor=actor),
    "get": lambda actor: get_project("2016KMO000001", actor=actor),
}
NEW_PASSWORD = "vier dozen vol paarse knopen"
WRITES: dict[str, Callable[[Actor], object]] = {
    "log in": lambda actor: log_in(LogIn(login="eerste", password=PASSWORD)),
    "fail to log in": lambda actor: log_in(LogIn(login="eerste", password="geen idee")),
    "log out": lambda actor: log_out(actor=actor),
    "react": lambda actor: react_to_project(cancellation(), actor=actor),
    "change login": lambda actor: change_login(
        ChangeLogin(
            new_login="anders",
            old_password=PASSWORD,
            new_password=NEW_PASSWORD,
            new_password_again=NEW_PASSWORD,
        ),
        actor=actor,
    ),
    "new system actor": lambda actor: system_actor("nieuw"),
}

# What runs in a process of its own: functions of this module, with a path and an actor.
APART = """
import sys
import tests.faults.test_database_faults as faults
getattr(faults, sys.argv[1])(faults.Path(sys.argv[2]), faults.Actor.model_validate_json(sys.argv[3]))
"""


def cancellation() -> ReactToProject:
    return ReactToProject(number="2016KMO000001", version=1, kind=ReactionKind.CANCEL, reason=Reason.FILED_LATE)


def everything() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: rows(model) for model in ALL}


def give_to_nobody(*paths: Path) -> None:
    """Root may write everything, so that there the tests are made by nobody."""
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in paths:
            os.chown(path, nobody.pw_uid, nobody.pw_gid)


def call_everything_as_nobody(path: Path, actor: Actor) -> None:
    """Print what each call says, ten minutes later: the use of the session is to be noted then."""
    assert {"babel.numbers", "zxcvbn"} <= set(sys.modules)  # nobody may not be able to import anything any more
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        # nor to read the folder that this project is in
        readable = shutil.copytree(migrate.MIGRATIONS, path.parent / "migrations", dirs_exist_ok=True)
        migrate.MIGRATIONS = Path(readable)
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
    use_language("en")
    clock.start_at(NINE + timedelta(minutes=10))
    passwords._hasher = CHEAP_HASHER
    use_database(path)
    said = {}
    for name, call in (READS | WRITES | {"open": lambda actor: open_database(path)}).items():
        try:
            call(actor)
            said[name] = "done"
        except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to know
            said[name] = f"{type(error).__name__}: {error}"
    print(json.dumps(said))


def called_by_nobody(path: Path, actor: Actor) -> dict[str, str]:
    """What each call says to somebody who is not root."""
    said: dict[str, str] = json.loads(run_apart([], "call_everything_as_nobody", path, actor))
    return said


def run_apart(inside: list[str], name: str, path: Path, actor: Actor) -> str:
    """What a function of this module prints in a process of its own, started by the command `inside`."""
    done = subprocess.run(
        [*inside, sys.executable, "-c", APART, name, str(path), actor.model_dump_json()],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def open_folder(path: Path) -> Iterator[Path]:
    """The database in a folder that nobody (or whoever runs this) owns; what was taken away is given back."""
    folder = Path(tempfile.mkdtemp(prefix="kmop-faults-"))
    moved = folder / "kmop.db"
    shutil.copyfile(path, moved)
    give_to_nobody(folder, moved)
    use_database(moved)
    yield moved
    folder.chmod(0o700)
    shutil.rmtree(folder)


# Who may not write


def test_all_is_well_without_a_fault(open_folder: Path, actor: Actor) -> None:
    """What the following tests stand on: the calls themselves work for nobody."""
    said = called_by_nobody(open_folder, actor)
    assert said.pop("fail to log in").startswith("NotAllowed: ")
    # logged out by then
    assert said.pop("react").startswith("SessionExpired: ")
    assert said.pop("change login").startswith("SessionExpired: ")
    assert set(said.values()) == {"done"}


def test_a_read_only_file_can_be_read_and_says_so_when_written(open_folder: Path, actor: Actor) -> None:
    before = everything()
    open_folder.chmod(0o400)
    said = called_by_nobody(open_folder, actor)
    open_folder.chmod(0o600)
    assert {said[name] for name in READS} == {"done"}
    assert {name: answer.partition(" Nothing")[0] for name, answer in said.items() if name in WRITES} == dict.fromkeys(
        WRITES, f"Unavailable: {READ_ONLY}"
    )
    assert everything() == before


def test_a_read_only_folder_says_so(open_folder: Path, actor: Actor) -> None:
    before = everything()
    open_folder.parent.chmod(0o500)
    said = called_by_nobody(open_folder, actor)
    open_folder.parent.chmod(0o700)
    assert all(answer.startswith("Unavailable: The database ") for answer in said.values()), said
    assert everything() == before


def test_a_read_only_folder_with_the_database_in_use_says_so(open_folder: Path, actor: Actor) -> None:
    """SQLite's own files are there already, so that it gets further; the places for hashing cannot be made."""
    with closing(sqlite3.connect(open_folder)) as other:
        other.execute("SELECT * FROM account").fetchall()
        give_to_nobody(*open_folder.parent.iterdir())
        open_folder.parent.chmod(0o500)
        said = called_by_nobody(open_folder, actor)
        open_folder.parent.chmod(0o700)
    assert {said[name] for name in READS} == {"done"}
    assert said["log in"].startswith("Unavailable: The folder of the database "), said
    assert {answer.partition(":")[0] for answer in said.values()} <= {"done", "Unavailable", "SessionExpired"}


def test_a_folder_that_may_not_be_entered_says_so(open_folder: Path, actor: Actor) -> None:
    open_folder.parent.chmod(0o000)
    said = called_by_nobody(open_folder, actor)
    open_folder.parent.chmod(0o700)
    assert {answer.split(".")[0] for answer in said.values()} == {"Unavailable: The database cannot be opened"}, said


def test_a_missing_file_says_so_and_none_is_made_by_a_look(path: Path, actor: Actor) -> None:
    missing = path.with_name("gone") / "kmop.db"
    use_database(missing)
    for call in (READS | WRITES).values():
        with pytest.raises(Unavailable, match=UNREACHABLE):
            call(actor)
    assert not missing.parent.exists()


# What is no database any more


@pytest.mark.parametrize("content", [b"x" * 5000, PDF * 20, b"SQLite format 3\x00" + b"\xff" * 5000, bytes(8192)])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, actor: Actor, content: bytes) -> None:
    other = path.with_name("other.db")
    other.write_bytes(content)
    use_database(other)
    for call in (READS | WRITES | {"open": lambda actor: open_database(other)}).values():
        with pytest.raises(Unavailable, match=DAMAGED):
            call(actor)
    assert other.read_bytes() == content


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_says_so_or_works(path: Path, actor: Actor, seed: int) -> None:
    """Random bytes over parts of the pages; odd seeds spoil the file's header as well."""
    rng = random.Random(seed)  # noqa: S311
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        if rng.random() < 0.6:
            place = start + rng.choice((0, 0, 100, 2000))
            content[place : place + 96] = rng.randbytes(96)
    if seed % 2:
        place = rng.randrange(16, 100)
        content[place : place + 8] = rng.randbytes(8)
    path.write_bytes(content)
    said = set()
    for name, call in (READS | WRITES | {"open": lambda actor: open_database(path)}).items():
        try:
            call(actor)
            said.add("done")
        except ServiceError as error:
            said.add(type(error).__name__)
        except Exception as error:
            raise AssertionError(f"{name}: {error!r}") from error
    assert "Unavailable" in said


# No room


def fill_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page more than there are."""
    with closing(sqlite3.connect(path)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    monkeypatch.setitem(sqlite.PRAGMAS, "max_page_count", pages)
    use_database(path)


def test_without_room_nothing_of_a_reaction_is_kept(path: Path, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = ReactToProject(
        number="2016KMO000001",
        version=1,
        kind=ReactionKind.CANCEL,
        reason=Reason.FILED_LATE,
        proof=ProofFile(name="x.pdf", content=PDF * 1000),
    )
    before = everything()
    fill_up(path, monkeypatch)
    with pytest.raises(Unavailable, match=FULL):
        react_to_project(stop, actor=actor)
    assert everything() == before
    monkeypatch.delitem(sqlite.PRAGMAS, "max_page_count")
    use_database(path)
    assert react_to_project(stop, actor=actor).version == 2


def test_each_write_without_room_says_so_or_is_whole(path: Path, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until the last page is full: the row that does not fit is the first that is missing."""
    fill_up(path, monkeypatch)
    written = 0
    with suppress(Unavailable):
        while written < 1000:
            log_in(LogIn(login="eerste", password=PASSWORD))
            written += 1
    assert 0 < written < 1000
    with pytest.raises(Unavailable, match=FULL):
        log_in(LogIn(login="eerste", password=PASSWORD))
    after = everything()
    assert [row["action"] for row in after["AuditLine"]] == ["account.login"] * written
    assert len(after["Session"]) == written + 1
    assert sqlite.integrity_problems(path) == []


ON_A_TINY_DISK = """
folder=$1 file=$2; shift 2
mount -t tmpfs -o size=1m tmpfs "$folder" && cp "$file" "$folder" && exec "$@"
"""


def fill_the_disk(path: Path, actor: Actor) -> None:
    """React on a disk that fills up; then make room. Run where `path` is on a disk of 1 MB."""
    use_language("en")
    clock.start_at(NINE)
    use_database(path)
    before = everything()
    ballast = path.with_name("ballast")
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1024))
    with pytest.raises(Unavailable, match=FULL):
        react_to_project(cancellation(), actor=actor)
    ballast.unlink()
    assert everything() == before
    assert sqlite.integrity_problems(path) == []
    assert react_to_project(cancellation(), actor=actor).version == 2


def test_a_disk_that_is_really_full(path: Path, actor: Actor, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    alone = ["unshare", "--map-root-user", "--mount"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no namespaces here: a small disk cannot be mounted")
    run_apart(
        [*alone, "sh", "-c", ON_A_TINY_DISK, "sh", str(disk), str(path)], "fill_the_disk", disk / path.name, actor
    )


# Somebody else at work


@pytest.fixture
def impatient(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits a tenth of a second instead of ten."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    use_database(path)


@pytest.fixture
def locked(path: Path, actor: Actor, impatient: None) -> Iterator[sqlite3.Connection]:
    """Another program in the midst of a write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.mark.parametrize("name", WRITES)
def test_a_write_that_waited_long_enough_says_so(
    path: Path, actor: Actor, locked: sqlite3.Connection, name: str
) -> None:
    before = everything()
    with pytest.raises(Busy, match=BUSY):
        WRITES[name](actor)
    assert everything() == before
    locked.execute("ROLLBACK")
    if name == "fail to log in":
        with pytest.raises(ServiceError, match="belong together"):
            WRITES[name](actor)
    else:
        WRITES[name](actor)


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("minutes", [0, 10])
def test_reading_goes_on_while_somebody_writes(
    actor: Actor, locked: sqlite3.Connection, name: str, minutes: int
) -> None:
    """Also when the use of the session should be noted: that can wait for the next time."""
    later(minutes=minutes)
    READS[name](actor)


def test_an_exclusive_lock_keeps_readers_out_too(path: Path, actor: Actor, impatient: None) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = exclusive")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE account SET version = version")
        for call in (READS | WRITES).values():
            with pytest.raises(Busy, match=BUSY):
                call(actor)
        other.execute("ROLLBACK")
    assert [row["login"] for row in rows(Account)] == ["eerste"]


def test_the_system_looks_at_the_outbox_while_somebody_writes(path: Path, impatient: None) -> None:
    system = system_actor("beheerder")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert list_mail(actor=system, limit=10) == []
