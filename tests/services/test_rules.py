"""The tables of rules, whole: who may do what, and every state x reaction x role on own and foreign projects."""

import importlib
import inspect
import io
import pkgutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import services
from db.audit import AuditLine
from db.codes import (
    PaymentKind,
    ProjectStatus,
    ReactionKind,
    Reason,
    RegistrationBasis,
    RegistrationEvent,
    Role,
    ServiceType,
)
from db.database import transaction
from db.projects import Project
from db.providers import Provider
from db.reactions import Reaction
from services.accounts import AddAccount, ChangeLogin, add_account, change_login, log_out, on_behalf_of
from services.audit import verify
from services.bulk_reactions import ProjectSelection, ReactionPlan, plan_reactions, react_to_all
from services.drafts import draft_of, drop_draft, save_draft
from services.errors import Invalid, NotAllowed, NotFound, ServiceError, SessionExpired
from services.establishments import (
    AddEstablishment,
    ChangeEstablishment,
    add_establishment,
    change_establishment,
    end_establishment,
    get_establishment,
    list_establishments,
)
from services.exports import ExportFormat, ExportProjects, export_projects, projects_as_text
from services.find import find_records
from services.imports import ImportFile, ImportKind, import_file
from services.jobs import run_jobs
from services.language import use_language
from services.mail import get_mail, list_mail, send_mail
from services.mail_transports import MaildirTransport
from services.project_overview import sum_projects
from services.projects import (
    Places,
    ProjectQuery,
    count_projects,
    get_project,
    list_projects,
    locate_project,
    project_beside,
    survey_projects,
)
from services.proofs import ProofFile
from services.provider_search import ProviderQuery, count_providers, get_found_provider, search_providers
from services.providers import (
    AddDepartment,
    ChangeProvider,
    add_department,
    change_provider,
    end_provider,
    get_provider,
    list_providers,
)
from services.reactions import ReactToProject, WrittenReaction, react_to_project
from services.registration_decisions import (
    ConfirmRegistration,
    DecideRegistration,
    NoteAudit,
    ProposeRegistration,
    confirm_registration,
    decide_registration,
    note_audit,
    note_declaration,
    proposal_of,
    propose_registration,
)
from services.registrations import (
    MoveRegistration,
    RequestRegistration,
    declaration_of,
    get_registration,
    list_registrations,
    mail_declaration,
    move_registration,
    registration_choices,
    request_registration,
)
from services.rules import PERMISSIONS, PUBLIC, Permission, ProjectMoney, why_not_react
from services.saved_views import SavedView, SaveView, drop_view, list_views, save_view
from services.work import Actor
from tests.making import (
    PDF,
    later,
    make_account,
    make_address,
    make_enterprise,
    make_project,
    make_provider,
    pay,
    rows,
    sign_in,
)

# Written out once more, so that a slip of the pen in either place shows.
MAY = {
    "projects.view": "headquarters department helpdesk case_handler admin system",
    "projects.export": "headquarters department helpdesk case_handler admin system",
    "projects.react": "headquarters department",
    "accounts.change_login": "headquarters department helpdesk case_handler admin",
    "drafts.keep": "headquarters department helpdesk case_handler admin",
    "views.keep": "headquarters department helpdesk case_handler admin",
    "accounts.add": "system",
    "accounts.view_as": "system",
    "mail.view": "system",
    "mail.send": "system",
    "imports.run": "system",
    "find.anything": "helpdesk case_handler admin system",
    "audit.verify": "admin system",
    "providers.find": "headquarters department helpdesk case_handler admin system",
    "providers.view": "headquarters department",
    "providers.add": "headquarters",
    "providers.change": "headquarters department",
    "providers.end": "headquarters",
    "establishments.manage": "headquarters",
    "registrations.view": "headquarters department helpdesk case_handler admin system",
    "registrations.request": "headquarters department",
    "registrations.move": "headquarters department case_handler",
    "registrations.decide": "case_handler",
    "jobs.run": "system",
}
MOVES = {
    ("cancel", "Bevestigd"): "ProjectGeannuleerd",
    ("stop", "Lopend"): "StopzettingAangevraagd",
    ("report", "Afgewerkt"): "Afgewerkt",
}
MONEY = {ProjectStatus.CONFIRMED: (0, 0), ProjectStatus.RUNNING: (71901, 0), ProjectStatus.FINISHED: (71901, 119835)}

PLACE = {"street": "Veldstraat", "house_number": "1", "postcode": "9000", "municipality": "Gent"}
REGISTRATION = "DV.O999999"
WHO = {"name": "Nieuw", "email": "nieuw@example.com", "account_number": "BE68 5390 0754 7034"}

# Every service that somebody calls, with arguments that are right as far as they go. A new one belongs in this table:
# `test_every_service_is_in_the_table` sees to it, the tests after it that it asks who calls before it does anything.
Call = Callable[[Actor, Path], object]
CALLS: dict[Callable[..., Any], tuple[Permission | None, Call]] = {
    list_projects: (
        Permission.VIEW_PROJECTS,
        lambda actor, _: list_projects(ProjectQuery(), actor=actor, offset=0, limit=1),
    ),
    count_projects: (Permission.VIEW_PROJECTS, lambda actor, _: count_projects(ProjectQuery(), actor=actor)),
    sum_projects: (Permission.VIEW_PROJECTS, lambda actor, _: sum_projects(ProjectQuery(), actor=actor)),
    get_project: (Permission.VIEW_PROJECTS, lambda actor, _: get_project("2016KMO000001", actor=actor)),
    survey_projects: (
        Permission.VIEW_PROJECTS,
        lambda actor, _: survey_projects(ProjectQuery(), actor=actor, places=Places()),
    ),
    locate_project: (
        Permission.VIEW_PROJECTS,
        lambda actor, _: locate_project(ProjectQuery(), "2016KMO000001", actor=actor),
    ),
    project_beside: (
        Permission.VIEW_PROJECTS,
        lambda actor, _: project_beside(ProjectQuery(), "2016KMO000001", after=True, actor=actor),
    ),
    react_to_project: (
        Permission.REACT_TO_PROJECT,
        lambda actor, _: react_to_project(reaction("cancel", 1), actor=actor),
    ),
    plan_reactions: (
        Permission.VIEW_PROJECTS,
        lambda actor, _: plan_reactions(ProjectSelection(numbers=("2016KMO000001",)), actor=actor),
    ),
    react_to_all: (
        Permission.REACT_TO_PROJECT,
        lambda actor, _: react_to_all(
            ReactionPlan(kind=ReactionKind.CANCEL, possible=(("2016KMO000001", 1),), refusals=()),
            WrittenReaction(kind=ReactionKind.CANCEL, reason=Reason.FILED_LATE),
            lambda _: True,
            actor=actor,
        ),
    ),
    export_projects: (
        Permission.EXPORT_PROJECTS,
        lambda actor, _: export_projects(
            ExportProjects(query=ProjectQuery(), format=ExportFormat.CSV), io.BytesIO(), actor=actor
        ),
    ),
    projects_as_text: (
        Permission.EXPORT_PROJECTS,
        lambda actor, _: projects_as_text(ProjectQuery(), actor=actor, limit_bytes=10_000),
    ),
    change_login: (
        Permission.CHANGE_LOGIN,
        lambda actor, _: change_login(
            ChangeLogin(new_login="nieuw", old_password="-", new_password="-", new_password_again="-"), actor=actor
        ),
    ),
    add_account: (
        Permission.ADD_ACCOUNT,
        lambda actor, _: add_account(AddAccount(login="nieuw", role=Role.HELPDESK), actor=actor),
    ),
    save_draft: (Permission.KEEP_DRAFT, lambda actor, _: save_draft("form", {"name": "x"}, actor=actor)),
    draft_of: (Permission.KEEP_DRAFT, lambda actor, _: draft_of("form", actor=actor)),
    drop_draft: (Permission.KEEP_DRAFT, lambda actor, _: drop_draft("form", actor=actor)),
    list_views: (Permission.KEEP_VIEW, lambda actor, _: list_views(actor=actor)),
    save_view: (
        Permission.KEEP_VIEW,
        lambda actor, _: save_view(SaveView(number=1, name="x", query=ProjectQuery()), actor=actor),
    ),
    drop_view: (
        Permission.KEEP_VIEW,
        lambda actor, _: drop_view(SavedView(number=9, name="x", query=ProjectQuery()), actor=actor),
    ),
    on_behalf_of: (Permission.VIEW_AS, lambda actor, _: on_behalf_of("anders", actor=actor)),
    log_out: (None, lambda actor, _: log_out(actor=actor)),  # everybody may leave
    list_mail: (Permission.VIEW_OUTBOX, lambda actor, _: list_mail(actor=actor, limit=1)),
    get_mail: (Permission.VIEW_OUTBOX, lambda actor, _: get_mail(1, actor=actor)),
    send_mail: (
        Permission.SEND_MAIL,
        lambda actor, folder: send_mail(MaildirTransport(folder / "post"), actor=actor),
    ),
    import_file: (
        Permission.IMPORT,
        lambda actor, folder: import_file(
            ImportFile(kind=ImportKind.PAYMENTS, path=folder / "missing.csv"), actor=actor
        ),
    ),
    find_records: (Permission.FIND_ANYTHING, lambda actor, _: find_records("anders", actor=actor)),
    verify: (Permission.VERIFY_AUDIT, lambda actor, _: verify(actor=actor)),
    search_providers: (
        Permission.FIND_PROVIDERS,
        lambda actor, _: search_providers(ProviderQuery(), actor=actor, offset=0, limit=1),
    ),
    count_providers: (Permission.FIND_PROVIDERS, lambda actor, _: count_providers(ProviderQuery(), actor=actor)),
    get_found_provider: (Permission.FIND_PROVIDERS, lambda actor, _: get_found_provider("0862.010.195", actor=actor)),
    list_providers: (Permission.VIEW_PROVIDERS, lambda actor, _: list_providers(actor=actor)),
    get_provider: (Permission.VIEW_PROVIDERS, lambda actor, _: get_provider("0862.010.195/1", actor=actor)),
    add_department: (
        Permission.ADD_PROVIDER,
        lambda actor, _: add_department(AddDepartment(**PLACE, **WHO), actor=actor),
    ),
    change_provider: (
        Permission.CHANGE_PROVIDER,
        lambda actor, _: change_provider(
            ChangeProvider(number="0862.010.195/9", version=1, address_version=1, **PLACE, **WHO), actor=actor
        ),
    ),
    end_provider: (Permission.END_PROVIDER, lambda actor, _: end_provider("0862.010.195/9", 1, actor=actor)),
    list_establishments: (Permission.MANAGE_ESTABLISHMENTS, lambda actor, _: list_establishments(actor=actor)),
    get_establishment: (Permission.MANAGE_ESTABLISHMENTS, lambda actor, _: get_establishment(9, actor=actor)),
    add_establishment: (
        Permission.MANAGE_ESTABLISHMENTS,
        lambda actor, _: add_establishment(AddEstablishment(**PLACE), actor=actor),
    ),
    change_establishment: (
        Permission.MANAGE_ESTABLISHMENTS,
        lambda actor, _: change_establishment(ChangeEstablishment(number=9, version=1, **PLACE), actor=actor),
    ),
    end_establishment: (Permission.MANAGE_ESTABLISHMENTS, lambda actor, _: end_establishment(9, 1, actor=actor)),
    list_registrations: (Permission.VIEW_REGISTRATIONS, lambda actor, _: list_registrations(actor=actor)),
    get_registration: (Permission.VIEW_REGISTRATIONS, lambda actor, _: get_registration(REGISTRATION, actor=actor)),
    declaration_of: (Permission.VIEW_REGISTRATIONS, lambda actor, _: declaration_of(REGISTRATION, actor=actor)),
    registration_choices: (Permission.REQUEST_REGISTRATION, lambda actor, _: registration_choices(actor=actor)),
    request_registration: (
        Permission.REQUEST_REGISTRATION,
        lambda actor, _: request_registration(
            RequestRegistration(provider_id=99, service=ServiceType.TRAINING, basis=RegistrationBasis.PRIVATE),
            actor=actor,
        ),
    ),
    mail_declaration: (Permission.REQUEST_REGISTRATION, lambda actor, _: mail_declaration(REGISTRATION, actor=actor)),
    move_registration: (
        Permission.MOVE_REGISTRATION,
        lambda actor, _: move_registration(
            MoveRegistration(number=REGISTRATION, version=1, event=RegistrationEvent.STOP), actor=actor
        ),
    ),
    note_declaration: (
        Permission.DECIDE_REGISTRATION,
        lambda actor, _: note_declaration(REGISTRATION, date(2016, 3, 11), actor=actor),
    ),
    note_audit: (
        Permission.DECIDE_REGISTRATION,
        lambda actor, _: note_audit(
            NoteAudit(number=REGISTRATION, on=date(2016, 3, 11), bureau="Bureau", positive=True), actor=actor
        ),
    ),
    decide_registration: (
        Permission.DECIDE_REGISTRATION,
        lambda actor, _: decide_registration(
            DecideRegistration(number=REGISTRATION, version=1, event=RegistrationEvent.GRANT), actor=actor
        ),
    ),
    propose_registration: (
        Permission.DECIDE_REGISTRATION,
        lambda actor, _: propose_registration(
            ProposeRegistration(number=REGISTRATION, version=1, event=RegistrationEvent.EXCLUDE, reason="Daarom."),
            actor=actor,
        ),
    ),
    proposal_of: (Permission.DECIDE_REGISTRATION, lambda actor, _: proposal_of(REGISTRATION, actor=actor)),
    confirm_registration: (
        Permission.DECIDE_REGISTRATION,
        lambda actor, _: confirm_registration(
            ConfirmRegistration(number=REGISTRATION, proposed_at=datetime(2016, 3, 11, tzinfo=UTC)), actor=actor
        ),
    ),
    run_jobs: (Permission.RUN_JOBS, lambda actor, _: run_jobs(actor=actor)),
}


def reaction(kind: str, number: int) -> ReactToProject:
    """A reaction that lacks nothing."""
    return ReactToProject(
        number=f"2016KMO{number:06}",
        version=1,
        kind=ReactionKind(kind),
        reason=Reason.FILED_LATE,
        proof=ProofFile(name="bewijs.pdf", content=PDF) if kind == "stop" else None,
    )


@pytest.fixture
def organisations(database: Path) -> dict[str, Provider]:
    """Two headquarters, and two departments of the first."""
    first = make_provider("Eerste", "0862010195")
    made = {
        "headquarters": first,
        "department": make_provider("Eerste, afdeling", "0862010195", first, 1),
        "sister": make_provider("Eerste, andere afdeling", "0862010195", first, 2),
        "other": make_provider("Tweede", "0403019261"),
    }
    for provider in made.values():
        make_address(provider)
    return made


def act(role: Role, organisations: dict[str, Provider]) -> Actor:
    """Somebody with that role, signed in."""
    return sign_in(make_account("iemand", role, organisations.get(role)))


def public_services() -> set[Callable[..., Any]]:
    """Every public function of the services that is told who acts."""
    found: set[Callable[..., Any]] = set()
    for info in pkgutil.iter_modules(services.__path__):
        module = importlib.import_module(f"services.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                actor = inspect.signature(function).parameters.get("actor")
                if actor is not None and actor.kind is actor.KEYWORD_ONLY:
                    found.add(function)
    return found


def test_the_permissions_are_these() -> None:
    assert {permission.value: set(roles) for permission, roles in PERMISSIONS.items()} == {
        permission: {Role(role) for role in roles.split()} for permission, roles in MAY.items()
    }
    assert set(PERMISSIONS) == set(Permission)


def test_every_service_is_in_the_table() -> None:
    assert public_services() == set(CALLS)


@pytest.mark.parametrize("service", CALLS, ids=lambda service: service.__name__)
def test_a_service_asks_for_its_permission(
    service: Callable[..., Any], organisations: dict[str, Provider], tmp_path: Path, cheap_hashing: None
) -> None:
    permission, call = CALLS[service]
    for role in Role:
        actor = sign_in(make_account(f"als {role}", role, organisations.get(role)))
        before = rows(AuditLine)
        if permission is None or role.value in MAY[permission].split():
            with suppress(Invalid, NotFound):  # past the guard
                call(actor, tmp_path)
        else:
            with pytest.raises(NotAllowed):
                call(actor, tmp_path)
            assert rows(AuditLine) == before


@pytest.mark.parametrize(
    "service",
    [service for service in CALLS if service is not log_out and CALLS[service][0] not in PUBLIC],
    ids=lambda service: service.__name__,
)
def test_a_service_asks_whether_the_session_is_open(
    service: Callable[..., Any], organisations: dict[str, Provider], tmp_path: Path, cheap_hashing: None
) -> None:
    for role in set(Role) - {Role.SYSTEM}:
        actor = sign_in(make_account(f"als {role}", role, organisations.get(role)))
        log_out(actor=actor)
        before = rows(AuditLine)
        with pytest.raises(SessionExpired):
            CALLS[service][1](actor, tmp_path)
        assert rows(AuditLine) == before


@pytest.mark.parametrize("service", CALLS, ids=lambda service: service.__name__)
def test_only_what_is_public_answers_nobody(
    service: Callable[..., Any], organisations: dict[str, Provider], tmp_path: Path, cheap_hashing: None
) -> None:
    permission, call = CALLS[service]
    nobody: Any = None
    if permission in PUBLIC:
        with suppress(Invalid, NotFound):  # past the guard
            call(nobody, tmp_path)
    else:
        with pytest.raises((NotAllowed, AttributeError)):
            call(nobody, tmp_path)
    assert rows(AuditLine) == []


@pytest.mark.parametrize("role", Role)
def test_every_state_reaction_and_role_on_own_and_foreign_projects(
    role: Role, organisations: dict[str, Provider]
) -> None:
    actor = act(role, organisations)
    enterprise = make_enterprise(1, "Klant")
    own = {Role.HEADQUARTERS: ("headquarters", "department"), Role.DEPARTMENT: ("department",)}.get(role, ())
    pairs = list(product(ReactionKind, ProjectStatus, organisations))
    with transaction():
        for number, (_kind, status, owner) in enumerate(pairs, 1):
            project = make_project(f"2016KMO{number:06}", organisations[owner], enterprise, status=status)
            for payment, cents in zip(PaymentKind, MONEY.get(status, (0, 0)), strict=True):
                pay(project, payment, cents)
    # a headquarters manages everything of its organisation
    own = (*own, "sister") if role is Role.HEADQUARTERS else own
    outcomes = {}
    for number, pair in enumerate(pairs, 1):
        try:
            outcomes[pair] = react_to_project(reaction(pair[0], number), actor=actor).status.value
        except ServiceError as error:
            outcomes[pair] = type(error).__name__
    assert outcomes == {
        (kind, status, owner): "NotAllowed"
        if role.value not in MAY["projects.react"].split()
        else "NotFound"
        if owner not in own
        else MOVES.get((kind, status), "NotAllowed")
        for kind, status, owner in pairs
    }
    after = {row["number"]: row["status"] for row in rows(Project)}
    assert after == {
        f"2016KMO{number:06}": outcomes[pair] if outcomes[pair] in ProjectStatus._value2member_map_ else pair[1]
        for number, pair in enumerate(pairs, 1)
    }
    assert len(rows(Reaction)) == len(MOVES) * len(own)


@pytest.mark.parametrize("role", Role)
def test_what_a_record_says_is_possible_is_what_the_guard_lets_through(
    role: Role, organisations: dict[str, Provider]
) -> None:
    actor = act(role, organisations)
    enterprise = make_enterprise(1, "Klant")
    owner = organisations["department"]
    for number, (kind, status) in enumerate(product(ReactionKind, ProjectStatus), 1):
        project = make_project(f"2016KMO{number:06}", owner, enterprise, status=status)
        for payment, cents in zip(PaymentKind, MONEY.get(status, (0, 0)), strict=True):
            pay(project, payment, cents)
        said = get_project(project.number, actor=actor).why_not.get(kind)
        if said is None:
            react_to_project(reaction(kind, number), actor=actor)
        else:
            with pytest.raises(NotAllowed) as refusal:
                react_to_project(reaction(kind, number), actor=actor)
            if role.value in MAY["projects.react"].split():
                assert str(refusal.value) == said


def test_a_foreign_project_is_as_unknown_as_none(organisations: dict[str, Provider]) -> None:
    foreign = make_project("2016KMO000001", organisations["other"], make_enterprise(1, "Klant"))
    actor = act(Role.HEADQUARTERS, organisations)
    answers = []
    for number in (foreign.number, "2016KMO999999"):
        for call in (
            lambda number=number: get_project(number, actor=actor),
            lambda number=number: locate_project(ProjectQuery(), number, actor=actor),
            lambda number=number: project_beside(ProjectQuery(), number, after=True, actor=actor),
            lambda number=number: react_to_project(reaction("cancel", int(number[-6:])), actor=actor),
        ):
            with pytest.raises(NotFound) as unknown:
                call()
            answers.append(str(unknown.value).replace(number, "N"))
    assert len(set(answers)) == 1


@pytest.mark.parametrize(
    ("kind", "status", "deposited", "paid_out", "possible"),
    [
        # the own share is 719.01
        ("cancel", "Bevestigd", 0, 0, True),
        ("cancel", "Bevestigd", 71900, 0, True),
        ("cancel", "Bevestigd", 71901, 0, False),
        ("cancel", "Bevestigd", 80000, 0, False),
        ("stop", "Lopend", 71901, 0, True),
        ("stop", "Lopend", 71901, 119833, True),  # 1 cent is left: 719.01 x 2 / 1198.35
        ("stop", "Lopend", 71901, 119834, False),  # less than a cent
        ("stop", "Lopend", 71901, 119835, False),
        ("stop", "Lopend", 71901, 130000, False),
        ("stop", "Lopend", 0, 0, False),
        ("report", "Afgewerkt", 0, 0, True),
        ("report", "Afgewerkt", 71901, 119835, True),
    ],
)
def test_money_decides_whether_a_project_can_be_cancelled_or_stopped(
    organisations: dict[str, Provider], kind: str, status: str, deposited: int, paid_out: int, possible: bool
) -> None:
    project = make_project("2016KMO000001", organisations["headquarters"], make_enterprise(1, "Klant"), status=status)
    pay(project, PaymentKind.DEPOSIT, deposited)
    pay(project, PaymentKind.PAYOUT, paid_out)
    actor = act(Role.HEADQUARTERS, organisations)
    if possible:
        assert react_to_project(reaction(kind, 1), actor=actor).status == MOVES[kind, status]
    else:
        with pytest.raises(NotAllowed):
            react_to_project(reaction(kind, 1), actor=actor)
        assert rows(Project)[0]["status"] == status


@pytest.mark.parametrize(
    ("amount", "deposited", "paid_out", "balance"),
    [(119835, 71901, 0, 71901), (119835, 71901, 59917, 35950), (100, 60, 50, 30), (3, 2, 1, 1), (100, 60, 101, 0)],
)
def test_the_balance_is_what_was_deposited_less_the_part_paid_out(
    amount: int, deposited: int, paid_out: int, balance: int
) -> None:
    assert ProjectMoney(ProjectStatus.RUNNING, amount, 0, deposited, paid_out).balance_cents == balance


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_refusal_is_a_sentence(database: Path, language: str) -> None:
    use_language(language)
    for kind, status, role in product(ReactionKind, ProjectStatus, Role):
        why = why_not_react(kind, ProjectMoney(status, 100, 60, 60, 100), role)
        possible = (kind, status) == (ReactionKind.REPORT, ProjectStatus.FINISHED)
        assert why is None if possible and role.value in MAY["projects.react"].split() else why and why.endswith(".")


def test_the_session_is_asked_after_before_the_record(organisations: dict[str, Provider]) -> None:
    actor = act(Role.HEADQUARTERS, organisations)
    later(hours=13)
    with pytest.raises(SessionExpired):
        get_project("2016KMO999999", actor=actor)
