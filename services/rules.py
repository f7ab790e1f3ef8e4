"""The rules in tables: who may do what, which reaction which state allows. Guard, menus, footer and help read them."""

from dataclasses import dataclass
from enum import StrEnum

from db.codes import ProjectStatus, ReactionKind, Role
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
    ADD_ACCOUNT = "accounts.add"
    VIEW_AS = "accounts.view_as"
    VIEW_OUTBOX = "mail.view"
    SEND_MAIL = "mail.send"
    IMPORT = "imports.run"
    FIND_ANYTHING = "find.anything"
    VERIFY_AUDIT = "audit.verify"


PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.VIEW_PROJECTS: PROVIDERS | OPERATORS | SYSTEM,
    Permission.EXPORT_PROJECTS: PROVIDERS | OPERATORS | SYSTEM,
    Permission.REACT_TO_PROJECT: PROVIDERS,
    Permission.CHANGE_LOGIN: PROVIDERS | OPERATORS,
    Permission.ADD_ACCOUNT: SYSTEM,
    Permission.VIEW_AS: SYSTEM,
    Permission.VIEW_OUTBOX: SYSTEM,
    Permission.SEND_MAIL: SYSTEM,
    Permission.IMPORT: SYSTEM,
    Permission.FIND_ANYTHING: OPERATORS | SYSTEM,
    Permission.VERIFY_AUDIT: frozenset({Role.ADMIN}) | SYSTEM,
}

# The state that a reaction leads to, by kind and state (manual, 'Reageren op een steunaanvraag'); a pair that is not
# here is not possible.
REACTIONS: dict[ReactionKind, dict[ProjectStatus, ProjectStatus]] = {
    ReactionKind.CANCEL: {ProjectStatus.CONFIRMED: ProjectStatus.CANCELLED},
    ReactionKind.STOP: {ProjectStatus.RUNNING: ProjectStatus.STOP_REQUESTED},
    ReactionKind.REPORT: {ProjectStatus.FINISHED: ProjectStatus.FINISHED},
}

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
