"""Projects (steunaanvragen) and the queries behind their list: filter, sort and count happen in the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from peewee import Check, Expression, Field, IntegerField, TextField

from db.codes import ProjectStatus, ServiceType
from db.enterprises import Enterprise
from db.fields import CodeField, DateField, MomentField, Table, folded, reference
from db.providers import Provider


class Project(Table):
    """One aid application of an enterprise for one service of one provider.

    `headquarters` is the provider itself or the one its department belongs to: what an organisation may see is one
    comparison. `source_digest` is the fingerprint of the back office's row; `status_since` is when the state began.
    """

    number = TextField(unique=True)
    enterprise = reference(Enterprise, backref="projects")
    provider = reference(Provider, backref="projects", index=False)
    headquarters = reference(Provider, backref="organisation_projects", index=False)
    service = CodeField(ServiceType)
    title = TextField()
    applied_on = DateField()
    starts_on = DateField()
    ends_on = DateField()
    amount_cents = IntegerField()
    subsidy_cents = IntegerField()
    status = CodeField(ProjectStatus)
    status_since = MomentField(null=True)
    source_digest = TextField(null=True)
    version = IntegerField(default=1)

    enterprise_id: int
    provider_id: int
    headquarters_id: int

    class Meta:
        table_name = "project"
        indexes = (
            (("applied_on", "number"), False),
            (("headquarters", "applied_on", "number"), False),
            (("provider", "applied_on", "number"), False),
        )
        constraints = (
            Check("amount_cents > 0"),
            Check("subsidy_cents BETWEEN 0 AND amount_cents"),
            Check("ends_on >= starts_on"),
        )


class ProjectLine(NamedTuple):
    """A row of the list."""

    number: str
    enterprise: str
    applied_on: date
    amount_cents: int
    service: ServiceType
    status: ProjectStatus


SORTS: dict[str, Field] = {
    "number": Project.number,
    "enterprise": Enterprise.name_folded,
    "applied": Project.applied_on,
    "amount": Project.amount_cents,
    "service": Project.service,
    "status": Project.status,
}


@dataclass(frozen=True)
class ProjectFilter:
    """Which projects: every field that is set narrows the list; bounds are inclusive, amounts in cents."""

    headquarters_id: int | None = None
    provider_id: int | None = None
    number: str = ""
    enterprise: str = ""
    applied_from: date | None = None
    applied_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    service: ServiceType | None = None
    status: ProjectStatus | None = None

    def conditions(self) -> Iterator[Expression]:
        """One condition for each field that is set."""
        equal: list[tuple[Field, Any]] = [
            (Project.headquarters, self.headquarters_id),
            (Project.provider, self.provider_id),
            (Project.service, self.service),
            (Project.status, self.status),
        ]
        yield from (field == value for field, value in equal if value is not None)
        lowest = [(Project.applied_on, self.applied_from), (Project.amount_cents, self.amount_from)]
        yield from (field >= value for field, value in lowest if value is not None)
        highest = [(Project.applied_on, self.applied_to), (Project.amount_cents, self.amount_to)]
        yield from (field <= value for field, value in highest if value is not None)
        if self.number:
            yield Project.number.contains(self.number)
        if self.enterprise:
            yield Enterprise.name_folded.contains(folded(self.enterprise))


def _narrowed(query: Any, chosen: ProjectFilter) -> Any:
    for condition in chosen.conditions():
        query = query.where(condition)
    return query


def _chosen(chosen: ProjectFilter, *columns: Any) -> Any:
    return _narrowed(Project.select(*columns).join(Enterprise), chosen)


def _sorted_lines(chosen: ProjectFilter, sort: str, descending: bool) -> Any:
    order = [field.desc() if descending else field.asc() for field in dict.fromkeys((SORTS[sort], Project.number))]
    return (
        _chosen(
            chosen,
            Project.number,
            Enterprise.name,
            Project.applied_on,
            Project.amount_cents,
            Project.service,
            Project.status,
        )
        .order_by(*order)
        .tuples()
    )


def _line(row: tuple[Any, ...]) -> ProjectLine:
    number, enterprise, applied_on, cents, service, status = row
    return ProjectLine(number, enterprise, applied_on, cents, ServiceType(service), ProjectStatus(status))


def project_lines(
    chosen: ProjectFilter, sort: str, descending: bool, *, offset: int, limit: int
) -> Sequence[ProjectLine]:
    """`limit` rows of the list from `offset`; equal sort values are ordered by number, the same way round."""
    return [_line(row) for row in _sorted_lines(chosen, sort, descending).offset(offset).limit(limit)]


def every_project_line(chosen: ProjectFilter, sort: str, descending: bool) -> Iterator[ProjectLine]:
    """The whole list in the same order, one row in memory at a time."""
    for row in _sorted_lines(chosen, sort, descending).iterator():
        yield _line(row)


def count_projects(chosen: ProjectFilter) -> int:
    """How many projects the filter leaves."""
    # the join is only paid for when a name is looked at
    count: int = (_chosen(chosen) if chosen.enterprise else _narrowed(Project.select(), chosen)).count()
    return count


def _side_of(anchor: Project, sort: str, descending: bool, *, after: bool) -> Any:
    """What comes after (or before) `anchor` in the list's order, whether or not the anchor itself is in it."""
    key = SORTS[sort]
    value = getattr(anchor.enterprise if sort == "enterprise" else anchor, key.name)
    if after == descending:
        return (key < value) | ((key == value) & (Project.number < anchor.number))
    return (key > value) | ((key == value) & (Project.number > anchor.number))


def project_position(chosen: ProjectFilter, sort: str, descending: bool, anchor: Project) -> int:
    """How many projects of the list come before `anchor`."""
    before: int = _chosen(chosen).where(_side_of(anchor, sort, descending, after=False)).count()
    return before


def project_beside(chosen: ProjectFilter, sort: str, descending: bool, anchor: Project, *, after: bool) -> str | None:
    """The number of the next (or the former) project of the list, seen from `anchor`; None at the end."""
    backwards = descending == after
    order = [field.desc() if backwards else field.asc() for field in dict.fromkeys((SORTS[sort], Project.number))]
    query = _chosen(chosen, Project.number).where(_side_of(anchor, sort, descending, after=after)).order_by(*order)
    found = query.tuples().first()
    return None if found is None else found[0]


def find_project(number: str) -> Project | None:
    """The project with that number, its enterprise and provider with it."""
    found: Project | None = (
        Project.select(Project, Enterprise, Provider)
        .join(Enterprise)
        .switch(Project)
        .join(Provider, on=(Project.provider == Provider.id))
        .where(Project.number == number)
        .first()
    )
    return found


def move_project(project: Project, status: ProjectStatus, moment: Any) -> bool:
    """Bring the project to `status`; False when somebody else changed it since it was read."""
    changed = (
        Project.update(status=status, status_since=moment, version=Project.version + 1)
        .where((Project.id == project.id) & (Project.version == project.version))
        .execute()
    )
    return bool(changed == 1)
