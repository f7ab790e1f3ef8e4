"""`kmop-tui info`: what to tell whoever helps you. It changes nothing, and works without a usable database."""

import json
import os
import platform
import shutil
import sys
from argparse import Namespace
from importlib.metadata import version
from typing import Any

from kmop_tui.settings import PROGRAM, Settings
from services.databases import SQLITE_VERSION, describe_database
from services.language import _

LIBRARIES = ("textual", "peewee", "pydantic")


def run(options: Namespace, settings: Settings) -> int:
    """Facts on stdout, a line each or as one JSON object."""
    facts = _facts(settings)
    if options.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
        return 0
    shown = [(_labels().get(name, name), _in_words(value)) for name, value in facts.items()]
    width = max(len(label) for label, _value in shown)
    for label, value in shown:
        print(f"{label:<{width}}  {value}")
    return 0


def _facts(settings: Settings) -> dict[str, Any]:
    database = describe_database(settings.database)
    columns, lines = shutil.get_terminal_size()
    return {
        PROGRAM: version(PROGRAM),
        "python": platform.python_version(),
        **{library: version(library) for library in LIBRARIES},
        "sqlite": SQLITE_VERSION,
        "database": str(database.path),
        "problem": database.problem,
        "bytes": database.bytes,
        "migrations": list(database.migrations),
        "accounts": database.accounts,
        "providers": database.providers,
        "projects": database.projects,
        "config": str(settings.config_file),
        "logs": str(settings.log_folder),
        "language": settings.language,
        "terminal": f"{columns}x{lines}" if sys.stdout.isatty() else None,
        "TERM": os.environ.get("TERM"),
        "COLORTERM": os.environ.get("COLORTERM"),
        "NO_COLOR": os.environ.get("NO_COLOR"),
    }


def _in_words(value: Any) -> str:
    if value is None or value == []:
        return "-"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _labels() -> dict[str, str]:
    return {
        "database": _("database"),
        "problem": _("problem"),
        "bytes": _("size in bytes"),
        "migrations": _("migrations"),
        "accounts": _("logins"),
        "providers": _("providers"),
        "projects": _("projects"),
        "config": _("settings"),
        "logs": _("crash reports"),
        "language": _("language"),
        "terminal": _("terminal"),
    }
