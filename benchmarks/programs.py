"""The programs that are measured: how each is started, which keys it has, and whether it is installed here."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from database import CACHE, HERE, say
from lists import Listing
from watched import Cost, Watched

from driver import PROGRAM, Operator

OURS, BARE = "kmop-tui", "bare Textual"
CURSOR, SCROLL, PAGE, END = "cursor down", "scroll by one", "page down", "to the end"
TOP = "to the top"
PEERS = HERE / "peers"
VENV = CACHE / "peers-venv"

# The keys of kmop-tui and of the peers that are made here.
KEYS = {CURSOR: "down", SCROLL: "down", PAGE: "pagedown", END: "G", TOP: "g"}


class Program(NamedTuple):
    """A program with a list.

    `enter` goes from its first screen to where `opens` opens the list; a program without `opens` begins in it.
    `filters` yields what the filter costs with the first digit, the first two, and so on.
    """

    name: str
    command: Callable[[Listing], Sequence[str | Path]]
    filters: Callable[[Watched, Listing, float], Iterator[Cost]]
    keys: dict[str, str] = KEYS
    enter: Callable[[Watched, Listing], None] = lambda terminal, listing: None
    opens: str | None = "4"


def _types(terminal: Watched, keys: Sequence[str], patience: float) -> Iterator[Cost]:
    """Each of `keys` on its own."""
    for key in keys:
        yield terminal.costs(partial(terminal.press_at_once, key), patience)


def _filters_as_typed(terminal: Watched, listing: Listing, patience: float) -> Iterator[Cost]:
    """Digit by digit, and away again."""
    terminal.press("/")
    yield from _types(terminal, [*listing.digits, *["backspace"] * len(listing.digits)], patience)


def filters_on_the_name(terminal: Watched, listing: Listing, patience: float) -> Iterator[Cost]:
    """In the field beside the one on the number, which is empty again."""
    terminal.press("tab")
    yield from _types(terminal, [*listing.letters, *["backspace"] * len(listing.letters)], patience)


def _filters_in_fzf(terminal: Watched, listing: Listing, patience: float) -> Iterator[Cost]:
    yield from _types(terminal, [*listing.digits, *["backspace"] * len(listing.digits)], patience)


def _filters_in_visidata(terminal: Watched, listing: Listing, patience: float) -> Iterator[Cost]:
    """Select by expression, then open a sheet of what is selected; nothing happens while one types."""
    for length in range(1, len(listing.digits) + 1):
        terminal.press("|")
        terminal.type(listing.digits[:length])
        selected = terminal.costs(partial(terminal.press_at_once, "enter"), patience)
        opened = terminal.costs(partial(terminal.press_at_once, '"'), patience)
        yield Cost(*(one + other for one, other in zip(selected, opened, strict=True)))
        terminal.press("q", "g", "u")
        terminal.settle(limit=patience)


def _logs_in(terminal: Watched, listing: Listing) -> None:
    Operator(terminal).logs_in(listing.login)


def bare() -> Sequence[str | Path]:
    """The least that a Textual program can be."""
    return [sys.executable, PEERS / "bare.py"]


def programs() -> tuple[list[Program], dict[str, str]]:
    """Those that are here, kmop-tui first, and why each of the others is missing."""
    fzf, problem = shutil.which("fzf"), _peers_venv()
    found = [
        Program(OURS, lambda listing: [PROGRAM, "--database", listing.database], _filters_as_typed, enter=_logs_in),
        Program(
            "DataTable",
            lambda listing: [sys.executable, PEERS / "datatable.py", listing.database, listing.login],
            _filters_as_typed,
        ),
    ]
    if not problem:
        found += [
            Program(
                "fastdatatable",
                lambda listing: [VENV / "bin/python", PEERS / "fastdatatable.py", listing.database, listing.login],
                _filters_as_typed,
            ),
            Program(
                "VisiData",
                lambda listing: [VENV / "bin/vd", "-N", listing.csv],
                _filters_in_visidata,
                {CURSOR: "j", SCROLL: "j", PAGE: "ctrl+f", END: "G", TOP: "gg"},
                opens=None,
            ),
        ]
    if fzf:
        # as we filter: a text that is in the line, the order of the lines kept
        options = "--exact --no-sort --layout=reverse --bind=home:first,end:last"
        found.append(
            Program(
                "fzf",
                lambda listing: ["sh", "-c", f'exec "$0" {options} <"$1"', fzf, listing.lines],
                _filters_in_fzf,
                KEYS | {TOP: "home", END: "end"},
                opens=None,
            )
        )
    missing = {name: problem for name in ("fastdatatable", "VisiData") if problem}
    return found, missing if fzf else missing | {"fzf": "not installed (Debian: apt install fzf)"}


def _peers_venv() -> str:
    """Make the peers' own environment where there is none that fits; why there is none, empty when there is."""
    requirements = PEERS / "requirements.txt"
    digest, stamp = hashlib.sha256(requirements.read_bytes()).hexdigest(), VENV / "installed"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return ""
    say("Installing the peers")
    install = [VENV / "bin/python", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-qq"]
    commands: list[list[str | Path]] = [
        [sys.executable, "-m", "venv", "--clear", VENV],
        [*install, "-r", requirements],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            say(done.stderr)
            return f"benchmarks/peers/{requirements.name} could not be installed"
    stamp.write_text(digest, encoding="ascii")
    return ""


def versions() -> dict[str, str]:
    """The version of each peer that is installed."""
    found = {}
    for package in ("textual-fastdatatable", "visidata"):
        code = f"from importlib.metadata import version; print(version({package!r}))"
        if (VENV / "installed").exists():
            found[package] = subprocess.check_output([VENV / "bin/python", "-c", code], text=True).strip()
    if fzf := shutil.which("fzf"):
        found["fzf"] = subprocess.check_output([fzf, "--version"], text=True).split()[0]
    return found
