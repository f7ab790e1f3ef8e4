"""The database that all is measured on: the demo's rows and a million others, made once and never written to again.

`python benchmarks/database.py` makes it in benchmarks/.cache; one that no longer fits the code is made anew. It needs
about a gigabyte, and as much for the copy that a measurement works on.
"""

import hashlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from services import clock
from services.demo import fill_demo
from services.demo_logins import DEMO_START

HERE = Path(__file__).parent
ROOT = HERE.parent
CACHE = HERE / ".cache"
PROJECTS = 1_000_000
SEED = 1
# What decides which rows there are, and which indexes on them.
SOURCES = ("db/migrations/*.py", "db/sqlite*.py", "services/demo*.py")


class Making(NamedTuple):
    """How long it took to make the file, and how large it is."""

    projects: int
    seconds: float
    bytes: int


def _digest() -> str:
    sources = [source for pattern in SOURCES for source in sorted(ROOT.glob(pattern))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def cached_database() -> Path:
    """The filled database, made when there is none for the present tables and demo."""
    path = CACHE / f"projects-{PROJECTS}-{_digest()}.db"
    if path.exists():
        return path
    CACHE.mkdir(exist_ok=True)
    for outdated in CACHE.glob("projects-*"):
        outdated.unlink()
    say(f"Making {PROJECTS:,} projects, once")
    clock.start_at(DEMO_START)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        made = Path(folder) / path.name
        begun = time.perf_counter()
        fill_demo(made, rows=PROJECTS, seed=SEED)
        making = Making(PROJECTS, time.perf_counter() - begun, made.stat().st_size)
        assert not made.with_name(f"{made.name}-wal").exists(), "the filled database was left open"
        path.with_suffix(".json").write_text(json.dumps(making), encoding="utf-8")
        made.rename(path)
    say(f"{making.projects / making.seconds:,.0f} projects a second")
    return path


def making_of(path: Path) -> Making:
    """How the cached file was made."""
    return Making(*json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))


@contextmanager
def working_copy() -> Iterator[Path]:
    """A copy of the database to log in to and to write in, gone afterwards; all of it is in the system's memory."""
    cached = cached_database()
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        yield Path(shutil.copyfile(cached, Path(folder) / "kmop.db"))


def keep(name: str, found: Any) -> None:
    """Keep what a part has found, as JSON, for results.py."""
    CACHE.mkdir(exist_ok=True)
    (CACHE / f"{name}.json").write_text(json.dumps(found, indent=1), encoding="utf-8")


def say(text: str) -> None:
    """How far it is, on standard error."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    cached_database()
