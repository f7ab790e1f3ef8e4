"""What goes wrong round the screens: killed, hung up, locked, damaged, too long; nothing is lost, and it is said."""

import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from driver import PROGRAM, Command, Operator, Start

LOGIN = "012345678"
TYPED = "Getypt en nog niet verstuurd"
# The terminal as a shell wants it: the cursor is shown (25) and lines are wrapped (7), all else is off.
SHELL_MODES = {7, 25}
# Root may write everything: without its capabilities it heeds permissions like anybody else.
HEEDING_PERMISSIONS = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()


def at_form(operator: Operator, *, number: str = "2016KMO044443", reaction: str = "annuleren", **filled: Any) -> None:
    """From the entry screen to the form of a reaction, filled in."""
    operator.logs_in(LOGIN)
    operator.chooses("Overzicht projecten")
    operator.finds(203)
    operator.opens(number)
    operator.starts_reaction(reaction, "te laat", **({"text": TYPED} | filled))


@contextmanager
def other_process(database: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else's connection to the database."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    terminal = start("demo", "--as", LOGIN)
    terminal.wait_for("Duid een bewerking aan")
    terminal.settle()
    assert terminal.modes - SHELL_MODES
    assert not terminal.echoes
    terminal.kill(number)
    assert terminal.wait_for_exit(3) == 128 + number
    assert terminal.modes <= SHELL_MODES
    assert terminal.echoes
    assert terminal.received.count(b"\x1b[>25u") == terminal.received.count(b"\x1b[<u")  # the keyboard's own modes
    assert not list(tmp_path.glob("kmop-tui-demo-*"))


def test_a_dropped_line_ends_the_program(start: Start, tmp_path: Path) -> None:
    terminal = start("demo", "--as", LOGIN)
    terminal.wait_for("Duid een bewerking aan")
    terminal.settle()
    terminal.hang_up(3)
    assert not list(tmp_path.glob("kmop-tui-demo-*"))


def test_what_a_killed_demo_left_is_swept_at_the_next_start(start: Start, tmp_path: Path) -> None:
    terminal = start("demo", "--as", LOGIN)
    terminal.wait_for("Duid een bewerking aan")
    [left] = tmp_path.glob("kmop-tui-demo-*")
    terminal.kill(signal.SIGKILL)
    terminal.wait_for_exit()
    assert left.is_dir()
    operator = Operator(start("demo"))
    operator.sees("Login dienstverleners")
    assert left not in tmp_path.glob("kmop-tui-demo-*")


def test_a_killed_program_keeps_what_was_confirmed(start: Start, kmop: Command, database: Path) -> None:
    operator = Operator(start("--database", database))
    at_form(operator)
    operator.confirms()
    operator.sees("ProjectGeannuleerd (sinds")
    operator.terminal.kill(signal.SIGKILL)
    operator.terminal.wait_for_exit()
    assert "2016KMO044443" in kmop("--database", database, "mail", "list")[0]
    kmop("--database", database, "db", "check")
    kmop("--database", database, "audit", "verify")


def test_a_read_only_database_is_said_at_once(start: Start, database: Path) -> None:
    folder = database.parent / "vast"
    folder.mkdir()
    fixed = database.rename(folder / "kmop.db")
    fixed.chmod(0o400)
    folder.chmod(0o500)
    arguments = (*HEEDING_PERMISSIONS, PROGRAM, "--database", fixed)
    operator = Operator(start(*arguments[1:], program=Path(arguments[0])))
    operator.is_told("kmop-tui kan nu niet werken")
    operator.is_told("De databank is alleen-lezen.")
    operator.presses("enter")
    assert operator.terminal.wait_for_exit() == 1
    assert operator.terminal.modes <= SHELL_MODES


def test_a_damaged_database_is_said_at_once(start: Start, database: Path) -> None:
    whole = database.read_bytes()
    database.write_bytes(whole[:100] + bytes(len(whole) - 100))
    operator = Operator(start("--database", database))
    operator.is_told("kmop-tui kan nu niet werken")
    operator.sees("Het databankbestand is beschadigd.", "(kmop-tui db restore).")
    operator.presses("escape")
    assert operator.terminal.wait_for_exit() == 1


def test_a_database_that_is_damaged_later_ends_in_a_sentence(start: Start, database: Path) -> None:
    operator = Operator(start("--database", database))
    operator.logs_in(LOGIN)
    operator.terminal.settle()
    size = database.stat().st_size
    for beside in ("-wal", "-shm"):
        database.with_name(database.name + beside).unlink(missing_ok=True)
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    operator.chooses("Overzicht projecten")
    operator.is_told("! Het databankbestand is beschadigd.")
    operator.goes_home()


def test_somebody_else_was_first(start: Start, database: Path) -> None:
    operator = Operator(start("--database", database))
    at_form(operator)
    with other_process(database) as connection:
        connection.execute("UPDATE project SET status = 'Lopend', version = version + 1 WHERE number = '2016KMO044443'")
    operator.confirms()
    operator.is_told("! Project 2016KMO044443 werd intussen gewijzigd; de status is nu Lopend.")
    operator.sees(TYPED)
    with other_process(database) as connection:
        assert connection.execute("SELECT count(*) FROM mail").fetchone() == (0,)


def test_a_locked_database_is_said_and_nothing_is_lost(start: Start, database: Path) -> None:
    operator = Operator(start("--database", database))
    at_form(operator)
    with other_process(database) as connection:
        connection.execute("BEGIN IMMEDIATE")
        operator.confirms()
        operator.confirms()  # once more meanwhile: it is sent once all the same
        operator.sees("Een ogenblik")
        operator.terminal.wait_for("! De databank is in gebruik door iemand anders.", limit=25)
        operator.sees(TYPED)
        connection.execute("ROLLBACK")
    operator.confirms()
    operator.sees("ProjectGeannuleerd (sinds")
    with other_process(database) as connection:
        assert connection.execute("SELECT count(*) FROM reaction WHERE reason_text = ?", [TYPED]).fetchone() == (1,)


def test_too_long_a_reason_is_refused_whole(start: Start, database: Path) -> None:
    operator = Operator(start("--database", database))
    at_form(operator, text="")
    operator.pastes("woord " * 1666 + "slot")
    operator.sees("slot")
    operator.confirms()
    operator.is_told("! De reden heeft 10000 tekens; er is plaats voor hoogstens 2000.")
    operator.sees("slot")
    with other_process(database) as connection:
        assert connection.execute("SELECT count(*) FROM mail").fetchone() == (0,)


def test_proofs_that_do_not_do(start: Start, database: Path, tmp_path: Path) -> None:
    (tmp_path / "groot.pdf").write_bytes(b"%PDF-1.4\n" + bytes(11 * 1024 * 1024))
    (tmp_path / "brief.pdf").write_bytes(b"PK\x03\x04 een tekstdocument")
    (tmp_path / "verwijzing.pdf").symlink_to("/etc/hostname")
    (tmp_path / "goed.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    operator = Operator(start("--database", database))
    at_form(operator, number="2016KMO034012", reaction="stopzetten", proof="weg.pdf")
    operator.confirms()
    operator.is_told("! Het bestand weg.pdf bestaat niet.")
    for name, sentence in (
        ("groot.pdf", "! Het bewijsstuk is 11,0 MB groot; hoogstens 10 MB wordt aanvaard."),
        ("brief.pdf", "! Het bewijsstuk moet een PDF-, PNG- of JPEG-bestand zijn; brief.pdf is dat niet."),
        ("verwijzing.pdf", "! Het bestand verwijzing.pdf kan niet"),
        (".", "is geen bestand"),
    ):
        operator.presses("ctrl+u")
        operator.types(name)
        operator.confirms()
        operator.is_told(sentence)
        operator.sees(TYPED)
    operator.presses("ctrl+u")
    operator.types("goed.pdf")
    operator.confirms()
    operator.sees("StopzettingAangevraagd (sinds")


def test_without_a_terminal_there_are_no_screens(kmop: Command) -> None:
    for arguments in ((), ("demo",)):
        out, told = kmop(*arguments, status=2)
        assert out == ""
        assert told.splitlines() == [
            "kmop-tui: De schermen hebben een terminal nodig; gebruik anders een opdracht (kmop-tui --help)."
        ]


def test_keys_typed_ahead_do_no_harm(start: Start) -> None:
    """Over a slow line many keys come at once, also for screens that are not there yet, or not any more."""
    operator = Operator(start("demo", "--as", LOGIN))
    operator.sees("Duid een bewerking aan")
    for step in range(12):
        for key in (b"4", b"\x0f", b"4", b"4", b"r", b"\r", b"\x0f", b"6", b"\x0f"):
            operator.terminal.send(key)
            time.sleep(step * 0.004)
        operator.terminal.settle()
        operator.presses("escape")
        operator.goes_home()
    operator.terminal.send(b"\x10\x10")
    operator.sees("Licht of donker")
    operator.presses("escape", "escape")
    operator.terminal.send(b"4\x0c")
    operator.logs_in(LOGIN)
    assert operator.terminal.exit_status is None
