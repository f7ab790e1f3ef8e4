"""Names and texts made to harm: shown, exported and mailed as what they are, text."""

import csv
import json
import re
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook
from rich.cells import cell_len

from driver import DEMO_PASSWORD, Command, Operator, Start
from terminal import SEQUENCE

MARKS = "e" + "\N{COMBINING ACUTE ACCENT}" * 200
# What is in the database, and what of it can be read on the screen.
HOSTILE = {
    "Firma [2016] nv": "Firma [2016] nv",
    "[@click=app.quit]x": "[@click=app.quit]x",
    "[/x]": "[/x]",
    "[b]vet[/b][link=https://example.com]": "[b]vet[/b][link=https://example.com]",
    "\x1b]52;c;SEVYREVY\x07 osc": "]52;c;SEVYREVY osc",
    "\x1b[31337mrood\x1b[2J csi": "[31337mrood[2J csi",
    "\x9b31337mC1\x9d52;c;QUFB\x9c": "31337mC152;c;QUFB",
    "abc\N{RIGHT-TO-LEFT OVERRIDE}cod.exe\N{LEFT-TO-RIGHT ISOLATE}": "abccod.exe",
    f"{MARKS} gestapeld": " gestapeld",
    "東京有限会社": "東京有限会社",
    "👩\N{ZERO WIDTH JOINER}👩\N{ZERO WIDTH JOINER}👧 familie": " familie",
    "eerste\r\nregel\ttab": "eerste",
    "=1+1;$(reboot)": "=1+1;$(reboot)",
}
ALL = " ".join(HOSTILE)
# Sequences that the program itself writes: colours, places, lines that move, modes, the question which modes there are,
# the keyboard's.
OWN_SEQUENCES = set("mHCrLMhlpu")
OWN_STRINGS = {"\x1b]22;"}  # the mouse pointer's shape


def poison(database: Path) -> list[str]:
    """Give the newest projects hostile names and titles; also their provider, a login, a reaction, a letter."""
    with closing(sqlite3.connect(database)) as connection, connection:
        numbers = [
            number
            for (number,) in connection.execute(
                "SELECT number FROM project WHERE headquarters_id = 1 ORDER BY applied_on DESC, number DESC LIMIT ?",
                [len(HOSTILE)],
            )
        ]
        for place, (number, text) in enumerate(zip(numbers, HOSTILE, strict=True)):
            added = connection.execute(
                "INSERT INTO enterprise (enterprise_number, name, name_folded, email, version) VALUES (?, ?, ?, ?, 1)",
                [f"09{place:08}", text, text.casefold(), "klant@example.com"],
            )
            connection.execute(
                "UPDATE project SET enterprise_id = ?, title = ? WHERE number = ?", [added.lastrowid, text, number]
            )
        connection.execute("UPDATE provider SET name = ? WHERE id = 1", [ALL])
        connection.execute("UPDATE account SET login = ? WHERE login = '012345678'", [f"[/x]\x1b[31337m{MARKS}"])
        [(account,)] = connection.execute("SELECT id FROM account WHERE login_folded = '012345678'")
        added = connection.execute(
            "INSERT INTO reaction (project_id, kind, reason, reason_text, account_id, reacted_at, status_before, "
            "status_after) SELECT id, 'report', 'other', ?, ?, '2016-03-11T08:00:00.000000+00:00', status, status "
            "FROM project WHERE number = ?",
            [ALL, account, numbers[0]],
        )
        connection.execute(
            "INSERT INTO proof (reaction_id, file_name, media_type, content, sha256) VALUES (?, ?, ?, ?, ?)",
            [added.lastrowid, ALL, "application/pdf", b"%PDF-", "0" * 64],
        )
        added = connection.execute("SELECT max(id) FROM proof")
        connection.execute(
            "INSERT INTO mail (message_id, recipient, subject, body, proof_id, subject_of, holds_secret, status, "
            "created_at, not_before, attempts) SELECT '<a@example.com>', 'klant@example.com', ?, ?, max(id), "
            "'project:1', 0, 'waiting', '2016-03-11T08:00:00.000000+00:00', '2016-03-11T08:00:00.000000+00:00', 0 "
            "FROM proof",
            [ALL, ALL],
        )
    return numbers


def assert_only_own_controls(received: bytes) -> None:
    """Nothing in what reached the terminal is a control character that the program did not mean."""
    text = received.decode("utf-8", "strict")
    for sequence in SEQUENCE.finditer(text):
        assert "31337" not in (sequence["parameters"] or ""), sequence[0]
        if sequence["string"] is not None:
            assert sequence[0][:5] in OWN_STRINGS, sequence[0]
        else:
            assert sequence["final"] in OWN_SEQUENCES, sequence[0]
    assert_harmless(SEQUENCE.sub("", text))


def assert_harmless(text: str, *, marks: int = 4) -> None:
    """No control or format character but line ends, and no more than `marks` stacked on one letter."""
    for letter in set(text) - set("\r\n"):
        assert unicodedata.category(letter) not in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}, ascii(letter)
    assert "\N{COMBINING ACUTE ACCENT}" * (marks + 1) not in text


@pytest.fixture
def poisoned(start: Start, tmp_path: Path) -> tuple[Operator, list[str]]:
    """The demo, its database poisoned behind its back, and the numbers of the projects; at the list."""
    operator = Operator(start("demo"))
    operator.logs_in("012345678")
    [database] = tmp_path.glob("kmop-tui-demo-*/demo.db")
    numbers = poison(database)
    operator.logs_out()
    operator.logs_in("012345678")
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    return operator, numbers


def test_on_every_screen(poisoned: tuple[Operator, list[str]], tmp_path: Path, home: Path) -> None:
    operator, numbers = poisoned
    terminal = operator.terminal
    terminal.settle()

    # the list: a row each, its columns in their places
    assert operator.listed()[: len(numbers)] == numbers
    places = {
        cell_len(line[: found.start()])
        for line in terminal.lines[4:22]
        if (found := re.search(r"\d\d/\d\d/201\d", line))
    }
    assert places == {28}, terminal.text

    # one after the other, whole, with the help over it
    operator.presses("enter")
    for number, shown in zip(numbers, HOSTILE.values(), strict=True):
        operator.sees(f"Project {number}")
        terminal.settle()
        assert terminal.text.count(shown) >= 2, (shown, terminal.text)  # name and title
        operator.presses("n")
    operator.presses("escape", "g", "enter")
    operator.sees(f"Project {numbers[0]}")
    operator.presses("f1")
    operator.sees("Hoe u kunt reageren")
    operator.presses("escape", "pagedown", "pagedown")
    operator.sees("=1+1;$(reboot)")

    # a form, and what it answers
    operator.presses("escape")
    operator.opens(numbers[1])  # 2016KMO044443, confirmed
    operator.presses("a")
    operator.is_told("[@click=app.quit]x krijgt een mail")
    operator.presses("enter")
    operator.sees("onderneming niet toegelaten")
    operator.types("andere")
    operator.presses("enter", "tab")
    operator.pastes(ALL)
    operator.confirms()
    operator.sees("ProjectGeannuleerd (sinds 11/03/2016")

    # a proof with such a name, completed from the folder
    operator.presses("escape")
    operator.sees("Overzicht projecten")
    bad = "bewijs[b]\x1b]52;c;QUFB\x07[@click=app.quit].pdf"
    (tmp_path / bad).write_bytes(b"%PDF-1.4\n%%EOF\n")
    operator.opens("2016KMO034012")
    operator.starts_reaction("stopzetten", "te laat", "", "[b]\u202eweg.pdf")
    operator.confirms()
    operator.is_told("! Het bestand [b]")
    operator.presses("ctrl+u")
    operator.types("bew")
    operator.sees("bewijs[b]]52;c;QUFB[@click=app.quit].pdf")
    operator.presses("right")
    operator.confirms()
    operator.sees("StopzettingAangevraagd (sinds")

    # a filter that cannot be read, and a file name that cannot be written
    operator.presses("escape")
    operator.sees("Overzicht projecten")
    operator.clears_filters()
    operator.filters("bedrag", "[/x][@click=app.quit]")
    operator.is_told("! '[/x][@click=app.quit]' is geen bedrag")
    operator.clears_filters()
    operator.presses("e")
    operator.sees("Bestand")
    operator.presses("tab", "ctrl+u")
    operator.types(f"{tmp_path}/[@click=app.quit]x")
    operator.presses("enter")
    operator.chooses("CSV")
    operator.is_told("203 projecten geschreven naar")
    operator.is_told("[@click=app.quit]x.csv")
    operator.chooses("CSV")
    operator.sees("Overschrijven")
    operator.is_told(".quit]x.csv bestaat al")
    operator.presses("escape", "escape")

    # the outbox, and who one is
    operator.goes_home()
    operator.chooses("Mails van de demo")
    operator.sees("]52;c;SEVYREVY")
    operator.presses("down", "down", "tab", "pagedown", "pagedown")
    operator.goes_home()
    operator.chooses("Login en paswoord wijzigen")
    operator.sees("Uw huidige login is: [/x][31337m")
    operator.goes_home()
    terminal.settle()
    assert terminal.exit_status is None
    assert_only_own_controls(bytes(terminal.received))


def test_in_files_and_letters(start: Start, kmop: Command, database: Path, tmp_path: Path) -> None:
    numbers = poison(database)
    operator = Operator(start("--database", database))
    operator.logs_in("012345678", DEMO_PASSWORD)
    operator.chooses("Overzicht projecten")
    for form in ("CSV", "XLSX"):
        operator.exports(form, tmp_path / f"lijst.{form.lower()}")
    operator.opens(numbers[1])
    operator.presses("a", "enter")
    operator.types("andere")
    operator.presses("enter", "tab")
    operator.pastes(ALL)
    operator.confirms()
    operator.sees("ProjectGeannuleerd (sinds 11/03/2016")
    operator.leaves()

    text = (tmp_path / "lijst.csv").read_bytes().decode("utf-8-sig")
    assert_harmless(text, marks=200)
    named = {row[0]: row[1] for row in csv.reader(text.splitlines(), delimiter=";")}
    sheet = {row[0]: row[1] for row in load_workbook(tmp_path / "lijst.xlsx")["Projecten"].iter_rows()}
    sheet_named = {number.value: name for number, name in sheet.items()}
    for number, shown in zip(numbers, HOSTILE.values(), strict=True):
        assert shown in named[number]
        assert not named[number].startswith(("=", "+", "-", "@"))
        assert sheet_named[number].data_type == "s"
        assert_harmless(str(sheet_named[number].value), marks=200)
        assert shown in str(sheet_named[number].value)

    # what is shown on a terminal by a command is as harmless; the letter says what was typed
    for command in (("mail", "list"), ("find", numbers[0]), ("find", "012345678")):
        assert_harmless(kmop("--database", database, *command)[0].replace("\t", " "), marks=200)
    kmop("--database", database, "mail", "send", KMOP_MAIL_DIR=str(tmp_path / "post"))
    letters = json.loads(kmop("--database", database, "mail", "list", "--json")[0])
    assert {letter["status"] for letter in letters} == {"sent"}
    [written] = [letter for letter in letters if letter["about"] == f"project:{numbers[1]}"]
    for shown in HOSTILE.values():
        assert shown in written["body"]
    for file in (tmp_path / "post" / "new").iterdir():
        head = file.read_bytes().partition(b"\r\n\r\n")[0]
        assert re.fullmatch(rb"[\t\r\n\x20-\x7e]*", head), head
