"""One reaction to many projects: the dry run says what the rules say of each; then each is done once, or not at all."""

import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from db import sqlite
from db.accounts import Account, Session
from db.codes import PaymentKind, ProjectStatus, ReactionKind, Reason, Role
from db.database import connected, database, transaction, use_database
from db.mail import Mail
from db.models import ALL
from db.projects import Project
from db.providers import Provider
from db.reactions import Proof, Reaction
from services.accounts import log_out
from services.bulk_reactions import (
    CHUNK,
    MOST_NAMED,
    Outcome,
    ProjectSelection,
    ReactionPlan,
    group_refusals,
    plan_reactions,
    react_to_all,
)
from services.errors import Busy, Invalid, NotAllowed, SessionExpired, Unavailable
from services.language import use_language
from services.projects import ProjectQuery, SortColumn, get_project
from services.proofs import ProofFile
from services.reactions import ReactToProject, WrittenReaction, react_to_project
from services.work import Actor
from tests.making import (
    PDF,
    audit_trail,
    make_account,
    make_enterprise,
    make_project,
    make_provider,
    pay,
    rows,
    sign_in,
)

SHARE = 71901  # what the enterprise has to pay in
UNKNOWN = "There is no such project, or it is not yours."
CHANGED = "Changed meanwhile. Look at it before you react."
HOSTILE = "[/x] [@click=app.quit]x[/] %s %(number)s\r\n.\r\nBcc: allen@example.com"


@pytest.fixture(autouse=True)
def english(database: Path) -> None:
    use_language("en")


@pytest.fixture
def providers() -> dict[str, Provider]:
    """A headquarters with two departments, and a stranger."""
    first = make_provider("Eerste", "0862010195")
    return {
        "headquarters": first,
        "department": make_provider("Eerste, afdeling", "0862010195", first, 1),
        "sister": make_provider("Eerste, andere afdeling", "0862010195", first, 2),
        "stranger": make_provider("Tweede", "0403019261"),
    }


@pytest.fixture
def actor(providers: dict[str, Provider]) -> Actor:
    return sign_in(make_account("eerste", Role.HEADQUARTERS, providers["headquarters"]))


def number(place: int) -> str:
    return f"2016KMO{place:06}"


def numbers(*places: int) -> tuple[str, ...]:
    return tuple(map(number, places))


def make(provider: Provider, count: int, **columns: Any) -> tuple[str, ...]:
    """So many more projects of the provider, each of an enterprise of its own."""
    before = len(rows(Project))
    with transaction():
        for place in range(before + 1, before + count + 1):
            make_project(number(place), provider, make_enterprise(place, f"Klant {place}"), **columns)
    return numbers(*range(before + 1, before + count + 1))


def everything() -> dict[str, Any]:
    """All rows of all tables, but for when sessions were used."""
    return {model.__name__: rows(model) for model in ALL if model is not Session}


def cancel(**fields: Any) -> WrittenReaction:
    return WrittenReaction(**({"kind": ReactionKind.CANCEL, "reason": Reason.FILED_LATE} | fields))


def plan(selection: ProjectSelection | tuple[str, ...], actor: Actor, kind: str = "cancel") -> ReactionPlan:
    chosen = ProjectSelection(numbers=selection) if isinstance(selection, tuple) else selection
    return plan_reactions(chosen, actor=actor)[ReactionKind(kind)]


class Reports(list[Outcome]):
    """What is reported; says to stop after `most`."""

    def __init__(self, most: int = 10**9) -> None:
        self.most = most

    def __call__(self, outcome: Outcome) -> bool:
        self.append(outcome)
        return len(self) < self.most


def change_by_somebody_else(project: str, actor: Actor) -> None:
    react_to_project(ReactToProject(number=project, version=1, **dict(cancel())), actor=actor)


def deposit(project: str) -> None:
    """The own share comes in."""
    with connected():
        pay(Project.get(Project.number == project), PaymentKind.DEPOSIT, SHARE)


def statuses() -> dict[str, str]:
    return {row["number"]: row["status"] for row in rows(Project)}


# The dry run


@pytest.mark.parametrize("role", [Role.HEADQUARTERS, Role.DEPARTMENT, Role.HELPDESK, Role.CASE_HANDLER, Role.ADMIN])
def test_the_dry_run_says_of_each_what_its_record_says(providers: dict[str, Provider], role: Role) -> None:
    """Every state, unpaid, paid and paid out, of every owner."""
    actor = sign_in(make_account("iemand", role, providers.get(role)))
    enterprise = make_enterprise(1, "Klant")
    cases = list(product(ProjectStatus, [(0, 0), (SHARE, 0), (SHARE, 119835)], providers))
    with transaction():
        for place, (status, money, owner) in enumerate(cases, 1):
            project = make_project(number(place), providers[owner], enterprise, status=status)
            for kind, cents in zip(PaymentKind, money, strict=True):
                pay(project, kind, cents)
    chosen = numbers(*range(1, len(cases) + 1))
    before = everything()
    plans = plan_reactions(ProjectSelection(numbers=chosen), actor=actor)
    assert everything() == before

    own = {
        Role.HEADQUARTERS: {"headquarters", "department", "sister"},
        Role.DEPARTMENT: {"department"},
    }.get(role, set(providers))
    for kind in ReactionKind:
        expected: dict[str, list[str]] = {}
        for name, (_status, _money, owner) in zip(chosen, cases, strict=True):
            why = get_project(name, actor=actor).why_not.get(kind, "") if owner in own else UNKNOWN
            expected.setdefault(why, []).append(name)
        assert [name for name, _version in plans[kind].possible] == expected.pop("", [])
        found = {refusal.reason: (refusal.count, list(refusal.numbers)) for refusal in plans[kind].refusals}
        assert found == {why: (len(names), names[:MOST_NAMED]) for why, names in expected.items()}
        assert plans[kind].total == len(cases)


def test_a_number_counts_once_and_comes_in_the_order_given(actor: Actor, providers: dict[str, Provider]) -> None:
    make(providers["headquarters"], 3)
    made = plan((*numbers(3, 1), "2016KMO999999", *numbers(3, 2), "[/x]", ""), actor)
    assert made.possible == ((number(3), 1), (number(1), 1), (number(2), 1))
    [refusal] = made.refusals
    assert (refusal.reason, refusal.count, refusal.numbers) == (UNKNOWN, 3, ("2016KMO999999", "[/x]", ""))
    assert (made.refused, made.total) == (3, 6)


def test_nothing_chosen_is_nothing_to_do(actor: Actor) -> None:
    for made in plan_reactions(ProjectSelection(), actor=actor).values():
        assert (made.possible, made.refusals, made.total) == ((), (), 0)


def test_a_query_takes_all_that_it_lets_through_in_its_order(actor: Actor, providers: dict[str, Provider]) -> None:
    own, strange = make(providers["department"], 3), make(providers["stranger"], 2)
    [running] = make(providers["headquarters"], 1, status=ProjectStatus.RUNNING)
    query = ProjectQuery(sort=SortColumn.NUMBER, descending=False)
    made = plan(ProjectSelection(query=query), actor)
    assert [name for name, _version in made.possible] == list(own)
    assert [refusal.numbers for refusal in made.refusals] == [(running,)]
    turned = plan(ProjectSelection(query=query.model_copy(update={"descending": True})), actor)
    assert turned.possible == made.possible[::-1]
    narrowed = ProjectSelection(query=ProjectQuery(status=ProjectStatus.CONFIRMED, number="003"))
    assert (plan(narrowed, actor).possible, plan(narrowed, actor).refusals) == (((own[2], 1),), ())
    assert not set(strange) & {name for name, _version in made.possible}


def test_a_query_that_cannot_be_read_is_refused_by_its_field(actor: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        plan(ProjectSelection(query=ProjectQuery(amount=">x")), actor)
    assert set(refusal.value.fields) == {"amount"}


def test_thousands_take_one_query_for_each_thousand(
    actor: Actor, providers: dict[str, Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(providers["headquarters"], CHUNK + 1)
    asked: list[str] = []
    ask = database.execute_sql
    monkeypatch.setattr(database.obj, "execute_sql", lambda sql, *more: asked.append(sql) or ask(sql, *more))
    assert len(plan(made, actor).possible) == CHUNK + 1
    assert sum("payment" in sql for sql in asked) == 2
    assert len(asked) < 10


def test_of_many_refused_the_first_are_named_and_the_most_frequent_reason_comes_first() -> None:
    many = [(number(place), "b") for place in range(MOST_NAMED + 10)]
    found = group_refusals([(number(9), "a"), *many])
    assert [(refusal.reason, refusal.count, len(refusal.numbers)) for refusal in found] == [
        ("b", MOST_NAMED + 10, MOST_NAMED),
        ("a", 1, 1),
    ]


# What reacting to all does


@pytest.mark.parametrize(
    ("kind", "before", "after", "recipient"),
    [
        ("cancel", "Bevestigd", "ProjectGeannuleerd", "klant@example.com"),
        ("stop", "Lopend", "StopzettingAangevraagd", "kmo-portefeuille@vlaanderen.be"),
        ("report", "Afgewerkt", "Afgewerkt", "kmo-portefeuille@vlaanderen.be"),
    ],
)
def test_each_project_has_its_own_reaction_letter_proof_and_audit_line(
    actor: Actor, providers: dict[str, Provider], kind: str, before: str, after: str, recipient: str
) -> None:
    chosen = make(providers["headquarters"], 3, status=ProjectStatus(before))
    refused = make(providers["headquarters"], 2, status=ProjectStatus.STOPPED)
    for name in chosen if kind == "stop" else ():
        deposit(name)
    proof = ProofFile(name="bewijs.pdf", content=PDF) if kind == "stop" else None
    reaction = cancel(kind=ReactionKind(kind), reason_text=HOSTILE, proof=proof)
    reports = Reports()
    react_to_all(plan(chosen + refused, actor, kind), reaction, reports, actor=actor)

    assert reports == [Outcome(number=name) for name in chosen]
    assert statuses() == dict.fromkeys(chosen, after) | dict.fromkeys(refused, "Stopgezet")
    assert audit_trail() == [(f"project.{kind}", f"project:{name}") for name in chosen]
    letters = rows(Mail)
    assert [(row["subject_of"], row["recipient"]) for row in letters] == [
        (f"project:{name}", recipient) for name in chosen
    ]
    for name, letter in zip(chosen, letters, strict=True):
        assert name in letter["body"]
        assert HOSTILE.replace("\r\n", "\n") in letter["body"]
        assert "\n" not in letter["subject"]
    assert [row["reason_text"] for row in rows(Reaction)] == [HOSTILE.replace("\r\n", "\n")] * 3
    assert [bytes(row["content"]) for row in rows(Proof)] == ([PDF] * 3 if proof else [])
    assert all(row["version"] == 2 for row in rows(Project) if row["number"] in chosen)


@pytest.mark.parametrize(
    "fields",
    [
        {"reason": None},
        {"reason": Reason.OTHER},
        {"reason_text": "x" * 2001},
        {"kind": ReactionKind.STOP},
        {"kind": ReactionKind.STOP, "proof": ProofFile(name="x.pdf", content=b"PK")},
    ],
)
def test_what_does_not_do_is_said_before_the_first(
    actor: Actor, providers: dict[str, Provider], fields: dict[str, Any]
) -> None:
    made, reports, before = plan(make(providers["headquarters"], 2), actor), Reports(), everything()
    with pytest.raises(Invalid):
        react_to_all(made, cancel(**fields), reports, actor=actor)
    assert (reports, everything()) == ([], before)


def test_what_somebody_changed_since_the_dry_run_is_left_alone(actor: Actor, providers: dict[str, Provider]) -> None:
    chosen = make(providers["headquarters"], 4)
    made = plan(chosen, actor)
    change_by_somebody_else(chosen[1], actor)
    deposit(chosen[2])
    before, reports = len(rows(Mail)), Reports()
    react_to_all(made, cancel(), reports, actor=actor)
    paid = get_project(chosen[2], actor=actor).why_not[ReactionKind.CANCEL]
    assert [outcome.refused for outcome in reports] == ["", CHANGED, paid, ""]
    assert len(rows(Mail)) == before + 2
    assert len(audit_trail()) == 3
    assert statuses()[chosen[2]] == "Bevestigd"


def test_what_is_no_longer_of_the_actor_is_left_alone(actor: Actor, providers: dict[str, Provider]) -> None:
    chosen = make(providers["headquarters"], 2)
    made, reports = plan(chosen, actor), Reports()
    stranger = providers["stranger"]
    with transaction():
        Project.update(provider=stranger, headquarters=stranger).where(Project.number == chosen[0]).execute()
    react_to_all(made, cancel(), reports, actor=actor)
    assert [bool(outcome.refused) for outcome in reports] == [True, False]
    assert statuses() == {chosen[0]: "Bevestigd", chosen[1]: "ProjectGeannuleerd"}


def test_of_two_who_react_to_the_same_at_once_each_project_hears_one(
    actor: Actor, providers: dict[str, Provider]
) -> None:
    """The second goes through the list while the first is half way."""
    chosen = make(providers["headquarters"], 6)
    made, first, second = plan(chosen, actor), Reports(most=3), Reports()
    react_to_all(made, cancel(), first, actor=actor)
    react_to_all(made, cancel(), second, actor=actor)
    assert [outcome.refused for outcome in second] == [CHANGED] * 3 + [""] * 3
    assert len(rows(Mail)) == len(audit_trail()) == 6


# Stopping and going on


def test_it_stops_between_two_and_goes_on_where_it_was(actor: Actor, providers: dict[str, Provider]) -> None:
    chosen = make(providers["headquarters"], 5)
    made, reports = plan(chosen, actor), Reports(most=2)
    react_to_all(made, cancel(), reports, actor=actor)
    assert [outcome.number for outcome in reports] == list(chosen[:2])
    assert len(rows(Mail)) == 2
    reports.most = 10
    react_to_all(made, cancel(), reports, actor=actor, start=len(reports))
    assert reports == [Outcome(number=name) for name in chosen]
    assert audit_trail() == [("project.cancel", f"project:{name}") for name in chosen]
    assert len(rows(Mail)) == 5


def test_a_database_that_others_hold_ends_it_and_nothing_is_done_twice(
    database: Path, actor: Actor, providers: dict[str, Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    use_database(database)
    chosen = make(providers["headquarters"], 5)
    made, reports = plan(chosen, actor), Reports()
    with closing(sqlite3.connect(database, isolation_level=None)) as other:

        def until_it_is_held(outcome: Outcome) -> bool:
            if len(reports) == 1:
                other.execute("BEGIN IMMEDIATE")
            return reports(outcome)

        with pytest.raises(Busy):
            react_to_all(made, cancel(), until_it_is_held, actor=actor)
        assert [outcome.number for outcome in reports] == list(chosen[:2])
        with pytest.raises(Busy):
            react_to_all(made, cancel(), reports, actor=actor, start=len(reports))
        other.execute("ROLLBACK")
    assert len(rows(Mail)) == len(audit_trail()) == 2
    react_to_all(made, cancel(), reports, actor=actor, start=len(reports))
    assert reports == [Outcome(number=name) for name in chosen]
    assert audit_trail() == [("project.cancel", f"project:{name}") for name in chosen]
    assert len(rows(Mail)) == len(rows(Reaction)) == 5


def test_a_disk_that_is_full_ends_it_too(actor: Actor, providers: dict[str, Provider]) -> None:
    chosen = make(providers["headquarters"], 40)
    made, reports = plan(chosen, actor), Reports()

    def until_it_is_full(outcome: Outcome) -> bool:
        if not reports:
            [pages] = database.execute_sql("PRAGMA page_count").fetchone()
            database.execute_sql(f"PRAGMA max_page_count = {pages}")
        return reports(outcome)

    with pytest.raises(Unavailable):
        react_to_all(made, cancel(reason_text="x" * 2000), until_it_is_full, actor=actor)
    assert 0 < len(reports) < len(chosen)
    assert len(rows(Mail)) == len(audit_trail()) == len(reports)
    react_to_all(made, cancel(), reports, actor=actor, start=len(reports))
    assert reports == [Outcome(number=name) for name in chosen]
    assert len(rows(Mail)) == len(audit_trail()) == 40


def test_a_session_that_ends_ends_it_and_another_goes_on(actor: Actor, providers: dict[str, Provider]) -> None:
    chosen = make(providers["headquarters"], 4)
    made, reports = plan(chosen, actor), Reports()

    def until_it_is_over(outcome: Outcome) -> bool:
        if len(reports) == 1:
            log_out(actor=actor)
        return reports(outcome)

    with pytest.raises(SessionExpired):
        react_to_all(made, cancel(), until_it_is_over, actor=actor)
    assert [outcome.number for outcome in reports] == list(chosen[:2])
    with pytest.raises(SessionExpired):
        react_to_all(made, cancel(), reports, actor=actor, start=len(reports))
    assert len(rows(Mail)) == 2
    with connected():
        again = sign_in(Account.get_by_id(actor.account_id))
    react_to_all(made, cancel(), reports, actor=again, start=len(reports))
    assert reports == [Outcome(number=name) for name in chosen]
    assert len(rows(Mail)) == 4


def test_nothing_left_is_nothing_done(actor: Actor, providers: dict[str, Provider]) -> None:
    made, reports = plan(make(providers["headquarters"], 1), actor), Reports()
    before = everything()
    react_to_all(made, cancel(), reports, actor=actor, start=1)
    assert (reports, everything()) == ([], before)


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.CASE_HANDLER, Role.ADMIN])
def test_who_handles_files_does_not_react(actor: Actor, providers: dict[str, Provider], role: Role) -> None:
    made = plan(make(providers["headquarters"], 2), actor)
    operator, reports, before = sign_in(make_account("iemand", role)), Reports(), statuses()
    with pytest.raises(NotAllowed):
        react_to_all(made, cancel(), reports, actor=operator)
    assert (reports, statuses(), rows(Mail)) == ([], before, [])


def test_a_plan_for_others_does_nothing_to_what_the_rules_forbid(actor: Actor, providers: dict[str, Provider]) -> None:
    """A plan that was made up is no way round the rules."""
    [running] = make(providers["headquarters"], 1, status=ProjectStatus.RUNNING)
    [strange] = make(providers["stranger"], 1)
    made = ReactionPlan(kind=ReactionKind.CANCEL, possible=((running, 1), (strange, 1)), refusals=())
    before, reports = everything(), Reports()
    react_to_all(made, cancel(), reports, actor=actor)
    assert all(outcome.refused for outcome in reports)
    assert everything() == before
