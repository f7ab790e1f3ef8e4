"""The list of projects against a plain scan over all rows, what each actor sees of it, and one project whole."""

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db import project_list
from db.codes import PaymentKind, ProjectStatus, ReactionKind, Reason, Role, ServiceType
from db.database import transaction
from db.project_places import Start
from db.projects import Project
from services import clock
from services.errors import Invalid, NotFound
from services.language import TIME_ZONE
from services.projects import (
    LONGEST_TEXT,
    Places,
    ProjectQuery,
    SortColumn,
    count_projects,
    first_day_shown,
    get_project,
    list_projects,
    locate_project,
    project_beside,
    survey_projects,
)
from services.reactions import ReactToProject, react_to_project
from services.work import Actor
from tests.making import (
    NINE,
    fresh_database,
    make_account,
    make_enterprise,
    make_project,
    make_provider,
    pay,
    sign_in,
)

NAMES = [
    "Testonderneming_A en B",
    "Testonderneming_C",
    "Élise & Co",
    "ELISE",
    "Straße 100%",
    "strasse_100",
    "Ångström nv",
    "Ｆｕｌｌ width",
    "Firma [2016]*?",
    "Ёлка",
    "İstanbul",
    "a\\b'c\"d",
    "Ĳzer",
    "%",
]
AMOUNTS = [1, 99, 100, 15702, 72893, 72899, 119835, 100000, 100001, 130165, 123456789]


class Row(NamedTuple):
    """What the scan looks at in a project."""

    number: str
    enterprise: str
    applied: date
    amount: int
    service: str
    status: str
    provider: str


@dataclass(frozen=True)
class Question:
    """A query and what it means: each filter as a condition of its own."""

    query: ProjectQuery
    days: tuple[date | None, date | None]
    cents: tuple[int | None, int | None]

    def lets_through(self, row: Row) -> bool:
        query = self.query
        if not query.all_years and row.applied < date(2015, 1, 1):
            return False
        return all(
            (
                meant(query.number, lambda text: text.strip().upper() in row.number),
                meant(query.enterprise, lambda text: plain(text.strip()) in plain(row.enterprise)),
                meant(query.applied, lambda text: within(row.applied, self.days)),
                meant(query.amount, lambda text: within(row.amount, self.cents)),
                query.service is None or (query.service == row.service) != query.not_service,
                query.status is None or (query.status == row.status) != query.not_status,
            )
        )

    def answer(self, rows: list[Row]) -> list[str]:
        """The numbers of the rows that are let through, in order."""
        keys: dict[SortColumn, Callable[[Row], Any]] = {
            SortColumn.NUMBER: lambda row: row.number,
            SortColumn.ENTERPRISE: lambda row: plain(row.enterprise),
            SortColumn.APPLIED: lambda row: row.applied,
            SortColumn.AMOUNT: lambda row: row.amount,
            SortColumn.SERVICE: lambda row: row.service,
            SortColumn.STATUS: lambda row: row.status,
        }
        key = keys[self.query.sort]
        found = sorted(filter(self.lets_through, rows), key=lambda row: (key(row), row.number))
        return [row.number for row in (reversed(found) if self.query.descending else found)]


def meant(text: str, lets_through: Callable[[str], bool]) -> bool:
    """What a filter's text says of a row: with a dash in front the opposite, and nothing when it is empty."""
    wanted = text.strip().removeprefix("-")
    return not wanted.strip() or lets_through(wanted) != text.strip().startswith("-")


def within(value: Any, bounds: tuple[Any, Any]) -> bool:
    """Bounds are inclusive, None is open."""
    low, high = bounds
    return (low is None or low <= value) and (high is None or value <= high)


def plain(text: str) -> str:
    """Without marks, compatibility forms and case."""
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    ).casefold()


class Store:
    """A filled database: all its rows, and who looks at it."""

    def __init__(self, rows: list[Row], actors: dict[str, Actor]) -> None:
        self.rows = rows
        self.actors = actors

    def seen_by(self, who: str) -> list[Row]:
        """The rows that this actor may see."""
        theirs = {"headquarters": ("headquarters", "department", "sister"), "department": ("department",)}
        return [row for row in self.rows if row.provider in theirs.get(who, (row.provider,))]


@pytest.fixture(scope="module", params=[1, 2])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """150 random projects of two organisations, many of them alike but for the number."""
    rng = random.Random(request.param)  # noqa: S311
    before = clock._start
    clock.start_at(NINE)
    fresh_database(tmp_path_factory.mktemp("projects") / "kmop.db")
    rows = []
    with transaction():
        first = make_provider("Eerste", "0862010195")
        providers = {
            "headquarters": first,
            "department": make_provider("Afdeling", "0862010195", first, 1),
            "sister": make_provider("Andere afdeling", "0862010195", first, 2),
            "other": make_provider("Tweede", "0403019261"),
        }
        enterprises = {name: make_enterprise(number, name) for number, name in enumerate(NAMES, 1)}
        for number in rng.sample(range(1_000_000), 150):
            row = Row(
                f"{rng.choice((2014, 2015, 2016))}KMO{number:06}",
                rng.choice(NAMES),
                date(rng.choice((2013, 2014, 2015, 2016)), rng.choice((1, 2, 12)), rng.choice((1, 28, 31)) % 29 or 1),
                rng.choice(AMOUNTS),
                rng.choice(list(ServiceType)),
                rng.choice(list(ProjectStatus)),
                rng.choice(list(providers)),
            )
            make_project(
                row.number,
                providers[row.provider],
                enterprises[row.enterprise],
                applied_on=row.applied,
                amount_cents=row.amount,
                subsidy_cents=0,
                service=row.service,
                status=row.status,
            )
            rows.append(row)
        actors = {
            name: sign_in(make_account(name, role, providers.get(name)))
            for name, role in (
                ("headquarters", Role.HEADQUARTERS),
                ("department", Role.DEPARTMENT),
                ("helpdesk", Role.HELPDESK),
                ("system:test", Role.SYSTEM),
            )
        }
    yield Store(rows, actors)
    clock._start = before


def decomposed(text: str) -> str:
    """Letters and marks apart, as some keyboards send them."""
    return unicodedata.normalize("NFD", text)


@st.composite
def parts_of_names(draw: st.DrawFn) -> str:
    """A part of a name, however it is cased and marked."""
    name = draw(st.sampled_from(NAMES))
    start = draw(st.integers(0, len(name)))
    part = name[start : draw(st.integers(start, len(name)))]
    dresses: list[Callable[[str], str]] = [str, str.upper, str.lower, plain, decomposed]
    return draw(st.sampled_from(dresses))(part)


def written(bounds: tuple[Any, Any], show: Any, exact: bool) -> str:
    """The bounds as somebody types them."""
    low, high = bounds
    if low is not None and low == high and exact:
        return str(show(low))
    if low is high is None:
        return ""
    return "..".join("" if bound is None else show(bound) for bound in bounds)


def ranges(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, Any]]:
    """Open, half open and closed ranges."""
    both = st.tuples(values, values).map(lambda pair: (min(pair), max(pair)))
    return (
        st.tuples(st.none(), st.none())
        | both
        | both.map(lambda pair: (pair[0], None))
        | both.map(lambda pair: (None, pair[1]))
    )


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Queries as people make them."""
    days = draw(ranges(st.dates(date(2013, 1, 1), date(2016, 12, 31))))
    cents = draw(ranges(st.sampled_from(AMOUNTS) | st.integers(0, 200_000)))
    day_style = draw(st.sampled_from(["%d/%m/%Y", "%Y-%m-%d"]))
    turned = st.sampled_from(["", "", "-"])
    number = st.sampled_from(["2016", "kmo0", "KMO", "00", "7", " 2015kmo", "%", "_"]) | st.from_regex(
        "[0-9]{1,6}|(O|MO|6KMO|2016kmo)[0-9]{0,6}", fullmatch=True
    )
    query = ProjectQuery(
        number=draw(turned) + draw(st.just("") | number),
        enterprise=draw(turned) + draw(st.just("") | parts_of_names() | st.text("aeé%_ß\\*[", max_size=2)),
        applied=draw(turned) + written(days, lambda day: day.strftime(day_style), draw(st.booleans())),
        amount=draw(turned) + written(cents, lambda amount: f"{amount // 100},{amount % 100:02}", draw(st.booleans())),
        service=draw(st.none() | st.sampled_from(ServiceType)),
        not_service=draw(st.booleans()),
        status=draw(st.none() | st.sampled_from(ProjectStatus)),
        not_status=draw(st.booleans()),
        sort=draw(st.sampled_from(SortColumn)),
        descending=draw(st.booleans()),
        all_years=draw(st.booleans()),
    )
    return Question(query, days, cents)


who = st.sampled_from(["headquarters", "department", "helpdesk", "system:test"])


def listed(query: ProjectQuery, actor: Actor, offset: int = 0, limit: int = 1000) -> list[str]:
    return [line.number for line in list_projects(query, actor=actor, offset=offset, limit=limit)]


@given(question=questions(), who=who)
def test_the_list_is_what_a_plain_scan_finds(store: Store, question: Question, who: str) -> None:
    rows, actor = store.seen_by(who), store.actors[who]
    expected = question.answer(rows)
    assert listed(question.query, actor) == expected
    counts = count_projects(question.query, actor=actor)
    whole = [row for row in rows if question.query.all_years or row.applied >= date(2015, 1, 1)]
    assert (counts.found, counts.shown) == (len(whole), len(expected))


@given(question=questions(), who=who, offset=st.integers(0, 160), limit=st.integers(0, 60))
def test_a_window_is_a_piece_of_the_list(store: Store, question: Question, who: str, offset: int, limit: int) -> None:
    expected = question.answer(store.seen_by(who))
    assert listed(question.query, store.actors[who], offset, limit) == expected[offset : offset + limit]


@pytest.fixture(params=[0, 60, project_list.SHORT], ids=lambda short: f"short={short}")
def shortest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists that are kept whole and lists that are too long for it, whose places are surveyed in small steps."""
    monkeypatch.setattr(project_list, "SHORT", request.param)
    monkeypatch.setattr(project_list, "STEP", 7)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=questions(),
    who=who,
    steps=st.lists(
        st.sampled_from(["count", "survey"]) | st.tuples(st.integers(0, 160), st.integers(0, 60)), max_size=9
    ),
)
def test_each_window_is_a_piece_of_the_list_whatever_was_asked_before(
    shortest: None, store: Store, question: Question, who: str, steps: list[Any]
) -> None:
    expected, actor, places = question.answer(store.seen_by(who)), store.actors[who], Places()
    for step in steps:
        if step == "count":
            assert count_projects(question.query, actor=actor, places=places).shown == len(expected)
        elif step == "survey":
            survey_projects(question.query, actor=actor, places=places)
        else:
            offset, limit = step
            lines = list_projects(question.query, actor=actor, offset=offset, limit=limit, places=places)
            assert [line.number for line in lines] == expected[offset : offset + limit]


def test_a_list_goes_on_where_its_page_ended_though_others_write(store: Store) -> None:
    """No row twice and none left out at the border of two pages, whatever came or went above it."""
    query, actor, places = ProjectQuery(all_years=True), store.actors["helpdesk"], Places()
    first = list_projects(query, actor=actor, offset=0, limit=20, places=places)
    expected = listed(query, actor, 20, 20)
    moved = Project.number == first[0].number
    try:
        with transaction():
            Project.update(applied_on=date(2012, 1, 1)).where(moved).execute()
        lines = list_projects(query, actor=actor, offset=20, limit=20, places=places)
    finally:
        with transaction():
            Project.update(applied_on=first[0].applied_on).where(moved).execute()
    assert [line.number for line in lines] == expected


def test_who_left_a_list_does_not_wait_for_its_survey(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_list, "STEP", 7)
    query, places = ProjectQuery(all_years=True), Places()
    places.left = True
    survey_projects(query, actor=store.actors["helpdesk"], places=places)
    assert places.nearest(100, 20) == Start(passed=100)
    places.left = False
    survey_projects(query, actor=store.actors["helpdesk"], places=places)
    assert places.nearest(100, 20).passed < 7


def test_a_dash_alone_is_no_filter(store: Store) -> None:
    assert listed(ProjectQuery(enterprise="- ", amount="-"), store.actors["helpdesk"]) == listed(
        ProjectQuery(), store.actors["helpdesk"]
    )


@given(question=questions(), who=who, data=st.data())
def test_a_project_is_found_back_with_its_neighbours(
    store: Store, question: Question, who: str, data: st.DataObject
) -> None:
    """Also one that the filters no longer let through: it stands where it would be."""
    rows, actor = store.seen_by(who), store.actors[who]
    anchor = data.draw(st.sampled_from(rows))
    shown = question.answer(rows)
    with_anchor = Question(question.query, question.days, question.cents).answer(rows)
    if anchor.number not in shown:
        unfiltered = ProjectQuery(sort=question.query.sort, descending=question.query.descending, all_years=True)
        order = Question(unfiltered, (None, None), (None, None)).answer(rows)
        with_anchor = [number for number in order if number in {*shown, anchor.number}]
    place = with_anchor.index(anchor.number)
    assert locate_project(question.query, anchor.number, actor=actor) == place
    after, before = with_anchor[place + 1 :][:1], with_anchor[:place][-1:]
    assert project_beside(question.query, anchor.number, after=True, actor=actor) == (after[0] if after else None)
    assert project_beside(question.query, anchor.number, after=False, actor=actor) == (before[0] if before else None)


def test_going_from_neighbour_to_neighbour_passes_the_list(store: Store) -> None:
    actor = store.actors["helpdesk"]
    for sort in SortColumn:
        query = ProjectQuery(sort=sort, all_years=True, descending=False)
        numbers = listed(query, actor)
        assert len(numbers) == len(store.rows)
        for first, second in pairwise(numbers[:40]):
            assert project_beside(query, first, after=True, actor=actor) == second
            assert project_beside(query, second, after=False, actor=actor) == first


def test_the_lines_have_what_the_rows_have(store: Store) -> None:
    lines = list_projects(ProjectQuery(all_years=True), actor=store.actors["helpdesk"], offset=0, limit=1000)
    assert {tuple(line) for line in lines} == {tuple(row[:-1]) for row in store.rows}


@given(number=st.text(max_size=8), enterprise=st.text(st.characters(codec=None), max_size=8))
@example(number="", enterprise="caf\udce9")  # what a shell in another encoding hands over
@example(number="\ud800", enterprise="")
@example(number="2016\x00", enterprise="")
def test_no_text_in_a_filter_is_too_strange(store: Store, number: str, enterprise: str) -> None:
    query = ProjectQuery(number=number, enterprise=enterprise)
    assert len(listed(query, store.actors["helpdesk"])) <= len(store.rows)


@pytest.mark.parametrize("field", ["number", "enterprise"])
def test_a_text_longer_than_any_name_is_refused(store: Store, field: str) -> None:
    """SQLite's LIKE gives up at 50,000 bytes."""
    actor = store.actors["helpdesk"]
    assert listed(ProjectQuery.model_validate({field: "é" * LONGEST_TEXT}), actor) == []
    for length in (LONGEST_TEXT + 1, 60_000):
        with pytest.raises(Invalid) as refusal:
            listed(ProjectQuery.model_validate({field: "é" * length}), actor)
        assert set(refusal.value.fields) == {field}


def test_each_filter_that_cannot_be_read_is_named(store: Store) -> None:
    query = ProjectQuery(applied="gisteren", amount="veel")
    for call in (
        lambda: listed(query, store.actors["helpdesk"]),
        lambda: count_projects(query, actor=store.actors["helpdesk"]),
        lambda: locate_project(query, store.rows[0].number, actor=store.actors["helpdesk"]),
    ):
        with pytest.raises(Invalid) as refusal:
            call()
        assert set(refusal.value.fields) == {"applied", "amount"}


@pytest.mark.parametrize(
    ("moment", "first_day"),
    [
        (datetime(2016, 3, 11, 9, tzinfo=TIME_ZONE), date(2015, 1, 1)),
        (datetime(2016, 12, 31, 23, 59, tzinfo=TIME_ZONE), date(2015, 1, 1)),
        (datetime(2017, 1, 1, 0, 0, 1, tzinfo=TIME_ZONE), date(2016, 1, 1)),
    ],
)
def test_the_last_two_calendar_years_are_those_of_belgium(store: Store, moment: datetime, first_day: date) -> None:
    clock.start_at(moment)
    try:
        assert first_day_shown(clock.today()) == first_day
        actor = store.actors["system:test"]
        shown = {line.applied_on for line in list_projects(ProjectQuery(), actor=actor, offset=0, limit=1000)}
        assert shown == {row.applied for row in store.rows if row.applied >= first_day}
    finally:
        clock.start_at(NINE)


@pytest.mark.parametrize("who", ["headquarters", "department", "helpdesk", "system:test"])
def test_each_sees_the_projects_of_its_own_scope_and_no_others(store: Store, who: str) -> None:
    visible = {row.number for row in store.seen_by(who)}
    for row in store.rows:
        if row.number in visible:
            assert get_project(row.number, actor=store.actors[who]).number == row.number
        else:
            with pytest.raises(NotFound):
                get_project(row.number, actor=store.actors[who])


def test_one_project_with_all_that_belongs_to_it(database: Path) -> None:
    first = make_provider("Eerste", "0862010195")
    department = make_provider("Afdeling", "0862010195", first, 2)
    project = make_project(
        "2016KMO044855",
        department,
        make_enterprise(403019261, "Klant"),
        service=ServiceType.ADVICE,
        status=ProjectStatus.RUNNING,
    )
    pay(project, PaymentKind.DEPOSIT, 71901)
    pay(project, PaymentKind.PAYOUT, 59917)
    actor = sign_in(make_account("afdeling", Role.DEPARTMENT, department))
    record = get_project(" 2016kmo-044.855", actor=actor)
    assert record.model_dump(exclude={"why_not"}) == {
        "number": "2016KMO044855",
        "version": 1,
        "enterprise": "Klant",
        "enterprise_number": "0403.019.261",
        "enterprise_email": "klant@example.com",
        "provider": "Afdeling",
        "provider_number": "0862.010.195/2",
        "service": ServiceType.ADVICE,
        "title": "Boekhouden",
        "applied_on": date(2016, 3, 10),
        "starts_on": date(2016, 3, 15),
        "ends_on": date(2016, 3, 16),
        "amount_cents": 119835,
        "subsidy_cents": 47934,
        "own_share_cents": 71901,
        "deposited_cents": 71901,
        "paid_out_cents": 59917,
        "balance_cents": 35950,
        "status": ProjectStatus.RUNNING,
        "status_since": None,
        "payments": (
            {"paid_on": date(2016, 3, 10), "kind": PaymentKind.DEPOSIT, "amount_cents": 71901},
            {"paid_on": date(2016, 3, 10), "kind": PaymentKind.PAYOUT, "amount_cents": 59917},
        ),
        "reactions": (),
    }
    assert set(record.why_not) == {ReactionKind.CANCEL, ReactionKind.REPORT}


def test_reactions_are_shown_the_newest_first(database: Path) -> None:
    provider = make_provider("Eerste", "0862010195")
    make_project("2016KMO000001", provider, make_enterprise(1, "Klant"), status=ProjectStatus.FINISHED)
    actor = sign_in(make_account("eerste", Role.HEADQUARTERS, provider))
    for text in ("een", "twee"):
        react_to_project(
            ReactToProject(
                number="2016KMO000001",
                version=get_project("2016KMO000001", actor=actor).version,
                kind=ReactionKind.REPORT,
                reason=Reason.OTHER,
                reason_text=text,
            ),
            actor=actor,
        )
    assert [row.reason_text for row in get_project("2016KMO000001", actor=actor).reactions] == ["twee", "een"]


@pytest.mark.parametrize("number", ["", "2016", "2016KMO999999", "2016KMO00000a", "x" * 5000])
def test_a_number_that_is_none_is_not_found(database: Path, number: str) -> None:
    actor = sign_in(make_account("helpdesk", Role.HELPDESK))
    with pytest.raises(NotFound, match=r"\.$"):
        get_project(number, actor=actor)
