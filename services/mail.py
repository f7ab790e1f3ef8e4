"""Letters: written into the outbox in the transaction that causes them, sent afterwards, at least once each."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from db import mail
from db.audit import is_demo
from db.codes import MailStatus
from db.database import transaction
from db.mail import Enclosed, Mail, MailAttachment
from db.reactions import Proof
from services import clock
from services.checks import clean_line, clean_text, parse_email
from services.contact import SERVICE_ADDRESS, SERVICE_NAME
from services.documents import Document
from services.errors import NotFound
from services.language import TIME_ZONE, _
from services.mail_transports import Postponed, Refused, Transport, Unreachable
from services.rules import Permission
from services.work import Actor, Record, Work, reading, require, storage_in_words, writing

MAIL_DOMAIN = "kmo-portefeuille.local"
LETTERS_IN = "nl"
# Longer than any one letter takes; who finds nobody else sending does not wait for it.
LEASE = timedelta(minutes=15)
# After each failed attempt; when none is left the letter has failed.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480, 1440)]
LONGEST_ERROR = 200


class MailRecord(Record):
    """A letter of the outbox; `about` is a reference (`project:...`).

    `body` is None when it holds or held a secret, except in the demo: no letter leaves it, and nothing in it is real.
    """

    id: int
    message_id: str
    created_at: datetime
    status: MailStatus
    recipient: str
    subject: str
    body: str | None
    proof_name: str | None
    attachment_names: tuple[str, ...]
    about: str
    not_before: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str | None


class SendResult(Record):
    """How many letters left and how many that were due did not; `problems` says why, each reason once."""

    sent: int
    failed: int
    problems: tuple[str, ...]


def post(
    work: Work,
    *,
    recipient: str,
    subject: str,
    body: str,
    about: str,
    proof: Proof | None = None,
    attachments: Sequence[Document] = (),
    holds_secret: bool = False,
) -> None:
    """Put a letter in the outbox; it goes out if the caller's transaction is committed. `about` is a reference.

    `attachments` are kept as they are now and go with the letter, after the proof.
    """
    letter = Mail.create(
        message_id=make_msgid(domain=MAIL_DOMAIN),
        recipient=recipient,
        subject=subject,
        body=body,
        proof=proof,
        subject_of=about,
        holds_secret=holds_secret,
        created_at=work.moment,
        not_before=work.moment,
    )
    for document in attachments:
        MailAttachment.create(
            mail=letter, file_name=document.name, media_type=document.media_type, content=document.content
        )


def waiting_since(about: str, subject: str) -> datetime | None:
    """When the letter with that subject about that record was written, None when none waits to be sent."""
    letter = mail.waiting_letter(about, subject)
    return None if letter is None else letter.created_at


def list_mail(*, actor: Actor, limit: int, offset: int = 0) -> Sequence[MailRecord]:
    """`limit` letters from `offset`, the newest first."""
    with reading():
        require(actor, Permission.VIEW_OUTBOX)
        in_demo = is_demo()
        return [
            _record(letter, enclosed, in_demo=in_demo) for letter, enclosed in mail.letters(limit=limit, offset=offset)
        ]


def get_mail(letter_id: int, *, actor: Actor) -> MailRecord:
    """One letter; NotFound when there is none with that id."""
    with reading():
        require(actor, Permission.VIEW_OUTBOX)
        found = mail.find_letter(letter_id)
        if found is None:
            raise NotFound(_("There is no letter %(number)s.") % {"number": letter_id})
        return _record(*found, in_demo=is_demo())


def _record(letter: Mail, enclosed: Enclosed, *, in_demo: bool) -> MailRecord:
    return MailRecord(
        id=letter.id,
        message_id=letter.message_id,
        created_at=letter.created_at,
        status=MailStatus(letter.status),
        recipient=clean_line(letter.recipient),
        subject=clean_line(letter.subject),
        body=None if letter.holds_secret and not in_demo else clean_text(letter.body),
        proof_name=enclosed.proof and clean_line(enclosed.proof),
        attachment_names=tuple(map(clean_line, enclosed.attachments)),
        about=letter.subject_of,
        not_before=letter.not_before,
        sent_at=letter.sent_at,
        attempts=letter.attempts,
        last_error=letter.last_error,
    )


def send_mail(transport: Transport, *, actor: Actor) -> SendResult:
    """Hand everything that is due to `transport`, each letter once; one more time only after a sender was killed.

    No transaction is open while a letter is under way: it is claimed before and settled after. A refusal is final,
    anything else is tried again after a growing pause. When nothing can leave, all letters wait as they are.
    """
    sent, failed, problems = 0, 0, dict[str, None]()
    with _sender_at_work(), transport:
        while (claimed := _claim(actor)) is not None:
            letter, attachments = claimed
            try:
                recipient, content = _written(letter, attachments)
                transport.deliver(SERVICE_ADDRESS, recipient, content)
            except Unreachable as error:
                problems[_short(error)] = None
                with storage_in_words(), transaction():
                    failed += mail.release_letter(letter, clock.now(), _short(error))
                break
            except (Refused, Postponed) as error:
                problems[_short(error)] = None
                failed += 1
                _settle_failure(letter, error, actor)
            else:
                sent += 1
                _settle_sent(letter, actor)
    return SendResult(sent=sent, failed=failed, problems=tuple(problems))


@contextmanager
def _sender_at_work() -> Iterator[None]:
    with storage_in_words(), mail.sender_at_work():
        yield


def _claim(actor: Actor) -> tuple[Mail, Sequence[MailAttachment]] | None:
    """A letter to send with its documents, ours for a while. No audit line: what came of it gets one."""
    with storage_in_words(), transaction():
        require(actor, Permission.SEND_MAIL)
        moment = clock.now()
        letter = mail.claim_letter(moment, moment + LEASE)
        return None if letter is None else (letter, mail.attachments_of(letter))


def _settle_sent(letter: Mail, actor: Actor) -> None:
    with writing(actor) as work:
        mail.settle_letter(letter, status=MailStatus.SENT, sent_at=work.moment, last_error=None, **_wiped(letter))
        work.audit("mail.sent", f"mail:{letter.id}", about=letter.subject_of)


def _settle_failure(letter: Mail, error: Refused | Postponed, actor: Actor) -> None:
    with writing(actor) as work:
        if isinstance(error, Refused) or letter.attempts >= len(PAUSES):
            mail.settle_letter(letter, status=MailStatus.FAILED, last_error=_short(error), **_wiped(letter))
            work.audit("mail.failed", f"mail:{letter.id}", about=letter.subject_of)
        else:
            not_before = work.moment + PAUSES[letter.attempts]
            mail.settle_letter(letter, not_before=not_before, last_error=_short(error))
            work.audit("mail.postponed", f"mail:{letter.id}", not_before=not_before)


def _wiped(letter: Mail) -> dict[str, str]:
    """A secret is not kept once its letter has left, or never will."""
    return {"body": ""} if letter.holds_secret else {}


def _short(error: Exception) -> str:
    return clean_line(str(error))[:LONGEST_ERROR]


def _written(letter: Mail, attachments: Sequence[MailAttachment]) -> tuple[str, bytes]:
    """The recipient's address and the letter as it goes over the wire; Refused when the address is none.

    The same letter always has the same Message-ID and date, so that a second copy can be told from a second letter.
    """
    from email_validator import validate_email

    try:
        recipient = validate_email(parse_email(letter.recipient), check_deliverability=False).ascii_email
    except ValueError as error:
        raise Refused(str(error)) from error
    if recipient is None:
        raise Refused(_("The address has accents before the @; most mail servers take none. Correct it."))
    message = EmailMessage(SMTP)
    message["From"] = Address(SERVICE_NAME, addr_spec=SERVICE_ADDRESS)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(letter.created_at.astimezone(TIME_ZONE))
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(clean_text(letter.body) + "\n", cte="quoted-printable")
    proof: Proof | None = letter.proof
    enclosures: list[Proof | MailAttachment] = [*([] if proof is None else [proof]), *attachments]
    for enclosed in enclosures:
        kind, _slash, subtype = enclosed.media_type.partition("/")
        message.add_attachment(enclosed.content, maintype=kind, subtype=subtype, filename=_one_line(enclosed.file_name))
    message["Content-Language"] = LETTERS_IN  # after the contents, which take all Content- headers along
    return recipient, message.as_bytes()


def _one_line(text: str) -> str:
    """`text` for a header. Python decodes what looks like an encoded word, line ends and all, so nothing may."""
    return clean_line(text).replace("=?", "= ?")
