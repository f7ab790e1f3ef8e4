"""The rules in tables: who may do what, which reaction which state allows. Guard, menus, footer and help read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from db.codes import ProjectStatus, ProviderKind, ReactionKind, Role
from services.language import _

PROVIDERS = frozenset({Role.HEADQUARTERS, Role.DEPARTMENT})
OPERATORS = frozenset({Role.HELPDESK, Role.CASE_HANDLER, Role.ADMIN})
SYSTEM = frozenset({Role.SYSTEM})


class Permission(StrEnum):
    """What a service asks before it does anything."""

    VIEW_PROJECTS = "projects.view"
    EXPORT_PROJECTS = "projects.export"
    REACT_TO_PROJECT = "projects.react"
    CHANGE_LOGIN = "accounts.change_login"
    KEEP_DRAFT = "drafts.keep"
    KEEP_VIEW = "views.keep"
    ADD_ACCOUNT = "accounts.add"
    VIEW_AS = "accounts.view_as"
    VIEW_OUTBOX = "mail.view"
    SEND_MAIL = "mail.send"
    IMPORT = "imports.run"
    FIND_ANYTHING = "find.anything"
    VERIFY_AUDIT = "audit.verify"
    FIND_PROVIDERS = "providers.find"
    VIEW_PROVIDERS = "providers.view"
    ADD_PROVIDER = "providers.add"
    CHANGE_PROVIDER = "providers.change"
    END_PROVIDER = "providers.end"
    MANAGE_ESTABLISHMENTS = "establishments.manage"
    VIEW_REGISTRATIONS = "registrations.view"
    REQUEST_REGISTRATION = "registrations.request"
    MOVE_REGISTRATION = "registrations.move"
    DECIDE_REGISTRATION = "registrations.decide"
    RUN_JOBS = "jobs.run"


PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.VIEW_PROJECTS: PROVIDERS | OPERATORS | SYSTEM,
    Permission.EXPORT_PROJECTS: PROVIDERS | OPERATORS | SYSTEM,
    Permission.REACT_TO_PROJECT: PROVIDERS,
    Permission.CHANGE_LOGIN: PROVIDERS | OPERATORS,
    Permission.KEEP_DRAFT: PROVIDERS | OPERATORS,
    Permission.KEEP_VIEW: PROVIDERS | OPERATORS,
    Permission.ADD_ACCOUNT: SYSTEM,
    Permission.VIEW_AS: SYSTEM,
    Permission.VIEW_OUTBOX: SYSTEM,
    Permission.SEND_MAIL: SYSTEM,
    Permission.IMPORT: SYSTEM,
    Permission.FIND_ANYTHING: OPERATORS | SYSTEM,
    Permission.VERIFY_AUDIT: frozenset({Role.ADMIN}) | SYSTEM,
    Permission.FIND_PROVIDERS: frozenset(Role),
    Permission.VIEW_PROVIDERS: PROVIDERS,
    Permission.ADD_PROVIDER: frozenset({Role.HEADQUARTERS}),
    Permission.CHANGE_PROVIDER: PROVIDERS,
    Permission.END_PROVIDER: frozenset({Role.HEADQUARTERS}),
    Permission.MANAGE_ESTABLISHMENTS: frozenset({Role.HEADQUARTERS}),
    Permission.VIEW_REGISTRATIONS: PROVIDERS | OPERATORS | SYSTEM,
    Permission.REQUEST_REGISTRATION: PROVIDERS,
    Permission.MOVE_REGISTRATION: PROVIDERS | {Role.CASE_HANDLER},
    Permission.DECIDE_REGISTRATION: frozenset({Role.CASE_HANDLER}),
    Permission.RUN_JOBS: SYSTEM,
}

# What needs no login: everybody may, also nobody.
PUBLIC = frozenset({Permission.FIND_PROVIDERS})

# What a department may change of itself: how it is reached. The rest is its headquarters', which manages all.
DEPARTMENT_CHANGES = frozenset({"email", "phone"})

# A department with one of these goes on existing.
OPEN_PROJECTS = (ProjectStatus.CONFIRMED, ProjectStatus.RUNNING, ProjectStatus.STOP_REQUESTED)

# The state that a reaction leads to, by kind and state (manual, 'Reageren op een steunaanvraag'); a pair that is not
# here is not possible.
REACTIONS: dict[ReactionKind, dict[ProjectStatus, ProjectStatus]] = {
    ReactionKind.CANCEL: {ProjectStatus.CONFIRMED: ProjectStatus.CANCELLED},
    ReactionKind.STOP: {ProjectStatus.RUNNING: ProjectStatus.STOP_REQUESTED},
    ReactionKind.REPORT: {ProjectStatus.FINISHED: ProjectStatus.FINISHED},
}

# How many days the enterprise has to pay its own share, after the application, by the day of the application from which
# that holds; the newest last.
PAYMENT_TERMS: tuple[tuple[date, int], ...] = ((date.min, 30),)

# Where imported payments lead (DOMAIN: import records the back office's facts).
PAID_IN = {ProjectStatus.CONFIRMED: ProjectStatus.RUNNING}
PAID_OUT = {ProjectStatus.RUNNING: ProjectStatus.FINISHED}


@dataclass(frozen=True)
class ProjectMoney:
    """What the rules look at in a project: its status and, in cents, its amount, own share and payments."""

    status: ProjectStatus
    amount_cents: int
    own_share_cents: int
    deposited_cents: int
    paid_out_cents: int

    @property
    def balance_cents(self) -> int:
        """What is left of the own share: deposited x (1 - paid out / amount), rounded down, never below zero."""
        return max(0, self.deposited_cents * (self.amount_cents - self.paid_out_cents) // self.amount_cents)


def why_not_react(kind: ReactionKind, project: ProjectMoney, role: Role) -> str | None:
    """Why this reaction is not possible now, None if it is (manual: Reageren op een steunaanvraag)."""
    if role not in PERMISSIONS[Permission.REACT_TO_PROJECT]:
        return _("Only the provider reacts to a project; your login can look at it.")
    if project.status not in REACTIONS[kind]:
        return _why_status_forbids(project.status)
    if kind is ReactionKind.CANCEL and project.deposited_cents >= project.own_share_cents > 0:
        return _("Cancelling is not possible: the own share of the enterprise is on the account already.")
    if kind is ReactionKind.STOP and project.balance_cents == 0:
        return _("Stopping is not possible: nothing of the own share of the enterprise is left on the account.")
    return None


def last_day_to_pay(applied_on: date) -> date:
    """The last day on which the own share can be paid."""
    days = next(days for since, days in reversed(PAYMENT_TERMS) if since <= applied_on)
    return applied_on + timedelta(days=days)


def has_lapsed(project: ProjectMoney, applied_on: date, today: date) -> bool:
    """Whether the nightly job cancels the project: confirmed, and its own share not paid in time."""
    unpaid = project.status is ProjectStatus.CONFIRMED and project.deposited_cents < project.own_share_cents
    return unpaid and today > last_day_to_pay(applied_on)


def _why_status_forbids(status: ProjectStatus) -> str:
    match status:
        case ProjectStatus.CONFIRMED:
            return _("The project is confirmed and its own share is not paid yet: it can be cancelled.")
        case ProjectStatus.RUNNING:
            return _("The project is running: what is left of its own share can be stopped.")
        case ProjectStatus.FINISHED:
            return _(
                "Everything was paid out through the kmo-portefeuille, nothing can be changed online any more: "
                "the project can only be reported."
            )
        case ProjectStatus.STOP_REQUESTED:
            return _("A stop was requested: the service kmo-portefeuille judges the proof first.")
        case ProjectStatus.CANCELLED:
            return _("The project was cancelled: there is nothing left to react to.")
        case ProjectStatus.STOPPED:
            return _("The project was stopped: there is nothing left to react to.")


def why_not_end_establishment(number: int) -> str:
    """Why an establishment cannot be ended, '' when it can (manual: the first one is the headquarters itself)."""
    if number == 1:
        return _("The first establishment is your headquarters itself: it can be changed, not ended.")
    return ""


def why_not_end_provider(
    kind: ProviderKind, role: Role, registrations: Sequence[str], projects: Sequence[str], project_count: int
) -> str:
    """Why a provider cannot be ended, '' when it can: its live registrations and some of its open projects are named.

    `project_count` says how many open projects there are.
    """
    if role not in PERMISSIONS[Permission.END_PROVIDER]:
        return _("Only the headquarters ends a department.")
    if kind is ProviderKind.HEADQUARTERS:
        return _("A headquarters cannot be ended here: call 1700, the service kmo-portefeuille does it with you.")
    if registrations:
        return _("This department still has a registration (%(numbers)s). Withdraw or stop it first.") % {
            "numbers": ", ".join(registrations)
        }
    if not project_count:
        return ""
    numbers = ", ".join(projects)
    if more := project_count - len(projects):
        numbers = _("%(numbers)s and %(more)s more") % {"numbers": numbers, "more": more}
    return _(
        "This department still has open projects: %(numbers)s. They must be finished, cancelled or stopped first."
    ) % {"numbers": numbers}


def why_not_permitted(permission: Permission, role: Role) -> str:
    """Why somebody with this role may not do this, '' when they may: for what stays visible all the same."""
    if role in PERMISSIONS[permission]:
        return ""
    if role is Role.DEPARTMENT:
        return _("Only your headquarters may do this.")
    return _("This is for service providers.")
