"""`kmop-tui export projects`: the list without the screens."""

import argparse
import sys
from pathlib import Path

from kmop_tui.settings import Settings, WrongUsage, say
from services.accounts import on_behalf_of
from services.databases import command_line_actor, open_database
from services.errors import Invalid
from services.exports import ExportFormat, ExportProjects, export_projects
from services.language import _, ngettext, show_number
from services.projects import ProjectQuery, ProjectStatus, ServiceType, SortColumn

SERVICES = {"opleiding": ServiceType.TRAINING, "advies": ServiceType.ADVICE}


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Write the list of `options.login` to the file or to stdout; how many projects it has goes to stderr."""
    export_format = ExportFormat(options.format)
    if export_format is ExportFormat.XLSX and options.output is None and sys.stdout.isatty():
        raise WrongUsage(_("An XLSX file cannot be shown on a terminal; name a file with -o."))
    open_database(settings.database)
    actor = on_behalf_of(options.login, actor=command_line_actor())
    try:
        result = export_projects(
            ExportProjects(query=_query(options), format=export_format),
            sys.stdout.buffer if options.output is None else Path(options.output),
            actor=actor,
            overwrite=options.force,
        )
    except Invalid as error:
        filters = error.fields.keys() & ProjectQuery.model_fields.keys()
        if not filters:
            raise
        raise WrongUsage(" ".join(f"--{name}: {error.fields[name]}" for name in sorted(filters))) from error
    say(_outcome(result.rows, options.output))
    return 0


def _query(options: argparse.Namespace) -> ProjectQuery:
    return ProjectQuery(
        number=options.number,
        enterprise=options.enterprise,
        applied=options.applied,
        amount=options.amount,
        service=SERVICES.get(options.service),
        status=ProjectStatus(options.status) if options.status else None,
        sort=SortColumn(options.sort.removeprefix("-")),
        descending=options.sort.startswith("-"),
        all_years=options.all_years,
    )


def _outcome(rows: int, file: str | None) -> str:
    names = {"rows": show_number(rows), "file": file}
    if file is None:
        return ngettext("%(rows)s project written.", "%(rows)s projects written.", rows) % names
    return ngettext("%(rows)s project written to %(file)s.", "%(rows)s projects written to %(file)s.", rows) % names
