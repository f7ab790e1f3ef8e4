"""Projects: the list with its filters, one project with all that belongs to it, and the provider's reactions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from db import payments, project_list, projects, reactions
from db.codes import PaymentKind as PaymentKind
from db.codes import ProjectStatus as ProjectStatus
from db.codes import ReactionKind as ReactionKind
from db.codes import Reason as Reason
from db.codes import ServiceType as ServiceType
from db.project_filters import ProjectFilter
from db.project_list import ProjectLine as ProjectLine
from db.project_list import Reading
from db.project_places import Places as Places
from db.projects import Project
from services import clock
from services.checks import clean_line, parse_project_number, show_enterprise_number, show_provider_number
from services.errors import Invalid, NotFound
from services.language import _
from services.ranges import amount_bounds, date_bounds
from services.rules import Permission, ProjectMoney, why_not_react
from services.work import Actor, Record, reading, require

LONGEST_TEXT = 300  # characters of a filter, as many as a name of an import may have


class SortColumn(StrEnum):
    """The columns of the list, in the manual's order."""

    NUMBER = "number"
    ENTERPRISE = "enterprise"
    APPLIED = "applied"
    AMOUNT = "amount"
    SERVICE = "service"
    STATUS = "status"


TURNED = "-"  # in front of a filter's text: all but what it lets through


class ProjectQuery(Record):
    """What the list shows: texts as typed in the filters; the last two calendar years unless `all_years`.

    A text that begins with `-` is turned round: `-bakker` leaves out the bakers. So does `not_` of a choice.
    """

    number: str = ""
    enterprise: str = ""
    applied: str = ""
    amount: str = ""
    service: ServiceType | None = None
    not_service: bool = False
    status: ProjectStatus | None = None
    not_status: bool = False
    sort: SortColumn = SortColumn.APPLIED
    descending: bool = True
    all_years: bool = False


class ProjectCounts(Record):
    """How many projects were found, and how many of them the filters leave."""

    found: int
    shown: int


class PaymentRecord(Record):
    """Money that moved."""

    paid_on: date
    kind: PaymentKind
    amount_cents: int


class ReactionRecord(Record):
    """A reaction of the past."""

    kind: ReactionKind
    reason: Reason
    reason_text: str
    reacted_at: datetime
    login: str
    proof_name: str | None


class ProjectRecord(Record):
    """One project with all that belongs to it. `why_not` has the reason for each reaction that is not possible now."""

    number: str
    version: int
    enterprise: str
    enterprise_number: str
    enterprise_email: str
    provider: str
    provider_number: str
    service: ServiceType
    title: str
    applied_on: date
    starts_on: date
    ends_on: date
    amount_cents: int
    subsidy_cents: int
    own_share_cents: int
    deposited_cents: int
    paid_out_cents: int
    balance_cents: int
    status: ProjectStatus
    status_since: datetime | None
    payments: tuple[PaymentRecord, ...]
    reactions: tuple[ReactionRecord, ...]
    why_not: dict[ReactionKind, str]


def first_day_shown(today: date) -> date:
    """The default list begins on 1 January of last year (manual: the last two calendar years)."""
    return date(today.year - 1, 1, 1)


def _scope(actor: Actor) -> dict[str, int | None]:
    """What the actor may see: an organisation, a department's own part of it, or everything."""
    if actor.provider_id is None:
        return {}
    if actor.provider_id == actor.headquarters_id:
        return {"headquarters_id": actor.headquarters_id}
    return {"headquarters_id": actor.headquarters_id, "provider_id": actor.provider_id}


def _whole(query: ProjectQuery, actor: Actor) -> ProjectFilter:
    """The list before the column filters."""
    since = None if query.all_years else first_day_shown(clock.today())
    return ProjectFilter(**_scope(actor), since=since)  # type: ignore[arg-type]


def chosen_projects(query: ProjectQuery, actor: Actor) -> ProjectFilter:
    """The query as the database takes it; Invalid names each filter that cannot be read."""
    typed = {"number": query.number, "enterprise": query.enterprise, "applied": query.applied, "amount": query.amount}
    typed = {field: clean_line(text) for field, text in typed.items()}
    turned = {field for field, text in typed.items() if text.startswith(TURNED)}
    typed |= {field: typed[field].removeprefix(TURNED).strip() for field in turned}
    turned |= {field for field in ("service", "status") if getattr(query, f"not_{field}")}
    too_long = _("This is longer than %(limit)s characters.") % {"limit": LONGEST_TEXT}
    wrong = {field: too_long for field in ("number", "enterprise") if len(typed[field]) > LONGEST_TEXT}
    applied: tuple[date | None, date | None] = (None, None)
    amount: tuple[int | None, int | None] = (None, None)
    try:
        applied = date_bounds(typed["applied"])
    except ValueError as error:
        wrong["applied"] = str(error)
    try:
        amount = amount_bounds(typed["amount"])
    except ValueError as error:
        wrong["amount"] = str(error)
    if wrong:
        raise Invalid(wrong)
    return replace(
        _whole(query, actor),
        number=typed["number"].upper(),
        enterprise=typed["enterprise"],
        applied_from=applied[0],
        applied_to=applied[1],
        amount_from=amount[0],
        amount_to=amount[1],
        service=query.service,
        status=query.status,
        turned=frozenset(turned),
    )


def list_projects(
    query: ProjectQuery, *, actor: Actor, offset: int, limit: int, places: Places | None = None
) -> Sequence[ProjectLine]:
    """`limit` lines of the list from `offset`; Invalid when a filter cannot be read.

    `places` are those of this very query: with them a page far down is as soon there as the first.
    """
    with reading():
        require(actor, Permission.VIEW_PROJECTS)
        return _reading(query, actor, places).page(offset, limit)


def count_projects(query: ProjectQuery, *, actor: Actor, places: Places | None = None) -> ProjectCounts:
    """How many there are, and how many the filters leave; Invalid when a filter cannot be read."""
    with reading():
        require(actor, Permission.VIEW_PROJECTS)
        whole, chosen = _whole(query, actor), chosen_projects(query, actor)
        shown = project_list.count_projects(chosen) if places is None else _reading(query, actor, places).count()
        found = shown if chosen == whole else project_list.count_projects(whole)
        return ProjectCounts(found=found, shown=shown)


def survey_projects(query: ProjectQuery, *, actor: Actor, places: Places) -> None:
    """Find out where rows stand all over a long list, for pages in the midst of it; ends early when it is left."""
    with reading():
        require(actor, Permission.VIEW_PROJECTS)
        _reading(query, actor, places).survey()


def _reading(query: ProjectQuery, actor: Actor, places: Places | None = None) -> Reading:
    return Reading(chosen_projects(query, actor), query.sort, query.descending, places)


def visible_project(number: str, actor: Actor) -> Project:
    """The project, if this actor may know of it: a foreign one is as unknown as none."""
    project = projects.find_project(number)
    scope = _scope(actor)
    if project is None or any(getattr(project, column) != value for column, value in scope.items()):
        raise NotFound(_("There is no project %(number)s, or it is not yours.") % {"number": number})
    return project


def get_project(number: str, *, actor: Actor) -> ProjectRecord:
    """The project with that number, however it is typed; NotFound also when it is somebody else's."""
    with reading():
        require(actor, Permission.VIEW_PROJECTS)
        return project_record(visible_project(_number(number), actor), actor)


def _number(text: str) -> str:
    try:
        return parse_project_number(text)
    except ValueError as error:
        raise NotFound(str(error)) from None


def locate_project(query: ProjectQuery, number: str, *, actor: Actor) -> int:
    """The place of a project in the list, from 0; where it would stand if the filters no longer let it through."""
    with reading():
        require(actor, Permission.VIEW_PROJECTS)
        return _reading(query, actor).count_before(visible_project(number, actor))


def project_beside(query: ProjectQuery, number: str, *, after: bool, actor: Actor) -> str | None:
    """The number of the next (`after`) or former project in the list; None at its end."""
    with reading():
        require(actor, Permission.VIEW_PROJECTS)
        return _reading(query, actor).beside(visible_project(number, actor), after=after)


def project_record(project: Project, actor: Actor) -> ProjectRecord:
    """The project as this actor sees it; called inside `reading` or `writing`."""
    paid = payments.paid_cents(project.id)
    money = ProjectMoney(
        status=ProjectStatus(project.status),
        amount_cents=project.amount_cents,
        own_share_cents=project.amount_cents - project.subsidy_cents,
        deposited_cents=paid[PaymentKind.DEPOSIT],
        paid_out_cents=paid[PaymentKind.PAYOUT],
    )
    reasons = {kind: why_not_react(kind, money, actor.role) for kind in ReactionKind}
    return ProjectRecord(
        number=project.number,
        version=project.version,
        enterprise=project.enterprise.name,
        enterprise_number=show_enterprise_number(project.enterprise.enterprise_number),
        enterprise_email=project.enterprise.email,
        provider=project.provider.name,
        provider_number=show_provider_number(project.provider.enterprise_number, project.provider.department_number),
        service=ServiceType(project.service),
        title=project.title,
        applied_on=project.applied_on,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        amount_cents=project.amount_cents,
        subsidy_cents=project.subsidy_cents,
        own_share_cents=money.own_share_cents,
        deposited_cents=money.deposited_cents,
        paid_out_cents=money.paid_out_cents,
        balance_cents=money.balance_cents,
        status=money.status,
        status_since=project.status_since,
        payments=tuple(
            PaymentRecord(paid_on=row.paid_on, kind=PaymentKind(row.kind), amount_cents=row.amount_cents)
            for row in payments.payments_of(project.id)
        ),
        reactions=tuple(
            ReactionRecord(
                kind=ReactionKind(row.kind),
                reason=Reason(row.reason),
                reason_text=row.reason_text,
                reacted_at=row.reacted_at,
                login=row.account.login,
                proof_name=proof_name,
            )
            for row, proof_name in reactions.reactions_to(project.id)
        ),
        why_not={kind: reason for kind, reason in reasons.items() if reason},
    )
