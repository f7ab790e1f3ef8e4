"""Imports of the back office's files: the samples, their variants, what repeats, what is refused, what breaks off."""

import csv
import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db.codes import Role
from db.database import connected
from db.enterprises import Enterprise
from db.errors import Fault, StorageError
from db.imports import OccurrenceCounts
from db.projects import Project
from services import audit, imports
from services.errors import Busy, Invalid, NotAllowed
from services.imports import ImportFile, ImportInterrupted, ImportKind, ImportResult, import_file
from services.imports_projects import ProjectImport
from services.imports_providers import ProviderImport
from services.work import Actor

DATA = Path(__file__).parents[1] / "data"
SAMPLES = {
    ImportKind.PROVIDERS: "dienstverleners.csv",
    ImportKind.PROJECTS: "projecten.csv",
    ImportKind.PAYMENTS: "betalingen.csv",
}
PROJECT_HEADER = ";".join(ProjectImport.columns)
PROVIDER_HEADER = ";".join(ProviderImport.columns)
PAYMENT_HEADER = "Projectnr;Datum;Soort;Bedrag"
PROJECT = {
    "Projectnr": "2016KMO000001",
    "Onderneming": "Testonderneming",
    "Ondernemingsnummer": "0403.019.261",
    "E-mail": "klant@example.com",
    "Dienstverlener": "0862.010.195",
    "Dienst": "Opleiding",
    "Titel": "VCA",
    "Aanvraag datum": "01/03/2016",
    "Startdatum": "01/03/2016",
    "Einddatum": "02/03/2016",
    "Projectbedrag": "1.000,00",
    "Steunbedrag": "400,00",
    "Status": "Bevestigd",
}
PROVIDER = {
    "Naam": "Leerhuis",
    "Ondernemingsnummer": "0403.019.261",
    "Type": "MZ",
    "Rechtsvorm": "NV",
    "Straat": "Kerkplein",
    "Nr": "1",
    "Bus": "",
    "Postcode": "9000",
    "Gemeente": "Gent",
    "E-mail": "info@example.com",
    "Telefoon": "09 223 77 36",
    "Rekeningnummer": "BE68 5390 0754 7034",
}

Import = Callable[[ImportKind, Path], ImportResult]


@pytest.fixture
def take_in(system: Actor) -> Import:
    return lambda kind, path: import_file(ImportFile(kind=kind, path=path), actor=system)


@pytest.fixture
def with_providers(take_in: Import, tmp_path: Path) -> None:
    take_in(ImportKind.PROVIDERS, shutil.copy(DATA / "dienstverleners.csv", tmp_path))


def dump(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    with closing(sqlite3.connect(database)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: f'SELECT * FROM "{name}"' for name in names}  # noqa: S608
        return {name: sorted(connection.execute(rows).fetchall(), key=repr) for name, rows in tables.items()}


def ask(database: Path, question: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(question, values).fetchall()


def project_file(path: Path, *rows: dict[str, str]) -> Path:
    lines = [";".join((PROJECT | row).values()) for row in rows]
    path.write_text("\n".join([PROJECT_HEADER, *lines, ""]), encoding="utf-8")
    return path


def provider_file(path: Path, *rows: dict[str, str]) -> Path:
    lines = [";".join((PROVIDER | row).values()) for row in rows]
    path.write_text("\n".join([PROVIDER_HEADER, *lines, ""]), encoding="utf-8")
    return path


def payment_file(path: Path, *lines: str) -> Path:
    path.write_text("\n".join([PAYMENT_HEADER, *lines, ""]), encoding="utf-8")
    return path


def rejects_of(path: Path) -> list[list[str]]:
    """Line, field, reason and cells of each refused row."""
    text = path.with_name(f"{path.name}.rejects.csv").read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]


def samples_in(folder: Path) -> dict[ImportKind, Path]:
    folder.mkdir(exist_ok=True)
    return {kind: Path(shutil.copy(DATA / name, folder)) for kind, name in SAMPLES.items()}


def counts(result: ImportResult) -> tuple[int, int, int]:
    return result.new, result.unchanged, result.rejected


def test_the_samples(database: Path, take_in: Import, tmp_path: Path) -> None:
    files = samples_in(tmp_path / "in")
    results = {kind: take_in(kind, path) for kind, path in files.items()}
    lines = [line.split(";") for line in (DATA / "projecten.csv").read_text("cp1252").splitlines() if line.strip(";")]
    payments = (DATA / "betalingen.csv").read_text("cp1252").splitlines()[1:]

    assert counts(results[ImportKind.PROVIDERS]) == (8, 0, 0)
    assert counts(results[ImportKind.PROJECTS]) == (len(lines) - 1 - 13 - 1, 1, 13)
    assert counts(results[ImportKind.PAYMENTS]) == (len(payments) - 1, 0, 1)
    assert [row[0] for row in rejects_of(files[ImportKind.PAYMENTS])] == ["441"]
    refused = rejects_of(files[ImportKind.PROJECTS])
    assert len(refused) == 13
    physical = (DATA / "projecten.csv").read_text("cp1252").splitlines()
    assert all(physical[int(row[0]) - 1].startswith(row[3]) for row in refused)

    # the same sums, from the files themselves
    bad = {int(row[0]) for row in refused}
    good = {line.split(";")[0]: line.split(";") for number, line in enumerate(physical, 1) if number not in bad}
    good = {number: cells for number, cells in good.items() if number.startswith("20")}
    cents = sum(
        round(float(cells[-3].strip("€\N{NO-BREAK SPACE} ").replace(".", "").replace(",", ".")) * 100)
        for cells in good.values()
    )
    assert ask(database, "SELECT COUNT(*), SUM(amount_cents) FROM project") == [(len(good), cents)]
    assert dict(ask(database, "SELECT status, COUNT(*) FROM project GROUP BY status")) == Counter(
        cells[-1] for cells in good.values()
    )
    paid = sum(round(float(line.split(";")[3].replace(".", "").replace(",", ".")) * 100) for line in payments[:-1])
    assert ask(database, "SELECT SUM(amount_cents) FROM payment") == [(paid,)]
    digits = {cells[-11].replace("BE", "").replace(".", "").replace(" ", "") for cells in good.values()}
    assert {row[0] for row in ask(database, "SELECT enterprise_number FROM enterprise")} == digits

    before = dump(database)
    again = {kind: take_in(kind, path) for kind, path in files.items()}
    assert [again[kind].new for kind in files] == [0, 0, 0]
    assert [again[kind].rejected for kind in files] == [0, 13, 1]
    assert dump(database) == before


def test_the_audit_trail_names_files_by_their_content(
    database: Path, take_in: Import, tmp_path: Path, system: Actor
) -> None:
    for kind, path in samples_in(tmp_path / "in").items():
        take_in(kind, path)
    lines = ask(database, "SELECT action, subject, details FROM audit_line WHERE action LIKE 'import.%'")
    assert [line[0] for line in lines] == ["import.providers", "import.projects", "import.payments"]
    assert all(line[1].startswith("file:") and "csv" not in line[1] for line in lines)
    assert lines[1][2] == '{"new": 328, "rejected": 13, "unchanged": 1}'
    assert audit.verify(actor=system)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig"])
def test_encodings_and_line_ends_give_the_same(
    database: Path, take_in: Import, tmp_path: Path, encoding: str, end: str
) -> None:
    results = []
    for kind, path in samples_in(tmp_path / "in").items():
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig" if raw.startswith(b"\xef") else "cp1252")
        path.write_bytes(text.replace("\r\n", end).encode(encoding))
        results.append(take_in(kind, path))
    assert [counts(result) for result in results] == [(8, 0, 0), (328, 1, 13), (439, 0, 1)]
    with connected():
        names = {row.name for row in Enterprise.select()}
    assert {"Schrijnwerken Müller Comm.V", 'Drukkerij De Wilde "Groep" Comm.V'} <= names
    assert not any(name != name.strip() or "\ufffd" in name for name in names)


@pytest.mark.usefixtures("with_providers")
def test_columns_in_another_order_and_more_of_them(take_in: Import, tmp_path: Path) -> None:
    columns = [*reversed(PROJECT), "Opmerking"]
    path = tmp_path / "p.csv"
    path.write_text(
        f" {' ; '.join(columns).upper()}\n{';'.join((PROJECT | {'Opmerking': 'x'})[name] for name in columns)}\n"
    )
    assert counts(take_in(ImportKind.PROJECTS, path)) == (1, 0, 0)


def test_a_missing_column_takes_nothing_in(database: Path, take_in: Import, tmp_path: Path) -> None:
    path = project_file(tmp_path / "p.csv", {})
    path.write_text(path.read_text().replace("Steunbedrag;", ""))
    before = dump(database)
    with pytest.raises(Invalid, match="Steunbedrag"):
        take_in(ImportKind.PROJECTS, path)
    assert dump(database) == before
    assert not path.with_name("p.csv.rejects.csv").exists()


@pytest.mark.usefixtures("with_providers")
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"Projectnr": "2016KM0000001"}, "Projectnr"),
        ({"Onderneming": "  "}, "Onderneming"),
        ({"Ondernemingsnummer": "0403.019.262"}, "Ondernemingsnummer"),
        ({"E-mail": "klant@"}, "E-mail"),
        ({"Dienstverlener": "0862.010.195/2"}, "Dienstverlener"),
        ({"Dienst": "Coaching"}, "Dienst"),
        ({"Aanvraag datum": "31/02/2016"}, "Aanvraag datum"),
        ({"Startdatum": "03/03/2016"}, "Einddatum"),
        ({"Projectbedrag": "0,00"}, "Projectbedrag"),
        ({"Projectbedrag": "12,345"}, "Projectbedrag"),
        ({"Projectbedrag": "-5"}, "Projectbedrag"),
        ({"Steunbedrag": "1.000,01"}, "Steunbedrag"),
        ({"Steunbedrag": ""}, "Steunbedrag"),
        ({"Status": "bevestigd"}, "Status"),
        ({"Titel": "x" * 301}, "Titel"),
        ({"Dienst": "", "Status": "x"}, "Dienst, Status"),
    ],
)
def test_projects_refused(database: Path, take_in: Import, tmp_path: Path, changed: dict[str, str], field: str) -> None:
    before = dump(database)
    path = project_file(tmp_path / "p.csv", changed)
    assert counts(take_in(ImportKind.PROJECTS, path)) == (0, 0, 1)
    ((line, named, reason, *cells),) = rejects_of(path)
    assert (line, named) == ("2", field)
    assert reason
    assert [cell.removeprefix("'") for cell in cells] == list((PROJECT | changed).values())
    assert dump(database) == before


@pytest.mark.usefixtures("with_providers")
def test_what_is_known_otherwise_is_refused_by_name(database: Path, take_in: Import, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    take_in(ImportKind.PROJECTS, project_file(path, {}))
    # the state reached here, and the name that a newer application brought, are not the file's
    ask(database, "UPDATE project SET status = 'ProjectGeannuleerd'")
    take_in(
        ImportKind.PROJECTS,
        project_file(path, {"Projectnr": "2016KMO000002", "Aanvraag datum": "02/03/2016", "Onderneming": "Nieuw"}),
    )
    before = dump(database)
    variants: list[tuple[dict[str, str], str]] = [
        ({"Titel": "Anders"}, "Titel"),
        ({"Status": "Lopend"}, "Status"),
        ({"Onderneming": "Nieuw"}, "Onderneming of E-mail"),
        ({"E-mail": "ander@example.com"}, "E-mail"),
        ({"Dienstverlener": "0481.625.784", "Projectbedrag": "999"}, "Dienstverlener, Projectbedrag"),
        ({"Onderneming": "Derde", "Titel": "Anders"}, "Titel, Onderneming of E-mail"),
    ]
    for changed, fields in variants:
        result = take_in(ImportKind.PROJECTS, project_file(path, changed, {}))
        assert counts(result) == (0, 1, 1)
        assert rejects_of(path)[0][1].replace(" or ", " of ") == fields
    assert dump(database) == before


@pytest.mark.usefixtures("with_providers")
def test_a_line_that_repeats_another_is_unchanged(database: Path, take_in: Import, tmp_path: Path) -> None:
    other_form = {"Projectbedrag": "€ 1000", "Dienst": "OPLEIDING", "Ondernemingsnummer": "BE 403.019.261"}
    path = project_file(tmp_path / "p.csv", {}, {}, other_form, {"Titel": "Anders"})
    assert counts(take_in(ImportKind.PROJECTS, path)) == (1, 2, 1)
    assert rejects_of(path)[0][:2] == ["5", "Titel"]


@pytest.mark.usefixtures("with_providers")
@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("batch", [1, 1000])
def test_the_newest_application_names_the_enterprise(
    database: Path, take_in: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, newest_first: bool, batch: int
) -> None:
    monkeypatch.setattr(imports, "BATCH_ROWS", batch)
    rows = [
        {"Projectnr": "2016KMO000001", "Aanvraag datum": "01/03/2016", "Onderneming": "Oud"},
        {
            "Projectnr": "2016KMO000002",
            "Aanvraag datum": "02/03/2016",
            "Onderneming": "Élise",
            "E-mail": "e@example.com",
        },
    ]
    take_in(ImportKind.PROJECTS, project_file(tmp_path / "p.csv", *(reversed(rows) if newest_first else rows)))
    renamed = batch == 1 and not newest_first
    assert ask(database, "SELECT name, name_folded, email, version FROM enterprise") == [
        ("Élise", "elise", "e@example.com", 1 + renamed)
    ]
    path = project_file(tmp_path / "p.csv", *rows)
    assert counts(take_in(ImportKind.PROJECTS, path)) == (0, 2, 0)


def test_departments_may_stand_before_their_headquarters(database: Path, take_in: Import, tmp_path: Path) -> None:
    department = {"Type": "DEP", "Ondernemingsnummer": "0403.019.261/2", "Naam": "Afdeling", "Rechtsvorm": ""}
    path = provider_file(tmp_path / "d.csv", department, {}, {"Type": "DEP", "Ondernemingsnummer": "0862.010.195/1"})
    assert counts(take_in(ImportKind.PROVIDERS, path)) == (2, 0, 1)
    assert rejects_of(path)[0][:2] == ["4", "Ondernemingsnummer"]
    headquarters = ask(database, "SELECT id FROM provider WHERE kind = 'MZ'")[0][0]
    assert ask(
        database, "SELECT department_number, headquarters_id, account_number FROM provider WHERE kind = 'DEP'"
    ) == [(2, headquarters, "BE68539007547034")]
    assert (
        ask(database, "SELECT number, street, municipality_folded FROM establishment") == [(1, "Kerkplein", "gent")] * 2
    )
    before = dump(database)
    assert counts(take_in(ImportKind.PROVIDERS, path)) == (0, 2, 1)
    assert dump(database) == before
    projects = project_file(tmp_path / "p.csv", {"Dienstverlener": "0403019261 / 2"})
    assert counts(take_in(ImportKind.PROJECTS, projects)) == (1, 0, 0)
    with connected():
        project = Project.get()
    assert project.headquarters_id == headquarters != project.provider_id


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"Naam": ""}, "Naam"),
        ({"Ondernemingsnummer": "0000.000.000"}, "Ondernemingsnummer"),
        ({"Type": "X"}, "Type"),
        ({"Ondernemingsnummer": "0403.019.261/1"}, "Ondernemingsnummer"),
        ({"Type": "DEP"}, "Ondernemingsnummer"),
        ({"Rechtsvorm": ""}, "Rechtsvorm"),
        ({"Postcode": "0999"}, "Postcode"),
        ({"Postcode": "9993"}, "Postcode"),
        ({"Postcode": "B-9000"}, "Postcode"),
        ({"E-mail": "info"}, "E-mail"),
        ({"Telefoon": "bel mij"}, "Telefoon"),
        ({"Rekeningnummer": "BE68 5390 0754 7035"}, "Rekeningnummer"),
    ],
)
def test_providers_refused(take_in: Import, tmp_path: Path, changed: dict[str, str], field: str) -> None:
    path = provider_file(tmp_path / "d.csv", changed)
    assert counts(take_in(ImportKind.PROVIDERS, path)) == (0, 0, 1)
    assert rejects_of(path)[0][1] == field


def test_a_provider_changed_here_is_not_overwritten(database: Path, take_in: Import, tmp_path: Path) -> None:
    path = provider_file(tmp_path / "d.csv", {})
    take_in(ImportKind.PROVIDERS, path)
    ask(database, "UPDATE provider SET phone = '1700', version = 2")
    before = dump(database)
    assert counts(take_in(ImportKind.PROVIDERS, path)) == (0, 1, 0)
    assert counts(take_in(ImportKind.PROVIDERS, provider_file(path, {"Straat": "Markt", "Telefoon": "1700"}))) == (
        0,
        0,
        1,
    )
    assert rejects_of(path)[0][1] == "Straat"
    assert dump(database) == before


DEPOSIT = "2016KMO000001;05/03/2016;Storting eigen bijdrage"
PAYOUT = "2016KMO000001;06/03/2016;Uitbetaling"


@pytest.mark.usefixtures("with_providers")
@pytest.mark.parametrize(
    ("status", "payments", "reached", "audited"),
    [
        ("Bevestigd", [f"{DEPOSIT};599,99"], "Bevestigd", []),
        ("Bevestigd", [f"{DEPOSIT};300", f"{DEPOSIT};300"], "Lopend", ["project.paid_in"]),
        ("Bevestigd", [f"{PAYOUT};1.000"], "Bevestigd", []),
        ("Bevestigd", [f"{PAYOUT};1.000", f"{DEPOSIT};700"], "Afgewerkt", ["project.paid_in", "project.paid_out"]),
        ("Lopend", [f"{PAYOUT};400", f"{PAYOUT};600"], "Afgewerkt", ["project.paid_out"]),
        ("Lopend", [f"{PAYOUT};999,99"], "Lopend", []),
        ("StopzettingAangevraagd", [f"{PAYOUT};1.000"], "StopzettingAangevraagd", []),
        ("ProjectGeannuleerd", [f"{DEPOSIT};600"], "ProjectGeannuleerd", []),
        ("Stopgezet", [f"{DEPOSIT};600"], "Stopgezet", []),
        ("Afgewerkt", [f"{DEPOSIT};1"], "Afgewerkt", []),
    ],
)
@pytest.mark.parametrize("batch", [1, 1000])
def test_where_payments_lead(
    database: Path,
    take_in: Import,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    status: str,
    payments: list[str],
    reached: str,
    audited: list[str],
    batch: int,
) -> None:
    monkeypatch.setattr(imports, "BATCH_ROWS", batch)
    take_in(ImportKind.PROJECTS, project_file(tmp_path / "p.csv", {"Status": status}))
    path = payment_file(tmp_path / "b.csv", *payments)
    assert counts(take_in(ImportKind.PAYMENTS, path)) == (len(payments), 0, 0)
    moved = "SELECT action FROM audit_line WHERE subject = 'project:2016KMO000001' ORDER BY id"
    assert [row[0] for row in ask(database, moved)] == audited
    assert ask(database, "SELECT status, version > 1, status_since IS NOT NULL FROM project") == [
        (reached, bool(audited), bool(audited))
    ]
    # taken in again, nothing moves, not even a project that somebody brought back meanwhile
    ask(database, "UPDATE project SET status = ?", status)
    before = dump(database)
    assert counts(take_in(ImportKind.PAYMENTS, path)) == (0, len(payments), 0)
    assert dump(database) == before


@pytest.mark.usefixtures("with_providers")
def test_known_payments_move_nothing_beside_a_new_one(database: Path, take_in: Import, tmp_path: Path) -> None:
    take_in(ImportKind.PROJECTS, project_file(tmp_path / "p.csv", {}, {"Projectnr": "2016KMO000002"}))
    path = tmp_path / "b.csv"
    take_in(ImportKind.PAYMENTS, payment_file(path, f"{DEPOSIT};600"))
    ask(database, "UPDATE project SET status = 'Bevestigd'")
    other = f"{DEPOSIT};600".replace("000001", "000002")
    assert counts(take_in(ImportKind.PAYMENTS, payment_file(path, f"{DEPOSIT};600", other))) == (1, 1, 0)
    assert ask(database, "SELECT status FROM project ORDER BY number") == [("Bevestigd",), ("Lopend",)]


@pytest.mark.usefixtures("with_providers")
def test_equal_payments_are_told_apart_by_their_occurrence(
    database: Path, take_in: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH_ROWS", 2)
    take_in(ImportKind.PROJECTS, project_file(tmp_path / "p.csv", {}))
    path = tmp_path / "b.csv"
    assert counts(take_in(ImportKind.PAYMENTS, payment_file(path, *[f"{DEPOSIT};10"] * 3))) == (3, 0, 0)
    spelled = f"{DEPOSIT.upper()};€ 10,00"
    assert counts(take_in(ImportKind.PAYMENTS, payment_file(path, *[f"{DEPOSIT};10", spelled] * 2))) == (1, 3, 0)
    assert ask(database, "SELECT occurrence FROM payment ORDER BY occurrence") == [(1,), (2,), (3,), (4,)]


@pytest.mark.parametrize(
    "line", [f"{PAYOUT};0", f"{PAYOUT};", "2016KMO000001;06/03/2016;Gift;5", "x;06/03/2016;Uitbetaling;5"]
)
def test_payments_refused(take_in: Import, tmp_path: Path, line: str) -> None:
    assert counts(take_in(ImportKind.PAYMENTS, payment_file(tmp_path / "b.csv", line))) == (0, 0, 1)


@pytest.mark.usefixtures("with_providers")
def test_hostile_cells_and_physical_lines(database: Path, take_in: Import, tmp_path: Path) -> None:
    path = project_file(
        tmp_path / "p.csv",
        {
            "Ondernemingsnummer": "0702594358",
            "Onderneming": '"Over twee\nregels"',
            "Titel": "[@click=app.quit]x[/] \u202egro\u200b \N{NO-BREAK SPACE}e\u0301",
        },
        {"Projectnr": "2016KMO000002", "Titel": "=HYPERLINK(1)", "Status": "?"},
        {"Projectnr": "2016KMO000003", "Titel": "\x1b]0,x\x07"},
        {"Projectnr": "2016KMO000004", "Titel": '"nooit dicht'},
        {"Projectnr": "2016KMO000005", "Titel": "', DROP TABLE project --"},
    )
    assert counts(take_in(ImportKind.PROJECTS, path)) == (2, 0, 3)
    refused = rejects_of(path)
    assert [(row[0], row[1]) for row in refused] == [("4", "Status"), ("5", "Titel"), ("6", "rij")]
    assert refused[0][9] == "'=HYPERLINK(1)"
    assert "\x1b" not in path.with_name("p.csv.rejects.csv").read_text()
    assert ask(database, "SELECT title FROM project ORDER BY number")[0] == ("[@click=app.quit]x[/] gro é",)
    assert {row[0] for row in ask(database, "SELECT name FROM enterprise")} == {"Over twee regels", "Testonderneming"}


@pytest.mark.usefixtures("with_providers")
def test_an_error_on_the_way_leaves_whole_batches(
    database: Path, take_in: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH_ROWS", 2)
    path = project_file(tmp_path / "p.csv", *({"Projectnr": f"2016KMO{number:06}"} for number in range(1, 6)))
    record = ProjectImport.record

    def full_disk(self: ProjectImport, rows: Any, work: Any) -> Any:
        outcomes = record(self, rows, work)
        if rows[0].number == "2016KMO000003":
            raise StorageError(Fault.BUSY)
        return outcomes

    monkeypatch.setattr(ProjectImport, "record", full_disk)
    with pytest.raises(Busy, match=r"line 3|regel 3"):
        take_in(ImportKind.PROJECTS, path)
    assert ask(database, "SELECT COUNT(*) FROM project") == [(2,)]
    assert ask(database, "SELECT COUNT(*) FROM audit_line WHERE action = 'import.projects'") == [(1,)]
    assert [item.name for item in tmp_path.glob(".p.csv*")] == []
    monkeypatch.setattr(ProjectImport, "record", record)
    assert counts(take_in(ImportKind.PROJECTS, path)) == (3, 2, 0)


@pytest.mark.usefixtures("with_providers")
def test_interrupted_between_batches(
    database: Path, system: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BATCH_ROWS", 2)
    rows = [{"Projectnr": f"2016KMO{number:06}"} for number in range(1, 6)]
    command = ImportFile(kind=ImportKind.PROJECTS, path=project_file(tmp_path / "p.csv", {"Dienst": "?"}, *rows))

    def interrupt(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(ImportInterrupted) as interruption:
        import_file(command, actor=system, progress=interrupt)
    assert (counts(interruption.value.result), interruption.value.result.line) == ((3, 0, 1), 5)
    assert ask(database, "SELECT COUNT(*) FROM project") == [(3,)]
    assert len(rejects_of(command.path)) == 1
    seen: list[tuple[int, int]] = []
    again = import_file(command, actor=system, progress=lambda *at: seen.append(at))
    assert counts(again) == (2, 3, 1)
    assert seen == [(3, 7), (5, 7), (7, 7)]


@pytest.mark.usefixtures("with_providers")
def test_memory_does_not_grow_with_the_file(take_in: Import, tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = project_file(tmp_path / "p.csv", *({"Projectnr": f"2015KMO{number:06}"} for number in range(rows)))
        take_in(ImportKind.PROJECTS, path)  # caches filled, rows known
        tracemalloc.start()
        take_in(ImportKind.PROJECTS, path)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(6_000) < 1.2 * peak(2_000)


def test_occurrences_are_counted_outside_memory() -> None:
    expected: defaultdict[str, int] = defaultdict(int)
    with OccurrenceCounts() as occurrences:
        for number in range(3_000):
            key = str(number % 7)
            expected[key] += 1
            assert occurrences.count(key) == expected[key]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_only_the_owner_of_the_file_imports(system: Actor, tmp_path: Path, role: Role) -> None:
    actor = system.model_copy(update={"role": role})
    with pytest.raises(NotAllowed):
        import_file(ImportFile(kind=ImportKind.PROJECTS, path=project_file(tmp_path / "p.csv", {})), actor=actor)


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    environment = {"PATH": os.environ["PATH"], "KMOP_DATABASE": str(tmp_path / "cli.db"), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "kmop_tui", "--lang", "en", "import"]
    return lambda *words: subprocess.run(
        [*command, *words], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_command(program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    samples_in(tmp_path)
    done = program("providers", "dienstverleners.csv")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "8 new, 0 unchanged, 0 rejected\n")
    done = program("projects", "projecten.csv")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "328 new, 1 unchanged, 13 rejected (see projecten.csv.rejects.csv)\n"
    done = program("payments", "nowhere.csv")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_control_c_leaves_whole_batches(tmp_path: Path, system: Actor, database: Path) -> None:
    import_file(
        ImportFile(
            kind=ImportKind.PROVIDERS, path=provider_file(tmp_path / "d.csv", {"Ondernemingsnummer": "0862.010.195"})
        ),
        actor=system,
    )
    path = project_file(tmp_path / "p.csv", *({"Projectnr": f"2015KMO{number:06}"} for number in range(100_000)))
    words = [
        sys.executable,
        "-m",
        "kmop_tui",
        "--lang",
        "en",
        "--database",
        str(database),
        "import",
        "projects",
        str(path),
    ]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as running:
        while not ask(database, "SELECT COUNT(*) FROM project")[0][0]:
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=30)[1]
    kept = ask(database, "SELECT COUNT(*) FROM project")[0][0]
    assert running.returncode == 130
    assert said.count("\n") == 1
    assert "Interrupted after line" in said
    assert 0 < kept < 100_000
    assert kept % imports.BATCH_ROWS == 0
    assert ask(database, "SELECT COUNT(*) FROM audit_line WHERE action = 'import.projects'") == [
        (kept // imports.BATCH_ROWS,)
    ]
