"""How letters leave: servers that are down, unknown or not to be trusted, and folders."""

import asyncio
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, LoginPassword

from db.codes import MailStatus
from services import clock
from services.mail import send_mail
from services.mail_transports import MaildirTransport, SmtpTransport
from services.work import Actor
from tests.services.post_office import NINE, Serve, free_port, mail_servers, put, record, send


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a mail server and give it with its URL."""
    with mail_servers() as start:
        yield start


def test_a_server_that_is_down_costs_no_letter_an_attempt(system: Actor, serve: Serve) -> None:
    port = free_port()
    letters = [put(system) for _number in range(3)]

    result = send_mail(SmtpTransport(f"smtp://127.0.0.1:{port}"), actor=system)

    assert (result.sent, result.failed, len(result.problems)) == (0, 3, 1)
    assert f"127.0.0.1:{port}" in result.problems[0]
    for number in letters:
        after = record(number, system)
        assert (after.status, after.attempts, after.last_error) == (MailStatus.WAITING, 0, result.problems[0])
    office, url = serve(port)
    assert send(url, system) == (3, 0)
    assert set(office.copies.values()) == {1}
    assert record(letters[0], system).last_error is None


def test_a_letter_whose_answer_was_lost_comes_again_and_the_next_gets_a_new_line(system: Actor, serve: Serve) -> None:
    office, url = serve()
    first, second = put(system), put(system)
    answers = iter(["drop", "250 OK", "250 OK"])

    def drop_first(server: Server) -> str:
        answer = next(answers)
        if answer == "drop":
            assert isinstance(server.transport, asyncio.Transport)
            server.loop.call_soon_threadsafe(server.transport.abort)
            time.sleep(0.2)
        return answer

    office.answer = drop_first
    assert send(url, system) == (1, 1)
    assert (record(first, system).status, record(first, system).attempts) == (MailStatus.WAITING, 1)
    clock.start_at(NINE + timedelta(minutes=2))
    assert send(url, system) == (1, 0)
    assert office.copies == {record(first, system).message_id: 2, record(second, system).message_id: 1}


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_server_that_does_not_know_us_leaves_all_letters_waiting(system: Actor, serve: Serve) -> None:
    _office, url = serve(auth_required=True, auth_require_tls=False, authenticator=lambda *_: AuthResult(success=True))
    letters = [put(system), put(system)]

    assert send(url, system) == (0, 2)
    assert {record(number, system).status for number in letters} == {MailStatus.WAITING}


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_password_goes_to_this_machine_alone_without_tls(
    system: Actor, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bytes] = []

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: LoginPassword) -> AuthResult:
        tried.append(data.password)
        return AuthResult(success=data.password == b"ge:heim@/%", handled=False)

    _office, url = serve(auth_required=True, auth_require_tls=False, authenticator=authenticate)
    right = url.replace("//", "//dienst:ge%3Aheim%40%2F%25@")
    put(system)
    assert send(right, system) == (1, 0)
    assert tried == [b"ge:heim@/%"]

    wrong = put(system)
    assert send(url.replace("//", "//dienst:geheim@"), system) == (0, 1)
    assert "KMOP_SMTP_URL" in str(record(wrong, system).last_error)
    assert "535" in str(record(wrong, system).last_error)
    tried.clear()
    monkeypatch.setattr(SmtpTransport, "_is_local", lambda _self: False)
    assert send(right, system) == (0, 1)
    assert tried == []
    assert "smtps://" in str(record(wrong, system).last_error)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that only who is told so trusts, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "made.pem", folder / "key.pem"
    asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(["openssl", *asked.split(), "-out", made, "-keyout", key], check=True, capture_output=True)
    return made, key


@pytest.mark.parametrize("scheme", ["smtp", "smtp+starttls", "smtps"])
def test_tls(
    scheme: str, system: Actor, serve: Serve, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    if scheme == "smtps":
        office, url = serve(ssl_context=context)
    else:
        office, url = serve(tls_context=context, require_starttls=True)
    url = url.replace("smtp:", f"{scheme}:")
    put(system)

    # without a password to lose, smtp:// asks for no proof of who the server is; the others do
    assert send(url, system) == ((1, 0) if scheme == "smtp" else (0, 1))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert send(url, system) == ((0, 0) if scheme == "smtp" else (1, 0))
    assert len(office.letters) == 1


def test_a_password_asks_for_a_trusted_certificate_elsewhere(
    system: Actor, serve: Serve, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    _office, url = serve(tls_context=context, authenticator=lambda *_: AuthResult(success=True))
    put(system)
    monkeypatch.setattr(SmtpTransport, "_is_local", lambda _self: False)

    assert send(url.replace("//", "//dienst:geheim@"), system) == (0, 1)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert send(url.replace("//", "//dienst:geheim@"), system) == (1, 0)


def test_starttls_that_is_demanded_and_not_offered_stops_everything(system: Actor, serve: Serve) -> None:
    office, url = serve()
    put(system)
    assert send(url.replace("smtp:", "smtp+starttls:"), system) == (0, 1)
    assert office.letters == []


WRONG_URLS = """mail.example.com http://u:geheim@host smtp:// smtp://u:geheim@ smtp://u:geheim@host:x smtp://h/pad
    smtp://u:geheim@host:99999 smtp://[::1 smtp://h?geheim"""


@pytest.mark.parametrize("url", WRONG_URLS.split())
def test_a_wrong_url_is_refused_without_showing_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="KMOP_SMTP_URL") as raised:
        SmtpTransport(url)
    assert "geheim" not in str(raised.value)


def test_a_maildir_that_cannot_be_written_leaves_the_letters_waiting(system: Actor, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    letter_id = put(system)
    result = send_mail(MaildirTransport(tmp_path / "file" / "mail"), actor=system)
    assert (result.sent, result.failed) == (0, 1)
    assert "KMOP_MAIL_DIR" in result.problems[0]
    assert record(letter_id, system).status is MailStatus.WAITING
