"""Overzicht projecten and reageren op een steunaanvraag, as the manual's provider does it."""

import base64
import csv
import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from driver import Command, Operator, Start

PDF = b"%PDF-1.4\n%%EOF\n"
LOGIN = "012345678"


@pytest.fixture
def at_list(start: Start) -> Operator:
    """The manual's provider at its project list, in the demo."""
    operator = Operator(start("demo", "--as", LOGIN))
    operator.sees("Duid een bewerking aan")
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    return operator


def lines(kmop: Command, database: Path, *options: str) -> list[dict[str, Any]]:
    """The provider's list by the command line."""
    written = kmop("--database", database, "export", "projects", "--login", LOGIN, "--format", "json", *options)[0]
    found: list[dict[str, Any]] = json.loads(written)
    return found


def test_from_the_entry_screen_to_one_project(operator: Operator) -> None:
    operator.logs_in(LOGIN)
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    operator.filters("status", "Bevestigd")
    operator.filters("onderneming", "testonderneming_c")
    operator.finds(203, 1)
    assert operator.listed() == ["2016KMO043643"]
    operator.presses("enter")
    operator.sees("Project 2016KMO043643", "Testonderneming_C", "€ 780,99", "08/03/2016", "Bevestigd")


def test_annulling_sends_the_customer_a_letter(at_list: Operator) -> None:
    at_list.opens("2016KMO044443")
    at_list.sees("Bevestigd (sinds")
    at_list.reacts("annuleren", "dienst gaat niet", "Te weinig inschrijvingen.")
    at_list.sees("ProjectGeannuleerd (sinds 11/03/2016 09:0")
    at_list.is_told("annuleren · dienst gaat niet door of wordt stopgezet · Te weinig inschrijvingen.")
    at_list.is_told("Het project is geannuleerd; de onderneming krijgt een mail met de reden.")
    at_list.presses("escape")
    at_list.finds(203, 1)
    assert "ProjectGeannuleerd" in at_list.terminal.line("2016KMO044443")
    at_list.goes_home()
    at_list.chooses("Mails van de demo")
    at_list.sees("Aan: onderneming1@example.com", "Uw project 2016KMO044443 werd geannuleerd")
    at_list.presses("tab", "pagedown", "pagedown")
    at_list.is_told("Reden: dienst gaat niet door of wordt stopgezet")
    at_list.sees("Te weinig inschrijvingen.")


def test_a_reaction_needs_its_reason_and_its_proof(at_list: Operator, tmp_path: Path) -> None:
    (tmp_path / "bewijs.pdf").write_bytes(PDF)
    at_list.opens("2016KMO034012")
    at_list.sees("Lopend")
    at_list.presses("s")
    at_list.sees("Reden*", "Bewijsstuk*")
    at_list.confirms()
    at_list.is_told("Kies een reden uit de lijst.")
    at_list.presses("escape")
    at_list.sees("Project stopzetten")
    at_list.starts_reaction("stopzetten", "andere", "", tmp_path / "bewijs.pdf")
    at_list.confirms()
    at_list.is_told("Omschrijf de reden: bij 'andere' is een tekst verplicht.")
    at_list.types("De lesgever is ziek.")  # the cursor is where something is missing
    at_list.confirms()
    at_list.sees("StopzettingAangevraagd (sinds 11/03/2016")
    at_list.presses("pagedown")
    at_list.is_told("andere · De lesgever is ziek. · bewijs.pdf")


def test_a_finished_project_can_only_be_reported(at_list: Operator) -> None:
    at_list.opens("2016KMO039146")
    at_list.sees("Afgewerkt", "Project annuleren: nu niet", "Project stopzetten: nu niet")
    for key in ("a", "s"):
        at_list.presses(key)
        at_list.is_told("! Alles is uitbetaald via de kmo-portefeuille")
        at_list.sees_not("Reden*")
    at_list.reacts("melden", "projectbedrag onjuist")
    at_list.is_told("Het project is gemeld")
    at_list.presses("pagedown")
    at_list.sees("melden · projectbedrag onjuist")


def test_three_reactions_on_a_database_that_stays(start: Start, kmop: Command, database: Path, tmp_path: Path) -> None:
    (tmp_path / "stop.pdf").write_bytes(PDF)
    operator = Operator(start("--database", database))
    operator.logs_in(LOGIN)
    operator.chooses("Overzicht projecten")
    for number, reaction, reason, proof, status, told in (
        ("2016KMO044443", "annuleren", "te laat", None, "ProjectGeannuleerd", "geannuleerd; de"),
        (
            "2016KMO034012",
            "stopzetten",
            "onderneming niet",
            tmp_path / "stop.pdf",
            "StopzettingAangevraagd",
            "is aangevraagd; de",
        ),
        ("2016KMO039146", "melden", "verkeerde", None, "Afgewerkt", "is gemeld; de"),
    ):
        operator.opens(number)
        operator.reacts(reaction, reason, f"Over {number}.", proof)
        operator.is_told(told)
        operator.sees(status)
        operator.presses("pagedown")
        operator.is_told(f"Over {number}.")
        operator.presses("escape")
        operator.sees("Overzicht projecten")
    operator.leaves()
    letters = json.loads(kmop("--database", database, "mail", "list", "--json")[0])
    assert [(letter["about"], letter["recipient"], letter["proof_name"]) for letter in reversed(letters)] == [
        ("project:2016KMO044443", "onderneming1@example.com", None),
        ("project:2016KMO034012", "kmo-portefeuille@vlaanderen.be", "stop.pdf"),
        ("project:2016KMO039146", "kmo-portefeuille@vlaanderen.be", None),
    ]
    for letter in letters:
        assert f"Over {letter['about'].partition(':')[2]}." in letter["body"]
    kmop("--database", database, "audit", "verify")
    statuses = {line["number"]: line["status"] for line in lines(kmop, database)}
    assert [statuses[number] for number in ("2016KMO044443", "2016KMO034012", "2016KMO039146")] == [
        "ProjectGeannuleerd",
        "StopzettingAangevraagd",
        "Afgewerkt",
    ]


def test_a_half_typed_reaction_outlives_esc_and_a_killed_program(start: Start, kmop: Command, database: Path) -> None:
    operator = Operator(start("--database", database))
    operator.logs_in(LOGIN)
    operator.chooses("Overzicht projecten")
    operator.opens("2016KMO044443")
    operator.starts_reaction("annuleren", "te laat", "Half getypte")
    operator.presses("escape")
    operator.is_told("Wat u invulde, is bewaard")
    operator.sees("Project 2016KMO044443")
    operator.presses("a")
    operator.sees("te laat", "Half getypte")
    operator.is_told("Wat u op")
    operator.presses("tab")
    operator.types("x")
    draft = wait_for_draft(database, "x")
    operator.terminal.kill()
    assert "Half getypte" in draft

    operator = Operator(start("--database", database))
    operator.logs_in(LOGIN)
    operator.chooses("Overzicht projecten")
    operator.opens("2016KMO044443")
    operator.presses("a")
    operator.sees("te laat", "Half getypte")
    operator.confirms()
    operator.is_told("geannuleerd; de")
    operator.leaves()
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM draft").fetchone() == (0,)


def wait_for_draft(database: Path, text: str) -> str:
    """What is kept as a draft, once it holds `text`."""
    with closing(sqlite3.connect(database)) as connection:
        for _turn in range(100):
            kept = "".join(content for (content,) in connection.execute("SELECT content FROM draft"))
            if text in kept:
                return kept
            time.sleep(0.1)
    raise AssertionError(f"no draft with {text}: {kept}")


def test_from_one_project_to_its_neighbours_and_back(at_list: Operator) -> None:
    at_list.presses("down", "j")
    at_list.sees("3/203")
    at_list.presses("enter")
    at_list.sees("Project 2016KMO043643")
    at_list.presses("n")
    at_list.sees("Project 2016KMO041971")
    at_list.presses("n", "n")
    at_list.sees("Project 2016KMO040021")
    at_list.presses("p")
    at_list.sees("Project 2016KMO040092")
    at_list.presses("escape")
    at_list.sees("5/203")
    at_list.presses("enter")
    at_list.sees("Project 2016KMO040092")
    at_list.presses("escape")
    at_list.sees("5/203")
    at_list.presses("g", "enter")
    at_list.sees("Project 2016KMO044855")
    at_list.presses("p")
    at_list.is_told("Dit is het eerste project van de lijst.")
    at_list.presses("escape", "G")
    at_list.sees("203/203")
    at_list.presses("enter")
    at_list.sees("Projecttitel")
    at_list.presses("n")
    at_list.is_told("Dit is het laatste project van de lijst.")


def test_the_list_follows_its_keys(start: Start, kmop: Command, database: Path) -> None:
    operator = Operator(start("--database", database))
    operator.logs_in(LOGIN)
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    everything = lines(kmop, database, "--all-years")
    assert len(everything) > 203
    operator.presses("a")
    operator.finds(len(everything))
    operator.sees("alle jaren")
    operator.presses("a")
    operator.finds(203)
    shown = len(operator.listed())
    assert shown == 18
    # the list begins at the date column; s goes round all six
    for column, heading in (
        ("amount", "Bedrag"),
        ("service", r"Dien\S*"),
        ("status", "Status"),
        ("number", "Projectnr"),
        ("enterprise", "Onderneming"),
        ("applied", "Aanvraag"),
    ):
        operator.presses("s")
        operator.terminal.wait_for(re.compile(f"{heading} ?▼"))
        expected = [line["number"] for line in lines(kmop, database, "--sort", f"-{column}")]
        assert operator.listed() == expected[:shown], column
        operator.presses("r")
        operator.terminal.wait_for(re.compile(f"{heading} ?▲"))
        expected = [line["number"] for line in lines(kmop, database, "--sort", column)]
        assert operator.listed() == expected[:shown], column
        operator.presses("r")
        operator.terminal.wait_for(re.compile(f"{heading} ?▼"))


def test_ranges_are_typed_as_they_are_said(at_list: Operator, kmop: Command, database: Path) -> None:
    everything = lines(kmop, database)

    def matching(*wanted: Any) -> int:
        return sum(all(condition(line) for condition in wanted) for line in everything)

    def over(line: dict[str, Any]) -> bool:
        return float(line["amount"]) > 1000

    def in_2016(line: dict[str, Any]) -> bool:
        return str(line["applied"]).startswith("2016")

    at_list.filters("bedrag", ">1000")
    at_list.finds(203, matching(over))
    at_list.filters("aanvraag", "2016")
    at_list.finds(203, matching(over, in_2016))
    at_list.clears_filters()
    at_list.filters("aanvraag", "01/03/2016..")
    at_list.finds(203, 8)
    at_list.filters("aanvraag", "2016")
    at_list.finds(203, matching(in_2016))

    # one that cannot be read leaves the rows, and says what is wrong
    rows = at_list.listed()
    at_list.filters("bedrag", "veel")
    at_list.is_told("! 'veel' is geen bedrag")
    assert at_list.listed() == rows
    at_list.finds(203, matching(in_2016))
    at_list.filters("bedrag", "728,93")
    at_list.sees_not("geen bedrag")
    at_list.finds(203, matching(in_2016, lambda line: float(line["amount"]) == 728.93))

    # nothing found is said, with the way out
    at_list.filters("projectnr", "2016KMO999999")
    at_list.is_told("Geen enkel project voldoet aan deze filters. Druk op x om ze te wissen.")
    at_list.clears_filters()
    at_list.finds(203)


def test_the_filtered_list_goes_to_a_file(at_list: Operator, home: Path) -> None:
    at_list.filters("status", "Bevestigd")
    at_list.filters("aanvraag", "03/2016")
    at_list.finds(203, 4)
    numbers = at_list.listed()
    at_list.presses("e")
    at_list.sees("4 projecten worden geëxporteerd.", "~/projecten-2016-03-11")
    at_list.chooses("XLSX")
    at_list.is_told(f"4 projecten geschreven naar {home}/projecten-2016-03-11.xlsx")
    file = home / "projecten-2016-03-11.xlsx"
    assert file.stat().st_mode & 0o777 == 0o600
    first = file.read_bytes()
    rows = list(load_workbook(file)["Projecten"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == numbers
    number, name, applied, *others = rows[1]
    assert (number, name, f"{applied:%d/%m/%Y}") == ("2016KMO044443", "Testonderneming_A en B", "09/03/2016")
    assert others == [728.93, "Opleiding", "Bevestigd"]

    # a file that exists is asked about first, and the harmless answer has the focus
    at_list.chooses("XLSX")
    at_list.is_told(f"{file} bestaat al.")
    at_list.sees("Overschrijven")
    at_list.presses("enter")
    at_list.sees_not("Overschrijven")
    assert file.read_bytes() == first
    file.write_text("van een ander")
    at_list.chooses("XLSX")
    at_list.sees("Overschrijven")
    at_list.presses("right", "enter")
    at_list.is_told(f"4 projecten geschreven naar {file}")
    assert len(list(load_workbook(file)["Projecten"].iter_rows())) == 5

    at_list.chooses("CSV")
    at_list.is_told(f"4 projecten geschreven naar {home}/projecten-2016-03-11.csv")
    with (home / "projecten-2016-03-11.csv").open(encoding="utf-8-sig", newline="") as text:
        table = list(csv.reader(text, delimiter=";"))
    assert [row[0] for row in table[1:]] == numbers
    assert table[1] == ["2016KMO044443", "Testonderneming_A en B", "09/03/2016", "728,93", "Opleiding", "Bevestigd"]

    # an impossible folder is said, too
    at_list.presses("tab", "ctrl+u")
    at_list.types("/nergens/lijst")
    at_list.presses("enter")
    at_list.chooses("JSON")
    at_list.sees("! ", "/nergens")


def test_the_list_goes_to_the_clipboard(at_list: Operator) -> None:
    at_list.filters("status", "Lopend")
    at_list.filters("aanvraag", "02/2016")
    numbers = at_list.listed()
    assert numbers
    at_list.presses("e")
    at_list.sees("klembord")
    at_list.chooses("Kopiëren naar het klembord")
    at_list.is_told(f"{len(numbers)} projecten zijn naar uw klembord gestuurd.")
    [copied] = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", bytes(at_list.terminal.received))
    table = [line.split("\t") for line in base64.b64decode(copied).decode().splitlines()]
    assert [row[0] for row in table[1:]] == numbers
    assert {row[-1] for row in table[1:]} == {"Lopend"}
