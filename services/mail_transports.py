"""How letters leave: by SMTP, or into a Maildir. A transport takes a finished letter or says why not."""

import mailbox
import smtplib
import ssl
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

from services.language import _

SECONDS = 30  # of silence after which a mail server counts as gone
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
TOO_LARGE_NOW, TOO_LARGE = 452, 552  # the only answers to MAIL FROM that are about the letter (RFC 1870)


class Refused(Exception):
    """This letter will never be taken; `str(error)` says why."""


class Postponed(Exception):
    """This letter was not taken now, and may be later."""


class Unreachable(Exception):
    """No letter can leave at the moment: it is not the letter's fault."""


class Transport(Protocol):
    """Takes letters one after the other; a context manager, so that what it opened is closed."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...

    def deliver(self, sender: str, recipient: str, letter: bytes) -> None:
        """Hand over `letter` (RFC 5322, lines ending in CR LF); Refused, Postponed or Unreachable if not taken."""


class MaildirTransport:
    """Puts letters in a Maildir, made on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing is kept open."""

    def deliver(self, sender: str, recipient: str, letter: bytes) -> None:
        """See `Transport`; `new` gets the whole letter at once, or nothing."""
        try:
            for part in ("tmp", "new", "cur"):
                (self.folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
            mailbox.Maildir(self.folder).add(letter)
        except OSError as error:
            raise Unreachable(
                _("The mail folder %(folder)s cannot be written (%(why)s). Check KMOP_MAIL_DIR.")
                % {"folder": self.folder, "why": error.strerror}
            ) from error


class SmtpTransport:
    """Hands letters to a mail server over one connection, opened for the first letter.

    `smtps` is TLS from the start and `smtp+starttls` demands STARTTLS, with a valid certificate both; `smtp` uses
    STARTTLS where it is offered. A password never goes out without a valid certificate, except to this machine.
    """

    def __init__(self, url: str) -> None:
        """ValueError with a sentence, which never holds the password, when `url` cannot be used."""
        try:
            parts = urlsplit(url)
            self._scheme, self._host, port = parts.scheme, parts.hostname or "", parts.port
        except ValueError:
            parts, self._scheme, self._host, port = urlsplit(""), "", "", None
        if self._scheme not in PORTS or not self._host or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError(
                _("KMOP_SMTP_URL must be smtp://, smtp+starttls:// or smtps:// with user:password@host:port behind it.")
            )
        self._port = port or PORTS[self._scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Take leave of the server."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self._drop()

    def deliver(self, sender: str, recipient: str, letter: bytes) -> None:
        """See `Transport`."""
        server = self._connected()
        try:
            server.sendmail(sender, [recipient], letter)
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code in (TOO_LARGE, TOO_LARGE_NOW):
                raise _answered(error.smtp_code, error.smtp_error) from error
            self._drop()
            raise Unreachable(str(_answered(error.smtp_code, error.smtp_error))) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _answered(*error.recipients[recipient]) from error
        except smtplib.SMTPDataError as error:
            raise _answered(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise Postponed(_("The mail server broke off the connection.")) from error

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._server.noop()[0] == 250:
                    return self._server
            self._drop()
        try:
            self._server = self._connect()
        except Unreachable:
            raise
        except smtplib.SMTPAuthenticationError as error:
            raise Unreachable(
                _("The mail server refuses the user or password of KMOP_SMTP_URL (%(code)s).")
                % {"code": error.smtp_code}
            ) from error
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise Unreachable(
                _("The mail server %(host)s:%(port)s cannot be used: %(why)s.")
                % {"host": self._host, "port": self._port, "why": _why(error)}
            ) from error
        return self._server

    def _connect(self) -> smtplib.SMTP:
        trust = ssl.create_default_context()
        if self._scheme == "smtp" and (self._is_local() or not self._user):
            # Without a password to lose, encryption to an unknown certificate is better than none (RFC 7435).
            trust.check_hostname = False
            trust.verify_mode = ssl.CERT_NONE
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=SECONDS, context=trust)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=SECONDS)
        try:
            self._make_safe(server, trust)
        except BaseException:
            server.close()
            raise
        return server

    def _make_safe(self, server: smtplib.SMTP, trust: ssl.SSLContext) -> None:
        encrypted = self._scheme == "smtps"
        server.ehlo_or_helo_if_needed()
        if not encrypted and (self._scheme == "smtp+starttls" or server.has_extn("starttls")):
            server.starttls(context=trust)
            server.ehlo()
            encrypted = True
        if not self._user:
            return
        if not encrypted and not self._is_local():
            raise Unreachable(
                _("The mail server offers no encryption, so the password of KMOP_SMTP_URL was not sent. Use smtps://.")
            )
        server.login(self._user, self._password)

    def _is_local(self) -> bool:
        try:
            return ip_address(self._host).is_loopback
        except ValueError:
            return self._host == "localhost"

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _answered(code: int, text: bytes | str) -> Refused | Postponed:
    """What a server's answer means for the letter: 5xx is for good, anything else for now."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    said = f"{code} {words}"
    return Refused(said) if 500 <= code <= 599 else Postponed(said)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
