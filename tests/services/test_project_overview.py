"""The sums of the project list against a plain scan over all rows, for whoever looks, by either way of reading them."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from db import project_sums
from db.codes import ProjectStatus, Role, ServiceType
from services.errors import Invalid
from services.project_overview import ProjectOverview, Sum, sum_projects
from services.projects import ProjectQuery, count_projects
from services.work import Actor
from tests.making import make_account, make_enterprise, make_project, make_provider, sign_in
from tests.services.test_projects import Question, Row, Store, questions, store, who

__all__ = ["store"]

ALL = ProjectQuery(all_years=True)
READING = {"sorted": 1_000_000, "by index": 0}


def added(rows: Iterable[Row]) -> Sum:
    amounts = [row.amount for row in rows]
    return Sum(len(amounts), sum(amounts))


def scan(rows: list[Row]) -> ProjectOverview:
    """What the rows add up to, each sum by a scan of its own."""
    months, month = [], min((row.applied for row in rows), default=date.max)
    while rows and month <= max(row.applied for row in rows):
        of_month = [row for row in rows if (row.applied.year, row.applied.month) == (month.year, month.month)]
        months.append((month.replace(day=1), added(of_month)))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return ProjectOverview(
        total=added(rows),
        by_status=tuple((status, added(row for row in rows if row.status == status)) for status in ProjectStatus),
        by_service=tuple((service, added(row for row in rows if row.service == service)) for service in ServiceType),
        by_month=tuple(months),
    )


@pytest.mark.parametrize("reading", READING)
@given(question=questions(), who=who)
def test_the_sums_are_what_a_plain_scan_adds_up(store: Store, reading: str, question: Question, who: str) -> None:
    expected = scan([row for row in store.seen_by(who) if question.lets_through(row)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project_sums, "FEW", READING[reading])
        assert sum_projects(question.query, actor=store.actors[who]) == expected


@pytest.mark.parametrize("who", ["headquarters", "department", "helpdesk", "system:test"])
def test_each_sees_the_sums_of_its_own_projects_in_all_states(store: Store, who: str) -> None:
    overview = sum_projects(ALL, actor=store.actors[who])
    assert overview == scan(store.seen_by(who))
    assert [status for status, _sum in overview.by_status] == list(ProjectStatus)
    assert [service for service, _sum in overview.by_service] == list(ServiceType)
    assert overview.total.count == count_projects(ALL, actor=store.actors[who]).shown


def test_a_filter_that_cannot_be_read_is_named(store: Store) -> None:
    with pytest.raises(Invalid) as refusal:
        sum_projects(ProjectQuery(applied="gisteren", amount="veel"), actor=store.actors["helpdesk"])
    assert set(refusal.value.fields) == {"applied", "amount"}


@pytest.fixture
def helpdesk(database: Path) -> Actor:
    return sign_in(make_account("helpdesk", Role.HELPDESK))


def test_nothing_adds_up_to_nothing(helpdesk: Actor) -> None:
    assert sum_projects(ALL, actor=helpdesk) == scan([])


def test_months_in_between_are_there_too_over_the_turn_of_the_year(helpdesk: Actor) -> None:
    provider, enterprise = make_provider("Eerste", "0862010195"), make_enterprise(1, "Klant")
    for number, day in enumerate([date(2015, 11, 30), date(2016, 2, 1), date(2016, 2, 29)]):
        make_project(f"2016KMO{number:06}", provider, enterprise, applied_on=day, amount_cents=10_000, subsidy_cents=0)
    assert sum_projects(ALL, actor=helpdesk).by_month == (
        (date(2015, 11, 1), Sum(1, 10_000)),
        (date(2015, 12, 1), Sum()),
        (date(2016, 1, 1), Sum()),
        (date(2016, 2, 1), Sum(2, 20_000)),
    )


def test_a_year_that_somebody_mistyped_is_no_trouble(helpdesk: Actor) -> None:
    provider, enterprise = make_provider("Eerste", "0862010195"), make_enterprise(1, "Klant")
    for number, day in enumerate([date(1, 1, 1), date(9999, 12, 31)]):
        make_project(f"2016KMO{number:06}", provider, enterprise, applied_on=day, ends_on=day, starts_on=day)
    months = sum_projects(ALL, actor=helpdesk).by_month
    assert (len(months), months[0][0], months[-1][0]) == (9999 * 12, date(1, 1, 1), date(9999, 12, 1))
