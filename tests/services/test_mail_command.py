"""`kmop-tui mail`: senders as processes, two at once and killed ones; the list."""

import json
import mailbox
import os
import pty
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP as Server

from db.codes import MailStatus
from kmop_tui.commands import mail as command
from kmop_tui.settings import Settings
from services.mail import MailRecord
from services.work import Actor
from tests.services.post_office import (
    Serve,
    environment,
    free_port,
    kmop_tui,
    mail_servers,
    put,
    read,
    record,
    start_sender,
)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a mail server and give it with its URL."""
    with mail_servers() as start:
        yield start


def test_two_senders_at_once_share_the_letters(database: Path, system: Actor, serve: Serve) -> None:
    office, url = serve()
    both = threading.Barrier(2, timeout=30)
    waiting = iter([True, True])

    def meet_once(_server: Server) -> str:
        if next(waiting, False):
            both.wait()
        return "250 OK"

    office.answer = meet_once
    for _number in range(20):
        put(system)
    senders = [start_sender(database, KMOP_SMTP_URL=url) for _number in range(2)]
    told = [sender.communicate(timeout=60)[1] for sender in senders]

    assert [sender.returncode for sender in senders] == [0, 0], told
    assert len(office.copies) == 20
    assert set(office.copies.values()) == {1}
    counts = [int(line.split()[0]) for line in told]
    assert min(counts) >= 1
    assert sum(counts) == 20


def test_a_sender_killed_after_the_server_took_the_letter_costs_one_copy(
    database: Path, system: Actor, serve: Serve
) -> None:
    office, url = serve()
    letters = [put(system) for _number in range(5)]
    senders: list[subprocess.Popen[str]] = []

    def kill_at_the_third(_server: Server) -> str:
        if len(office.letters) == 3:
            senders[0].send_signal(signal.SIGKILL)
            senders[0].wait()
        return "250 OK"

    office.answer = kill_at_the_third
    senders.append(start_sender(database, KMOP_SMTP_URL=url))
    senders[0].communicate(timeout=60)
    assert senders[0].returncode == -signal.SIGKILL
    assert [record(number, system).status for number in letters].count(MailStatus.SENT) == 2

    again = kmop_tui(database, "mail", "send", KMOP_SMTP_URL=url)

    assert again.returncode == 0
    assert sorted(office.copies.values()) == [1, 1, 1, 1, 2]
    assert office.copies[record(letters[2], system).message_id] == 2
    assert office.envelopes[2].content == office.envelopes[3].content
    assert kmop_tui(database, "mail", "send", KMOP_SMTP_URL=url).stderr.startswith("0 ")


def test_a_mail_server_of_its_own_process_gets_the_letters(database: Path, system: Actor, tmp_path: Path) -> None:
    port = free_port()
    received = tmp_path / "received"
    arguments = ["-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", str(received)]
    server = subprocess.Popen([sys.executable, "-m", "aiosmtpd", *arguments])
    try:
        for _attempt in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        for number in range(3):
            put(system, subject=f"Brief {number}")

        done = kmop_tui(database, "mail", "send", KMOP_SMTP_URL=f"smtp://localhost:{port}")

        assert (done.returncode, done.stdout, done.stderr) == (0, "", "3 verzonden, 0 mislukt\n")
        arrived = [read(letter.as_bytes()) for letter in mailbox.Maildir(received)]
        assert sorted(letter["Subject"] for letter in arrived) == ["Brief 0", "Brief 1", "Brief 2"]
    finally:
        server.terminate()
        server.wait()


def test_without_a_server_letters_go_into_a_maildir(database: Path, system: Actor, tmp_path: Path) -> None:
    there = tmp_path / "already there"
    there.mkdir()
    for folder, more in ((there, {"KMOP_MAIL_DIR": str(there)}), (database.parent / "mail", {})):
        letter_id = put(system, subject="Steun voor Élise")
        done = kmop_tui(database, "mail", "send", **more)
        assert (done.returncode, done.stdout) == (0, "")
        (file,) = (folder / "new").iterdir()
        assert file.stat().st_mode & 0o777 == 0o600
        letter = read(file.read_bytes())
        assert letter["Message-ID"] == record(letter_id, system).message_id
        assert letter["Subject"] == "Steun voor Élise"
        assert record(letter_id, system).status is MailStatus.SENT


def test_the_command_says_how_many_failed_and_why(database: Path, system: Actor, serve: Serve) -> None:
    office, url = serve()
    office.recipient_answers |= {"a@example.com": "550 nobody here", "b@example.com": "550 nor there"}
    for recipient in ("klant@example.com", "a@example.com", "b@example.com"):
        put(system, recipient)

    done = kmop_tui(database, "--lang", "en", "mail", "send", KMOP_SMTP_URL=url)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "1 sent, 2 failed: 550 nobody here (and 1 other reason: kmop-tui mail list --json)\n"


def test_a_wrong_url_is_exit_status_2(database: Path) -> None:
    done = kmop_tui(database, "mail", "send", KMOP_SMTP_URL="smtp://u:geheim@")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "geheim" not in done.stderr


def test_the_list_for_other_programs(database: Path, system: Actor) -> None:
    put(system, subject="eerste\tbrief \x1b]52;c;eA==\x07")
    put(system, body="Paswoord: geheim", holds_secret=True, subject="tweede brief")

    plain = kmop_tui(database, "--lang", "en", "mail", "list")
    assert plain.stdout.splitlines() == [
        "11/03/2016 09:00\twaiting\tklant@example.com\ttweede brief",
        "11/03/2016 09:00\twaiting\tklant@example.com\teerste brief ]52;c;eA==",
    ]
    second, first = json.loads(kmop_tui(database, "mail", "list", "--json").stdout)
    assert first.keys() == set(MailRecord.model_fields)
    assert (first["body"], second["body"]) == ("Beste klant,\n\ntot ziens.", None)
    assert first["message_id"] == record(first["id"], system).message_id
    assert (first["about"], first["attempts"], first["last_error"]) == ("project:x", 0, None)


def test_the_list_on_a_terminal_fits_it(database: Path, system: Actor) -> None:
    put(system, subject="Z" + "\u0301" * 200 + "algo 株式会社 " * 20)
    put(system, subject="kort")
    main, terminal = pty.openpty()
    arguments = [sys.executable, "-m", "kmop_tui", "mail", "list"]
    subprocess.run(arguments, env=environment(database, COLUMNS="80"), stdout=terminal, check=True, timeout=60)
    os.close(terminal)
    short, long = os.read(main, 65536).decode().splitlines()
    os.close(main)
    assert short.endswith("  kort")
    assert long.endswith("…")
    cells = sum(2 if sign in "株式会社" else 1 for sign in long if sign != "\u0301")
    assert 79 <= cells <= 80
    assert long.count("\u0301") <= 2


def test_all_pages_of_the_list_are_shown(
    database: Path, system: Actor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "PAGE", 2)
    for number in range(5):
        put(system, subject=f"brief {number}")
    letters = command._letters(system)
    seen = [next(letters).subject, next(letters).subject]
    put(system, subject="intussen")
    assert [*seen, *(letter.subject for letter in letters)] == [f"brief {number}" for number in (4, 3, 2, 1, 0)]

    assert command.list_mail(_options(json=False), Settings(database=database)) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6


def _options(**values: Any) -> Any:
    from argparse import Namespace

    return Namespace(**values)
