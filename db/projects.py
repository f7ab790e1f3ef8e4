"""Projects (steunaanvragen); the queries behind their list are in `db.project_list`."""

from collections.abc import Sequence
from typing import Any

from peewee import SQL, Check, IntegerField, TextField

from db.codes import ProjectStatus, ServiceType
from db.enterprises import Enterprise
from db.fields import CodeField, DateField, MomentField, Table, reference
from db.providers import Provider


class Project(Table):
    """One aid application of an enterprise for one service of one provider.

    `headquarters` is the provider itself or the one its department belongs to: what an organisation may see is one
    comparison. `source_digest` is the fingerprint of the back office's row; `status_since` is when the state began.
    """

    number = TextField(unique=True)
    enterprise = reference(Enterprise, backref="projects", index=False)
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
        constraints = (
            Check("amount_cents > 0"),
            Check("subsidy_cents BETWEEN 0 AND amount_cents"),
            Check("ends_on >= starts_on"),
        )


# Every column that a list is filtered or sorted on: each list is read out of one index (decision 0013).
LISTED = ("number", "applied_on", "amount_cents", "service", "status", "enterprise", "headquarters", "provider")
INDEXES = {
    "project_by_number": ("number",),
    "project_by_enterprise": ("enterprise", "number"),
    "project_by_applied": ("applied_on", "number"),
    "project_by_amount": ("amount_cents", "number"),
    "project_by_service": ("service", "number"),
    "project_by_status": ("status", "number"),
    "project_by_headquarters": ("headquarters", "applied_on", "number"),
}
for _name, _leading in INDEXES.items():
    _columns = (Project._meta.fields[column] for column in dict.fromkeys((*_leading, *LISTED)))
    Project.add_index(Project.index(*_columns, name=_name))

# Three digits next to each other, wherever they stand in `2016KMO044855` behind its letters, lead to a project too.
PIECE = 3
PIECES = {f"project_by_digits_{place - 7}": f"substr(number, {place}, {PIECE})" for place in range(8, 12)}
for _name, _piece in PIECES.items():
    Project.add_index(SQL(f'CREATE INDEX "{_name}" ON "project" ({_piece})'))


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


def projects_of(
    provider: Provider, statuses: Sequence[ProjectStatus], *, service: ServiceType | None = None, most: int
) -> tuple[int, list[str]]:
    """How many projects of that very provider are in one of the states, and the numbers of the `most` newest."""
    found = Project.select(Project.number).where(
        (Project.headquarters == (provider.headquarters_id or provider.id))
        & (Project.provider == provider.id)
        & Project.status.in_(statuses)
    )
    if service is not None:
        found = found.where(Project.service == service)
    rows: Any = found.order_by(Project.number.desc()).limit(most).tuples()
    return found.count(), [number for (number,) in rows]


def move_project(project: Project, status: ProjectStatus, moment: Any) -> bool:
    """Bring the project to `status`; False when somebody else changed it since it was read."""
    changed = (
        Project.update(status=status, status_since=moment, version=Project.version + 1)
        .where((Project.id == project.id) & (Project.version == project.version))
        .execute()
    )
    return bool(changed == 1)
