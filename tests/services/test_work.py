"""One write is one transaction with its audit line; trouble comes out in words."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from db.accounts import Session
from db.audit import AuditLine
from db.codes import Role
from db.database import connected
from db.database import database as store
from db.enterprises import Enterprise
from db.errors import Fault, StorageError
from services import clock
from services.audit import verify
from services.errors import Busy, Invalid, NotAllowed, SessionExpired, Unavailable
from services.language import use_language
from services.rules import Permission
from services.work import Actor, reading, require, storage_in_words, writing
from tests.making import NINE, audit_trail, later, make_account, make_enterprise, rows, sign_in

pytestmark = pytest.mark.usefixtures("database")


def test_a_write_without_its_audit_line_is_not_kept() -> None:
    with pytest.raises(RuntimeError, match="audit line"), writing(None):
        make_enterprise(1, "Klant")
    assert rows(Enterprise) == []


def test_a_write_that_fails_keeps_neither_row_nor_audit_line() -> None:
    with pytest.raises(Invalid), writing(None) as work:  # noqa: PT012
        make_enterprise(1, "Klant")
        work.audit("test.write", "enterprise:1")
        raise Invalid({"name": "Geen naam."})
    assert (rows(Enterprise), audit_trail()) == ([], [])


def test_a_write_inside_another_goes_with_it() -> None:
    with pytest.raises(RuntimeError, match="outer"), writing(None) as outer:  # noqa: PT012
        with writing(None) as inner:
            make_enterprise(1, "Klant")
            inner.audit("test.write", "enterprise:1")
        outer.audit("test.write", "nothing")
        raise RuntimeError("outer")
    assert (rows(Enterprise), audit_trail()) == ([], [])


def test_an_audit_line_says_who_when_and_what(system: Actor) -> None:
    with writing(system) as work:
        work.audit("test.write", "record:1", role=Role.ADMIN, number=1, at=datetime(2016, 3, 11, tzinfo=UTC), word="é")
    line = rows(AuditLine)[-1]
    assert (line["actor"], line["action"], line["subject"]) == (
        f"account:{system.account_id}",
        "test.write",
        "record:1",
    )
    assert timedelta() <= datetime.fromisoformat(line["at"]) - NINE < timedelta(minutes=1)
    assert json.loads(line["details"]) == {"role": "admin", "number": 1, "at": "2016-03-11 00:00:00+00:00", "word": "é"}


def test_writers_wait_for_each_other_and_the_chain_holds(system: Actor) -> None:
    together = threading.Barrier(4)

    def write(thread: int) -> None:
        together.wait()
        for number in range(10):
            with writing(system) as work:
                work.audit("test.write", f"record:{thread}.{number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    trail = verify(actor=system)
    assert (trail.lines, trail.problem) == (41, None)


def test_a_thread_leaves_no_connection_behind() -> None:
    with reading():
        assert not store.is_closed()
    assert store.is_closed()
    with pytest.raises(NotAllowed), writing(None):
        raise NotAllowed("nee")
    assert store.is_closed()


def test_what_others_write_is_seen_at_once(system: Actor) -> None:
    with reading():
        before = AuditLine.select().count()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(make_enterprise, 1, "Klant").result()
        assert AuditLine.select().count() == before
        assert Enterprise.select().count() == 1


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("fault", Fault)
def test_each_trouble_of_the_store_has_its_sentence(fault: Fault, language: str) -> None:
    use_language(language)
    with pytest.raises(Busy if fault is Fault.BUSY else Unavailable, match=r"\.$") as said, storage_in_words():
        raise StorageError(fault, "detail that nobody should read")
    assert "detail" not in str(said.value)


def test_each_trouble_has_a_sentence_of_its_own() -> None:
    said = set()
    for fault in Fault:
        with pytest.raises((Busy, Unavailable)) as trouble, storage_in_words():
            raise StorageError(fault)
        said.add(str(trouble.value))
    assert len(said) == len(Fault)


def test_an_invalid_command_names_its_fields() -> None:
    error = Invalid({"a": "Eerste.", "b": "Tweede."})
    assert (str(error), error.fields) == ("Eerste. Tweede.", {"a": "Eerste.", "b": "Tweede."})


def test_records_are_frozen_and_know_their_names(system: Actor) -> None:
    with pytest.raises(ValidationError):
        system.role = Role.ADMIN  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Actor.model_validate({"account_id": 1, "login": "x", "role": "admin", "is_god": True})


def test_the_system_needs_no_session_and_others_do(system: Actor) -> None:
    helpdesk = sign_in(make_account("helpdesk", Role.HELPDESK))
    with reading():
        require(system, Permission.ADD_ACCOUNT)
        require(helpdesk, Permission.VIEW_PROJECTS)
        with pytest.raises(NotAllowed):
            require(helpdesk, Permission.ADD_ACCOUNT)
        with pytest.raises(SessionExpired):
            require(helpdesk.model_copy(update={"session_id": None}), Permission.VIEW_PROJECTS)


def test_a_refusal_in_a_write_keeps_nothing_but_the_session_goes_on() -> None:
    helpdesk = sign_in(make_account("helpdesk", Role.HELPDESK))
    later(minutes=20)
    with pytest.raises(NotAllowed), writing(helpdesk) as work:  # noqa: PT012
        work.audit("test.write", "record:1")
        require(helpdesk, Permission.ADD_ACCOUNT)
    assert audit_trail() == []
    with reading():
        require(helpdesk, Permission.VIEW_PROJECTS)
    assert clock.now() - rows(Session)[0]["last_used_at"] < timedelta(minutes=1)


def test_the_clock_starts_where_it_is_told_and_runs_on() -> None:
    first = clock.now()
    assert timedelta() <= first - NINE < timedelta(minutes=1)
    assert first.utcoffset() == timedelta()
    assert clock.now() >= first
    clock.start_at(datetime(2016, 7, 1, 0, 30))  # noqa: DTZ001 - Belgian time where no zone is named
    assert clock.today().isoformat() == "2016-07-01"
    assert clock.now().isoformat().startswith("2016-06-30T22:30")


def test_a_connection_that_is_open_is_used(database: Path) -> None:
    with connected():
        raw = store.connection()
        with reading():
            assert store.connection() is raw
        assert not store.is_closed()
