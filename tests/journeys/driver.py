"""The words in which the journeys are told, and who says them: somebody at a terminal with kmop-tui."""

import re
import sys
from pathlib import Path
from typing import Protocol

from terminal import Terminal

PROGRAM = Path(sys.executable).with_name("kmop-tui")
DEMO_PASSWORD = "kmo-portefeuille-demo"


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of a person whose folders, all under `home`, are new; nothing of the caller's comes along."""
    folders = {
        "HOME": home,
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_RUNTIME_DIR": home / "run",
    }
    for folder in folders.values():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {name: str(folder) for name, folder in folders.items()} | {
        "PATH": f"{PROGRAM.parent}:/usr/bin:/bin",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "KMOP_LANG": "nl",
        "KMOP_NOW": "2016-03-11T09:00:00",
    }


class Operator:
    """Somebody who works with kmop-tui, told in the user's words; `terminal` is there for what has no word.

    Everything that depends on how the screens are laid out stands here and nowhere else.
    """

    # The filter row of the project list, from left to right; the last two are chosen from a list.
    FILTERS = ("projectnr", "onderneming", "aanvraag", "bedrag", "dienst", "status")
    CHOSEN = ("dienst", "status")

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def logs_in(self, login: str, password: str = DEMO_PASSWORD) -> None:
        """From the entry screen to the menu."""
        self.terminal.wait_for("Login dienstverleners")
        self.presses("1")
        self.terminal.wait_for("Paswoord")
        self.types(login)
        self.presses("tab")
        self.types(password)
        self.presses("enter")
        # checking a password takes its time, on purpose
        self.terminal.wait_for("Uitloggen", limit=20)

    def chooses(self, item: str) -> None:
        """Press the digit that a menu shows before `item`."""
        numbered = re.compile(rf"(\d)[^\w\n]+{re.escape(item)}")
        self.terminal.wait_for(numbered)
        found = numbered.search(self.terminal.text)
        assert found
        self.presses(found[1])

    def filters(self, column: str, value: str) -> None:
        """Fill in the filter of `column` and go back to the table."""
        self.presses("/", *["tab"] * self.FILTERS.index(column))
        if column in self.CHOSEN:
            self.presses("enter")
            self.types(value)
            self.presses("enter")
        else:
            self.presses("ctrl+u")
            self.types(value)
        self.presses("escape")
        self.terminal.settle()

    def opens(self, number: str) -> None:
        """From the list to the project with `number`, found by its filter."""
        self.filters("projectnr", number)
        self.sees(number)
        self.presses("enter")
        self.sees("Projecttitel")

    def reacts(self, reaction: str, *, reason: str, proof: Path | None = None) -> None:
        """On a project's detail: annuleren, stopzetten or melden, with the reason and the file of the proof."""
        self.chooses(reaction.capitalize())
        self.sees("Reden")
        self.types(reason)
        self.presses("tab")
        if proof is not None:
            self.types(str(proof))
            self.presses("tab")
        self.presses("enter")

    def sees(self, *texts: str) -> None:
        """All of `texts` are on the screen, or come soon."""
        for text in texts:
            self.terminal.wait_for(text)

    def sees_not(self, *texts: str) -> None:
        """None of `texts` is on the screen once the program has done what it was asked."""
        self.terminal.settle()
        for text in texts:
            self.terminal.wait_until_gone(text, limit=0)

    def presses(self, *keys: str) -> None:
        """Press keys by their names."""
        self.terminal.press(*keys)

    def types(self, text: str) -> None:
        """Type a text."""
        self.terminal.type(text)


class Start(Protocol):
    """The fixture `start`: runs `program` with `arguments` in a terminal; keywords are added to the environment."""

    def __call__(
        self,
        *arguments: str | Path,
        program: Path = PROGRAM,
        size: tuple[int, int] = (80, 24),
        **environment: str,
    ) -> Terminal: ...
