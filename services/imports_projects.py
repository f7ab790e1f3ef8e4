"""Projects from the back office: their status and dates as they stand, their enterprises with them."""

from collections.abc import Mapping, Sequence
from itertools import product

from db import imports
from db.codes import ProjectStatus, ServiceType
from db.enterprises import Enterprise
from db.fields import folded
from db.imports import KnownEnterprise, KnownProject, ProviderNumber
from db.projects import Project
from services.backoffice_files import Cells
from services.checks import parse_amount, parse_project_number, show_provider_number
from services.import_rows import (
    Outcome,
    Problems,
    day,
    email,
    enterprise_number,
    fingerprint,
    known_otherwise,
    positive_amount,
    provider_number,
)
from services.language import _
from services.work import Work

SERVICES = {"opleiding": ServiceType.TRAINING, "advies": ServiceType.ADVICE}
STATUSES = {str(status): status for status in ProjectStatus}


def _service(text: str) -> ServiceType:
    try:
        return SERVICES[text.casefold()]
    except KeyError:
        raise ValueError(_("'%(text)s' is no service; write Opleiding or Advies.") % {"text": text}) from None


def _status(text: str) -> ProjectStatus:
    try:
        return STATUSES[text]
    except KeyError:
        raise ValueError(
            _("'%(text)s' is no status; write one of %(statuses)s.") % {"text": text, "statuses": ", ".join(STATUSES)}
        ) from None


def _as_imported(project: KnownProject, row: KnownProject, digest: str | None) -> KnownProject | None:
    """`project` as its own row once was, proven by the fingerprint of that row; None when it cannot be told.

    Only its status, and its enterprise's name and address, can have changed here since.
    """
    names = dict.fromkeys((project.enterprise, row.enterprise))
    emails = dict.fromkeys((project.email, row.email))
    for status, name, address in product(ProjectStatus, names, emails):
        candidate = project._replace(status=status, enterprise=name, email=address)
        if fingerprint(candidate) == digest:
            return candidate
    return None


class ProjectImport:
    """The rows of a file of projects."""

    columns = (
        "Projectnr",
        "Onderneming",
        "Ondernemingsnummer",
        "E-mail",
        "Dienstverlener",
        "Dienst",
        "Titel",
        "Aanvraag datum",
        "Startdatum",
        "Einddatum",
        "Projectbedrag",
        "Steunbedrag",
        "Status",
    )
    turns = 1

    def read(self, cells: Cells) -> KnownProject:
        """The row as a project; Invalid names the columns that do not do."""
        row = KnownProject(
            number=cells.read("Projectnr", parse_project_number),
            enterprise=cells.read("Onderneming", str),
            enterprise_number=cells.read("Ondernemingsnummer", enterprise_number),
            email=cells.read("E-mail", email),
            provider=cells.read("Dienstverlener", provider_number),
            service=cells.read("Dienst", _service),
            title=cells.text("Titel"),
            applied_on=cells.read("Aanvraag datum", day),
            starts_on=cells.read("Startdatum", day),
            ends_on=cells.read("Einddatum", day),
            amount_cents=cells.read("Projectbedrag", positive_amount),
            subsidy_cents=cells.read("Steunbedrag", parse_amount),
            status=cells.read("Status", _status),
        )
        if not cells.problems.keys() & {"Startdatum", "Einddatum"} and row.ends_on < row.starts_on:
            cells.problems["Einddatum"] = _("The end date is before the start date.")
        if not cells.problems.keys() & {"Projectbedrag", "Steunbedrag"} and row.subsidy_cents > row.amount_cents:
            cells.problems["Steunbedrag"] = _("The subsidy is higher than the project amount.")
        cells.finish()
        return row

    def turn(self, row: KnownProject) -> int:
        """All in one turn."""
        return 0

    def record(self, rows: Sequence[KnownProject], work: Work) -> Sequence[Outcome | Problems]:
        """Add the projects that are new, and name their enterprises as the newest application does."""
        printed = [(row, fingerprint(row)) for row in rows]
        digests = imports.project_digests({row.number for row in rows})
        known = imports.known_projects({row.number for row, digest in printed if digests.get(row.number) != digest})
        providers = imports.provider_ids(row.provider[0] for row in rows)
        added: dict[str, tuple[KnownProject, str]] = {}
        outcomes: list[Outcome | Problems] = []
        for row, digest in printed:
            if row.number in added:
                differing = self._differing(added[row.number][0], row)
                outcomes.append(known_otherwise(differing) if differing else Outcome.UNCHANGED)
            elif digests.get(row.number) == digest:
                outcomes.append(Outcome.UNCHANGED)
            elif row.number in known:
                outcomes.append(self._compared(known[row.number], row, digests[row.number]))
            elif row.provider not in providers:
                unknown = _("There is no provider %(number)s; import the providers first.")
                outcomes.append({"Dienstverlener": unknown % {"number": show_provider_number(*row.provider)}})
            else:
                added[row.number] = (row, digest)
                outcomes.append(Outcome.NEW)
        self._add(list(added.values()), providers)
        return outcomes

    def _compared(self, project: KnownProject, row: KnownProject, digest: str | None) -> Outcome | Problems:
        if digest is None:  # made here: there is no row that it came from
            differing = self._differing(project, row)
            return known_otherwise(differing) if differing else Outcome.UNCHANGED
        imported = _as_imported(project, row, digest)
        if imported is not None:
            return known_otherwise(self._differing(imported, row))
        # Then its name or address was another one, which the record no longer holds. Of the status nothing can be said.
        comparable = row._replace(enterprise=project.enterprise, email=project.email, status=project.status)
        either = _("%(one)s or %(other)s") % {"one": "Onderneming", "other": "E-mail"}
        return known_otherwise([*self._differing(project, comparable), either])

    def _differing(self, one: KnownProject, other: KnownProject) -> list[str]:
        return [column for column, left, right in zip(self.columns, one, other, strict=True) if left != right]

    def _add(
        self, added: Sequence[tuple[KnownProject, str]], providers: Mapping[ProviderNumber, tuple[int, int]]
    ) -> None:
        enterprises = _record_enterprises([row for row, _digest in added])
        imports.insert_rows(
            Project,
            [
                {
                    "number": row.number,
                    "enterprise": enterprises[row.enterprise_number].id,
                    "provider": providers[row.provider][0],
                    "headquarters": providers[row.provider][1],
                    "service": row.service,
                    "title": row.title,
                    "applied_on": row.applied_on,
                    "starts_on": row.starts_on,
                    "ends_on": row.ends_on,
                    "amount_cents": row.amount_cents,
                    "subsidy_cents": row.subsidy_cents,
                    "status": row.status,
                    "source_digest": digest,
                }
                for row, digest in added
            ],
        )


def _record_enterprises(rows: Sequence[KnownProject]) -> dict[str, KnownEnterprise]:
    """Add and rename enterprises, before the projects of `rows` are added; all of theirs, by number."""
    newest: dict[str, KnownProject] = {}
    for row in sorted(rows, key=_application):
        newest[row.enterprise_number] = row
    known = imports.known_enterprises(newest)
    new = {number: row for number, row in newest.items() if number not in known}
    imports.insert_rows(
        Enterprise,
        [
            {
                "enterprise_number": number,
                "name": row.enterprise,
                "name_folded": folded(row.enterprise),
                "email": row.email,
            }
            for number, row in new.items()
        ],
    )
    for number, enterprise in known.items():
        row = newest[number]
        names_it = _application(row) > enterprise.newest_application
        if names_it and (row.enterprise, row.email) != (enterprise.name, enterprise.email):
            imports.rename_enterprise(enterprise.id, row.enterprise, row.email)
    return known | imports.known_enterprises(new)


def _application(row: KnownProject) -> str:
    return row.applied_on + row.number
