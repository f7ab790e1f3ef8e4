"""The demo: a throw-away database with the manual's rows, and others beside them. All of it is made up."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random

from db import bulk
from db.accounts import Account
from db.codes import ProjectStatus, ProviderKind, ReactionKind, Reason
from db.enterprises import Enterprise
from db.establishments import Establishment
from db.fields import folded
from db.payments import Payment
from db.projects import Project
from db.providers import Provider
from db.reactions import Proof, Reaction
from db.reference_tables import ProviderExpertise
from db.registrations import Registration
from services import demo_projects, demo_registrations, passwords
from services.databases import open_database
from services.demo_logins import DEMO_LOGINS, DEMO_PASSWORD
from services.demo_projects import MANUAL_ROWS, OWN_ENTERPRISES, DemoProject
from services.rules import REACTIONS
from services.work import Work, writing

CHUNK = 10_000  # projects
MANUAL_NUMBERS = frozenset(number for number, *_rest in MANUAL_ROWS)
PROVIDER, DEPARTMENT, LARGE = 1, 2, 3  # as the rows are numbered
PROVIDERS_PER_PROJECT = 8_000 / 1_000_000
ENTERPRISES_PER_PROJECT = 20_000 / 1_000_000
FEWEST_PROVIDERS = 8  # beside those three: something in every state of a registration
# At least so many of the login `groot`, and of enterprises it works for.
FEWEST_OF_LARGE = 40
FEWEST_ENTERPRISES = 40
MOST_OF_LARGE = 50_000

# Numbers below those that are given out, so that none of them is a real enterprise's.
FIRST_PROVIDER_NUMBER = 1_100_000
FIRST_ENTERPRISE_NUMBER = 1_200_000
EXAMPLE_IBAN = "BE68539007547034"
MUNICIPALITIES = (
    ("1000", "Brussel"),
    ("2000", "Antwerpen"),
    ("2300", "Turnhout"),
    ("2800", "Mechelen"),
    ("3000", "Leuven"),
    ("3500", "Hasselt"),
    ("8000", "Brugge"),
    ("8500", "Kortrijk"),
    ("9000", "Gent"),
    ("9300", "Aalst"),
)

# A second establishment of the manual's provider.
ELSEWHERE = (PROVIDER, 2, "Veldstraat", "12", "", "9000", "Gent", folded("Gent"), 1)
PRESENTATIONS = {
    PROVIDER: "Opleidingen op maat van kleine ondernemingen, bij u of in onze lokalen in Schaarbeek en Gent.",
    LARGE: "Opleidingen en advies in heel Vlaanderen, van boekhouden tot uitvoer.",
    LARGE + 1: "Korte opleidingen voor zelfstandigen, ook 's avonds.",
    LARGE + 3: "Advies voor wie een onderneming overneemt of overlaat.",
}
FIELDS = 24  # of expertise, as the reference table has them

TRADES = (
    "Bakkerij",
    "Brasserie",
    "Brouwerij",
    "Café",
    "Crèmerie",
    "Drukkerij",
    "Elektro",
    "Garage",
    "Kapsalon",
    "Pâtisserie",
    "Schrijnwerkerij",
    "Slagerij",
    "Tuinen",
    "Vervoer",
)
SIGNS = (
    "Côté Jardin",
    "De Kroon",
    "De Zwaan",
    "Het Anker",
    "Naïef",
    "Noordzee",
    "Ten Dries",
    "Ter Duinen",
    "Über",
    "Zeezicht",
    "'t Hoekske",
)
FORMS = ("nv", "bv", "bvba", "cv", "vof", "& Zonen", "& Cie")
# Names that a careless program shows wrongly.
AWKWARD = (
    "Firma [2016] nv",
    "Café Élise & Zonen",
    "[/b]Studio[b]",
    "=A1+A9 bv",
    "100 % Groen_bv",
    "Łódź & 東京 Import",
    "Straße \N{EN DASH} Rue <Noord>",
    '"Het Aanhalingsteken"; bv',
    "Coöperatieve Vereniging voor Zeer Lange Namen van Ondernemingen in Vlaanderen en Brussel cv",
)

# A page that says nothing, as small as a PDF can well be.
PROOF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)

PROVIDER_COLUMNS = (
    "id name name_folded kind enterprise_number department_number headquarters_id "
    "legal_form email phone account_number presentation version"
)
ESTABLISHMENT_COLUMNS = "provider_id number street house_number box postcode municipality municipality_folded version"
PROJECT_COLUMNS = (
    "id number enterprise_id provider_id headquarters_id service title applied_on starts_on ends_on "
    "amount_cents subsidy_cents status status_since version"
)

Progress = Callable[[int, int], None]


def fill_demo(path: Path, *, rows: int = 0, seed: int = 2016, progress: Progress | None = None) -> None:
    """Make the database at `path` and fill it with the demo, and `rows` projects of other providers (0 to 1,000,000).

    5 % of those, 50,000 at most, are of the login `groot`, which has 40 even without any. The same `rows` and `seed`
    give the same rows. `progress` hears how many projects there are, and how many there will be. The file is for
    throwing away: a crash may leave it damaged.
    """
    open_database(path)
    of_large = min(MOST_OF_LARGE, rows // 20)
    others = rows - of_large
    of_large = max(FEWEST_OF_LARGE, of_large)
    providers = max(FEWEST_PROVIDERS, round(rows * PROVIDERS_PER_PROJECT))
    enterprises = max(FEWEST_ENTERPRISES, round(rows * ENTERPRISES_PER_PROJECT))
    random = Random(seed)  # noqa: S311 (example rows, no secrets)
    own = demo_projects.own_projects()
    numbers, large = demo_projects.other_numbers(others, of_large, own, random)
    with bulk.unsynced(), writing(None) as work:
        _add_providers(providers)
        bulk.insert_rows(
            Registration,
            demo_registrations.COLUMNS,
            demo_registrations.registration_rows(PROVIDER, LARGE, LARGE + providers),
        )
        _add_accounts(work)
        _add_enterprises(enterprises)
        with bulk.indexes_afterwards(Project, Payment):
            projects = _with_providers(own, numbers, large, providers, enterprises, random)
            done = 0
            while chunk := list(islice(projects, CHUNK)):
                _add_projects(chunk, done + 1)
                done += len(chunk)
                if progress is not None:
                    progress(done, len(own) + len(numbers))
        _add_reactions(own)
        work.audit("demo.fill", "database", rows=rows, seed=seed)


def _enterprise_number(first_eight: int) -> str:
    return f"{first_eight:08}{97 - first_eight % 97:02}"


def _add_providers(others: int) -> None:
    numbers = [_enterprise_number(FIRST_PROVIDER_NUMBER + place) for place in range(others + 1)]
    own = "0862010195"
    named: list[tuple[str, str, int, str]] = [
        ("Dienstverlener kmo-portefeuille", own, 0, "info"),
        ("Dienstverlener kmo-portefeuille, departement", own, 2, "departement"),
        ("Grote dienstverlener", numbers[0], 0, "groot"),
    ]
    named += [
        (f"Dienstverlener {place:04}", number, 0, f"dienstverlener{place}")
        for place, number in enumerate(numbers[1:], 1)
    ]
    bulk.insert_rows(
        Provider,
        PROVIDER_COLUMNS,
        (
            (
                place,
                name,
                folded(name),
                ProviderKind.DEPARTMENT if department else ProviderKind.HEADQUARTERS,
                number,
                department,
                PROVIDER if department else None,
                "NV",
                f"{mailbox}@example.com",
                "1700",
                EXAMPLE_IBAN,
                PRESENTATIONS.get(place, ""),
                1,
            )
            for place, (name, number, department, mailbox) in enumerate(named, 1)
        ),
    )
    addresses = [_address(place) for place in range(1, len(named) + 1)]
    bulk.insert_rows(Establishment, ESTABLISHMENT_COLUMNS, [*addresses, ELSEWHERE])
    fields = [(place, field) for place in range(1, len(named) + 1) for field in _fields_of(place)]
    bulk.insert_rows(ProviderExpertise, "provider_id field_id", fields)


def _fields_of(provider: int) -> set[int]:
    """The fields of expertise, as their rows are numbered, of every provider but each fourth."""
    return {provider * step % FIELDS + 1 for step in (5, 7)} if provider % 4 else set()


def _address(provider: int) -> tuple[object, ...]:
    if provider == PROVIDER:
        return provider, 1, "Koning Albert II-Laan", "30", "12", "1030", "Schaarbeek", folded("Schaarbeek"), 1
    postcode, municipality = MUNICIPALITIES[provider % len(MUNICIPALITIES)]
    return provider, 1, "Stationsstraat", str(provider % 200 + 1), "", postcode, municipality, folded(municipality), 1


def _add_accounts(work: Work) -> None:
    password_hash = passwords.hash_password(DEMO_PASSWORD)
    provider = {"012345678": PROVIDER, "departement": DEPARTMENT, "groot": LARGE}
    for login, role in DEMO_LOGINS:
        Account.create(
            login=login,
            login_folded=folded(login),
            role=role,
            provider=provider.get(login),
            email=f"{login}@example.com",
            password_hash=password_hash,
            created_at=work.moment,
        )


def _names(count: int) -> Iterator[str]:
    yield "Testonderneming_A en B"
    for place in range(1, OWN_ENTERPRISES):
        yield f"Testonderneming_{chr(ord('B') + place)}"
    yield from AWKWARD
    for place in range(count - len(AWKWARD)):
        trade, sign = TRADES[place % len(TRADES)], SIGNS[place % len(SIGNS)]
        form = FORMS[place // len(TRADES) % len(FORMS)]
        round_number = place // (len(TRADES) * len(SIGNS))
        yield f"{trade} {sign} {round_number} {form}" if round_number else f"{trade} {sign} {form}"


def _add_enterprises(others: int) -> None:
    bulk.insert_rows(
        Enterprise,
        "id enterprise_number name name_folded email version",
        (
            (
                place,
                _enterprise_number(FIRST_ENTERPRISE_NUMBER + place),
                name,
                folded(name),
                f"onderneming{place}@example.com",
                1,
            )
            for place, name in enumerate(_names(others), 1)
        ),
    )


def _with_providers(
    own: Sequence[DemoProject],
    numbers: Sequence[int],
    large: frozenset[int],
    providers: int,
    enterprises: int,
    random: Random,
) -> Iterator[tuple[DemoProject, int, int]]:
    """Each project with its provider and its enterprise, as their rows are numbered."""
    for place, project in enumerate(own):
        of_department = place % 10 == 4 and project.number not in MANUAL_NUMBERS
        yield project, DEPARTMENT if of_department else PROVIDER, project.enterprise + 1
    for number in numbers:
        project = demo_projects.other_project(number, enterprises, random)
        provider = LARGE if number in large else LARGE + 1 + int(random.random() * providers)
        yield project, provider, OWN_ENTERPRISES + project.enterprise + 1


class _Days(dict[int, str]):
    """ISO text by ordinal: a few thousand days stand in millions of rows."""

    def __missing__(self, ordinal: int) -> str:
        self[ordinal] = date.fromordinal(ordinal).isoformat()
        return self[ordinal]


_iso = _Days()


def _moment(ordinal: int) -> str:
    return f"{_iso[ordinal]}T09:00:00.000000+00:00"


def _add_projects(chunk: Sequence[tuple[DemoProject, int, int]], first: int) -> None:
    bulk.insert_rows(
        Project,
        PROJECT_COLUMNS,
        [
            (
                place,
                demo_projects.project_number(project.number),
                enterprise,
                provider,
                PROVIDER if provider == DEPARTMENT else provider,
                project.service,
                project.title,
                _iso[project.applied],
                _iso[project.starts],
                _iso[project.ends],
                project.cents,
                project.subsidy,
                project.status,
                _moment(project.since),
                1,
            )
            for place, (project, provider, enterprise) in enumerate(chunk, first)
        ],
    )
    bulk.insert_rows(
        Payment,
        "project_id paid_on kind amount_cents occurrence",
        [
            (place, _iso[day], kind, cents, 1)
            for place, (project, _provider, _enterprise) in enumerate(chunk, first)
            for day, kind, cents in project.payments
        ],
    )


def _add_reactions(own: Sequence[DemoProject]) -> None:
    """The reactions behind the stops, and behind the cancelled projects that did not just run out of time."""
    accounts = {account.provider_id: account for account in Account.select()}
    rows = {row.number: row for row in Project.select().where(Project.headquarters == PROVIDER)}
    reasons = (Reason.NOT_TAKING_PLACE, Reason.AMOUNT_WRONG, Reason.FILED_LATE, Reason.OTHER)
    for place, project in enumerate(own):
        row = rows[demo_projects.project_number(project.number)]
        account = accounts[row.provider_id]
        match project.status:
            case ProjectStatus.CANCELLED if project.since - project.applied < demo_projects.DAYS_TO_PAY:
                reason = reasons[place % len(reasons)]
                text = "De deelnemers zijn ziek." if reason is Reason.OTHER else ""
                _add_reaction(row, account, ReactionKind.CANCEL, reason, text, project.since)
            case ProjectStatus.STOP_REQUESTED:
                _add_reaction(row, account, ReactionKind.STOP, Reason.NOT_TAKING_PLACE, "", project.since)
            case ProjectStatus.STOPPED:
                asked = max(day for day, _kind, _cents in project.payments)
                _add_reaction(row, account, ReactionKind.STOP, Reason.NOT_TAKING_PLACE, "", asked)


def _add_reaction(row: Project, account: Account, kind: ReactionKind, reason: Reason, text: str, day: int) -> None:
    [(before, after)] = REACTIONS[kind].items()
    reaction = Reaction.create(
        project=row,
        kind=kind,
        reason=reason,
        reason_text=text,
        account=account,
        reacted_at=datetime.fromisoformat(_moment(day)),
        status_before=before,
        status_after=after,
    )
    if kind is ReactionKind.STOP:
        Proof.create(
            reaction=reaction,
            file_name="annulering.pdf",
            media_type="application/pdf",
            content=PROOF,
            sha256=sha256(PROOF).hexdigest(),
        )
