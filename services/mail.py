"""Letters: written into the outbox in the transaction that causes them, sent afterwards."""

from email.utils import make_msgid

from db.mail import Mail
from db.reactions import Proof
from services.work import Work

SERVICE_ADDRESS = "kmo-portefeuille@vlaanderen.be"
MAIL_DOMAIN = "kmo-portefeuille.local"


def post(
    work: Work,
    *,
    recipient: str,
    subject: str,
    body: str,
    about: str,
    proof: Proof | None = None,
    holds_secret: bool = False,
) -> None:
    """Put a letter in the outbox; it goes out if the caller's transaction is committed. `about`: `project:2016KMO...`."""
    Mail.create(
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
