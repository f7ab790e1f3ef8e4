"""The main job on real input: the back office's files go in, a provider works with them, its letter goes out."""

import csv
import mailbox
import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook

from driver import Command, Operator, Start

DATA = Path(__file__).parents[1] / "data"
PROVIDER = "0862010195"
NEW_PASSWORD = "vier woorden onder de brug"
FILES = {"providers": "dienstverleners.csv", "projects": "projecten.csv", "payments": "betalingen.csv"}


class Counted(NamedTuple):
    """A project as these few lines of plain Python read it from the files."""

    number: str
    enterprise: str
    applied: tuple[str, ...]
    cents: int
    service: str
    status: str


def cents(text: str) -> int:
    return round(float(re.sub(r"[^0-9,]", "", text).replace(",", ".")) * 100)


def counted(folder: Path) -> list[Counted]:
    """The provider's projects of the last two calendar years, by the CSV files and what was rejected of them."""
    with (folder / "projecten.csv.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rejected = {row["Projectnr"] for row in csv.DictReader(file, delimiter=";")}
    paid: defaultdict[tuple[str, str], int] = defaultdict(int)
    with (folder / "betalingen.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            paid[row["Projectnr"], row["Soort"]] += cents(row["Bedrag"])
    found = {}
    with (folder / "projecten.csv").open(encoding="cp1252", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            number = row["Projectnr"]
            if number in rejected or re.sub(r"\D", "", row["Dienstverlener"]) != PROVIDER:
                continue
            amount, subsidy = cents(row["Projectbedrag"]), cents(row["Steunbedrag"])
            status = row["Status"]
            if status == "Bevestigd" and paid[number, "Storting eigen bijdrage"] >= amount - subsidy:
                status = "Lopend"
            if status == "Lopend" and paid[number, "Uitbetaling"] >= amount:
                status = "Afgewerkt"
            name = " ".join(row["Onderneming"].split())
            day = tuple(reversed(row["Aanvraag datum"].split("/")))
            found[number] = Counted(number, name, day, amount, row["Dienst"], status)
    return sorted(project for project in found.values() if project.applied >= ("2015", "01", "01"))


def exported(path: Path) -> list[Counted]:
    """What an exported file says."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))[1:]
        return [Counted(row[0], row[1], tuple(reversed(row[2].split("/"))), cents(row[3]), *row[4:]) for row in rows]
    cells: Any = load_workbook(path)["Projecten"].iter_rows(min_row=2, values_only=True)
    return [
        Counted(number, name, tuple(f"{day:%Y/%m/%d}".split("/")), round(amount * 100), service, status)
        for number, name, day, amount, service, status in cells
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the back office's files were put down."""
    for name in FILES.values():
        shutil.copy(DATA / name, tmp_path / name)
    return tmp_path


def test_the_main_job(folder: Path, kmop: Command, start: Start) -> None:
    # the files go in; rejected rows are told by the exit status and kept beside the file
    for (kind, name), exit_status, summary in zip(
        FILES.items(),
        (0, 3, 3),
        (
            "8 nieuw, 0 ongewijzigd, 0 geweigerd",
            "328 nieuw, 1 ongewijzigd, 13 geweigerd",
            "439 nieuw, 0 ongewijzigd, 1 geweigerd",
        ),
        strict=True,
    ):
        assert summary in kmop("import", kind, name, status=exit_status)[1]
    mine = counted(folder)
    statuses = Counter(project.status for project in mine)
    password, told = kmop("accounts", "add", "leerhuis", "--provider", "0862.010.195")
    assert "leerhuis" in told

    # the first login leads to a password of one's own, and not past it
    operator = Operator(start())
    operator.logs_in("leerhuis", password.strip())
    operator.is_told("Welkom. Kies een eigen paswoord voor u verdergaat.")
    operator.presses("escape")
    operator.is_told("Kies eerst een eigen paswoord, of druk op Ctrl+L om uit te loggen.")
    operator.changes_login(old=password.strip(), new=NEW_PASSWORD)
    operator.is_told("Uw login en paswoord zijn gewijzigd.")

    # exactly one's own projects
    operator.chooses("Overzicht projecten")
    operator.finds(len(mine))
    kmop("export", "projects", "--login", "leerhuis", "--format", "csv", "-o", "alles.csv", "--sort", "number")
    assert exported(folder / "alles.csv") == mine

    # what the filters leave, by the files and on the screen
    for status in ("Bevestigd", "Lopend", "Afgewerkt", "StopzettingAangevraagd", "ProjectGeannuleerd"):
        operator.filters("status", status)
        operator.finds(len(mine), statuses[status])
    operator.clears_filters()
    operator.filters("bedrag", ">1000")
    operator.finds(len(mine), sum(project.cents > 100_000 for project in mine))
    operator.filters("dienst", "Advies")
    operator.finds(len(mine), sum(project.cents > 100_000 and project.service == "Advies" for project in mine))
    operator.clears_filters()
    operator.filters("aanvraag", "2015")
    operator.finds(len(mine), sum(project.applied[0] == "2015" for project in mine))
    operator.filters("onderneming", "elise")
    operator.finds(len(mine), sum("Élise" in p.enterprise and p.applied[0] == "2015" for p in mine))
    operator.clears_filters()

    # one is annulled
    chosen = next(project for project in mine if project.status == "Bevestigd")
    operator.opens(chosen.number)
    operator.sees(chosen.enterprise, "Bevestigd")
    operator.reacts("annuleren", "onderneming", "Zie onze brief.")
    operator.sees("ProjectGeannuleerd (sinds 11/03/2016")
    operator.presses("escape")
    operator.sees("Overzicht projecten")
    operator.clears_filters()
    operator.filters("status", "ProjectGeannuleerd")
    operator.finds(len(mine), statuses["ProjectGeannuleerd"] + 1)

    # the filtered list to files
    annulled = sorted(
        project._replace(status="ProjectGeannuleerd")
        for project in mine
        if project.status == "ProjectGeannuleerd" or project is chosen
    )
    for form in ("CSV", "XLSX"):
        file = folder / f"lijst.{form.lower()}"
        operator.exports(form, file)
        assert sorted(exported(file)) == annulled
    operator.leaves()

    # the enterprise gets its letter
    assert "1 verzonden, 0 mislukt" in kmop("mail", "send", KMOP_MAIL_DIR=str(folder / "post"))[1]
    [letter] = mailbox.Maildir(folder / "post")
    assert chosen.number in letter["Subject"]
    content = letter.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert "Zie onze brief." in content.decode(letter.get_content_charset() or "ascii")
    assert kmop("audit", "verify")

    # the same files again change nothing, what was decided here least of all
    for kind, name in FILES.items():
        again = kmop("import", kind, name, status=3 if kind != "providers" else 0)[1]
        assert again.startswith("0 nieuw, ")
    kmop("export", "projects", "--login", "leerhuis", "--format", "csv", "-o", "daarna.csv", "--sort", "number")
    assert exported(folder / "daarna.csv") == [
        project._replace(status="ProjectGeannuleerd") if project is chosen else project for project in mine
    ]
