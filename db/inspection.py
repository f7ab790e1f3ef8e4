"""Looking at a database file, in use or not, without changing it: a backup, a damaged one, none at all."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from db import sqlite
from db.errors import Fault, StorageError, told_apart
from db.migrate import MIGRATIONS

SQLITE_VERSION = sqlite3.sqlite_version


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that can only read; StorageError when there is no such file or it is no database."""
    with (
        told_apart(),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=sqlite.BUSY_SECONDS)) as found,
    ):
        yield found


def migrations_of(path: Path) -> list[str]:
    """The migrations that the file knows, in order; none when it is not a kmop-tui database.

    StorageError (`newer`) when it knows some that this program does not.
    """
    with opened(path) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'schema_migration'").fetchone():
            return []
        applied = [str(row[0]) for row in connection.execute("SELECT name FROM schema_migration ORDER BY name")]
    known = {file.stem for file in MIGRATIONS.glob("[0-9]*.py")}
    if unknown := [name for name in applied if name not in known]:
        raise StorageError(Fault.NEWER, ", ".join(unknown))
    return applied


def audit_lines_of(path: Path) -> Iterator[tuple[int, str, str, str, str, str, str, str]]:
    """The file's audit lines from the first on, as `db.audit.audit_lines` gives those of the database in use."""
    with opened(path) as connection:
        yield from connection.execute(
            "SELECT id, at, actor, action, subject, details, previous_hash, hash FROM audit_line ORDER BY id"
        )


def counts_of(path: Path, *tables: str) -> dict[str, int]:
    """How many rows each of the tables has."""
    with opened(path) as connection:
        return {
            table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 (names of ours)
            for table in tables
        }


def problems_of(path: Path) -> list[str]:
    """What SQLite's own checks find in the file; StorageError when it is too damaged for them."""
    with told_apart():
        return sqlite.integrity_problems(path)
