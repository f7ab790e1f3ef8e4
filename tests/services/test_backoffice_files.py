"""The CSV dialect of the back office, and the file that refused rows come back in."""

import csv
import io
import stat
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.backoffice_files import LONGEST_ROW, MOST_LINES_IN_ROW, Table, examine, read_rows, split_row
from services.errors import Invalid, NotFound
from services.rejects import RejectsFile
from services.spreadsheets import guarded

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00", exclude_categories=["Cs"]), max_size=8)
TRICKY = st.text(st.sampled_from('a;" =\n\r'), max_size=8)


def rows_of(path: Path) -> list[tuple[int, list[str]]]:
    return [(row.line, row.cells) for row in read_rows(path, examine(path))]


@given(st.lists(CELL | TRICKY, min_size=1, max_size=6))
@example(['"', '""', ";", ""])
def test_whatever_was_written_all_quoted_is_read_back(cells: list[str]) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="").writerow(cells)
    assert split_row(written.getvalue()) == cells


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a; b ;c", ["a", " b ", "c"]),
        ('a; "De ""Kaai""" ;c', ["a", 'De "Kaai"', "c"]),
        ('a;\N{NO-BREAK SPACE}"b;c";d', ["a", "b;c", "d"]),
        ('a;Firma "De Kaai" nv;c', ["a", 'Firma "De Kaai" nv', "c"]),
        ('a;"De Kaai" nv;"c"', ["a", '"De Kaai" nv', "c"]),
        ('a;"x" en "y";c', ["a", '"x" en "y"', "c"]),
        ('19" scherm;""', ['19" scherm', ""]),
        ('"";""', ["", ""]),
    ],
)
def test_cells_of_a_row(text: str, cells: list[str]) -> None:
    assert split_row(text) == cells


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings_and_line_ends(tmp_path: Path, end: str, encoding: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(
        end.join(["Naam;Bedrag", "", ";;;;", "Élise & C°;€ 5", "\N{NO-BREAK SPACE};", "x;y"]).encode(encoding)
    )
    assert rows_of(path) == [(1, ["Naam", "Bedrag"]), (4, ["Élise & C°", "€ 5"]), (6, ["x", "y"])]


def test_a_letter_split_over_two_chunks_is_still_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.backoffice_files.CHUNK", 3)
    path = tmp_path / "file.csv"
    path.write_bytes("aé€😀é\n".encode())
    assert examine(path).encoding == "utf-8-sig"
    path.write_bytes("aé".encode()[:-1])
    assert examine(path).encoding == "cp1252"


def test_lines_are_counted_as_in_an_editor(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b'a;b\r\n"een\r\ntwee";1\r\n\r\nx;"y\nz\n"\r\nlast;row')
    assert rows_of(path) == [(1, ["a", "b"]), (2, ["een\r\ntwee", "1"]), (5, ["x", "y\nz\n"]), (8, ["last", "row"])]
    assert examine(path).lines == 7  # line ends


@pytest.mark.parametrize("follows", ["goed;1", 'goed;"1"', '"go""ed";1', 'goed;""'])
def test_an_open_quotation_mark_costs_its_own_line_only(tmp_path: Path, follows: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text(f'a;b\nstuk;"open\n{follows}\nx;y\n' + "z;z\n" * MOST_LINES_IN_ROW)
    rows = list(read_rows(path, examine(path)))
    assert [(row.line, bool(row.problem)) for row in rows[:4]] == [(1, False), (2, True), (3, False), (4, False)]
    assert len(rows) == 4 + MOST_LINES_IN_ROW


def test_an_endless_line_is_refused_and_the_next_one_read(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("a;b\n" + "x" * (3 * LONGEST_ROW) + ";1\ny;2\n")
    rows = list(read_rows(path, examine(path)))
    assert [(row.line, bool(row.problem)) for row in rows] == [(1, False), (2, True), (3, False)]
    assert len(rows[1].cells[0]) == LONGEST_ROW


def test_the_header_names_the_columns_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("\n extra ; BEDRAG;\N{NO-BREAK SPACE}naam \n1;2; Jan  en\tAn \n")
    table = Table(path, ("Naam", "Bedrag"))
    (row,) = table.rows()
    cells = table.cells(row)
    assert (cells.text("Naam"), cells.text("Bedrag"), row.line) == ("Jan en An", "2", 3)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "leeg|empty"),
        (b"\xef\xbb\xbf\r\n;;;\r\n", "leeg|empty"),
        (b"Naam;Prijs\n", "Bedrag"),
        (b"Naam,Bedrag\n1,2\n", "Naam, Bedrag"),
        (b"Naam;Bedrag;naam\n", "Naam"),
        (b"PK\x03\x04\x14\x00", "CSV"),
        ("Naam;Bedrag\n".encode("utf-16"), "CSV"),
    ],
)
def test_a_file_that_cannot_be_taken_in(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=says):
        Table(path, ("Naam", "Bedrag"))


def test_no_file_and_no_regular_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        examine(tmp_path / "nowhere.csv")
    with pytest.raises(Invalid):
        examine(tmp_path)


@pytest.mark.parametrize("cell", ["a\x00b", "a\x1b]52,c,x\x07", "\x9b31m", "\ufffd"])
def test_damaged_cells_are_named(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "file.csv"
    path.write_text(f"Naam;Bedrag\n{cell};1\n", encoding="utf-8")
    table = Table(path, ("Naam", "Bedrag"))
    with pytest.raises(Invalid) as error:
        table.cells(next(table.rows()))
    assert list(error.value.fields) == ["Naam"]


@pytest.mark.parametrize(
    "content", [b"Naam;Bedrag\nCaf\xe9;1\nx\x81;2\n", b"\xef\xbb\xbfNaam;Bedrag\nCaf\xc3\xa9;1\nx\xff;2\n"]
)
def test_bytes_without_a_letter_cost_their_row_only(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    table = Table(path, ("Naam", "Bedrag"))
    first, second = table.rows()
    assert table.cells(first).text("Naam") == "Café"
    with pytest.raises(Invalid):
        table.cells(second)


@pytest.mark.parametrize("number", [1, 3])
def test_too_few_or_too_many_cells(tmp_path: Path, number: int) -> None:
    path = tmp_path / "file.csv"
    path.write_text("Naam;Bedrag\n" + ";".join("x" * number) + "\n")
    table = Table(path, ("Naam", "Bedrag"))
    with pytest.raises(Invalid):
        table.cells(next(table.rows()))


@pytest.mark.parametrize(
    "cell", ["=1+1", "+32", "-5", "@x", "\tx", " =1", "\N{NO-BREAK SPACE}=1", "\ufeff=1", "＝1", "\n=1", "\r=1"]
)
def test_formulas_are_made_harmless(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=1", "'t Hoekje", "5-6", " spatie "])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell


def test_rejects_are_private_replaced_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    for reason in ("first", "second"):
        with RejectsFile(path, ["Naam"]) as rejects:
            rejects.add(7, {"Naam": reason, "Bedrag": reason}, ['De "Kaai"; x\ny', "\x1b[31m"])
            assert not rejects.path.exists() or "second" not in rejects.path.read_text()
            rejects.publish()
    content = rejects.path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert stat.S_IMODE(rejects.path.stat().st_mode) == 0o600
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1:] == [["7", "Naam, Bedrag", "second", 'De "Kaai"; x\ny', "\ufffd[31m"]]
    with RejectsFile(path, ["Naam"]) as rejects:
        pass  # not published: what is there stays
    assert rejects.path.read_bytes() == content
    with RejectsFile(path, ["Naam"]) as rejects:
        rejects.publish()
    assert list(tmp_path.iterdir()) == []
