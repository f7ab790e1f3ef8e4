"""Puts the desk together: the database behind it, its colours and keys from config.toml, and the demo."""

import os
import signal
import sys
import tomllib
from typing import Any

from kmop_tui.settings import DemoSettings, Settings, WrongUsage
from screens.desk import Demo, Desk
from services.demo_logins import DEMO_LOGINS, DEMO_PASSWORD
from services.language import _
from services.words import word


def open_app(settings: Settings, demo: DemoSettings | None = None) -> int:
    """Show the screens until the user leaves; the exit status. WrongUsage when there is no terminal to show them on."""
    if not all(os.isatty(stream.fileno()) for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise WrongUsage(_("The screens need a terminal; use a command instead (kmop-tui --help)."))
    config = _read_config(settings)
    desk = Desk(
        _opener(settings, demo),
        source=os.environ.get("SSH_CONNECTION", "local").split(" ")[0],
        log_folder=settings.log_folder,
        theme={"light": "kmop-light"}.get(config.get("theme", ""), "kmop-dark"),
        keys=config.get("keys"),
        demo=None if demo is None else _demo_shown(demo),
    )
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda number, _frame: desk.exit(128 + number))
    status = desk.run(mouse=False)
    return desk.return_code or 0 if status is None else status


def _read_config(settings: Settings) -> dict[str, Any]:
    try:
        return tomllib.loads(settings.config_file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise WrongUsage(
            _("%(file)s cannot be read: %(error)s. Correct or remove it.")
            % {"file": settings.config_file, "error": error}
        ) from None


def _opener(settings: Settings, demo: DemoSettings | None) -> Any:
    """What the desk calls, in a thread, once its first frame is painted: the heavy imports happen here."""

    def prepare() -> None:
        if demo is not None:
            from services.demo import fill_demo

            fill_demo(demo.folder / "demo.db", rows=demo.rows, seed=demo.seed)
        else:
            from services.databases import open_database

            open_database(settings.database)
        import services.accounts
        import services.projects  # noqa: F401

    return prepare


def _demo_shown(demo: DemoSettings) -> Demo:
    logins = tuple((account.login, word(account.role)) for account in DEMO_LOGINS)
    return Demo(logins=logins, password=DEMO_PASSWORD, login=demo.login)
