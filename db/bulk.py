"""Many rows at once: plain SQL with `executemany`, for files that hold nothing yet."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from peewee import Model

from db.database import connected, database


@contextmanager
def unsynced() -> Iterator[None]:
    """A connection for the body that does not wait for the disk: only for a file that nobody would miss.

    Its 64 MB of cache are where the indexes are sorted.
    """
    with connected():
        database.execute_sql("PRAGMA synchronous = off")
        database.execute_sql("PRAGMA cache_size = -64000")
        try:
            yield
        finally:
            database.execute_sql("PRAGMA synchronous = full")


@contextmanager
def indexes_afterwards(*models: type[Model]) -> Iterator[None]:
    """Drop the models' indexes for the body and build them at its end, which is faster than keeping them up to date.

    The caller holds the transaction, so that a failing body leaves the indexes as they were.
    """
    tables = [model._meta.table_name for model in models]
    marks = ", ".join("?" * len(tables))
    found = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})"  # noqa: S608
    indexes = database.execute_sql(found, tables).fetchall()
    for name, _sql in indexes:
        database.execute_sql(f'DROP INDEX "{name}"')
    yield
    for _name, sql in indexes:
        database.execute_sql(sql)


def insert_rows(model: type[Model], columns: str, rows: Iterable[Sequence[object]]) -> None:
    """Add `rows`, whose values are as SQLite keeps them (ISO text, whole cents), in the order of `columns`.

    `columns` are names with spaces between them.
    """
    names = columns.replace(" ", ", ")
    marks = ", ".join("?" * len(columns.split()))
    sql = f'INSERT INTO "{model._meta.table_name}" ({names}) VALUES ({marks})'  # noqa: S608
    database.cursor().executemany(sql, rows)
