"""From nothing or an older file to today's tables: once, backed up first, and never past this program."""

import fcntl
import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db import migrate, sqlite
from db.codes import Role
from db.database import connected, database, transaction, use_database
from db.errors import Fault, StorageError
from services import clock
from tests.making import make_account

ALL = sorted(file.stem for file in migrate.MIGRATIONS.glob("[0-9]*.py"))
NEXT = "9000_add_nickname"
ADD_NICKNAME = """
def up(migrator, db):
    db.execute_sql("ALTER TABLE account ADD COLUMN nickname TEXT")
    db.execute_sql("UPDATE account SET nickname = login")
"""
MIGRATE = """
import json, sys
from pathlib import Path
from db import migrate
from db.database import use_database
use_database(Path(sys.argv[1]))
sys.stdin.readline()
print(json.dumps(migrate.migrate()))
"""


def columns(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[1] for row in connection.execute("PRAGMA table_info(account)")}


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.fixture
def older(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with an account in it, and a program that knows one migration more (in the folder `migrations`)."""
    monkeypatch.setattr(clock, "_start", None)
    make_account("anna", Role.HELPDESK)
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / f"{NEXT}.py").write_text(ADD_NICKNAME)
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    return path


def test_a_new_file_gets_all_tables_in_a_folder_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "kmop.db"
    use_database(path)
    assert migrate.migrate() == ALL
    assert migrate.migrate() == []
    assert migrate.pending_migrations() == []
    assert "password_hash" in columns(path)
    assert sqlite.integrity_problems(path) == []
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert not list(path.parent.glob("*.before-*"))


def test_an_empty_file_is_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "kmop.db").touch()
    use_database(tmp_path / "kmop.db")
    assert migrate.migrate() == ALL


def test_an_older_file_is_backed_up_and_brought_up_to_date(older: Path) -> None:
    before = contents(older)
    assert migrate.pending_migrations() == [NEXT]
    assert migrate.migrate() == [NEXT]
    backup = older.with_name(f"kmop.db.before-{NEXT}")
    assert contents(backup) == before
    assert sqlite.integrity_problems(backup) == []
    with closing(sqlite3.connect(older)) as connection:
        assert connection.execute("SELECT login, nickname FROM account").fetchall() == [("anna", "anna")]
    assert migrate.migrate() == []
    assert len(list(older.parent.glob("*.before-*"))) == 1


def test_a_migration_that_fails_leaves_the_file_as_it_was(older: Path) -> None:
    before = contents(older)
    script = migrate.MIGRATIONS / f"{NEXT}.py"
    script.write_text(ADD_NICKNAME + "    raise RuntimeError('half way')\n")
    with pytest.raises(RuntimeError, match="half way"):
        migrate.migrate()
    assert contents(older) == before
    script.write_text(ADD_NICKNAME)
    assert migrate.migrate() == [NEXT]
    assert "nickname" in columns(older)


def test_a_backup_that_cannot_be_made_stops_the_migration(older: Path) -> None:
    before = contents(older)
    older.with_name(f"kmop.db.before-{NEXT}").mkdir()
    with pytest.raises(StorageError) as trouble:
        migrate.migrate()
    assert trouble.value.fault is Fault.UNREACHABLE
    assert contents(older) == before


def test_a_file_of_a_newer_program_is_left_alone(path: Path) -> None:
    with transaction():
        database.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9999_future', '2030-01-01')")
    before = contents(path)
    for call in (migrate.pending_migrations, migrate.migrate):
        with pytest.raises(StorageError, match="9999_future") as trouble:
            call()
        assert trouble.value.fault is Fault.NEWER
    assert contents(path) == before


@pytest.mark.parametrize("attempt", range(3))
def test_of_many_programs_at_once_one_makes_the_tables(tmp_path: Path, attempt: int) -> None:
    path = tmp_path / "kmop.db"
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _number in range(4)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    answers: list[Any] = [program.communicate(timeout=60)[0] for program in programs]
    assert [program.returncode for program in programs] == [0] * 4
    assert sorted(json.loads(answer) for answer in answers) == [[], [], [], ALL]
    assert sqlite.integrity_problems(path) == []


def test_who_comes_second_waits_and_finds_it_done(older: Path) -> None:
    """The lock is the operating system's: here somebody else holds it while the tables are still the old ones."""
    applied: list[list[str]] = []
    waiting = threading.Thread(target=lambda: applied.append(migrate.migrate()))
    with older.with_name("kmop.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        with connected():
            assert migrate._runner().up() == [NEXT]
    waiting.join(10)
    assert applied == [[]]
    assert not list(older.parent.glob("*.before-*"))


def test_a_path_that_cannot_be_a_file_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "kmop.db"):
        use_database(path)
        with pytest.raises(StorageError) as trouble:
            migrate.migrate()
        assert trouble.value.fault is Fault.UNREACHABLE
