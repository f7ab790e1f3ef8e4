"""Files of the back office taken in: good rows in batches, each one transaction, bad ones back in a file beside it."""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from db.imports import OccurrenceCounts
from services.backoffice_files import Row, Table
from services.errors import Busy, Invalid, Unavailable
from services.import_rows import Importer, Outcome, Problems
from services.imports_payments import PaymentImport
from services.imports_projects import ProjectImport
from services.imports_providers import ProviderImport
from services.language import _
from services.rejects import RejectsFile
from services.rules import Permission
from services.work import Actor, Record, reading, require, writing

BATCH_ROWS = 1000

Checked = tuple[Row, Any, Problems | None]  # a row as it was, as it was understood, or why it was not
Progress = Callable[[int, int], None]  # lines done, lines to do


class ImportKind(StrEnum):
    """What a file holds."""

    PROVIDERS = "providers"
    PROJECTS = "projects"
    PAYMENTS = "payments"


class ImportFile(Record):
    """Take in the file at `path`."""

    kind: ImportKind
    path: Path


class ImportResult(Record):
    """What became of the rows; `line` is the last one that was dealt with, `rejects` where the refused rows are."""

    new: int = 0
    unchanged: int = 0
    rejected: int = 0
    line: int = 0
    rejects: Path | None = None


class ImportInterrupted(KeyboardInterrupt):
    """Somebody pressed ctrl+c: what `result` counts was taken in, whole batches only."""

    def __init__(self, result: ImportResult) -> None:
        super().__init__()
        self.result = result


class _NothingNew(Exception):
    """Ends the transaction of a batch that changed nothing."""


def import_file(command: ImportFile, *, actor: Actor, progress: Progress | None = None) -> ImportResult:
    """Take in a file, good rows only; the rows it refused are in `FILE.rejects.csv` afterwards.

    Taking in the same file again changes nothing. NotFound or Invalid when the file itself cannot be taken in,
    ImportInterrupted on ctrl+c; Busy and Unavailable say up to which line everything was recorded before.
    """
    with reading(), OccurrenceCounts() as occurrences:
        require(actor, Permission.IMPORT)
        importer = _importer(command.kind, occurrences)
        table = Table(command.path, importer.columns)
        with RejectsFile(command.path, table.header) as rejects:
            run = _Run(command.kind, importer, table, rejects, actor)
            try:
                for turn in range(importer.turns):
                    run.take(turn, progress)
            except KeyboardInterrupt:
                rejects.publish()
                raise ImportInterrupted(run.result) from None
            except (Busy, Unavailable) as error:
                if not run.result.line:
                    raise
                done = _("Everything up to line %(line)s is recorded; import the file again to go on. After that:")
                raise type(error)(f"{done % {'line': run.result.line}} {error}") from error
            rejects.publish()
            return run.result


def _importer(kind: ImportKind, occurrences: OccurrenceCounts) -> Importer[Any]:
    match kind:
        case ImportKind.PROVIDERS:
            return ProviderImport()
        case ImportKind.PROJECTS:
            return ProjectImport()
        case ImportKind.PAYMENTS:
            return PaymentImport(occurrences)


class _Run:
    """One file being taken in, and what became of its rows so far."""

    def __init__(
        self, kind: ImportKind, importer: Importer[Any], table: Table, rejects: RejectsFile, actor: Actor
    ) -> None:
        self._kind = kind
        self._importer = importer
        self._table = table
        self._rejects = rejects
        self._actor = actor
        self.result = ImportResult()

    def take(self, turn: int, progress: Progress | None) -> None:
        """Go through the file once."""
        lines = self._table.facts.lines
        for batch in self._batches(turn):
            outcomes = self._record([row for _raw, row, problems in batch if problems is None], len(batch))
            self._count(batch, outcomes)
            if progress:
                progress(turn * lines + batch[-1][0].line, self._importer.turns * lines)

    def _batches(self, turn: int) -> Iterator[list[Checked]]:
        batch: list[Checked] = []
        for raw in self._table.rows():
            checked = self._check(raw)
            if turn == (0 if checked[2] else self._importer.turn(checked[1])):
                batch.append(checked)
            if len(batch) == BATCH_ROWS:
                yield batch
                batch = []
        if batch:
            yield batch

    def _check(self, raw: Row) -> Checked:
        try:
            return raw, self._importer.read(self._table.cells(raw)), None
        except Invalid as error:
            return raw, None, error.fields

    def _record(self, rows: Sequence[Any], batch_rows: int) -> Sequence[Outcome | Problems]:
        """One batch, one transaction; nothing is written when nothing is new."""
        outcomes: Sequence[Outcome | Problems] = []
        try:
            with writing(self._actor) as work:
                outcomes = self._importer.record(rows, work)
                new = outcomes.count(Outcome.NEW)
                if not new:
                    raise _NothingNew
                unchanged = outcomes.count(Outcome.UNCHANGED)
                # by its content: a file's name may hold a person's
                work.audit(
                    f"import.{self._kind}",
                    f"file:{self._table.facts.fingerprint[:16]}",
                    new=new,
                    unchanged=unchanged,
                    rejected=batch_rows - new - unchanged,
                )
        except _NothingNew:
            pass
        return outcomes

    def _count(self, batch: Sequence[Checked], outcomes: Sequence[Outcome | Problems]) -> None:
        recorded = iter(outcomes)
        counts = {Outcome.NEW: 0, Outcome.UNCHANGED: 0}
        for raw, _row, problems in batch:
            outcome = problems or next(recorded)
            if isinstance(outcome, Outcome):
                counts[outcome] += 1
            else:
                self._rejects.add(raw.line, outcome, raw.cells)
        self.result = ImportResult(
            new=self.result.new + counts[Outcome.NEW],
            unchanged=self.result.unchanged + counts[Outcome.UNCHANGED],
            rejected=self._rejects.count,
            line=max(self.result.line, batch[-1][0].line),
            rejects=self._rejects.path if self._rejects.count else None,
        )
