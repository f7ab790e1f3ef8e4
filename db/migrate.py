"""From an empty or older file to the tables of this version: locked, backed up first, never past this program."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playhouse.migrations import Runner

from db import sqlite
from db.database import connected, database, database_path
from db.errors import Fault, StorageError, told_apart

MIGRATIONS = Path(__file__).with_name("migrations")


def _runner() -> Runner:
    return Runner(database.obj, str(MIGRATIONS))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One migration of this file at a time, held by the operating system and so let go by a killed process."""
    handle = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def pending_migrations() -> list[str]:
    """The migrations that the file in use still needs; StorageError (`newer`) when it knows some that we do not."""
    with connected():
        states = _runner().status()
    unknown = [state.name for state in states if state.path is None]
    if unknown:
        raise StorageError(Fault.NEWER, ", ".join(unknown))
    return [state.name for state in states if state.applied is None]


def migrate() -> list[str]:
    """Bring the file in use up to date, making it first if need be; the names of what was applied.

    An existing file is copied to `NAME.before-MIGRATION` beside it first. StorageError when it cannot be done;
    the file is then as it was.
    """
    path = database_path()
    with told_apart():
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if path.exists() and path.stat().st_size and not pending_migrations():
                return []
            with alone(path):
                pending = pending_migrations()
                if not pending:
                    return []
                if path.stat().st_size and len(pending) < len(list(MIGRATIONS.glob("[0-9]*.py"))):
                    sqlite.copy(path, path.with_name(f"{path.name}.before-{pending[0]}"))
                with connected():
                    applied: list[str] = _runner().up()
                return applied
        except OSError as error:
            raise StorageError(Fault.UNREACHABLE, str(error)) from error
