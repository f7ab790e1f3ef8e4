"""A working day at a million projects: type, sort, jump to the end, open, next and previous, react, and come back.

`python benchmarks/journey.py` tells it of an operator, who sees all, and of a provider with 50,000, who reacts. Whoever
does not get through is shown with the screen.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from database import keep, say, working_copy
from watched import Watched

from driver import PROGRAM, Operator, clean_environment

Step = tuple[str, Callable[[], Any]]
PATIENCE_SECONDS = 30.0


def steps(operator: Operator, login: str, reacts: bool) -> Iterator[Step]:
    """What is done, one after the other."""
    terminal = operator.terminal
    yield "logs in", lambda: operator.logs_in(login)
    yield "opens the list", lambda: operator.chooses("Overzicht projecten")
    if not reacts:
        yield "all years", lambda: operator.presses("a")
    yield "types a status", lambda: operator.filters("status", "Afgewerkt")
    yield "types a name", lambda: operator.filters("onderneming", "pâtisserie")
    yield "sorts on the amount", lambda: operator.presses("s")
    yield "jumps to the end", lambda: operator.presses("G")
    last = operator.listed()[-1]
    yield "opens the last", lambda: open_project(operator, last)
    yield "the one before", lambda: operator.presses("p")
    terminal.wait_until_gone(f"Project {last}", PATIENCE_SECONDS)
    yield "and the next", lambda: operator.presses("n")
    operator.sees(f"Project {last}")
    if reacts:
        yield "reports it", lambda: operator.reacts("melden", "dienst gaat niet", "Weinig inschrijvingen.")
        terminal.wait_until_gone("Reden*", PATIENCE_SECONDS)
    yield "comes back", lambda: operator.presses("escape")
    terminal.wait_for("Overzicht projecten", PATIENCE_SECONDS)
    terminal.settle(limit=PATIENCE_SECONDS)
    assert operator.listed()[-1] == last, f"not at the same place, {last}:\n{terminal.text}"
    assert terminal.look(last).bold, f"the cursor is not on {last}:\n{terminal.text}"


def open_project(operator: Operator, number: str) -> None:
    """The project under the cursor."""
    operator.presses("enter")
    operator.sees(f"Project {number}")


def journey(database: Path, home: Path, login: str, *, reacts: bool) -> dict[str, Any]:
    """The seconds of each step, and what went wrong, if anything did."""
    seconds: dict[str, float] = {}
    with closing(Watched([PROGRAM, "--database", database], environment=clean_environment(home))) as terminal:
        try:
            for name, do in steps(Operator(terminal), login, reacts):
                begun = time.perf_counter()
                do()
                terminal.settle(limit=PATIENCE_SECONDS)
                seconds[name] = time.perf_counter() - begun
        except AssertionError as error:
            say(str(error))
            return {"seconds": seconds, "failure": str(error).partition("\n")[0]}
    return {"seconds": seconds, "failure": ""}


def main() -> None:
    """Both journeys."""
    with working_copy() as database, tempfile.TemporaryDirectory() as home:
        told = {
            "an operator, all years": journey(database, Path(home), "helpdesk", reacts=False),
            "a provider with 50,000": journey(database, Path(home), "groot", reacts=True),
        }
    keep("journey", told)
    for who, how in told.items():
        say(f"{who}: {how['failure'] or 'arrived'} after {sum(how['seconds'].values()):.1f} s")


if __name__ == "__main__":
    main()
