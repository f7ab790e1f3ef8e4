"""Login en paswoord vergeten: the same answer and the same work for everybody; a second password, ten minutes, once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from db.accounts import Account, PasswordReset
from db.audit import AuditLine
from db.codes import Role
from db.mail import Mail
from services import clock, passwords
from services.accounts import ChangeLogin, LogIn, change_login, log_in
from services.errors import Conflict, Invalid, NotAllowed
from services.password_resets import AskNewPassword, ask_new_password
from services.passwords import looks_temporary, temporary_password
from services.projects import ProjectQuery, count_projects
from services.work import Actor
from tests.making import CHEAP_HASHER, PASSWORD, audit_trail, later, make_account, make_provider, rows

pytestmark = pytest.mark.usefixtures("database", "cheap_hashing")
NUMBER = "0862.010.195"
OWN = "vier dozen vol paarse knopen"


class Counting:
    """The cheap hasher, with a count of its hashes."""

    def __init__(self) -> None:
        self.count = 0

    def hash(self, password: str) -> str:
        self.count += 1
        return CHEAP_HASHER.hash(password)

    def verify(self, known: str, password: str) -> bool:
        self.count += 1
        return CHEAP_HASHER.verify(known, password)

    def check_needs_rehash(self, known: str) -> bool:
        return CHEAP_HASHER.check_needs_rehash(known)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting()
    monkeypatch.setattr(passwords, "_hasher", counting)
    return counting


@pytest.fixture
def anna() -> Any:
    """The account of a headquarters, whose address on record is info@example.com."""
    return make_account("anna", Role.HEADQUARTERS, make_provider("Eerste", "0862010195"))


def asks(number: str = NUMBER, email: str = "info@example.com") -> None:
    ask_new_password(AskNewPassword(provider_number=number, email=email))


def mailed() -> str:
    """The password of the newest letter."""
    found: str = rows(Mail)[-1]["body"].partition("Paswoord: ")[2].split()[0]
    return found


def enter(password: str, login: str = "anna") -> Actor:
    return log_in(LogIn(login=login, password=password))


def test_the_letter_has_the_login_and_a_password_and_goes_to_the_address_on_record(anna: Any) -> None:
    asks("BE0862010195", " INFO@Example.com ")
    [letter] = rows(Mail)
    assert (letter["recipient"], letter["holds_secret"]) == ("info@example.com", True)
    assert letter["subject"] == "Uw nieuw paswoord voor de kmo-portefeuille"
    assert "Login:    anna" in letter["body"]
    assert looks_temporary(mailed())
    assert audit_trail() == [("account.new_password", "account:1")]
    assert "example.com" not in str(rows(AuditLine))
    assert mailed() not in str(rows(PasswordReset))


def test_the_old_password_is_good_until_the_mailed_one_is_used(anna: Any) -> None:
    asks()
    assert not enter(PASSWORD).must_change_password
    later(minutes=9)
    actor = enter(mailed())
    assert actor.must_change_password
    with pytest.raises(NotAllowed, match="eigen paswoord"):
        count_projects(ProjectQuery(), actor=actor)
    with pytest.raises(NotAllowed, match="horen niet bij elkaar"):
        enter(PASSWORD)
    command = ChangeLogin(new_login="anna", old_password=mailed(), new_password=OWN, new_password_again=OWN)
    assert count_projects(ProjectQuery(), actor=change_login(command, actor=actor)).found == 0
    assert not enter(OWN).must_change_password


def test_the_mailed_password_opens_one_session(anna: Any) -> None:
    asks()
    enter(mailed())
    with pytest.raises(NotAllowed, match="tijdelijke paswoord is vervallen"):
        enter(mailed())
    assert rows(PasswordReset) == []


def test_of_two_who_use_it_at_once_one_gets_in(anna: Any) -> None:
    asks()

    def enters(_number: int) -> type:
        try:
            return type(enter(mailed()))
        except (Conflict, NotAllowed) as refusal:
            return type(refusal)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(enters, range(4)))
    assert answers.count(Actor) == 1


def test_the_mailed_password_ends_after_ten_minutes(anna: Any) -> None:
    asks()
    later(minutes=10, seconds=1)
    with pytest.raises(NotAllowed, match="horen niet bij elkaar"):
        enter(mailed())
    assert not enter(PASSWORD).must_change_password


def test_a_newer_mail_takes_the_place_of_an_older_one(anna: Any) -> None:
    asks()
    first = mailed()
    asks()
    with pytest.raises(NotAllowed, match="horen niet bij elkaar"):
        enter(first)
    assert enter(mailed())


def test_a_password_of_ones_own_ends_the_mailed_one(anna: Any) -> None:
    asks()
    actor = enter(PASSWORD)
    change_login(
        ChangeLogin(new_login="anna", old_password=PASSWORD, new_password=OWN, new_password_again=OWN), actor=actor
    )
    with pytest.raises(NotAllowed, match="horen niet bij elkaar"):
        enter(mailed())


def test_a_first_password_that_has_expired_is_helped_by_a_new_one() -> None:
    provider = make_provider("Eerste", "0862010195")
    make_account("anna", Role.HEADQUARTERS, provider, password_expires_at=clock.now(), must_change_password=True)
    later(minutes=1)
    with pytest.raises(NotAllowed, match="vervallen"):
        enter(PASSWORD)
    asks()
    assert enter(mailed()).must_change_password


@pytest.mark.parametrize(
    ("number", "email"),
    [
        (NUMBER, "iemand@example.com"),
        ("0403.227.515", "info@example.com"),
        (f"{NUMBER}/3", "info@example.com"),
        (f"{NUMBER}/4", "info@example.com"),
    ],
    ids=["other address", "unknown number", "ended login", "unknown department"],
)
def test_what_does_not_belong_together_gets_no_mail_and_the_same_answer(anna: Any, number: str, email: str) -> None:
    ended = make_provider("Gestopt", "0862010195", anna.provider, 3)
    make_account("gestopt", Role.DEPARTMENT, ended, ended_at=clock.now())
    asks(number, email)  # says nothing, as when it does
    assert (rows(Mail), rows(PasswordReset)) == ([], [])
    assert audit_trail() == [("account.new_password_refused", "account:unknown")]


def test_asking_costs_one_hash_whether_it_matches_or_not(anna: Any, hasher: Counting) -> None:
    make_account("tweede", Role.HEADQUARTERS, anna.provider)
    costs = []
    for number, email in [
        (NUMBER, "info@example.com"),
        (NUMBER, "x@example.com"),
        ("0403.227.515", "info@example.com"),
    ]:
        before = hasher.count
        asks(number, email)
        costs.append(hasher.count - before)
    assert costs == [1, 1, 1]
    assert len(rows(Mail)) == 1


def test_what_looks_like_a_mailed_password_costs_two_hashes_whether_there_is_one_or_not(
    anna: Any, hasher: Counting
) -> None:
    make_account("zonder", Role.HELPDESK)
    asks()
    costs = []
    for login in ("anna", "zonder", "niemand"):
        before = hasher.count
        with pytest.raises(NotAllowed):
            enter(temporary_password(), login)
        costs.append(hasher.count - before)
    assert costs == [2, 2, 2]


def test_three_mails_within_the_hour_are_enough(anna: Any) -> None:
    for _time in range(5):
        asks()
        later(minutes=1)
    assert len(rows(Mail)) == 3
    password = mailed()
    assert [action for action, _subject in audit_trail()][-2:] == ["account.new_password_refused"] * 2
    assert enter(password)  # the last one that was mailed is still good
    later(minutes=56)
    asks()
    assert len(rows(Mail)) == 4


def test_a_department_asks_with_its_number_behind_the_slash(anna: Any) -> None:
    department = make_provider("Deel", "0862010195", anna.provider, 2)
    make_account("deel", Role.DEPARTMENT, department)
    asks(f"{NUMBER}/2")
    assert "Login:    deel" in rows(Mail)[0]["body"]
    assert "anna" not in rows(Mail)[0]["body"]
    assert enter(mailed(), "deel").role is Role.DEPARTMENT


def test_all_logins_at_the_address_are_told_each_with_its_one_use(anna: Any) -> None:
    make_account("boekhouding", Role.HEADQUARTERS, anna.provider)
    asks()
    [letter] = rows(Mail)
    assert "Login:    anna\n  Login:    boekhouding\n" in letter["body"]
    assert enter(mailed()).login == "anna"
    assert enter(mailed(), "boekhouding").login == "boekhouding"


def test_an_address_of_the_login_alone_brings_that_login_alone(anna: Any) -> None:
    make_account("boekhouding", Role.HEADQUARTERS, anna.provider, email="boek@example.com")
    asks(email="boek@example.com")
    [letter] = rows(Mail)
    assert letter["recipient"] == "boek@example.com"
    assert "anna" not in letter["body"]
    assert [row["account"] for row in rows(PasswordReset)] == [2]


@pytest.mark.parametrize(
    ("number", "email", "fields"),
    [("0862.010.196", "info@example.com", ["provider_number"]), ("", "info@", ["provider_number", "email"])],
)
def test_what_can_be_no_number_or_address_is_told(anna: Any, number: str, email: str, fields: list[str]) -> None:
    with pytest.raises(Invalid) as refusal:
        asks(number, email)
    assert list(refusal.value.fields) == fields
    assert audit_trail() == []


@pytest.mark.parametrize(
    "password", [PASSWORD, "abcde-fghjk-mnpqr", "ABCDE-FGHJK-MNPQR-STUVW", "abcde-fghjk-mnpqr-stuvw "]
)
def test_what_people_choose_does_not_look_temporary(password: str) -> None:
    assert not looks_temporary(password)
    assert looks_temporary(temporary_password())


def test_the_account_is_otherwise_as_it_was(anna: Any) -> None:
    before = rows(Account)
    asks()
    assert rows(Account) == before
