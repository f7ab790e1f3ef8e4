"""`kmop-tui db`: the database file."""

from argparse import Namespace
from pathlib import Path

from kmop_tui.settings import Settings, say
from services import databases
from services.language import _, ngettext


def migrate(_options: Namespace, settings: Settings) -> int:
    """Bring the database up to date; what was applied goes to stdout."""
    applied = databases.open_database(settings.database)
    for name in applied:
        print(name)
    if not applied:
        say(_("The database is up to date: there was nothing to do."))
    return 0


def check(_options: Namespace, settings: Settings) -> int:
    """Look for damage; 1 with a line on stderr for each thing that is wrong."""
    problems = databases.check_database(settings.database)
    for problem in problems:
        say(problem)
    if not problems:
        say(_("The database %(path)s is sound.") % {"path": settings.database})
    return 1 if problems else 0


def backup(options: Namespace, settings: Settings) -> int:
    """Copy the database to a new file while it is in use."""
    trail = databases.back_up(settings.database, Path(options.file))
    say(
        ngettext(
            "%(file)s holds a sound copy with %(lines)s audit line; the last one's hash is %(head)s.",
            "%(file)s holds a sound copy with %(lines)s audit lines; the last one's hash is %(head)s.",
            trail.lines,
        )
        % {"file": options.file, "lines": trail.lines, "head": trail.head}
    )
    return 0


def restore(options: Namespace, settings: Settings) -> int:
    """Put a backup in the database's place; where that is kept goes to stdout."""
    kept = databases.restore(settings.database, Path(options.file))
    say(_("%(file)s is now the database %(path)s.") % {"file": options.file, "path": settings.database})
    if kept is not None:
        say(_("The database that was there before is kept as:"))
        print(kept)
    return 0
