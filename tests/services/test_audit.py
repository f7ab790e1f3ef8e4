"""The audit trail: what was changed or removed is found, and named by its line."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.accounts import Account, Session
from db.audit import chain_hash
from db.codes import Role
from services import clock
from services.audit import verify
from services.databases import open_database
from services.errors import NotAllowed
from services.language import use_language
from services.work import Actor, writing


@pytest.fixture
def trail(tmp_path: Path) -> Iterator[Path]:
    """A database with ten audit lines."""
    path = tmp_path / "kmop.db"
    open_database(path)
    use_language("en")
    for number in range(1, 11):
        with writing(None) as work:
            work.audit("test.write", f"record:{number}", value=number)
    yield path
    use_language("nl")


@pytest.fixture
def system() -> Actor:
    """Whoever owns the file; makes no account, so that the trail stays as it is."""
    return Actor(account_id=0, login="system:test", role=Role.SYSTEM)


def tamper(path: Path, *statements: str) -> None:
    """What somebody does who can write the file: the triggers are no hindrance to him."""
    with closing(sqlite3.connect(path)) as connection:
        for trigger in ("audit_no_update", "audit_no_delete"):
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_whole_trail_gives_its_length_and_head(trail: Path, system: Actor) -> None:
    found = verify(actor=system)
    with closing(sqlite3.connect(trail)) as connection:
        [head] = connection.execute("SELECT hash FROM audit_line WHERE id = 10").fetchone()
    assert (found.lines, found.head, found.problem) == (10, head, None)


@pytest.mark.parametrize(
    ("statements", "sound", "problem"),
    [
        (["UPDATE audit_line SET details = '{}' WHERE id = 4"], 3, "Audit line 4 was changed."),
        (["UPDATE audit_line SET at = '' WHERE id = 1"], 0, "Audit line 1 was changed."),
        (["UPDATE audit_line SET hash = 'x' WHERE id = 10"], 9, "Audit line 10 was changed."),
        (["DELETE FROM audit_line WHERE id = 5"], 4, "Audit line 5 is missing: line 6 follows line 4."),
        (
            ["DELETE FROM audit_line WHERE id < 3"],
            0,
            "The audit trail begins with line 3: what came before it was removed.",
        ),
        (
            ["DELETE FROM audit_line WHERE id = 5", "UPDATE audit_line SET id = id - 1 WHERE id > 5"],
            4,
            "Audit line 5 was changed.",
        ),
    ],
)
def test_what_was_done_to_it_is_named(
    trail: Path, system: Actor, statements: list[str], sound: int, problem: str
) -> None:
    tamper(trail, *statements)
    found = verify(actor=system)
    assert (found.lines, found.problem) == (sound, problem)


def test_a_line_that_was_hashed_anew_does_not_follow(trail: Path, system: Actor) -> None:
    with closing(sqlite3.connect(trail)) as connection:
        row = connection.execute(
            "SELECT previous_hash, id, at, actor, action, subject FROM audit_line WHERE id = 7"
        ).fetchone()
    own = chain_hash(*row, "{}")
    tamper(trail, f"UPDATE audit_line SET details = '{{}}', hash = '{own}' WHERE id = 7")  # noqa: S608
    found = verify(actor=system)
    assert found.lines == 7
    assert found.problem == "Audit line 8 does not follow from the one before it: one of the two was replaced."


def test_a_cut_tail_shows_in_length_and_head_only(trail: Path, system: Actor) -> None:
    noted = verify(actor=system)
    tamper(trail, "DELETE FROM audit_line WHERE id > 8")
    found = verify(actor=system)
    assert (found.lines, found.problem) == (8, None)
    assert found.head != noted.head


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.ADMIN])
def test_only_the_administrator_may_ask(trail: Path, role: Role) -> None:
    with writing(None) as work:
        account = Account.create(
            login="operator", login_folded="operator", role=role, password_hash="x", created_at=clock.now()
        )
        session = Session.create(account=account, source="test", started_at=clock.now(), last_used_at=clock.now())
        work.audit("account.add", "account:operator")
    actor = Actor(account_id=account.id, login="operator", role=role, session_id=session.id)
    if role is Role.ADMIN:
        assert verify(actor=actor).lines == 11
    else:
        with pytest.raises(NotAllowed, match="may not do this"):
            verify(actor=actor)
