"""`kmop-tui import providers|projects|payments FILE`."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kmop_tui.settings import PROGRAM, Settings, say
from services.databases import command_line_actor, open_database
from services.imports import ImportFile, ImportInterrupted, ImportKind, ImportResult, Progress, import_file
from services.language import _


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Take in the file; 3 when rows were rejected, 130 when interrupted."""
    open_database(settings.database)
    command = ImportFile(kind=ImportKind(options.kind), path=Path(options.file))
    try:
        with _progress_on_terminal() as progress:
            result = import_file(command, actor=command_line_actor(), progress=progress)
    except ImportInterrupted as interruption:
        say(
            f"{PROGRAM}: "
            + _("Interrupted after line %(line)s: %(summary)s. Import the file again to go on.")
            % {"line": interruption.result.line, "summary": _summary(interruption.result)}
        )
        return 130
    say(_summary(result))
    return 3 if result.rejected else 0


def _summary(result: ImportResult) -> str:
    counts = _("%(new)s new, %(unchanged)s unchanged, %(rejected)s rejected") % {
        "new": result.new,
        "unchanged": result.unchanged,
        "rejected": result.rejected,
    }
    return f"{counts} {_('(see %(file)s)') % {'file': result.rejects}}" if result.rejects else counts


@contextmanager
def _progress_on_terminal() -> Iterator[Progress | None]:
    """A bar on stderr that goes away afterwards; nothing unless stderr is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
