"""The database as a whole: checked, backed up while in use, restored; nothing that is not sound gets through."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from services.databases import back_up, check_database, describe_database, open_database, restore
from services.errors import Busy, Conflict, Unavailable
from services.language import use_language
from services.work import reading, writing


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """The sentences are looked at as the code has them."""
    use_language("en")
    yield
    use_language("nl")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with three audit lines, in a folder of its own."""
    path = tmp_path / "data" / "kmop.db"
    open_database(path)
    for number in range(3):
        note(number)
    return path


def note(number: int) -> None:
    """A write to the database in use."""
    with writing(None) as work:
        work.audit("test.write", f"record:{number}")


def actions(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute("SELECT action || ' ' || subject FROM audit_line ORDER BY id")]


def change(path: Path, *statements: str) -> None:
    """Change a file past the program."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def spoil_page(path: Path) -> None:
    """Overwrite the pages behind the first, as a broken disk does."""
    change(path, "PRAGMA journal_mode = delete")
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xa5" * (len(content) - 4096 * 2)
    path.write_bytes(content)


def tamper(path: Path) -> None:
    change(path, "DROP TRIGGER audit_no_update", "UPDATE audit_line SET details = 'x' WHERE id = 2")


def make_newer(path: Path) -> None:
    change(path, "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2099-01-01')")


def make_foreign(path: Path) -> None:
    path.unlink()
    change(path, "CREATE TABLE somebody_elses (id INTEGER)")


def make_text(path: Path) -> None:
    path.write_text("no database at all, however long it may be\n" * 500)


@contextmanager
def somebody_reading(path: Path) -> Iterator[None]:
    """Somebody else who has the database open, and has read something once."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("SELECT count(*) FROM audit_line").fetchone()
        yield


def test_a_sound_database_has_no_problems(database: Path) -> None:
    assert check_database(database) == []


def test_check_names_orphans_and_a_changed_audit_line(database: Path) -> None:
    tamper(database)
    change(
        database,
        "PRAGMA foreign_keys = off",
        "INSERT INTO payment (project_id, paid_on, kind, amount_cents, occurrence) "
        "VALUES (99, '2016-01-01', 'deposit', 1, 1)",
    )
    assert check_database(database) == ["SQLite finds: payment 1 -> project", "Audit line 2 was changed."]


@pytest.mark.parametrize("spoil", [spoil_page, make_text])
def test_check_of_a_damaged_file(database: Path, spoil: Callable[[Path], None]) -> None:
    spoil(database)
    with pytest.raises(Unavailable, match=r"damaged.*db restore"):
        check_database(database)


def test_check_of_a_newer_a_foreign_and_no_database(database: Path) -> None:
    make_newer(database)
    with pytest.raises(Unavailable, match="newer kmop-tui"):
        check_database(database)
    make_foreign(database)
    assert check_database(database) == [f"{database} is not a database of kmop-tui. Choose another file."]
    database.unlink()
    with pytest.raises(Unavailable, match="There is no database at"):
        check_database(database)
    assert not database.exists()


def test_facts_of_a_database_that_is_there_and_of_one_that_is_not(database: Path, tmp_path: Path) -> None:
    facts = describe_database(database)
    assert (facts.accounts, facts.providers, facts.projects, facts.problem) == (0, 0, 0, None)
    assert facts.migrations[0] == "0001_initial"
    assert facts.bytes == database.stat().st_size
    missing = describe_database(tmp_path / "missing.db")
    assert missing.problem is not None
    assert missing.bytes is None
    make_text(database)
    assert "damaged" in (describe_database(database).problem or "")


def test_a_backup_holds_what_was_committed_while_somebody_writes(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit_line SET action = 'half done'")
        trail = back_up(database, target)
    assert trail.lines == 3
    assert actions(target) == ["test.write record:0", "test.write record:1", "test.write record:2"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["backup.db"]


def test_a_backup_never_overwrites(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    target.write_text("mine")
    with pytest.raises(Conflict, match="exists already"):
        back_up(database, target)
    assert target.read_text() == "mine"


@pytest.mark.parametrize("spoil", [spoil_page, tamper, make_newer, make_foreign, make_text])
def test_a_database_that_is_not_sound_leaves_no_backup(
    database: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(database)
    with pytest.raises(Unavailable):
        back_up(database, tmp_path / "backup.db")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_backup_into_no_folder(database: Path, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be written"):
        back_up(database, tmp_path / "missing" / "backup.db")


def test_restore_puts_the_backup_back_and_keeps_what_was_there(database: Path, tmp_path: Path) -> None:
    backup = tmp_path / "backup.db"
    back_up(database, backup)
    note(4)
    kept = restore(database, backup)
    assert kept is not None
    assert kept.name.startswith("kmop.db.before-restore-")
    assert actions(kept)[-1] == "test.write record:4"
    assert actions(database) == [*actions(backup), actions(database)[3], "database.restore database"]
    assert check_database(database) == []
    assert database.stat().st_mode & 0o777 == 0o600
    note(5)  # it is the database in use
    assert actions(database)[-1] == "test.write record:5"


def test_restore_brings_what_is_beside_the_old_database_into_it(database: Path, tmp_path: Path) -> None:
    """A killed program leaves its last writes in -wal: they belong to the old database, and never to the new one."""
    back_up(database, tmp_path / "backup.db")
    crashed = tmp_path / "crashed" / "kmop.db"
    crashed.parent.mkdir()
    with reading():
        note(4)
        for suffix in ("", "-wal"):
            shutil.copy(f"{database}{suffix}", f"{crashed}{suffix}")
    assert crashed.with_name("kmop.db-wal").stat().st_size > 0
    kept = restore(crashed, tmp_path / "backup.db")
    assert kept is not None
    assert actions(kept)[-1] == "test.write record:4"
    assert "test.write record:4" not in actions(crashed)
    assert check_database(crashed) == []


@pytest.mark.parametrize("spoil", [spoil_page, make_text])
def test_restore_in_the_place_of_a_damaged_database(
    database: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    backup = tmp_path / "backup.db"
    back_up(database, backup)
    spoil(database)
    damaged = database.read_bytes()
    database.with_name("kmop.db-wal").write_bytes(b"what was beside it")
    kept = restore(database, backup)
    assert kept is not None
    assert kept.read_bytes() == damaged
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"what was beside it"
    assert check_database(database) == []


def test_restore_where_there_is_no_database(database: Path, tmp_path: Path) -> None:
    back_up(database, tmp_path / "backup.db")
    new = tmp_path / "new" / "kmop.db"
    assert restore(new, tmp_path / "backup.db") is None
    assert actions(new)[:3] == actions(tmp_path / "backup.db")
    assert actions(new)[-1] == "database.restore database"


def test_restore_is_refused_while_somebody_has_the_database_open(database: Path, tmp_path: Path) -> None:
    back_up(database, tmp_path / "backup.db")
    with somebody_reading(database), pytest.raises(Busy):
        restore(database, tmp_path / "backup.db")
    assert [path.name for path in database.parent.glob("*before-restore*")] == []
    assert restore(database, tmp_path / "backup.db") is not None


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoil_page, r"backup\.db is damaged"),
        (make_text, r"backup\.db is damaged"),
        (tamper, r"backup\.db is not sound: Audit line 2 was changed\."),
        (make_newer, r"backup\.db was made by a newer kmop-tui"),
        (make_foreign, r"backup\.db is not a database of kmop-tui"),
        (Path.unlink, r"There is no file .*backup\.db"),
    ],
)
def test_restore_refuses_a_backup_that_is_not_sound(
    database: Path, tmp_path: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    backup = tmp_path / "backup.db"
    back_up(database, backup)
    spoil(backup)
    before = sorted((path.name, path.stat().st_ino) for path in database.parent.iterdir() if path.suffix == ".db")
    with pytest.raises(Unavailable, match=sentence):
        restore(database, backup)
    after = sorted((path.name, path.stat().st_ino) for path in database.parent.iterdir() if path.suffix == ".db")
    assert after == before
    assert len(actions(database)) == 3
