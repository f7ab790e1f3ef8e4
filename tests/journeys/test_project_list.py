"""What else the list of projects can do: query line, saved views, totals, many reactions at once; and 50,000 rows."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from driver import Operator, Start

LOGIN = "012345678"
ROWS = 50_000
FILL = """
import sys
from datetime import datetime
from pathlib import Path
from services import clock
from services.demo import fill_demo
clock.start_at(datetime(2016, 3, 11, 8))
fill_demo(Path(sys.argv[1]), rows=int(sys.argv[2]))
"""


@pytest.fixture
def at_list(start: Start) -> Operator:
    """The manual's provider at its project list, in the demo."""
    operator = Operator(start("demo", "--as", LOGIN))
    operator.sees("Duid een bewerking aan")
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    return operator


def test_one_line_says_what_the_filters_say(at_list: Operator) -> None:
    at_list.presses(":")
    at_list.types("st")
    at_list.presses("tab")
    at_list.types("l")
    at_list.presses("tab")
    at_list.sees(": status:lopend")
    assert re.search(r"Alle ▼ Lopend", at_list.terminal.text)
    at_list.types(" kleur:x")
    at_list.presses("enter")
    at_list.is_told("! 'kleur' is geen filter")
    at_list.presses(*["backspace"] * len(" kleur:x"))
    at_list.types(" bedrag>1000 -advies")
    at_list.presses("enter")
    at_list.finds(203, 14)
    at_list.sees("-advies", ">1000", "Lopend")
    at_list.clears_filters()
    at_list.finds(203)


def test_a_list_is_kept_found_again_and_removed(at_list: Operator) -> None:
    at_list.filters("status", "Lopend")
    at_list.finds(203, 23)
    at_list.presses("v")
    at_list.sees("Bewaarde lijsten", "status:lopend")
    at_list.presses("w", "enter")
    at_list.is_told("! ")  # a view needs a name
    at_list.types("Lopende projecten")
    at_list.presses("enter")
    at_list.is_told("Lijst 1 werd bewaard: Lopende projecten.")
    assert re.search(r"1 Lopende projecten .* 23\s", at_list.terminal.text)
    at_list.presses("escape")
    at_list.clears_filters()
    at_list.presses("2")
    at_list.is_told("Er is geen bewaarde lijst 2")
    at_list.presses("1")
    at_list.finds(203, 23)
    at_list.presses("v", "d")
    at_list.answers("Lopende projecten")
    at_list.is_told("Lijst 1 werd verwijderd")


def test_totals_follow_the_filters(at_list: Operator) -> None:
    at_list.presses("o")
    at_list.sees("203 projecten · € 217.150")
    assert re.search(r"Afgewerkt .* 135 +67 %", at_list.terminal.text)
    at_list.presses("/")
    at_list.types("xyz")
    at_list.finds(203, 0)
    at_list.presses("escape", "x")
    at_list.sees("203 projecten · € 217.150")
    at_list.presses("escape")
    at_list.sees("2016KMO044855")


def test_a_screen_that_was_disturbed_is_drawn_anew(at_list: Operator) -> None:
    before = at_list.terminal.text
    at_list.terminal.disturb()
    at_list.presses("down", "up")
    assert "Filter op" not in at_list.terminal.text, "only what changes is sent"
    at_list.presses("ctrl+p")
    at_list.sees("Opnieuw tekenen")
    at_list.types("Opnieuw")
    at_list.terminal.settle()
    at_list.presses("enter")
    at_list.sees("Filter op")
    at_list.terminal.settle()
    assert at_list.terminal.text == before


def test_many_reactions_at_once(at_list: Operator) -> None:
    at_list.filters("status", "Bevestigd")
    at_list.finds(203, 7)
    at_list.presses("*")
    at_list.sees("alles gemarkeerd")
    at_list.presses("b")
    at_list.sees("Annuleren: kan voor 7 van de 7", "Melden: kan voor 0 van de 7")
    at_list.presses("1")
    at_list.sees("7 projecten worden geannuleerd")
    at_list.confirms()
    at_list.is_told("Kies een reden uit de lijst.")
    at_list.presses("enter")
    at_list.types("te laat")
    at_list.presses("enter")
    at_list.confirms()
    at_list.answers("7 projecten worden geannuleerd; voor elk krijgt de onderneming een mail")
    at_list.is_told("7 projecten zijn geannuleerd")
    at_list.presses("enter")
    at_list.finds(203, 0)
    at_list.goes_home()
    at_list.chooses("Mails van de demo")
    at_list.sees("werd geannuleerd")


@pytest.fixture(scope="module")
def filled_with_many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo's projects and `ROWS` others, made once."""
    file = tmp_path_factory.mktemp("many") / "kmop.db"
    subprocess.run([sys.executable, "-c", FILL, file, str(ROWS)], check=True, timeout=120)
    return file


@pytest.fixture
def many(filled_with_many: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it for one test."""
    file = tmp_path / "many.db"
    file.write_bytes(filled_with_many.read_bytes())
    yield file
    file.unlink()


def numbers(database: Path, condition: str, order: str) -> list[str]:
    """The numbers of the projects that a plain query finds."""
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute(
            f"SELECT number FROM project JOIN enterprise ON enterprise.id = enterprise_id WHERE {condition} {order}"  # noqa: S608
        )
        return [number for (number,) in found]


def test_among_fifty_thousand_projects_one_finds_opens_and_comes_back(start: Start, many: Path) -> None:
    expected = numbers(
        many, "status = 'Afgewerkt' AND name_folded LIKE '%patisserie%'", "ORDER BY amount_cents DESC, number DESC"
    )
    assert len(expected) > 1000
    operator = Operator(start("--database", many))
    operator.logs_in("helpdesk")
    operator.chooses("Overzicht projecten")
    operator.presses("a")
    operator.sees("alle jaren")
    operator.filters("status", "Afgewerkt")
    operator.filters("onderneming", "pâtisserie")
    operator.presses("s")
    everything = len(numbers(many, "1", ""))
    operator.finds_many(everything, len(expected))
    assert operator.listed()[0] == expected[0]
    operator.presses("G")
    operator.terminal.settle()
    assert operator.listed()[-1] == expected[-1]
    operator.presses("k", "k", "enter")
    operator.sees(f"Project {expected[-3]}")
    operator.presses("n")
    operator.sees(f"Project {expected[-2]}")
    operator.presses("p")
    operator.sees(f"Project {expected[-3]}")
    operator.presses("p")
    operator.sees(f"Project {expected[-4]}")
    operator.presses("escape")
    operator.sees("Overzicht projecten")
    operator.terminal.settle()
    assert operator.terminal.look(expected[-4]).bold
    assert operator.listed()[-1] == expected[-1]
    operator.filters("aanvraag", "gisteren")
    operator.is_told("! 'gisteren' is geen datum")


def test_a_large_provider_reacts_and_comes_back_to_the_same_place(start: Start, many: Path) -> None:
    expected = numbers(many, "headquarters_id = 3 AND status = 'Afgewerkt'", "ORDER BY applied_on DESC, number DESC")
    operator = Operator(start("--database", many))
    operator.logs_in("groot")
    operator.chooses("Overzicht projecten")
    operator.filters("status", "Afgewerkt")
    operator.terminal.settle()
    operator.presses(*["pagedown"] * 5)
    operator.terminal.settle()
    at = expected.index(operator.listed()[0])
    assert at > 50
    operator.presses("enter")
    operator.sees("Projecttitel")
    operator.reacts("melden", "projectbedrag onjuist")
    operator.is_told("Het project is gemeld")
    operator.presses("escape")
    operator.sees("Overzicht projecten")
    operator.terminal.settle()
    assert operator.listed() == expected[at : at + len(operator.listed())]
