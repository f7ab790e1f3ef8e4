"""Putting one database file in the place of another, at a moment when nobody has that open."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from db.errors import Fault, StorageError, told_apart
from db.migrate import alone

PATIENCE = 2  # seconds
BESIDE = ("-wal", "-journal")  # what SQLite keeps beside a file and would read into whatever lies there next


@contextmanager
def _to_oneself(path: Path) -> Iterator[None]:
    """Nobody else has the database open during the body, and all of it is in the one file; StorageError (`busy`) else.

    A damaged file cannot be asked, and has nothing left to protect.
    """
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
        try:
            with told_apart():
                # takes the file for itself, even from those who are only connected, and brings in the -wal
                connection.execute("PRAGMA journal_mode = delete")
                connection.execute("BEGIN EXCLUSIVE")
        except StorageError as error:
            if error.fault is not Fault.DAMAGED:
                raise
        yield


def sync_folder(folder: Path) -> None:
    """Wait until names given and taken in the folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_database(path: Path, replacement: Path, kept: Path) -> None:
    """Let `replacement`, a file in the same folder, be the database at `path`; what was there is kept as `kept`.

    At every moment there is a whole database at `path`. StorageError when the old one is in use.
    """
    try:
        with alone(path):
            if not path.exists():
                replacement.rename(path)
            else:
                with _to_oneself(path):
                    kept.hardlink_to(path)
                    for suffix in BESIDE:
                        left = path.with_name(path.name + suffix)
                        if left.exists():
                            left.rename(kept.with_name(kept.name + suffix))
                    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
                    replacement.rename(path)
            sync_folder(path.parent)
    except OSError as error:
        raise StorageError(Fault.UNREACHABLE, str(error)) from error
