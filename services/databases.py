"""The database as a whole: opened for use, and who acts at the command line."""

import getpass
from pathlib import Path

from db import database, migrate
from services.accounts import system_actor
from services.work import Actor, storage_in_words


def open_database(path: Path) -> list[str]:
    """Use the file at `path`, made on first use and brought up to date; the names of the migrations applied."""
    database.use_database(path)
    with storage_in_words():
        return migrate.migrate()


def command_line_actor() -> Actor:
    """Who runs a command: the owner of the database file, role `system`, under the operating system's user name."""
    return system_actor(getpass.getuser())
