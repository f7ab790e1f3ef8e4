"""Real mail servers for the tests, and letters to send by them."""

import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope
from aiosmtpd.smtp import Session as Line

from db.mail import Mail
from services.language import TIME_ZONE
from services.mail import MailRecord, get_mail, post, send_mail
from services.mail_transports import SmtpTransport
from services.work import Actor, writing

NINE = datetime(2016, 3, 11, 9, 0, tzinfo=TIME_ZONE)


class PostOffice:
    """A mail server's hands: keeps what comes, unless `answer` or `recipient_answers` say otherwise."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.recipient_answers: dict[str, str] = {}
        self.answer: Callable[[Server], str] = lambda _server: "250 OK"

    async def handle_RCPT(
        self, server: Server, session: Line, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipient_answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Server, session: Line, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.envelopes.append(envelope)
        self.letters.append(read(envelope.content))
        answer = await server.loop.run_in_executor(None, self.answer, server)
        if not answer.startswith("250"):
            self.envelopes.pop()
            self.letters.pop()
        return answer

    @property
    def copies(self) -> Counter[str]:
        """How often each letter came, by Message-ID."""
        return Counter(letter["Message-ID"] for letter in self.letters)


def read(content: bytes) -> EmailMessage:
    """A letter as a mail program sees it."""
    letter = message_from_bytes(content.replace(b"\r\n", b"\n"), policy=default)
    assert isinstance(letter, EmailMessage)
    return letter


Serve = Callable[..., tuple[PostOffice, str]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def mail_servers() -> Iterator[Serve]:
    """Give what starts a mail server (on a port of its own, or on `port`) and tells its URL; they stop afterwards."""
    running: list[Controller] = []

    def start(port: int = 0, **options: Any) -> tuple[PostOffice, str]:
        office = PostOffice()
        controller = Controller(office, hostname="127.0.0.1", port=port or free_port(), **options)
        controller.start()
        running.append(controller)
        return office, f"smtp://127.0.0.1:{controller.port}"

    yield start
    for controller in running:
        controller.stop(no_assert=True)


def put(system: Actor, recipient: str = "klant@example.com", **options: Any) -> int:
    """A letter in the outbox; its id."""
    usual = {"subject": "Uw project 2016KMO044855", "body": "Beste klant,\n\ntot ziens.", "about": "project:x"}
    with writing(system) as work:
        post(work, recipient=recipient, **(usual | options))
        work.audit("test.post", "mail")
        newest = Mail.select().order_by(Mail.id.desc()).get()
        return int(newest.id)


def record(letter_id: int, system: Actor) -> MailRecord:
    return get_mail(letter_id, actor=system)


def send(url: str, system: Actor) -> tuple[int, int]:
    result = send_mail(SmtpTransport(url), actor=system)
    return result.sent, result.failed


def environment(path: Path, **more: str) -> dict[str, str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("KMOP_")}
    return known | {"KMOP_DATABASE": str(path), "KMOP_NOW": NINE.isoformat()} | more


def start_sender(path: Path, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "kmop_tui", "mail", "send"],
        env=environment(path, **more),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def kmop_tui(path: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kmop_tui", *arguments],
        env=environment(path, **more),
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )
