"""Payments from the back office: deposits of the own share and payouts, and the states they lead to."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from db import imports
from db.codes import PaymentKind, ProjectStatus
from db.imports import OccurrenceCounts, PaidProject, PaymentKey
from services.backoffice_files import Cells
from services.checks import parse_project_number
from services.import_rows import Outcome, Problems, day, positive_amount
from services.language import _
from services.rules import PAID_IN, PAID_OUT
from services.work import Work

KINDS = {"storting eigen bijdrage": PaymentKind.DEPOSIT, "uitbetaling": PaymentKind.PAYOUT}


class PaymentRow(NamedTuple):
    """One payment; the day as ISO text."""

    number: str
    paid_on: str
    kind: PaymentKind
    amount_cents: int


def _kind(text: str) -> PaymentKind:
    try:
        return KINDS[text.casefold()]
    except KeyError:
        raise ValueError(
            _("'%(text)s' is no kind of payment; write Storting eigen bijdrage or Uitbetaling.") % {"text": text}
        ) from None


class PaymentImport:
    """The rows of a file of payments. The n-th line of a file that is equal to others is their occurrence n."""

    columns = ("Projectnr", "Datum", "Soort", "Bedrag")
    turns = 1

    def __init__(self, occurrences: OccurrenceCounts) -> None:
        self._occurrences = occurrences

    def read(self, cells: Cells) -> PaymentRow:
        """The row as a payment; Invalid names the columns that do not do."""
        row = PaymentRow(
            number=cells.read("Projectnr", parse_project_number),
            paid_on=cells.read("Datum", day),
            kind=cells.read("Soort", _kind),
            amount_cents=cells.read("Bedrag", positive_amount),
        )
        cells.finish()
        return row

    def turn(self, row: PaymentRow) -> int:
        """All in one turn."""
        return 0

    def record(self, rows: Sequence[PaymentRow], work: Work) -> Sequence[Outcome | Problems]:
        """Add the payments that are new, and bring their projects to the states that they lead to."""
        ids = imports.project_ids({row.number for row in rows})
        keys: list[PaymentKey | None] = []
        for row in rows:
            occurrence = self._occurrences.count(" ".join(map(str, row)))
            project_id = ids.get(row.number)
            keys.append(None if project_id is None else PaymentKey(project_id, *row[1:], occurrence))
        added = imports.insert_payments([key for key in keys if key])
        _move(imports.paid_projects({key.project_id for key in added}), work)
        unknown = _("There is no project %(number)s; import the projects first.")
        return [
            {"Projectnr": unknown % {"number": row.number}}
            if key is None
            else Outcome.NEW
            if key in added
            else Outcome.UNCHANGED
            for row, key in zip(rows, keys, strict=True)
        ]


def _move(projects: Iterable[PaidProject], work: Work) -> None:
    """Bring each project to the state that its payments lead to, if need be through the one between, and say so."""
    moved: dict[ProjectStatus, list[int]] = {}
    for project in projects:
        status = project.status
        if status in PAID_IN and project.deposited_cents >= project.own_share_cents:
            status = PAID_IN[status]
            work.audit("project.paid_in", f"project:{project.number}", status=status)
        if status in PAID_OUT and project.paid_out_cents >= project.amount_cents:
            status = PAID_OUT[status]
            work.audit("project.paid_out", f"project:{project.number}", status=status)
        if status != project.status:
            moved.setdefault(status, []).append(project.id)
    for status, ids in moved.items():
        imports.move_projects(ids, status, work.moment)
