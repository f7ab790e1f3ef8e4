"""What can be wrong with the store itself, told apart by SQLite's own result code rather than by its message."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

import peewee


class Fault(StrEnum):
    """Why the store did not answer."""

    BUSY = "busy"
    FULL = "full"
    READ_ONLY = "read_only"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"
    NEWER = "newer"


class StorageError(Exception):
    """The store could not do what was asked, for `fault`; nothing of the transaction was kept."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail


FAULTS = {
    sqlite3.SQLITE_BUSY: Fault.BUSY,
    sqlite3.SQLITE_LOCKED: Fault.BUSY,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
    sqlite3.SQLITE_NOTADB: Fault.DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Fault.UNREACHABLE,
    sqlite3.SQLITE_IOERR: Fault.UNREACHABLE,
    # the -shm file beside the database finds no room to grow: what a full disk says to who comes in
    sqlite3.SQLITE_IOERR_SHMSIZE: Fault.FULL,
    sqlite3.SQLITE_PERM: Fault.UNREACHABLE,
    sqlite3.SQLITE_AUTH: Fault.UNREACHABLE,
}

# what a header that promises another format is called; of that SQLite has no code, only these words
OTHER_FORMAT = "unsupported file format"


def _storage_error(error: BaseException) -> StorageError | None:
    """The first of `error` and what led to it that carries one of SQLite's codes, as a `StorageError`."""
    seen: BaseException | None = error
    while seen is not None:
        code = getattr(seen, "sqlite_errorcode", None)
        fault = None if code is None else FAULTS.get(code, FAULTS.get(code & 0xFF))
        if code == sqlite3.SQLITE_ERROR and str(seen) == OTHER_FORMAT:
            fault = Fault.DAMAGED
        if fault is not None:
            return StorageError(fault, str(seen))
        seen = seen.__cause__ or seen.__context__
    return None


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn what SQLite raises for the store's own troubles into `StorageError`; anything else passes."""
    try:
        yield
    except (peewee.PeeweeException, sqlite3.Error) as error:
        known = _storage_error(error)
        if known is None:
            raise
        raise known from error
