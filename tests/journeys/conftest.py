"""What every journey starts with: a home of its own and a terminal that is closed at the end."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from driver import PROGRAM, Operator, Start, clean_environment
from terminal import Terminal


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
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
                environment=clean_environment(tmp_path / "home") | environment,
                folder=tmp_path,
            )
            ends.callback(terminal.close)
            return terminal

        yield starts


@pytest.fixture
def operator(start: Start) -> Operator:
    """Somebody at the entry screen of the demo, in a terminal of 80x24."""
    return Operator(start("demo"))
