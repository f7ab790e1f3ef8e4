"""The one database: how it is opened, and what a transaction is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import DatabaseProxy, SqliteDatabase

from db import sqlite
from db.errors import told_apart

database = DatabaseProxy()


def use_database(path: Path) -> None:
    """Work on the SQLite file at `path` from now on; nothing is opened yet."""
    database.initialize(sqlite.handle(path))


def database_path() -> Path:
    """The file in use."""
    handle: SqliteDatabase = database.obj
    return Path(str(handle.database))


@contextmanager
def connected() -> Iterator[None]:
    """A connection of this thread's own for the body; StorageError when the store cannot be reached."""
    with told_apart():
        if not database.is_closed():
            yield
            return
        with database.connection_context():
            yield


@contextmanager
def transaction() -> Iterator[None]:
    """One write transaction, taken at once (IMMEDIATE) so that two writers wait for each other instead of failing."""
    with connected(), database.atomic():
        yield
