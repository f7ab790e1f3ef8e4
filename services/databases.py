"""The database as a whole: opened for use, checked, backed up, restored; and who acts at the command line."""

import getpass
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from db import database, inspection, migrate, sqlite
from db.errors import Fault, StorageError, told_apart
from db.replacement import replace_database, sync_folder
from services import clock
from services.accounts import system_actor
from services.audit import AuditTrail, examine
from services.errors import Conflict, Unavailable
from services.language import TIME_ZONE, _
from services.work import Actor, Record, storage_in_words, writing

SQLITE_VERSION = inspection.SQLITE_VERSION


class DatabaseFacts(Record):
    """What can be said of a database file without changing it; `problem` is a sentence when it cannot be used."""

    path: Path
    bytes: int | None = None
    migrations: tuple[str, ...] = ()
    accounts: int | None = None
    providers: int | None = None
    projects: int | None = None
    problem: str | None = None


def open_database(path: Path) -> list[str]:
    """Use the file at `path`, made on first use and brought up to date; the names of the migrations applied."""
    database.use_database(path)
    with storage_in_words():
        return migrate.migrate()


def open_existing(path: Path) -> None:
    """As `open_database`, but Unavailable when there is none: asking after a database is no reason to make one."""
    _require_file(path)
    open_database(path)


def command_line_actor() -> Actor:
    """Who runs a command: the owner of the database file, role `system`, under the operating system's user name."""
    return system_actor(getpass.getuser())


def _require_file(path: Path) -> None:
    try:
        if path.is_file():
            return
    except PermissionError:
        pass
    raise Unavailable(
        _("There is no database at %(path)s that you can read. Give its path with --database or KMOP_DATABASE.")
        % {"path": path}
    )


def describe_database(path: Path) -> DatabaseFacts:
    """Path, size, migrations and counts; never an error: what is wrong is one of the facts."""
    size = None
    migrations: list[str] = []
    try:
        _require_file(path)
        size = path.stat().st_size
        with storage_in_words():
            migrations = inspection.migrations_of(path)
            if not migrations:
                return DatabaseFacts(path=path, bytes=size, problem=_not_ours(path))
            counts = inspection.counts_of(path, "account", "provider", "project")
    except Unavailable as error:
        return DatabaseFacts(path=path, bytes=size, migrations=tuple(migrations), problem=str(error))
    return DatabaseFacts(
        path=path,
        bytes=size,
        migrations=tuple(migrations),
        accounts=counts["account"],
        providers=counts["provider"],
        projects=counts["project"],
    )


def _not_ours(path: Path) -> str:
    return _("%(file)s is not a database of kmop-tui. Choose another file.") % {"file": path}


def check_database(path: Path) -> list[str]:
    """What is wrong with the file, a sentence each, nothing when it is sound; it is only read.

    Unavailable when there is none, or it is too damaged to be looked at.
    """
    _require_file(path)
    with storage_in_words():
        if not inspection.migrations_of(path):
            return [_not_ours(path)]
        found = [_("SQLite finds: %(problem)s") % {"problem": line} for line in inspection.problems_of(path)]
        trail = examine(inspection.audit_lines_of(path))
    return found + ([trail.problem] if trail.problem else [])


def _refuse(file: Path, error: StorageError) -> NoReturn:
    """Say of a backup, rather than of the database in use, what is wrong with it."""
    match error.fault:
        case Fault.NEWER:
            reason = _("%(file)s was made by a newer kmop-tui. Install that version first.")
        case Fault.UNREACHABLE:
            reason = _("There is no file %(file)s that can be read. Check its name and folder.")
        case Fault.DAMAGED:
            reason = _("%(file)s is damaged, or no database at all. Choose another backup.")
        case _:
            raise error
    raise Unavailable(reason % {"file": file}) from error


def _require_sound(copy: Path, shown: Path) -> AuditTrail:
    """The audit trail of a copy that is sound and one of ours; Unavailable names the file it is `shown` as."""
    if not inspection.migrations_of(copy):
        raise Unavailable(_not_ours(shown))
    problems = inspection.problems_of(copy)
    trail = examine(inspection.audit_lines_of(copy))
    if found := problems[:1] or ([trail.problem] if trail.problem else []):
        raise Unavailable(_("%(file)s is not sound: %(problem)s") % {"file": shown, "problem": found[0]})
    return trail


def _not_writable(file: Path, error: OSError) -> Unavailable:
    return Unavailable(
        _("%(file)s cannot be written (%(reason)s). Choose a folder that is yours.")
        % {"file": file, "reason": error.strerror}
    )


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A file beside `target` for the body to fill; its name is gone afterwards. Unavailable when it cannot be made."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except OSError as error:
        raise _not_writable(target, error) from error
    os.close(handle)
    unfinished = Path(name)
    try:
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


def back_up(path: Path, target: Path) -> AuditTrail:
    """Copy the database to a new file `target` while others go on using it; the audit trail that the copy holds.

    Conflict when the file exists, Unavailable when the copy is not sound: there is none then.
    """
    _require_file(path)
    taken = Conflict(_("%(file)s exists already and is not overwritten. Choose another name.") % {"file": target})
    if target.exists():
        raise taken
    with storage_in_words(), _unfinished(target) as copy:
        with told_apart():
            sqlite.copy(path, copy)
        trail = _require_sound(copy, path)
        try:
            target.hardlink_to(copy)
        except FileExistsError:
            raise taken from None
        sync_folder(target.parent)
    return trail


def restore(path: Path, backup: Path) -> Path | None:
    """Put a copy of `backup` in the place of the database at `path`; where that is kept, None if there was none.

    The copy is checked first and brought up to date afterwards. Unavailable when it is not sound, Busy when somebody
    has the database open; nothing was changed then.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _not_writable(path, error) from error
    moment = clock.now().astimezone(TIME_ZONE)
    kept = path.with_name(f"{path.name}.before-restore-{moment:%Y%m%d-%H%M%S-%f}") if path.exists() else None
    with storage_in_words(), _unfinished(path) as copy:
        try:
            with told_apart():
                sqlite.copy(backup, copy)
            trail = _require_sound(copy, backup)
        except StorageError as error:
            _refuse(backup, error)
        replace_database(path, copy, kept or path)
    open_database(path)
    actor = command_line_actor()
    with writing(actor) as work:
        work.audit("database.restore", "database", lines=trail.lines, head=trail.head)
    return kept
