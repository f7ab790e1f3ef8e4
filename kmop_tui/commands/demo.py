"""`kmop-tui demo`: the screens on a throw-away database in a private folder. Nothing leaves the machine."""

import fcntl
import os
import shutil
import stat
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kmop_tui.settings import DemoSettings, Settings, WrongUsage
from services import clock
from services.demo_logins import DEMO_LOGINS, DEMO_START
from services.language import _

PREFIX = "kmop-tui-demo-"
LOCK = "owner"


def run(options: Namespace, settings: Settings) -> int:
    """Open the screens; the app fills the database after its first frame."""
    login = _known_login(options.login)
    if settings.starts_at is None:
        clock.start_at(DEMO_START)
    with private_folder() as folder:
        from kmop_tui.app import open_app

        demo = DemoSettings(folder=folder, login=login, rows=options.rows, seed=options.seed)
        return open_app(replace(settings, database=folder / "demo.db", smtp_url=None, mail_folder=None), demo)


def _known_login(asked: str | None) -> str | None:
    if asked is None:
        return None
    logins = [login for login, _role in DEMO_LOGINS]
    if asked.casefold() not in logins:
        raise WrongUsage(
            _("The demo has no login '%(login)s'. Choose one of %(logins)s.")
            % {"login": asked, "logins": ", ".join(logins)}
        )
    return asked.casefold()


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder for this process alone, gone at the end; those of demos that were killed are removed first."""
    sweep()
    folder, handle = _make_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _make_folder() -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        # somebody else's sweep may take the folder before it is locked: make another one then
        handle = _lock(folder)
        if handle is None:
            continue
        os.write(handle, f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode())
        return folder, handle


def _lock(folder: Path) -> int | None:
    """The folder's lock, held until the handle is closed or the process ends; None if taken, or the folder gone."""
    path = folder / LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.stat().st_ino == os.fstat(handle).st_ino:
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


def sweep() -> None:
    """Remove what killed demos of this user left: folders whose lock nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            state = folder.lstat()
        except OSError:
            continue
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
            continue
        handle = _lock(folder)
        if handle is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(handle)
