"""Puts the desk together: the database behind it, its colours and keys from config.toml, and the demo."""

import asyncio
import os
import signal
import sys
import termios
from typing import Any

import kmop_tui.frames  # noqa: F401 (before anything that imports Textual)
from kmop_tui.settings import DemoSettings, Settings, WrongUsage
from screens.desk import Demo, Desk
from services.demo_logins import DEMO_LOGINS, DEMO_PASSWORD
from services.language import _
from services.words import word

LINE_CHECKED_EVERY = 5  # seconds
THEMES = {"dark": "kmop-dark", "light": "kmop-light"}


def open_app(settings: Settings, demo: DemoSettings | None = None) -> int:
    """Show the screens until the user leaves; the exit status. WrongUsage when there is no terminal to show them on."""
    if not all(os.isatty(stream.fileno()) for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise WrongUsage(_("The screens need a terminal; use a command instead (kmop-tui --help)."))
    theme, keys = _read_config(settings)
    desk = Desk(
        _opener(settings, demo),
        source=os.environ.get("SSH_CONNECTION", "local").split(" ")[0],
        log_folder=settings.log_folder,
        theme=theme,
        keys=keys,
        demo=None if demo is None else _demo_shown(demo),
    )
    status = asyncio.run(_run(desk))
    return desk.return_code or 0 if status is None else status


async def _run(desk: Desk) -> int | None:
    """The screens, until the user leaves, the line is hung up or the process is asked to end."""
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        # the loop's own handler: one of the signal module would not wake it while it waits for a key
        loop.add_signal_handler(ending, desk.exit, 128 + ending)
    loop.call_later(LINE_CHECKED_EVERY, _end_without_line, desk)
    return await desk.run_async(mouse=False)


def _end_without_line(desk: Desk) -> None:
    """End when the terminal has gone and nobody was told: the hang-up signal goes to the shell or `make` in between."""
    try:
        termios.tcgetattr(0)
    except termios.error:
        desk.exit(128 + signal.SIGHUP)
    else:
        asyncio.get_running_loop().call_later(LINE_CHECKED_EVERY, _end_without_line, desk)


def _read_config(settings: Settings) -> tuple[str, dict[str, str]]:
    """The theme and the moved keys of config.toml; WrongUsage when it cannot be read."""
    if not settings.config_file.exists():
        return THEMES["dark"], {}
    import tomllib

    try:
        config = tomllib.loads(settings.config_file.read_text(encoding="utf-8"))
        theme, keys = THEMES[config.get("theme", "dark")], dict(config.get("keys", {}))
        if not all(isinstance(key, str) for key in keys.values()):
            raise ValueError("keys")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WrongUsage(
            _("%(file)s cannot be read (%(error)s). Correct or remove it.")
            % {"file": settings.config_file, "error": error}
        ) from None
    return theme, keys


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
