"""The project list in a person's own file (CSV, XLSX, JSON) or on the clipboard: the same rows, in the same order."""

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import IO

from db.project_list import ProjectLine, count_projects, every_project_line
from services.checks import clean_line
from services.errors import Invalid
from services.files import file_troubles_in_words, put_in_place, scratch_file
from services.language import _, ngettext, show_date, show_number
from services.projects import ProjectQuery, chosen_projects
from services.rules import Permission
from services.spreadsheets import guarded
from services.words import word
from services.work import Actor, Record, reading, require, writing

MOST_XLSX_ROWS = 1_048_575  # a sheet ends at row 1,048,576, and the first holds the headings
COLUMN_WIDTHS = (16, 44, 18, 17, 12, 26)  # in characters


class ExportFormat(StrEnum):
    """What a list can be written as; also the file's suffix."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


class ExportProjects(Record):
    """Which list, and as what."""

    query: ProjectQuery
    format: ExportFormat


class ExportResult(Record):
    """How many projects were written; `path` is None when they went to a stream."""

    rows: int
    path: Path | None


class CopiedProjects(Record):
    """The list as lines of tab-separated cells, the headings first; `rows` does not count these."""

    rows: int
    text: str


def export_projects(
    command: ExportProjects, target: Path | IO[bytes], *, actor: Actor, overwrite: bool = False
) -> ExportResult:
    """Write exactly the projects that `list_projects` gives for the query, as they were at one moment.

    A new file is the owner's alone (0600) and appears whole or not at all; an existing one is left as it is unless
    `overwrite`. A stream gets nothing before all of it is there. What leaves is on the audit trail before it does.
    Invalid names what is wrong: a filter, `file`, `format` (more rows than a sheet has); Unavailable on a full disk.
    """
    with reading(), file_troubles_in_words(target):
        require(actor, Permission.EXPORT_PROJECTS)
        chosen = chosen_projects(command.query, actor)
        with scratch_file(target, overwrite) as scratch:
            # one statement: its rows are those of one moment, whatever others write meanwhile
            lines = every_project_line(chosen, command.query.sort, command.query.descending)
            rows = WRITERS[command.format](lines, scratch)
            scratch.flush()
            os.fsync(scratch.fileno())
            _record(actor, command.format, rows)
            if isinstance(target, Path):
                put_in_place(Path(scratch.name), target, overwrite)
                return ExportResult(rows=rows, path=target)
            scratch.seek(0)
            shutil.copyfileobj(scratch, target)
            target.flush()
            return ExportResult(rows=rows, path=None)


def projects_as_text(query: ProjectQuery, *, actor: Actor, limit_bytes: int) -> CopiedProjects:
    """The whole list for pasting into a spreadsheet; Invalid (`clipboard`) when it is longer than `limit_bytes`."""
    with reading():
        require(actor, Permission.EXPORT_PROJECTS)
        chosen = chosen_projects(query, actor)
        lines = [_tab_separated(_headings())]
        size = len(lines[0].encode())
        for line in every_project_line(chosen, query.sort, query.descending):
            lines.append(_tab_separated(_cells(line)))
            size += len(lines[-1].encode())
            if size > limit_bytes:
                raise Invalid({"clipboard": _too_long(count_projects(chosen), len(lines) - 2, limit_bytes)})
        rows = len(lines) - 1
        _record(actor, "clipboard", rows)
        return CopiedProjects(rows=rows, text="".join(lines))


def _record(actor: Actor, form: str, rows: int) -> None:
    with writing(actor) as work:
        whose = "everything" if actor.provider_id is None else f"provider:{actor.provider_id}"
        work.audit("project.export", whose, format=form, rows=rows)


def _cell(text: str) -> str:
    return guarded(clean_line(text))


def _headings() -> tuple[str, ...]:
    return (
        _("Project number"),
        _("Enterprise"),
        _("Application date"),
        _("Project amount"),
        _("Service"),
        _("Status"),
    )


def _cells(line: ProjectLine) -> tuple[str, ...]:
    """A row as texts that a Belgian spreadsheet reads as date and number: no thousands dots, no currency sign."""
    return (
        _cell(line.number),
        _cell(line.enterprise),
        show_date(line.applied_on),
        f"{line.amount_cents // 100},{line.amount_cents % 100:02}",
        _cell(word(line.service)),
        _cell(word(line.status)),
    )


def _tab_separated(cells: Iterable[str]) -> str:
    """One line; a cell with a quotation mark is quoted, or a spreadsheet would take it for the begin of such a cell."""
    line = StringIO()
    csv.writer(line, delimiter="\t", lineterminator="\n").writerow(cells)
    return line.getvalue()


@contextmanager
def _as_text(file: IO[bytes], encoding: str) -> Iterator[TextIOWrapper]:
    text = TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _write_csv(lines: Iterable[ProjectLine], file: IO[bytes]) -> int:
    """For a Belgian Excel: with BOM (without it é becomes Ã©), semicolons, CRLF, every cell quoted."""
    rows = 0
    with _as_text(file, "utf-8-sig") as text:
        table = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
        table.writerow(_headings())
        for line in lines:
            table.writerow(_cells(line))
            rows += 1
    return rows


def _write_json(lines: Iterable[ProjectLine], file: IO[bytes]) -> int:
    """An array of objects, one a line. Amounts are texts of euro and cents: many readers make floats of numbers."""
    rows = 0
    with _as_text(file, "utf-8") as text:
        text.write("[")
        for line in lines:
            record = {
                "number": clean_line(line.number),
                "enterprise": clean_line(line.enterprise),
                "applied": line.applied_on.isoformat(),
                "amount": f"{line.amount_cents // 100}.{line.amount_cents % 100:02}",
                "service": word(line.service),
                "status": word(line.status),
            }
            text.write(",\n" if rows else "\n")
            text.write(json.dumps(record, ensure_ascii=False))
            rows += 1
        text.write("\n]\n")
    return rows


class _Sink:
    """Where XlsxWriter's ZipFile goes. One that failed half-way writes its end when it is thrown away: to nobody."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.abandoned = False

    def write(self, data: bytes) -> int:
        return len(data) if self.abandoned else self._file.write(data)

    def flush(self) -> None:
        if not self.abandoned:
            self._file.flush()


def _write_xlsx(lines: Iterable[ProjectLine], file: IO[bytes]) -> int:
    """Typed cells: a text is written as a text, whatever it looks like, so nothing becomes a formula or a link."""
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    rows = 0
    with tempfile.TemporaryDirectory() as folder:
        sink = _Sink(file)
        workbook = Workbook(sink, {"constant_memory": True, "tmpdir": folder})
        sheet = workbook.add_worksheet(_("Projects"))
        heading = workbook.add_format({"bold": True})
        # a cell of the format "text" stays one when somebody edits it
        text = workbook.add_format({"num_format": "@"})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        euro = workbook.add_format({"num_format": '"€ "#,##0.00'})
        for column, (title, width) in enumerate(zip(_headings(), COLUMN_WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, heading)
        sheet.freeze_panes(1, 0)
        try:
            for line in lines:
                rows += 1
                if rows > MOST_XLSX_ROWS:
                    raise Invalid({"format": _too_many_rows()})
                sheet.write_string(rows, 0, _sheet_text(line.number), text)
                sheet.write_string(rows, 1, _sheet_text(line.enterprise), text)
                sheet.write_datetime(rows, 2, line.applied_on, day)
                sheet.write_number(rows, 3, line.amount_cents / 100, euro)
                sheet.write_string(rows, 4, word(line.service), text)
                sheet.write_string(rows, 5, word(line.status), text)
            sheet.autofilter(0, 0, rows, len(COLUMN_WIDTHS) - 1)
            workbook.close()
        except FileCreateError as error:
            sink.abandoned = True
            raise error.args[0] from error
        finally:
            # XlsxWriter leaves its own file of rows open when it does not get to the end
            sheet.row_data_fh.close()
    return rows


def _sheet_text(text: str) -> str:
    """`text` on one line. XlsxWriter puts `<r>…</r>` into the sheet's XML as it stands, unless there is ' in front."""
    cell = clean_line(text)
    return f"'{cell}" if cell.startswith("<r>") and cell.endswith("</r>") else cell


WRITERS: dict[ExportFormat, Callable[[Iterable[ProjectLine], IO[bytes]], int]] = {
    ExportFormat.CSV: _write_csv,
    ExportFormat.XLSX: _write_xlsx,
    ExportFormat.JSON: _write_json,
}


def _too_many_rows() -> str:
    return _(
        "An XLSX sheet holds %(most)s projects, and the list has more. Choose CSV or JSON, or filter the list."
    ) % {"most": show_number(MOST_XLSX_ROWS)}


def _too_long(rows: int, fitting: int, limit_bytes: int) -> str:
    return ngettext(
        "The list has %(rows)s project, too long for the clipboard: it takes %(limit)s bytes. Nothing was copied. "
        "Export the list to a file.",
        "The list has %(rows)s projects; the clipboard takes %(limit)s bytes, the first %(fitting)s of them. "
        "Nothing was copied. Filter the list, or export it to a file.",
        rows,
    ) % {"rows": show_number(rows), "fitting": show_number(fitting), "limit": show_number(limit_bytes)}
