"""Where things are and how the program was asked to run: options first, then the environment, then the usual places."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from platformdirs import PlatformDirs

from services.language import LANGUAGES, _

PROGRAM = "kmop-tui"
FOLDERS = PlatformDirs(PROGRAM, appauthor=False)


class WrongUsage(Exception):
    """An option or variable that does not do; its sentence goes to stderr, exit status 2."""


@dataclass(frozen=True)
class Settings:
    """What the command line and the environment say."""

    database: Path
    language: str = LANGUAGES[0]
    smtp_url: str | None = None
    mail_folder: Path | None = None
    starts_at: datetime | None = None

    @property
    def config_file(self) -> Path:
        """The user's own settings (keys)."""
        return Path(FOLDERS.user_config_path) / "config.toml"

    @property
    def log_folder(self) -> Path:
        """Where crash reports go."""
        return Path(FOLDERS.user_log_path)


@dataclass(frozen=True)
class DemoSettings:
    """What the demo was asked for: its private folder, whom to log in at once, and how many rows to add."""

    folder: Path
    login: str | None = None
    rows: int = 0
    seed: int = 2016


def read_settings(environment: Mapping[str, str], database: str | None, language: str | None) -> Settings:
    """The settings for this run; WrongUsage when a value cannot be read."""
    chosen_language = language or environment.get("KMOP_LANG") or LANGUAGES[0]
    if chosen_language not in LANGUAGES:
        raise WrongUsage(_("KMOP_LANG must be nl or en, not '%(value)s'.") % {"value": chosen_language})
    mail_folder = environment.get("KMOP_MAIL_DIR")
    return Settings(
        database=_database_path(database or environment.get("KMOP_DATABASE") or ""),
        language=chosen_language,
        smtp_url=environment.get("KMOP_SMTP_URL") or None,
        mail_folder=Path(mail_folder) if mail_folder else None,
        starts_at=_start(environment.get("KMOP_NOW") or ""),
    )


def _database_path(text: str) -> Path:
    if not text:
        return Path(FOLDERS.user_data_path) / "kmop.db"
    scheme, separator, rest = text.partition("://")
    if not separator:
        return Path(text).expanduser().absolute()
    if scheme != "sqlite":
        raise WrongUsage(
            _("KMOP_DATABASE: '%(scheme)s' is not supported; give the path of a SQLite file.") % {"scheme": scheme}
        )
    return Path(rest.removeprefix("/") or "kmop.db").absolute()


def _start(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise WrongUsage(
            _("KMOP_NOW must be a date or a moment such as 2016-03-11T09:00, not '%(value)s'.") % {"value": text}
        ) from None


def prepare_process() -> None:
    """What holds for every run: files are for their owner alone."""
    os.umask(0o077)


def say(text: str) -> None:
    """Words for a person, on stderr: stdout is for data."""
    print(text, file=sys.stderr)


def fail(text: str) -> NoReturn:
    """End with one line on stderr and exit status 1."""
    say(text)
    raise SystemExit(1)
