"""What is SQLite's own: pragmas, triggers, backups. PostgreSQL gets a module of its own beside this one."""

import sqlite3
from pathlib import Path

from peewee import SqliteDatabase

BUSY_SECONDS = 10

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    # without this, INSERT OR REPLACE deletes rows without asking the append-only triggers
    "recursive_triggers": 1,
    "trusted_schema": 0,
}

APPEND_ONLY = [
    f"""CREATE TRIGGER audit_no_{event.lower()} BEFORE {event} ON audit_line
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""
    for event in ("UPDATE", "DELETE")
]


def handle(path: Path) -> SqliteDatabase:
    """A database that opens `path` only when told to; one connection a thread."""
    return SqliteDatabase(str(path), pragmas=PRAGMAS, autoconnect=False, lock_type="IMMEDIATE", timeout=BUSY_SECONDS)


def copy(source: Path, target: Path) -> None:
    """A consistent copy of `source` in `target` while others go on writing (never copy the bare file)."""
    with_source = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    try:
        with_target = sqlite3.connect(target)
        try:
            with_source.backup(with_target)
            # a backup is one file that can be carried about: no -wal beside it
            with_target.execute("PRAGMA journal_mode = delete")
        finally:
            with_target.close()
    finally:
        with_source.close()


def integrity_problems(path: Path) -> list[str]:
    """What SQLite's own checks find in the file, nothing when it is sound."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        connection.close()
    return [line for line in found if line != "ok"] + [f"{row[0]} {row[1]} -> {row[2]}" for row in orphans]
