"""Logging in, waiting after failures, sessions that end, one's own login, passwords, new accounts."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from db.accounts import Account, LoginAttempts, Session
from db.audit import AuditLine
from db.codes import Role
from db.database import transaction
from db.mail import Mail
from services import clock, passwords
from services.accounts import (
    AddAccount,
    ChangeLogin,
    LogIn,
    add_account,
    change_login,
    log_in,
    log_out,
    on_behalf_of,
    system_actor,
)
from services.errors import Busy, Conflict, Invalid, NotAllowed, NotFound, ServiceError, SessionExpired
from services.language import use_language
from services.passwords import password_problem, temporary_password
from services.projects import ProjectQuery, count_projects
from services.work import Actor
from tests.making import CHEAP_HASHER, PASSWORD, audit_trail, later, make_account, make_provider, rows, sign_in

pytestmark = pytest.mark.usefixtures("database")
OTHER = "vier dozen vol paarse knopen"


class CountingHasher:
    """The real hasher, with a count of what it did and of how many did it at once."""

    def __init__(self, hasher: PasswordHasher, seconds: float = 0) -> None:
        self.hasher = hasher
        self.seconds = seconds
        self.costs: list[tuple[int, int]] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()

    def _counted(self, work: Callable[[], Any]) -> Any:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.costs.append((self.hasher.time_cost, self.hasher.memory_cost))
        try:
            time.sleep(self.seconds)
            return work()
        finally:
            with self._lock:
                self.at_once -= 1

    def hash(self, password: str) -> Any:
        return self._counted(lambda: self.hasher.hash(password))

    def verify(self, known: str, password: str) -> Any:
        return self._counted(lambda: self.hasher.verify(known, password))

    def check_needs_rehash(self, known: str) -> bool:
        return self.hasher.check_needs_rehash(known)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    counting = CountingHasher(CHEAP_HASHER)
    monkeypatch.setattr(passwords, "_hasher", counting)
    return counting


@pytest.fixture
def anna(cheap_hashing: None) -> Account:
    """The account of a headquarters."""
    account: Account = make_account("Anna Élise", Role.HEADQUARTERS, make_provider("Eerste", "0862010195"))
    return account


def enter(login: str = "Anna Élise", password: str = PASSWORD, source: str = "local") -> Actor:
    return log_in(LogIn(login=login, password=password, source=source))


def fail(times: int = 1, login: str = "Anna Élise", source: str = "local") -> None:
    """Fail to log in, waiting as long as it takes."""
    for _time in range(times):
        try:
            enter(login, "niet het paswoord", source)
        except Busy:
            later(seconds=900)
            fail(1, login, source)
        except NotAllowed:
            pass


def change(actor: Actor, **fields: str) -> Actor:
    usual = {
        "new_login": "anna",
        "old_password": PASSWORD,
        "new_password": OTHER,
        "new_password_again": OTHER,
    }
    return change_login(ChangeLogin(**(usual | fields)), actor=actor)


def update_account(account: Account, **changes: Any) -> None:
    with transaction():
        Account.update(**changes).where(Account.id == account.id).execute()


# Logging in


@pytest.mark.parametrize("login", ["Anna Élise", "ANNA ÉLISE", "anna élise", "  Anna Élise ", "Anna  E\u0301lise"])
def test_the_right_password_opens_a_session(anna: Account, login: str) -> None:
    actor = enter(login)
    assert (actor.account_id, actor.login, actor.role) == (anna.id, "Anna Élise", Role.HEADQUARTERS)
    assert (actor.provider_id, actor.headquarters_id, actor.provider_name) == (1, 1, "Eerste")
    [session] = rows(Session)
    assert (session["id"], session["account"], session["source"]) == (actor.session_id, anna.id, "local")
    assert rows(Account)[0]["last_login_at"] == session["started_at"]
    assert audit_trail() == [("account.login", f"account:{anna.id}")]


@pytest.mark.parametrize(
    ("login", "password"),
    [("Anna Élise", OTHER), ("Anna Élise", PASSWORD + "."), ("Anna Élise", ""), ("niemand", PASSWORD), ("", "")],
)
def test_what_does_not_belong_together_is_refused_in_the_same_words(anna: Account, login: str, password: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        enter(login, password)
    assert (
        str(refusal.value) == "Login en paswoord horen niet bij elkaar. Probeer opnieuw, of vraag een nieuw paswoord."
    )
    assert rows(Session) == []
    assert [action for action, _subject in audit_trail()] == ["account.login_failed"]


def test_a_login_costs_one_hash_whether_it_exists_or_not(hasher: CountingHasher) -> None:
    make_account("bestaat", Role.HELPDESK)
    make_account("gestopt", Role.HELPDESK, ended_at=clock.now())
    system_actor("eigenaar")
    costs = []
    for login, password in [
        ("bestaat", PASSWORD),
        ("bestaat", OTHER),
        ("niemand", OTHER),
        ("gestopt", PASSWORD),
        ("system:eigenaar", OTHER),
    ]:
        hasher.costs.clear()
        with suppress(NotAllowed):
            enter(login, password)
        costs.append(list(hasher.costs))
    assert costs == [[(CHEAP_HASHER.time_cost, CHEAP_HASHER.memory_cost)]] * 5


def test_an_ended_account_does_not_log_in(anna: Account) -> None:
    update_account(anna, ended_at=clock.now())
    with pytest.raises(NotAllowed, match="horen niet bij elkaar"):
        enter()


def test_the_system_never_logs_in() -> None:
    system_actor("eigenaar")
    for password in ("", "None", PASSWORD):
        with pytest.raises(NotAllowed):
            enter("system:eigenaar", password)


def test_passwords_are_argon2id_as_strong_as_agreed(anna: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9106: t=3, 64 MiB, p=1; a weaker hash is renewed at the first login."""
    strong = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=1)
    monkeypatch.undo()
    clock.start_at(clock.now())
    weak = rows(Account)[0]["password_hash"]
    assert passwords.verify_password(weak, PASSWORD)
    fresh = passwords.hash_password(PASSWORD)
    assert fresh.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert passwords.needs_rehash(weak)
    assert not passwords.needs_rehash(fresh)
    assert strong.verify(fresh, PASSWORD)


def test_a_weaker_hash_is_renewed_at_login(anna: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    enter()
    renewed = rows(Account)[0]["password_hash"]
    assert "t=2" in renewed
    enter()
    assert rows(Account)[0]["password_hash"] == renewed


@pytest.mark.parametrize(("hours", "good"), [(23.9, True), (24.1, False)])
def test_a_temporary_password_is_good_for_a_day(anna: Account, system: Actor, hours: float, good: bool) -> None:
    made = add_account(AddAccount(login="nieuw", role=Role.HELPDESK), actor=system)
    assert made.password is not None
    later(hours=hours)
    if good:
        assert enter("nieuw", made.password).must_change_password
    else:
        with pytest.raises(NotAllowed, match="vervallen"):
            enter("nieuw", made.password)
        assert rows(Session) == []


def test_who_must_change_the_password_can_do_nothing_else(anna: Account, system: Actor) -> None:
    made = add_account(AddAccount(login="nieuw", provider_number="0862.010.195"), actor=system)
    assert made.password is not None
    actor = enter("nieuw", made.password)
    with pytest.raises(NotAllowed, match="eerst"):
        count_projects(ProjectQuery(), actor=actor)
    changed = change(actor, new_login="nieuw", old_password=made.password)
    assert not changed.must_change_password
    assert count_projects(ProjectQuery(), actor=changed).found == 0
    later(hours=25)
    assert not enter("nieuw", OTHER).must_change_password


def test_who_says_that_the_password_was_changed_is_not_believed(anna: Account, system: Actor) -> None:
    made = add_account(AddAccount(login="nieuw", provider_number="0862.010.195"), actor=system)
    assert made.password is not None
    actor = enter("nieuw", made.password).model_copy(update={"must_change_password": False})
    with pytest.raises(NotAllowed, match="eerst"):
        count_projects(ProjectQuery(), actor=actor)


# Waiting after failures


@pytest.mark.parametrize(
    ("failures", "seconds"), [(4, 0), (5, 2), (6, 4), (7, 8), (10, 64), (13, 512), (14, 900), (40, 900)]
)
def test_the_wait_doubles_from_the_fifth_failure_on(anna: Account, failures: int, seconds: int) -> None:
    fail(failures)
    if not seconds:
        assert enter().login == anna.login
        return
    with pytest.raises(Busy, match=f" {seconds} "):
        enter()
    later(seconds=seconds - 1)
    with pytest.raises(Busy, match=" 1 "):
        enter()
    later(seconds=1)
    assert enter().login == anna.login


def test_an_unknown_login_waits_just_the_same(anna: Account) -> None:
    fail(5, "niemand")
    with pytest.raises(Busy):
        enter("niemand")
    with pytest.raises(Busy):
        enter("NIEMAND")


def test_while_waiting_nothing_is_computed_or_counted(hasher: CountingHasher) -> None:
    make_account("anna", Role.HELPDESK)
    fail(5, "anna")
    before, hashes = rows(LoginAttempts), len(hasher.costs)
    with pytest.raises(Busy):
        enter("anna")
    assert (rows(LoginAttempts), len(hasher.costs)) == (before, hashes)


def test_a_success_starts_the_count_anew(anna: Account) -> None:
    fail(5)
    later(seconds=2)
    enter()
    fail(4)
    assert enter().login == anna.login


def test_another_source_does_not_lock_out_who_succeeded_before(anna: Account) -> None:
    enter(source="192.0.2.1")
    fail(9, source="198.51.100.7")
    assert enter(source="192.0.2.1").login == anna.login
    with pytest.raises(Busy):
        enter(source="198.51.100.7")
    with pytest.raises(Busy):
        enter(source="203.0.113.9")  # nor does a third source get five more


def test_a_trusted_source_waits_for_its_own_failures(anna: Account) -> None:
    enter(source="192.0.2.1")
    fail(5, source="192.0.2.1")
    with pytest.raises(Busy):
        enter(source="192.0.2.1")
    assert enter(source="203.0.113.9").login == anna.login


def test_many_sources_share_one_count(anna: Account) -> None:
    for number in range(5):
        fail(source=f"198.51.100.{number}")
    with pytest.raises(Busy):
        enter(source="198.51.100.200")


def test_guesses_made_at_once_tell_no_more_than_guesses_in_a_row(
    anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are past the first question for the wait before the first one fails; the right one is the last."""
    fail(4)
    monkeypatch.setattr(passwords, "_hasher", CountingHasher(CHEAP_HASHER, seconds=0.02))
    guesses = [f"paswoord nummer {number}" for number in range(9)] + [PASSWORD]
    at_once = threading.Barrier(len(guesses))

    def guess(password: str) -> str:
        at_once.wait()
        time.sleep(0.1 if password == PASSWORD else 0)
        try:
            return enter(password=password).login
        except ServiceError as error:
            return type(error).__name__

    with ThreadPoolExecutor(len(guesses)) as pool:
        outcomes = list(pool.map(guess, guesses))
    assert outcomes.count("NotAllowed") == 1, outcomes
    assert outcomes.count("Busy") == 9, outcomes
    assert len(rows(Session)) == 0


def test_the_old_password_is_no_good_once_it_was_changed_meanwhile(
    anna: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change comes between the check of the old password and the new session, which would have outlived it."""
    actor = enter()

    class Interrupted(CountingHasher):
        def check_needs_rehash(self, known: str) -> bool:
            monkeypatch.setattr(passwords, "_hasher", CHEAP_HASHER)
            change(actor)
            return False

    monkeypatch.setattr(passwords, "_hasher", Interrupted(CHEAP_HASHER))
    with pytest.raises(Conflict):
        enter()
    assert [row["id"] for row in rows(Session) if row["ended_at"] is None] == [actor.session_id]


def test_at_most_two_hashes_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = CountingHasher(CHEAP_HASHER, seconds=0.05)
    monkeypatch.setattr(passwords, "_hasher", counting)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _number: passwords.verify_password(None, PASSWORD), range(8)))
    assert (counting.most_at_once, len(counting.costs)) == (2, 8)


def test_a_password_of_more_than_a_kilobyte_is_not_hashed(hasher: CountingHasher) -> None:
    assert not passwords.verify_password(CHEAP_HASHER.hash("x" * 1025), "x" * 1025)
    assert passwords.verify_password(CHEAP_HASHER.hash("x" * 1024), "x" * 1024)
    assert len(hasher.costs) == 1


# Sessions


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([29], None),
        ([29, 29], None),
        ([31], "30 minuten"),
        ([29] * 24, None),
        ([29] * 25, "12 uur"),
    ],
)
def test_a_session_ends_when_idle_and_after_twelve_hours(anna: Account, steps: list[int], problem: str | None) -> None:
    actor = enter()
    for minutes in steps[:-1]:
        later(minutes=minutes)
        count_projects(ProjectQuery(), actor=actor)
    later(minutes=steps[-1])
    if problem is None:
        count_projects(ProjectQuery(), actor=actor)
    else:
        with pytest.raises(SessionExpired, match=problem):
            count_projects(ProjectQuery(), actor=actor)


def test_using_a_session_is_noted_at_most_once_a_minute(anna: Account) -> None:
    actor = enter()
    begun = rows(Session)[0]["last_used_at"]
    later(seconds=50)
    count_projects(ProjectQuery(), actor=actor)
    assert rows(Session)[0]["last_used_at"] == begun
    later(seconds=11)
    count_projects(ProjectQuery(), actor=actor)
    assert rows(Session)[0]["last_used_at"] - begun > timedelta(seconds=60)


def test_logging_out_ends_the_session_and_no_other(anna: Account) -> None:
    first, second = enter(), enter()
    log_out(actor=first)
    ended = rows(Session)[0]["ended_at"]
    with pytest.raises(SessionExpired):
        count_projects(ProjectQuery(), actor=first)
    assert count_projects(ProjectQuery(), actor=second).found == 0
    later(seconds=5)
    log_out(actor=first)
    assert rows(Session)[0]["ended_at"] == ended


@pytest.mark.parametrize(
    "changes", [{"ended_at": clock.now()}, {"role": Role.HELPDESK, "provider": None}, {"provider": 2}]
)
def test_a_session_ends_with_its_account(anna: Account, changes: dict[str, Any]) -> None:
    make_provider("Tweede", "0403019261")
    actor = enter()
    update_account(anna, **changes)
    with pytest.raises(SessionExpired):
        count_projects(ProjectQuery(), actor=actor)


def test_a_session_is_no_good_for_another_account(anna: Account) -> None:
    other = make_account("ander", Role.ADMIN)
    actor = enter()
    for stolen in (
        {"account_id": other.id, "role": Role.ADMIN, "provider_id": None},
        {"role": Role.ADMIN},
        {"provider_id": 2},
        {"session_id": None},
        {"session_id": 99},
    ):
        with pytest.raises(SessionExpired):
            count_projects(ProjectQuery(), actor=actor.model_copy(update=stolen))


# Wijzig login


def test_login_and_password_are_changed_and_other_sessions_end(anna: Account) -> None:
    here, elsewhere = enter(), enter()
    stranger = sign_in(make_account("ander", Role.HELPDESK))
    changed = change(here, new_login=" Anna  V. ")
    assert (changed.login, changed.session_id) == ("Anna V.", here.session_id)
    assert count_projects(ProjectQuery(), actor=changed).found == 0
    assert count_projects(ProjectQuery(), actor=stranger).found == 0
    with pytest.raises(SessionExpired):
        count_projects(ProjectQuery(), actor=elsewhere)
    with pytest.raises(NotAllowed):
        enter()
    assert enter("anna v.", OTHER).account_id == anna.id
    assert ("account.change_login", f"account:{anna.id}") in audit_trail()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"new_login": "", "old_password": "", "new_password": "", "new_password_again": " "}, {
            "new_login", "old_password", "new_password", "new_password_again"}),
        ({"new_login": "abc"}, {"new_login"}),
        ({"new_login": "a" * 65}, {"new_login"}),
        ({"new_login": "TAKEN ÉL"}, {"new_login"}),
        ({"old_password": "iets heel anders"}, {"old_password"}),
        ({"new_password_again": OTHER + " "}, {"new_password_again"}),
        ({"new_password": PASSWORD, "new_password_again": PASSWORD}, {"new_password"}),
        ({"new_password": "x7#Kq9!vLm2@pR", "new_password_again": "x7#Kq9!vLm2@pR"}, {"new_password"}),
        ({"new_password": "p" * 1025, "new_password_again": "p" * 1025}, {"new_password"}),
        ({"new_password": "passwordpassword", "new_password_again": "passwordpassword"}, {"new_password"}),
        ({"new_login": "abc", "old_password": "x", "new_password_again": "y"}, {
            "new_login", "old_password", "new_password_again"}),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named_and_nothing_changes(anna: Account, fields: dict[str, str], wrong: set[str]) -> None:
    make_account("taken él", Role.HELPDESK)
    actor, other = enter(), enter()
    before = rows(Account), rows(Session), rows(AuditLine)
    with pytest.raises(Invalid) as refusal:
        change(actor, **fields)
    assert set(refusal.value.fields) == wrong
    assert all(message.endswith(".") for message in refusal.value.fields.values())
    assert (rows(Account), rows(Session), rows(AuditLine)) == before
    assert count_projects(ProjectQuery(), actor=other).found == 0


def test_ones_own_login_may_stay_or_change_its_case(anna: Account) -> None:
    assert change(enter(), new_login="ANNA ÉLISE").login == "ANNA ÉLISE"


@pytest.mark.parametrize("length", [4, 64])
def test_a_login_has_4_to_64_characters(anna: Account, length: int) -> None:
    assert len(change(enter(), new_login="é" * length).login) == length


def test_of_two_changes_at_once_one_wins(anna: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have read the account before either writes."""
    actors = [enter(), enter()]
    monkeypatch.setattr(passwords, "_hasher", CountingHasher(CHEAP_HASHER, seconds=0.02))

    def attempt(number: int) -> str:
        try:
            return change(actors[number], new_login=f"anna {number}").login
        except (Conflict, SessionExpired) as error:
            return type(error).__name__

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(attempt, range(2)))
    assert sorted(outcome in ("anna 0", "anna 1") for outcome in outcomes) == [False, True]
    assert rows(Account)[0]["login"] in outcomes


def test_of_two_who_want_one_login_one_gets_it(cheap_hashing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    actors = [sign_in(make_account(f"login {number}", Role.HELPDESK)) for number in range(2)]
    monkeypatch.setattr(passwords, "_hasher", CountingHasher(CHEAP_HASHER, seconds=0.02))

    def attempt(actor: Actor) -> str:
        try:
            return change(actor, new_login="allebei").login
        except Invalid as error:
            return " ".join(error.fields)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, actors)) == ["allebei", "new_login"]


# Passwords


@pytest.mark.parametrize(
    ("password", "known", "good"),
    [
        ("kraai fluit onder zeven bruggen", [], True),
        ("x7#Kq9!vLm2@pRt", [], True),
        ("x7#Kq9!vLm2@pR", [], False),
        ("aaaaaaaaaaaaaaa", [], False),
        ("123456789012345", [], False),
        ("qwertyuiopasdfgh", [], False),
        ("opleidingscentrum", ["opleidingscentrum"], False),
        ("a" * 100, [], False),
        ("kraai fluit onder zeven bruggen " * 5, [], True),
        ("x7#Kq9!vLm2@pRt" + "é" * 505, [], False),
        ("x7#Kq9!vLm2@pRt" + "é" * 504, [], True),
        ("x7#Kq9!vLm2@pRt", ["", "x" * 200], True),
    ],
)
def test_what_makes_a_password_good_enough(password: str, known: list[str], good: bool) -> None:
    problem = password_problem(password, *known)
    assert problem is None if good else problem and problem.endswith(".")


@given(password=st.text(min_size=15, max_size=300))
def test_no_password_is_too_strange_for_the_check(password: str) -> None:
    assert password_problem(password) is None or len(password_problem(password) or "") > 20


def test_temporary_passwords_are_random_and_can_be_read_out() -> None:
    made = {temporary_password() for _number in range(100)}
    assert len(made) == 100
    assert {len(password) for password in made} == {23}
    assert not set("".join(made)) & set("01iloIO ")
    assert all(password_problem(password) is None for password in made)


# New accounts


def test_an_account_gets_the_role_of_its_provider(system: Actor, cheap_hashing: None) -> None:
    headquarters = make_provider("Eerste", "0862010195")
    department = make_provider("Afdeling", "0862010195", headquarters, 2)
    made = add_account(AddAccount(login="hoofd", provider_number="BE 0862.010.195"), actor=system)
    assert (made.role, made.mailed_to) == (Role.HEADQUARTERS, None)
    made = add_account(AddAccount(login="afdeling", provider_number="0862.010.195/2"), actor=system)
    assert made.role is Role.DEPARTMENT
    stored = [(row["login"], row["role"], row["provider"]) for row in rows(Account)[1:]]
    assert stored == [("hoofd", "headquarters", headquarters.id), ("afdeling", "department", department.id)]
    assert rows(Mail) == []


@pytest.mark.parametrize(
    ("command", "error", "field"),
    [
        ({}, Invalid, "provider"),
        ({"role": Role.SYSTEM}, Invalid, "provider"),
        ({"role": Role.HEADQUARTERS}, Invalid, "provider"),
        ({"role": Role.ADMIN, "provider_number": "0862010195"}, Invalid, "role"),
        ({"role": Role.DEPARTMENT, "provider_number": "0862010195"}, Invalid, "role"),
        ({"provider_number": "0862010196"}, Invalid, "provider"),
        ({"provider_number": "0862010195/x"}, Invalid, "provider"),
        ({"provider_number": "0403019261"}, NotFound, None),
        ({"provider_number": "0862010195/1"}, NotFound, None),
        ({"role": Role.HELPDESK, "login": "abc"}, Invalid, "login"),
        ({"role": Role.HELPDESK, "login": "SYSTEM:TEST"}, Invalid, "login"),
        ({"role": Role.HELPDESK, "by_mail": True}, Invalid, "email"),
        ({"role": Role.HELPDESK, "by_mail": True, "email": "geen adres"}, Invalid, "email"),
        ({"role": Role.HELPDESK, "email": "a@b@c"}, Invalid, "email"),
    ],
)
def test_an_account_that_cannot_be_made_leaves_nothing(
    system: Actor, cheap_hashing: None, command: dict[str, Any], error: type[ServiceError], field: str | None
) -> None:
    make_provider("Eerste", "0862010195")
    before = rows(Account), rows(AuditLine)
    with pytest.raises(error) as refusal:
        add_account(AddAccount(**({"login": "nieuw"} | command)), actor=system)
    if field:
        assert set(getattr(refusal.value, "fields", {})) == {field}
    assert (rows(Account), rows(AuditLine), rows(Mail)) == (*before, [])


@pytest.mark.parametrize(("email", "recipient"), [(None, "info@example.com"), ("an@example.com", "an@example.com")])
def test_a_mailed_password_is_in_the_letter_alone(
    system: Actor, cheap_hashing: None, email: str | None, recipient: str
) -> None:
    make_provider("Eerste", "0862010195")
    use_language("en")
    made = add_account(AddAccount(login="nieuw", provider_number="0862010195", email=email, by_mail=True), actor=system)
    assert (made.password, made.mailed_to) == (None, recipient)
    [letter] = rows(Mail)
    assert (letter["recipient"], letter["holds_secret"], letter["subject_of"]) == (recipient, True, "account:2")
    password = letter["body"].split("Paswoord:")[1].split()[0]  # Dutch, whatever the operator reads
    assert enter("nieuw", password).must_change_password
    assert all(password not in str(row) for row in rows(AuditLine))


def test_the_same_user_is_the_same_system_actor() -> None:
    with ThreadPoolExecutor(4) as pool:
        actors = set(pool.map(lambda _number: system_actor("eigenaar").account_id, range(4)))
    assert len(actors) == 1
    assert audit_trail() == [("account.add", "account:1")]


def test_the_system_sees_on_behalf_of_a_login_what_that_may_see(system: Actor, anna: Account) -> None:
    seen = on_behalf_of("ANNA élise ", actor=system)
    assert (seen.role, seen.account_id, seen.provider_id, seen.headquarters_id) == (
        Role.SYSTEM,
        system.account_id,
        1,
        1,
    )
    update_account(anna, ended_at=clock.now())
    for login in ("Anna Élise", "niemand", "system:test"):
        with pytest.raises(NotFound):
            on_behalf_of(login, actor=system)
