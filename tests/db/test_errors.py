"""The store's own troubles, told apart by SQLite's code; everything else is left as it is."""

import sqlite3
from pathlib import Path

import peewee
import pytest

from db.database import connected, database
from db.errors import Fault, StorageError, told_apart


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("words that nobody should look at")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (sqlite3.SQLITE_BUSY, Fault.BUSY),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Fault.BUSY),
        (sqlite3.SQLITE_LOCKED, Fault.BUSY),
        (sqlite3.SQLITE_FULL, Fault.FULL),
        (sqlite3.SQLITE_READONLY, Fault.READ_ONLY),
        (sqlite3.SQLITE_READONLY_DIRECTORY, Fault.READ_ONLY),
        (sqlite3.SQLITE_CORRUPT, Fault.DAMAGED),
        (sqlite3.SQLITE_NOTADB, Fault.DAMAGED),
        (sqlite3.SQLITE_CANTOPEN, Fault.UNREACHABLE),
        (sqlite3.SQLITE_IOERR_READ, Fault.UNREACHABLE),
        (sqlite3.SQLITE_IOERR_SHMSIZE, Fault.FULL),
    ],
)
def test_each_code_has_its_fault(code: int, fault: Fault) -> None:
    with pytest.raises(StorageError) as trouble, told_apart():
        raise sqlite_error(code)
    assert trouble.value.fault is fault


def rollback_after_a_full_disk() -> None:
    """As Peewee does it: its own rollback fails too, 'cannot rollback - no transaction is active'."""
    try:
        raise sqlite_error(sqlite3.SQLITE_FULL)
    except sqlite3.OperationalError:
        try:
            raise sqlite_error(sqlite3.SQLITE_ERROR)
        except sqlite3.OperationalError as error:
            raise peewee.OperationalError("cannot rollback") from error


def test_what_came_first_counts() -> None:
    with pytest.raises(StorageError) as trouble, told_apart():
        rollback_after_a_full_disk()
    assert trouble.value.fault is Fault.FULL


@pytest.mark.parametrize(
    "error", [sqlite_error(sqlite3.SQLITE_CONSTRAINT), peewee.IntegrityError("unique"), ValueError("something else")]
)
def test_other_errors_pass(error: Exception) -> None:
    with pytest.raises(type(error)) as passed, told_apart():
        raise error
    assert passed.value is error


def test_a_header_that_promises_another_format_is_damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[44:48] = (9).to_bytes(4, "big")  # the schema's format: SQLite writes 4
    path.write_bytes(content)
    with pytest.raises(StorageError) as trouble, connected():
        database.execute_sql("SELECT count(*) FROM project")
    assert trouble.value.fault is Fault.DAMAGED
