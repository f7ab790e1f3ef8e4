"""The overview of the project list: how many projects and how much money per status, per service and per month."""

from collections.abc import Mapping
from datetime import date

from db import project_sums
from db.codes import ProjectStatus, ServiceType
from db.project_sums import Sum as Sum
from services.projects import ProjectQuery, chosen_projects
from services.rules import Permission
from services.work import Actor, Record, reading, require


class ProjectOverview(Record):
    """The sums of a list: for every status and service, and for every month from the first to the last with projects.

    A month is named by its first day; the newest comes last.
    """

    total: Sum
    by_status: tuple[tuple[ProjectStatus, Sum], ...]
    by_service: tuple[tuple[ServiceType, Sum], ...]
    by_month: tuple[tuple[date, Sum], ...]


def sum_projects(query: ProjectQuery, *, actor: Actor) -> ProjectOverview:
    """Add up the list; Invalid when a filter cannot be read."""
    with reading():
        require(actor, Permission.VIEW_PROJECTS)
        sums = project_sums.sum_projects(chosen_projects(query, actor))
    return ProjectOverview(
        total=sum(sums.by_day.values(), Sum()),
        by_status=tuple((status, sums.by_status.get(status, Sum())) for status in ProjectStatus),
        by_service=tuple((service, sums.by_service.get(service, Sum())) for service in ServiceType),
        by_month=_by_month(sums.by_day),
    )


def _by_month(by_day: Mapping[date, Sum]) -> tuple[tuple[date, Sum], ...]:
    if not by_day:
        return ()
    months: dict[date, Sum] = {}
    for day, part in by_day.items():
        month = day.replace(day=1)
        months[month] = months.get(month, Sum()) + part
    first, last = min(months), max(months)
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    every = (date(number // 12, number % 12 + 1, 1) for number in numbers)
    return tuple((month, months.get(month, Sum())) for month in every)
