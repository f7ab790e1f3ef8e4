"""The export is the list: the same rows in the same order, in files that a spreadsheet and a program read back."""

import csv
import errno
import io
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.accounts import Account, Session
from db.audit import audit_lines
from db.codes import ProjectStatus, Role, ServiceType
from db.database import connected, transaction
from db.project_list import every_project_line
from db.projects import Project
from services import clock, exports
from services.accounts import on_behalf_of, system_actor
from services.checks import clean_line
from services.databases import open_database
from services.errors import Invalid, NotAllowed, SessionExpired, Unavailable
from services.exports import ExportFormat, ExportProjects, export_projects, projects_as_text
from services.language import show_date, use_language
from services.projects import ProjectLine, ProjectQuery, SortColumn, list_projects
from services.spreadsheets import guarded
from services.words import word
from services.work import Actor
from tests.making import NINE
from tests.services.export_files import HOSTILE, fill, read_csv, read_sheet

ALL = ProjectQuery(all_years=True)
COPY_A_PROJECT = """
import sqlite3, sys
file = sqlite3.connect(sys.argv[1])
columns = [row[1] for row in file.execute("PRAGMA table_info(project)")]
names = ", ".join(name for name in columns if name not in ("id", "number"))
file.execute(f"INSERT INTO project (number, {names}) SELECT ?, {names} FROM project LIMIT 1", [sys.argv[2]])
file.commit()
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@pytest.fixture(scope="module", autouse=True)
def filled(folder: Path) -> Iterator[None]:
    """One filled file for the tests of this module; those that change it add to it only."""
    before = clock._start
    clock.start_at(NINE)
    open_database(folder / "kmop.db")
    with transaction():
        fill()
    yield
    clock._start = before


@pytest.fixture(scope="module")
def own(filled: None) -> Actor:
    return on_behalf_of("eigen", actor=system_actor("test"))


def exported(query: ProjectQuery, form: ExportFormat, actor: Actor) -> bytes:
    stream = io.BytesIO()
    export_projects(ExportProjects(query=query, format=form), stream, actor=actor)
    return stream.getvalue()


def listed(query: ProjectQuery, actor: Actor) -> list[ProjectLine]:
    return list(list_projects(query, actor=actor, offset=0, limit=10_000))


def as_csv_row(line: ProjectLine) -> list[str]:
    euro = f"{line.amount_cents / 100:.2f}".replace(".", ",")
    day = show_date(line.applied_on)
    return [line.number, guarded(clean_line(line.enterprise)), day, euro, word(line.service), word(line.status)]


queries = st.builds(
    ProjectQuery,
    number=st.sampled_from(["", "0001", "kmo", "9"]),
    enterprise=st.sampled_from(["", "firma", "elise", "=", "x"]),
    applied=st.sampled_from(["", "2016", "02/2016..", "..2015", "10/03/2016"]),
    amount=st.sampled_from(["", ">100", "..728,93", "1198", "0,05"]),
    service=st.none() | st.sampled_from(ServiceType),
    status=st.none() | st.sampled_from(ProjectStatus),
    sort=st.sampled_from(SortColumn),
    descending=st.booleans(),
    all_years=st.booleans(),
)


@given(query=queries)
def test_each_format_has_the_rows_of_the_list_in_its_order(own: Actor, query: ProjectQuery) -> None:
    lines = listed(query, own)

    assert read_csv(exported(query, ExportFormat.CSV, own))[1:] == [as_csv_row(line) for line in lines]
    objects = json.loads(exported(query, ExportFormat.JSON, own))
    assert [item["number"] for item in objects] == [line.number for line in lines]
    sheet = read_sheet(exported(query, ExportFormat.XLSX, own))
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == [line.number for line in lines]
    copied = projects_as_text(query, actor=own, limit_bytes=1_000_000)
    pasted = list(csv.reader(io.StringIO(copied.text), delimiter="\t", strict=True))
    assert pasted[1:] == [as_csv_row(line) for line in lines]
    assert copied.rows == len(lines)


def test_every_sort_order_is_that_of_the_list(own: Actor) -> None:
    for sort in SortColumn:
        query = ProjectQuery(all_years=True, sort=sort)
        rows = read_csv(exported(query, ExportFormat.CSV, own))[1:]
        assert rows == [as_csv_row(line) for line in listed(query, own)]
        assert len(rows) == 120


def test_rows_are_those_of_one_moment_while_others_write(
    folder: Path, own: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = ProjectQuery(all_years=True, sort=SortColumn.NUMBER)
    before = [line.number for line in listed(query, own)]
    lines = every_project_line
    written: list[int] = []

    def somebody_writes_in_between(*arguments: Any) -> Any:
        # another process: now and then one project more, before those already read
        for place, line in enumerate(lines(*arguments)):
            if place % 40 == 10:
                number = 900_000 + len(written)
                subprocess.run(
                    [sys.executable, "-c", COPY_A_PROJECT, folder / "kmop.db", f"2015KMO{number}"], check=True
                )
                written.append(number)
            yield line

    monkeypatch.setattr(exports, "every_project_line", somebody_writes_in_between)
    rows = read_csv(exported(query, ExportFormat.CSV, own))[1:]
    monkeypatch.undo()

    assert [row[0] for row in rows] == before
    assert len(listed(query, own)) == len(before) + len(written)
    with transaction():
        Project.delete().where(Project.number.startswith("2015KMO9")).execute()


def test_csv_opens_in_a_belgian_excel(own: Actor) -> None:
    data = exported(ProjectQuery(all_years=True, enterprise="firma a"), ExportFormat.CSV, own)

    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").split("\r\n")
    assert lines.pop() == ""
    assert all(line.startswith('"') and line.endswith('"') and line.count('";"') == 5 for line in lines)
    assert "\n" not in "".join(lines)
    assert {row[3] for row in read_csv(data)[1:]} <= {"0,05", "0,99", "100,00", "728,93", "1198,35", "1234567,89"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_headings_and_words_are_in_the_users_language_numbers_are_not(own: Actor, language: str) -> None:
    use_language(language)
    try:
        row = as_csv_row(listed(ALL, own)[0])
        written = read_csv(exported(ALL, ExportFormat.CSV, own))
    finally:
        use_language("nl")

    assert written[1] == row
    if language == "en":
        assert written[0] == [
            "Project number",
            "Enterprise",
            "Application date",
            "Project amount",
            "Service",
            "Status",
        ]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_plain_text_in_every_format(own: Actor, name: str) -> None:
    query = ProjectQuery(all_years=True)
    at = next(place for place, line in enumerate(listed(query, own)) if line.enterprise == name)

    in_csv = read_csv(exported(query, ExportFormat.CSV, own))[1 + at][1]
    in_json = json.loads(exported(query, ExportFormat.JSON, own))[at]["enterprise"]
    cell = read_sheet(exported(query, ExportFormat.XLSX, own)).cell(2 + at, 2)
    pasted = list(csv.reader(io.StringIO(projects_as_text(query, actor=own, limit_bytes=10**6).text), delimiter="\t"))

    for text in (in_csv, in_json, pasted[1 + at][1]):
        assert not [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf", "Cn")]
    for text in (in_csv, pasted[1 + at][1]):
        assert unicodedata.normalize("NFKC", text)[0] not in "=+-@ \t\r"
    # nothing else is lost or added
    assert in_csv.removeprefix("'") == in_json
    assert cell.data_type in ("s", "inlineStr")
    assert cell.hyperlink is None
    if name != "</t></is></c>&amp;_x001B_":  # openpyxl leaves XlsxWriter's escape of _x001B_ as it stands
        assert cell.value.removeprefix("'") == in_json
    assert in_json.replace(" ", "") == unicodedata.normalize(
        "NFC",
        "".join(
            letter for letter in name if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf", "Cn")
        ),
    )


def test_xlsx_cells_have_types_and_the_sheet_is_ready_for_use(own: Actor) -> None:
    query = ProjectQuery(all_years=True, sort=SortColumn.AMOUNT)
    lines = listed(query, own)
    sheet = read_sheet(exported(query, ExportFormat.XLSX, own))

    assert [(row[2].value.date(), row[3].value) for row in sheet.iter_rows(min_row=2)] == [
        (line.applied_on, line.amount_cents / 100) for line in lines
    ]
    number, enterprise, day, amount, service, status = next(sheet.iter_rows(min_row=2))
    assert (day.data_type, day.number_format) == ("d", "dd/mm/yyyy")
    assert (amount.data_type, amount.number_format) == ("n", '"€ "#,##0.00')
    assert {cell.number_format for cell in (number, enterprise, service, status)} == {"@"}
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:F{len(lines) + 1}"
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEF"]
    longest = [max(len(word(code)) for code in codes) for codes in (ServiceType, ProjectStatus)]
    assert widths[1] > 40
    assert min(widths[0], widths[2], widths[3]) > len("2016KMO044855")
    assert widths[4] > longest[0]
    assert widths[5] > longest[1]


def test_xlsx_refuses_a_list_longer_than_a_sheet(own: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_XLSX_ROWS", 120)
    assert len(list(read_sheet(exported(ALL, ExportFormat.XLSX, own)).iter_rows(min_row=2))) == 120

    monkeypatch.setattr(exports, "MOST_XLSX_ROWS", 119)
    stream = io.BytesIO()
    with pytest.raises(Invalid) as refused:
        export_projects(ExportProjects(query=ALL, format=ExportFormat.XLSX), stream, actor=own)
    assert set(refused.value.fields) == {"format"}
    assert stream.getvalue() == b""


def test_json_is_for_programs(own: Actor) -> None:
    data = exported(ALL, ExportFormat.JSON, own)
    line = listed(ALL, own)[0]

    assert json.loads(data)[0] == {
        "number": line.number,
        "enterprise": guarded(clean_line(line.enterprise)).removeprefix("'"),
        "applied": line.applied_on.isoformat(),
        "amount": f"{line.amount_cents / 100:.2f}",
        "service": word(line.service),
        "status": word(line.status),
    }
    assert json.loads(exported(ProjectQuery(number="nergens"), ExportFormat.JSON, own)) == []


@pytest.mark.parametrize("form", ExportFormat)
def test_an_empty_list_is_a_file_with_its_headings(own: Actor, form: ExportFormat) -> None:
    nothing = ProjectQuery(number="nergens")
    data = exported(nothing, form, own)
    if form is ExportFormat.CSV:
        assert len(read_csv(data)) == 1
    if form is ExportFormat.XLSX:
        assert read_sheet(data).max_row == 1


def test_the_file_is_its_owners_alone_and_nothing_else_is_left(own: Actor, tmp_path: Path) -> None:
    target = tmp_path / "lijst.csv"
    result = export_projects(ExportProjects(query=ALL, format=ExportFormat.CSV), target, actor=own)

    assert (result.rows, result.path) == (120, target)
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_bytes() == exported(ALL, ExportFormat.CSV, own)


def refusal(target: Path, actor: Actor, *, overwrite: bool = False) -> str:
    with pytest.raises(Invalid) as refused:
        export_projects(ExportProjects(query=ALL, format=ExportFormat.CSV), target, actor=actor, overwrite=overwrite)
    return refused.value.fields["file"]


def test_an_existing_file_is_untouched_unless_it_may_be_overwritten(own: Actor, tmp_path: Path) -> None:
    target = tmp_path / "lijst.csv"
    target.write_text("van mij")
    dangling = tmp_path / "verwijzing.csv"
    dangling.symlink_to(tmp_path / "nergens")

    assert str(target) in refusal(target, own)
    assert str(dangling) in refusal(dangling, own)
    assert target.read_text() == "van mij"
    assert {path.name for path in tmp_path.iterdir()} == {"lijst.csv", "verwijzing.csv"}

    export_projects(ExportProjects(query=ALL, format=ExportFormat.CSV), target, actor=own, overwrite=True)
    assert len(read_csv(target.read_bytes())) == 121
    assert {path.name for path in tmp_path.iterdir()} == {"lijst.csv", "verwijzing.csv"}


def test_a_file_made_by_somebody_while_we_were_writing_is_untouched(
    own: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "lijst.csv"
    record = exports._record

    def somebody_is_faster(*arguments: Any) -> None:
        record(*arguments)
        target.write_text("van een ander")

    monkeypatch.setattr(exports, "_record", somebody_is_faster)
    assert str(target) in refusal(target, own)
    assert target.read_text() == "van een ander"
    assert list(tmp_path.iterdir()) == [target]


def test_what_cannot_be_a_file_is_refused_in_words(own: Actor, tmp_path: Path) -> None:
    (tmp_path / "bestand").touch()

    assert str(tmp_path / "nergens") in refusal(tmp_path / "nergens" / "lijst.csv", own)
    assert str(tmp_path / "bestand") in refusal(tmp_path / "bestand" / "lijst.csv", own)
    assert str(tmp_path) in refusal(tmp_path, own, overwrite=True)
    # a pipe stands for all that is no file: were it replaced, only this test would suffer, unlike with /dev/null
    os.mkfifo(tmp_path / "pijp")
    assert str(tmp_path / "pijp") in refusal(tmp_path / "pijp", own, overwrite=True)
    assert {path.name for path in tmp_path.iterdir()} == {"bestand", "pijp"}
    assert (tmp_path / "pijp").is_fifo()


@pytest.mark.parametrize("code", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_a_folder_that_is_not_writable_is_told_by_name(
    own: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    # root, who runs the tests in places, may write anywhere: the system's answer is given for it
    def no(*arguments: Any, **options: Any) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", no)
    assert str(tmp_path) in refusal(tmp_path / "lijst.csv", own)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "query"),
    [
        (ExportFormat.CSV, ALL),
        (ExportFormat.JSON, ALL),
        (ExportFormat.XLSX, ALL),  # fails in the rows
        (ExportFormat.XLSX, ProjectQuery(number="nergens")),  # fails when all is put together
    ],
)
def test_a_file_that_may_not_grow_leaves_nothing_behind(
    own: Actor, tmp_path: Path, form: ExportFormat, query: ProjectQuery
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = audited()
    with connected():
        listed(query, own)  # the database has all the room it needs by now
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, hard))  # Python ignores SIGXFSZ: a write fails with EFBIG
        try:
            with pytest.raises(Unavailable, match=re.escape(os.strerror(errno.EFBIG))):
                export_projects(ExportProjects(query=query, format=form), tmp_path / "lijst", actor=own)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
    assert audited() == before


def test_a_full_disk_is_one_sentence(own: Actor) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(Unavailable):
        export_projects(ExportProjects(query=ALL, format=ExportFormat.CSV), full, actor=own)


def audited() -> list[tuple[str, str, str]]:
    with connected():
        return [(line[2], line[4], line[5]) for line in audit_lines() if line[3] == "project.export"]


def test_each_export_is_on_the_audit_trail_without_names(own: Actor) -> None:
    before = audited()
    exported(ALL, ExportFormat.XLSX, own)
    projects_as_text(ALL, actor=own, limit_bytes=10**6)

    reference, whose = f"account:{own.account_id}", f"provider:{own.provider_id}"
    assert [(actor, subject, json.loads(details)) for actor, subject, details in audited()[len(before) :]] == [
        (reference, whose, {"format": "xlsx", "rows": 120}),
        (reference, whose, {"format": "clipboard", "rows": 120}),
    ]


def test_nothing_leaves_without_its_audit_line(own: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: Any) -> None:
        raise Unavailable("the database is read-only")

    monkeypatch.setattr(exports, "_record", broken)
    stream = io.BytesIO()
    for target in (stream, tmp_path / "lijst.json"):
        with pytest.raises(Unavailable):
            export_projects(ExportProjects(query=ALL, format=ExportFormat.JSON), target, actor=own)
    assert stream.getvalue() == b""
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(Unavailable):
        projects_as_text(ALL, actor=own, limit_bytes=10**6)


def test_each_sees_only_what_is_theirs_and_only_when_logged_in(own: Actor) -> None:
    other = on_behalf_of("ander", actor=system_actor("test"))
    assert {row[0] for row in read_csv(exported(ALL, ExportFormat.CSV, own))[1:]}.isdisjoint(
        row[0] for row in read_csv(exported(ALL, ExportFormat.CSV, other))[1:]
    )
    with connected():
        account = Account.get(Account.login == "eigen")
        session = Session.get(Session.account == account)
    person = Actor(
        account_id=account.id,
        login="eigen",
        role=Role.HEADQUARTERS,
        provider_id=account.provider_id,
        headquarters_id=account.provider_id,
        session_id=session.id,
    )
    assert len(read_csv(exported(ALL, ExportFormat.CSV, person))) == 121
    with pytest.raises(SessionExpired):
        exported(ALL, ExportFormat.CSV, person.model_copy(update={"session_id": None}))
    with transaction():
        Account.update(must_change_password=True).where(Account.id == account.id).execute()
    with pytest.raises(NotAllowed):
        exported(ALL, ExportFormat.CSV, person)
    with transaction():
        Account.update(must_change_password=False).where(Account.id == account.id).execute()


@pytest.mark.parametrize(("field", "text"), [("applied", "gisteren"), ("amount", "veel")])
def test_a_filter_that_cannot_be_read_names_its_field(own: Actor, tmp_path: Path, field: str, text: str) -> None:
    wrong = ProjectQuery.model_validate({field: text})
    with pytest.raises(Invalid) as refused:
        export_projects(ExportProjects(query=wrong, format=ExportFormat.CSV), tmp_path / "lijst.csv", actor=own)
    assert set(refused.value.fields) == {field}
    assert list(tmp_path.iterdir()) == []


def test_a_text_too_long_for_the_clipboard_is_not_cut(own: Actor) -> None:
    whole = projects_as_text(ALL, actor=own, limit_bytes=10**6)
    size = len(whole.text.encode())

    assert projects_as_text(ALL, actor=own, limit_bytes=size) == whole
    with pytest.raises(Invalid) as refused:
        projects_as_text(ALL, actor=own, limit_bytes=size - 1)
    sentence = refused.value.fields["clipboard"]
    assert "120" in sentence
    assert "119" in sentence
