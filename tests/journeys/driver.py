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
    REACTIONS = {"annuleren": "a", "stopzetten": "s", "melden": "m"}

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def logs_in(self, login: str, password: str = DEMO_PASSWORD) -> None:
        """From the entry screen to the menu, or to the form that a temporary password leads to."""
        self.sees("Login dienstverleners")
        self.presses("1")
        self.gives_login(login, password)
        # checking a password takes its time, on purpose
        self.terminal.wait_for("Uitloggen", limit=20)

    def gives_login(self, login: str, password: str) -> None:
        """Fill in the login screen and send it, whatever comes of it."""
        self.sees("Om toegang te krijgen")
        self._goes_to("Login")
        self.presses("ctrl+u")
        self.types(login)
        self.presses("tab", "ctrl+u")
        self.types(password)
        self.presses("enter")

    def changes_login(self, *, old: str, new: str, again: str | None = None, login: str | None = None) -> None:
        """Fill in the form of Wijzig login and send it, whatever comes of it; `login` only if it is to change."""
        self.sees("Uw huidige login is")
        self._goes_to("Nieuwe login*")
        if login is not None:
            self.presses("ctrl+u")
            self.types(login)
        for password in (old, new, new if again is None else again):
            self.presses("tab", "ctrl+u")
            self.types(password)
        self.presses("enter")

    def chooses(self, item: str) -> None:
        """Press the digit that a menu shows before `item`."""
        numbered = re.compile(rf"(\d)[^\w\n]+{re.escape(item)}")
        self.terminal.wait_for(numbered)
        found = numbered.search(self.terminal.text)
        assert found
        self.presses(found[1])

    def goes_home(self) -> None:
        """To the menu."""
        self.presses("ctrl+o")
        self.sees("Duid een bewerking aan")

    def logs_out(self) -> None:
        """To the entry screen."""
        self.presses("ctrl+l")
        self.sees("Login dienstverleners")

    def answers(self, question: str, *, yes: bool = True) -> None:
        """Give an answer to a question over the screen, where the harmless one has the focus."""
        self.is_told(question)
        # the button that a key has just pressed does not take another one within a fifth of a second
        self.terminal.settle()
        if yes:
            self.presses("right")
        self.presses("enter")
        self.terminal.settle()

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

    def clears_filters(self) -> None:
        """All of them."""
        self.presses("x")
        self.terminal.settle()

    def finds(self, found: int, shown: int | None = None) -> None:
        """The list says that there are `found` projects, and how many of them the filters leave."""
        projects = "project" if found == 1 else "projecten"
        self.sees(f"{found} {projects} gevonden (waarvan {found if shown is None else shown} getoond)")

    def finds_many(self, found: int, shown: int) -> None:
        """The same for numbers with dots in them."""
        dotted = [f"{number:,}".replace(",", ".") for number in (found, shown)]
        self.sees(f"{dotted[0]} projecten gevonden (waarvan {dotted[1]} getoond)")

    def listed(self) -> list[str]:
        """The numbers of the projects on the screen, from top to bottom."""
        return re.findall(r"^\d{4}KMO\d{6}", self.terminal.text, re.MULTILINE)

    def opens(self, number: str) -> None:
        """From the list to the project with `number`, found by its filter."""
        self.filters("projectnr", number)
        self.sees(number)
        self.presses("enter")
        self.sees("Projecttitel")

    def starts_reaction(self, reaction: str, reason: str, text: str = "", proof: Path | str | None = None) -> None:
        """On a project's detail: open the form of annuleren, stopzetten or melden and fill it in."""
        self.presses(self.REACTIONS[reaction])
        self.sees("Reden*")
        self.presses("enter")
        self.sees("onderneming niet toegelaten")
        self.types(reason)
        self.presses("enter", "tab")
        self.types(text)
        if proof is not None:
            self.presses("tab")
            self.types(str(proof))
        self.terminal.settle()

    def reacts(self, reaction: str, reason: str, text: str = "", proof: Path | str | None = None) -> None:
        """Fill in the form of a reaction and send it."""
        self.starts_reaction(reaction, reason, text, proof)
        self.confirms()

    def confirms(self) -> None:
        """Send the form of a reaction."""
        self.presses("ctrl+s")

    def exports(self, form: str, file: Path) -> None:
        """From the list, filtered as it is, to `file`, which must be there afterwards; ends at the list."""
        self.presses("e")
        self.sees("Bestand")
        self.presses("tab", "ctrl+u")
        self.types(str(file.with_suffix("")))
        self.presses("enter")
        self.chooses(form)
        self.sees("geschreven naar")
        self.presses("escape")
        self.sees("Overzicht projecten")

    def sees(self, *texts: str) -> None:
        """All of `texts` are on the screen, or come soon."""
        for text in texts:
            self.terminal.wait_for(text)

    def is_told(self, sentence: str) -> None:
        """`sentence` is on the screen, or comes soon, on however many lines it takes."""
        # a line may end anywhere: the name of a file has no blanks; in a dialog it ends at the edge
        letters, between = "".join(sentence.split()), r"(?:\s|│[^│\n]*\n[^│\n]*│)*"
        pattern = between.join(map(re.escape, letters))
        try:
            self.terminal.wait_for(re.compile(pattern))
        except AssertionError as error:
            raise AssertionError(str(error).replace(repr(pattern), repr(sentence))) from None

    def sees_not(self, *texts: str) -> None:
        """None of `texts` is on the screen once the program has done what it was asked."""
        self.terminal.settle()
        for text in texts:
            self.terminal.wait_until_gone(text, limit=0)

    def _goes_to(self, field: str) -> None:
        """Back with Tab to the field with that label in front."""
        for _step in range(9):
            if self.terminal.lines[self.terminal.cursor[1]].lstrip().startswith(field):
                return
            self.presses("shift+tab")
        raise AssertionError(f"the cursor does not come to {field!r}:\n{self.terminal.text}")

    def presses(self, *keys: str) -> None:
        """Press keys by their names."""
        self.terminal.press(*keys)

    def types(self, text: str) -> None:
        """Type a text."""
        self.terminal.type(text)

    def pastes(self, text: str) -> None:
        """Paste a text, as a terminal does it."""
        self.terminal.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")
        self.terminal.settle()

    def leaves(self) -> None:
        """Quit the program."""
        self.presses("ctrl+q")
        assert self.terminal.wait_for_exit() == 0


def types_password(terminal: Terminal, login: str, password: str, *, status: int = 0) -> str:
    """Answer the question of a command in `terminal`; what it says until it ends with `status`."""
    terminal.wait_for(f"{login}:")
    assert not terminal.echoes
    terminal.type(password)
    terminal.press("enter")
    assert terminal.wait_for_exit(20) == status, terminal.text
    return " ".join(terminal.text.split())


class Start(Protocol):
    """The fixture `start`: runs `program` with `arguments` in a terminal; keywords are added to the environment."""

    def __call__(
        self,
        *arguments: str | Path,
        program: Path = PROGRAM,
        size: tuple[int, int] = (80, 24),
        **environment: str,
    ) -> Terminal: ...


class Command(Protocol):
    """The fixture `kmop`: runs kmop-tui away from a terminal, as the same person; keywords go to the environment.

    Fails unless it ends with `status`; returns what it wrote on stdout and stderr.
    """

    def __call__(self, *arguments: str | Path, status: int = 0, **environment: str) -> tuple[str, str]: ...
