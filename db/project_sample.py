"""Some of the projects at random, to tell beforehand about how many of all a filter leaves."""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from db.database import database, database_path

SIZE = 2_000  # projects: one of them stands for 0.05 % of all
GOOD_FOR = 300.0  # seconds
GROWN = 1.1  # times as many projects, and the sample is of another table
COLUMNS = "number, applied_on, amount_cents, service, status, enterprise_id, headquarters_id, provider_id, name_folded"

_lock = Lock()
_rows = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
_rows.execute(f"CREATE TABLE sample ({COLUMNS})")
_of: Path | None = None
_made = 0.0
_projects = 0


def answers(questions: Sequence[str], values: Sequence[Any], order: str) -> tuple[int, list[tuple[int, ...]]]:
    """How many projects there are, and for each of the sample, in that order, the answer to each SQL expression."""
    with _lock, closing(_rows.cursor()) as cursor:
        _refresh(cursor)
        return _projects, cursor.execute(f"SELECT {', '.join(questions)} FROM sample {order}", values).fetchall()


def _refresh(cursor: sqlite3.Cursor) -> None:
    """Draw anew from the database in use when the sample is of another, old, or of a much smaller table."""
    global _of, _made, _projects
    [projects] = database.execute_sql("SELECT coalesce(max(id), 0) FROM project").fetchone()
    if _of == database_path() and monotonic() - _made < GOOD_FOR and projects <= _projects * GROWN:
        return
    known = range(1, projects + 1)
    drawn = tuple(known if projects <= SIZE else random.sample(known, SIZE))
    found = database.execute_sql(
        f"SELECT {COLUMNS} FROM project JOIN enterprise ON enterprise.id = enterprise_id "
        f"WHERE project.id IN ({', '.join('?' * len(drawn))})",
        drawn,
    )
    cursor.execute("DELETE FROM sample")
    cursor.executemany(f"INSERT INTO sample VALUES ({', '.join('?' * len(COLUMNS.split()))})", found)
    _of, _made, _projects = database_path(), monotonic(), projects
