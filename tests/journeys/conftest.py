"""What every journey starts with: a home of its own and a terminal that is closed at the end."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from driver import PROGRAM, Command, Operator, Start, clean_environment
from terminal import Terminal

FILL = """
import sys
from datetime import datetime
from pathlib import Path
from services import clock
from services.demo import fill_demo
clock.start_at(datetime(2016, 3, 11, 8))
fill_demo(Path(sys.argv[1]))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The person's home folder; temporary files go beside it."""
    return tmp_path / "home"


@pytest.fixture
def start(tmp_path: Path, home: Path) -> Iterator[Start]:
    """Starts programs whose folders are all under `tmp_path`; keywords are added to the environment."""
    with ExitStack() as ends:

        def starts(
            *arguments: str | Path,
            program: Path = PROGRAM,
            size: tuple[int, int] = (80, 24),
            **environment: str,
        ) -> Terminal:
            terminal = Terminal(
                [program, *arguments],
                size=size,
                environment=clean_environment(home) | {"TMPDIR": str(tmp_path)} | environment,
                folder=tmp_path,
            )
            ends.callback(terminal.close)
            return terminal

        yield starts


@pytest.fixture
def kmop(tmp_path: Path, home: Path) -> Command:
    """Runs commands of kmop-tui for the person who sits at the terminal."""

    def runs(*arguments: str | Path, status: int = 0, **environment: str) -> tuple[str, str]:
        done = subprocess.run(
            [PROGRAM, *arguments],
            env=clean_environment(home) | {"TMPDIR": str(tmp_path)} | environment,
            cwd=tmp_path,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=60,
        )
        assert done.returncode == status, done
        return done.stdout, done.stderr

    return runs


@pytest.fixture
def operator(start: Start) -> Operator:
    """Somebody at the entry screen of the demo, in a terminal of 80x24."""
    return Operator(start("demo"))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with the demo's rows, made once."""
    file = tmp_path_factory.mktemp("filled") / "kmop.db"
    subprocess.run([sys.executable, "-c", FILL, file], check=True, timeout=60)
    return file.read_bytes()


@pytest.fixture
def database(filled: bytes, tmp_path: Path) -> Path:
    """A database with the demo's rows that is not the demo's: it is there before and after the screens."""
    file = tmp_path / "kmop.db"
    file.write_bytes(filled)
    return file
