"""The tables: the migrations make what the models say, and the database itself refuses what must not be."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import peewee
import pytest
from playhouse.schema_diff import diff_models

from db import sqlite
from db.audit import AuditLine, append_audit_line, audit_lines
from db.codes import Role
from db.database import connected, database, database_path, transaction, use_database
from db.models import ALL
from services import clock
from tests.making import NINE, make_account, make_enterprise, make_project, make_provider, rows

PROVIDER = {
    "name": "Eerste",
    "name_folded": "eerste",
    "kind": "MZ",
    "enterprise_number": "0862010195",
    "department_number": 0,
    "legal_form": "NV",
    "email": "info@example.com",
    "phone": "",
    "account_number": "BE68539007547034",
    "presentation": "",
    "version": 1,
}
ACCOUNT = {
    "login": "iemand",
    "login_folded": "iemand",
    "role": "helpdesk",
    "password_hash": "-",
    "must_change_password": 0,
    "created_at": "2016-03-11T08:00:00.000000+00:00",
    "version": 1,
}
PROJECT = {
    "number": "2016KMO000002",
    "enterprise_id": 1,
    "provider_id": 1,
    "headquarters_id": 1,
    "service": "O",
    "title": "Boekhouden",
    "applied_on": "2016-03-10",
    "starts_on": "2016-03-15",
    "ends_on": "2016-03-15",
    "amount_cents": 100,
    "subsidy_cents": 100,
    "status": "Bevestigd",
    "version": 1,
}
PAYMENT = {"project_id": 1, "paid_on": "2016-03-10", "kind": "deposit", "amount_cents": 1, "occurrence": 1}
REACTION = {
    "project_id": 1,
    "kind": "stop",
    "reason": "other",
    "reason_text": "x",
    "account_id": 1,
    "reacted_at": "2016-03-11T08:00:00.000000+00:00",
    "status_before": "Lopend",
    "status_after": "StopzettingAangevraagd",
}
PROOF = {"reaction_id": 1, "file_name": "x.pdf", "media_type": "application/pdf", "content": b"%PDF-", "sha256": "0"}
ENTERPRISE = {
    "enterprise_number": "0403019261",
    "name": "Klant",
    "name_folded": "klant",
    "email": "klant@example.com",
    "version": 1,
}
ESTABLISHMENT = {
    "provider_id": 1,
    "number": 1,
    "street": "Straat",
    "house_number": "1",
    "box": "",
    "postcode": "1030",
    "municipality": "Schaarbeek",
    "municipality_folded": "schaarbeek",
    "version": 1,
}
SAVED_VIEW = {"account_id": 1, "number": 1, "name": "x", "query": "{}"}
SESSION = {"account_id": 1, "source": "local", "started_at": "x", "last_used_at": "x"}
MAIL = {
    "message_id": "<1@example.com>",
    "recipient": "klant@example.com",
    "subject": "x",
    "body": "x",
    "subject_of": "x",
    "holds_secret": 0,
    "status": "waiting",
    "created_at": "x",
    "not_before": "x",
    "attempts": 0,
}
GOOD = {
    "provider": PROVIDER | {"enterprise_number": "0403019261"},
    "establishment": ESTABLISHMENT,
    "account": ACCOUNT,
    "session": SESSION,
    "enterprise": ENTERPRISE,
    "project": PROJECT,
    "payment": PAYMENT,
    "reaction": REACTION,
    "proof": PROOF,
    "mail": MAIL,
    "saved_view": SAVED_VIEW,
}
BAD: list[tuple[str, dict[str, Any]]] = [
    ("provider", {"enterprise_number": "862010195"}),
    ("provider", {"enterprise_number": "0862010195"}),  # is there already, as a headquarters
    ("provider", {"kind": "XX"}),
    ("provider", {"kind": None}),
    ("provider", {"kind": "DEP"}),
    ("provider", {"kind": "DEP", "headquarters_id": 1}),
    ("provider", {"kind": "DEP", "department_number": 1}),
    ("provider", {"department_number": 1}),
    ("provider", {"headquarters_id": 1}),
    ("provider", {"kind": "DEP", "headquarters_id": 99, "department_number": 1}),
    ("provider", {"kind": "DEP", "headquarters_id": 1, "department_number": -1}),
    ("provider", {"name": None}),
    ("provider", {"version": "een"}),
    ("provider", {"name": b"x"}),
    ("establishment", {"number": 0}),
    ("establishment", {"provider_id": 99}),
    ("account", {"role": "baas"}),
    ("account", {"role": "headquarters"}),
    ("account", {"role": "department"}),
    ("account", {"provider_id": 1}),
    ("account", {"role": "system"}),
    ("account", {"password_hash": None}),
    ("account", {"login_folded": "bestaat"}),
    ("session", {"account_id": 99}),
    ("session", {"account_id": None}),
    ("enterprise", {"enterprise_number": "403019261"}),
    ("enterprise", {"enterprise_number": "0000000001"}),  # is there already
    ("project", {"number": "2016KMO000001"}),  # is there already
    ("project", {"enterprise_id": 99}),
    ("project", {"provider_id": 99}),
    ("project", {"headquarters_id": 99}),
    ("project", {"service": "X"}),
    ("project", {"status": "lopend"}),
    ("project", {"amount_cents": 0}),
    ("project", {"amount_cents": -1}),
    ("project", {"amount_cents": 1.5}),
    ("project", {"subsidy_cents": 101}),
    ("project", {"subsidy_cents": -1}),
    ("project", {"ends_on": "2016-03-14"}),
    ("payment", {"project_id": 99}),
    ("payment", {"kind": "gift"}),
    ("payment", {"amount_cents": 0}),
    ("payment", {"occurrence": 0}),
    ("reaction", {"kind": "x"}),
    ("reaction", {"reason": "x"}),
    ("reaction", {"reason_text": ""}),
    ("reaction", {"status_after": "x"}),
    ("reaction", {"status_before": None}),
    ("reaction", {"project_id": 99}),
    ("reaction", {"account_id": 99}),
    ("proof", {"content": b""}),
    ("proof", {"content": bytes(10 * 1024 * 1024 + 1)}),
    ("proof", {"reaction_id": 99}),
    ("mail", {"status": "lost"}),
    ("mail", {"proof_id": 99}),
    ("saved_view", {"number": 0}),
    ("saved_view", {"number": 10}),
    ("saved_view", {"name": ""}),
    ("saved_view", {"query": None}),
    ("saved_view", {"account_id": 99}),
]


def described(path: Path) -> dict[str, str]:
    """Each table, index and trigger of the file as SQLite keeps its words, but for the migrations' own history."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT type || ' ' || name, sql, tbl_name FROM sqlite_master")
        return {name: sql for name, sql, table in found if table not in ("schema_migration", "sqlite_sequence")}


@pytest.fixture
def filled(path: Path) -> Path:
    """One row for the others to refer to."""
    clock.start_at(NINE)
    provider = make_provider("Eerste", "0862010195")
    make_project("2016KMO000001", provider, make_enterprise(1, "Klant"))
    make_account("bestaat", Role.HELPDESK)
    insert("reaction", REACTION)
    return path


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_start", None)


def insert(table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    with transaction():
        database.execute_sql(f'INSERT INTO "{table}" ({", ".join(row)}) VALUES ({marks})', list(row.values()))  # noqa: S608


def pragma(name: str) -> Any:
    with connected():
        return database.execute_sql(f"PRAGMA {name}").fetchone()[0]


def test_migrations_make_what_the_models_say(path: Path, tmp_path: Path) -> None:
    migrated = described(path)
    use_database(tmp_path / "models.db")
    with transaction():
        database.create_tables(ALL)
        for trigger in sqlite.APPEND_ONLY:
            database.execute_sql(trigger)
    assert described(database_path()) == migrated
    assert {f"table {model._meta.table_name}" for model in ALL} == {name for name in migrated if "table " in name}
    use_database(path)
    with connected():
        found = diff_models(database.obj, ALL)
    # it takes an index on an expression for one too many; those are compared above
    unknown = [index for index in found.drop_indexes if index.columns is not None]
    assert not any(found._replace(drop_indexes=unknown)), found


def test_every_table_is_strict(path: Path) -> None:
    with connected():
        strict = dict(
            database.execute_sql("SELECT name, strict FROM pragma_table_list WHERE type = 'table'").fetchall()
        )
    assert {model._meta.table_name for model in ALL} <= set(strict)
    assert all(strict[model._meta.table_name] == 1 for model in ALL)


def test_every_reference_keeps_its_record(path: Path) -> None:
    """Records are ended, not deleted: no deletion takes others along."""
    with connected():
        found = database.execute_sql(
            "SELECT m.name, f.'from', f.on_delete FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f"
        ).fetchall()
    assert len(found) == sum(len(model._meta.refs) for model in ALL)
    assert {on_delete for _table, _column, on_delete in found} == {"RESTRICT"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
    ],
)
def test_each_connection_is_set_up(path: Path, name: str, value: Any) -> None:
    assert pragma(name) == value


@pytest.mark.parametrize("table", GOOD)
def test_good_rows_are_taken(filled: Path, table: str) -> None:
    insert(table, GOOD[table])


@pytest.mark.parametrize(
    ("table", "wrong"), BAD, ids=[f"{table} {next(iter(wrong.items()))!s:.40}" for table, wrong in BAD]
)
def test_bad_rows_are_refused(filled: Path, table: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(peewee.IntegrityError):
        insert(table, GOOD[table] | wrong)


@pytest.mark.parametrize("table", ["provider", "enterprise", "project", "account"])
def test_what_others_refer_to_is_not_deleted(filled: Path, table: str) -> None:
    with pytest.raises(peewee.IntegrityError), transaction():
        database.execute_sql(f'DELETE FROM "{table}"')  # noqa: S608


def test_the_same_login_attempt_is_counted_in_one_row(path: Path) -> None:
    row = {"login_folded": "iemand", "source": "", "failures": 1, "trusted": 0}
    insert("login_attempts", row)
    with pytest.raises(peewee.IntegrityError):
        insert("login_attempts", row)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_line SET details = '{}'",
        "UPDATE audit_line SET id = id + 10",
        "DELETE FROM audit_line",
        "DELETE FROM audit_line WHERE id = 2",
        "INSERT OR REPLACE INTO audit_line VALUES (1, '', '', '', '', '', '', 'x')",
        "REPLACE INTO audit_line SELECT 9, at, actor, action, subject, 'x', previous_hash, hash FROM audit_line",
        "INSERT INTO audit_line SELECT * FROM audit_line WHERE true ON CONFLICT DO UPDATE SET details = 'x'",
        "UPDATE OR REPLACE audit_line SET id = 2 WHERE id = 1",
    ],
)
def test_the_audit_trail_takes_new_lines_only(path: Path, statement: str) -> None:
    with transaction():
        for number in range(3):
            append_audit_line(at="2016", actor="nobody", action="test", subject=f"record:{number}", details="{}")
    before = rows(AuditLine)
    with pytest.raises(peewee.IntegrityError, match="append-only"), transaction():
        database.execute_sql(statement)
    assert rows(AuditLine) == before


def test_each_audit_line_holds_the_hash_of_the_one_before_it(path: Path) -> None:
    with transaction():
        for number in range(3):
            append_audit_line(at="2016", actor="nobody", action="test", subject=f"record:{number}", details="{}")
    with connected():
        lines = list(audit_lines())
    assert [line[0] for line in lines] == [1, 2, 3]
    assert lines[0][6] == "0" * 64
    assert [line[6] for line in lines[1:]] == [line[7] for line in lines[:-1]]
    assert len({line[7] for line in lines}) == 3
