"""Letters on their way out: what arrives, when, and what becomes of those that do not."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from db import mail as outbox
from db.accounts import Account, Session
from db.audit import AuditLine
from db.codes import MailStatus, ProjectStatus, ProviderKind, ReactionKind, Reason, Role, ServiceType
from db.database import connected
from db.enterprises import Enterprise
from db.mail import Mail, MailAttachment
from db.projects import Project
from db.providers import Provider
from db.reactions import Proof, Reaction
from services import clock
from services.documents import Document
from services.errors import NotAllowed, NotFound
from services.mail import LEASE, PAUSES, get_mail, list_mail, post, send_mail
from services.mail_transports import MaildirTransport
from services.work import Actor, reading, writing
from tests.services.post_office import NINE, Serve, mail_servers, put, record, send

BODY = "Beste,\n\n€ 1.198,35 " + "x" * 2000


PDF = b"%PDF-1.4\n" + bytes(range(256)) * 40


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a mail server and give it with its URL."""
    with mail_servers() as start:
        yield start


def make_proof(system: Actor, name: str) -> Proof:
    """A proof and what it hangs on."""
    with writing(system) as work:
        work.audit("test.proof", "project:2016KMO034012")
        facts: dict[str, Any] = {"legal_form": "NV", "email": "dv@example.com", "account_number": "BE68539007547034"}
        provider = Provider.create(
            name="DV", name_folded="dv", kind=ProviderKind.HEADQUARTERS, enterprise_number="0862010195", **facts
        )
        enterprise = Enterprise.create(
            enterprise_number="0403019261", name="Klant", name_folded="klant", email="klant@example.com"
        )
        project = Project.create(
            number="2016KMO034012",
            enterprise=enterprise,
            provider=provider,
            headquarters=provider,
            service=ServiceType.TRAINING,
            title="Opleiding",
            applied_on=date(2016, 2, 23),
            starts_on=date(2016, 2, 24),
            ends_on=date(2016, 2, 25),
            amount_cents=72893,
            subsidy_cents=29157,
            status=ProjectStatus.STOP_REQUESTED,
        )
        reaction = Reaction.create(
            project=project,
            kind=ReactionKind.STOP,
            reason=Reason.NOT_TAKING_PLACE,
            account=Account.get_by_id(system.account_id),
            reacted_at=work.moment,
            status_before=ProjectStatus.RUNNING,
            status_after=ProjectStatus.STOP_REQUESTED,
        )
        proof: Proof = Proof.create(
            reaction=reaction, file_name=name, media_type="application/pdf", content=PDF, sha256="0" * 64
        )
        return proof


def audit_of(letter_id: int) -> list[str]:
    with reading():
        return [line.action for line in AuditLine.select().where(AuditLine.subject == f"mail:{letter_id}")]


def test_a_letter_arrives_with_all_that_belongs_to_it(system: Actor, serve: Serve) -> None:
    office, url = serve()
    letter_id = put(system, "klant@example.com", subject="Steun voor Élise", body=BODY)

    assert send(url, system) == (1, 0)

    (letter,), (envelope,) = office.letters, office.envelopes
    assert envelope.mail_from == "kmo-portefeuille@vlaanderen.be"
    assert envelope.rcpt_tos == ["klant@example.com"]
    assert letter["From"] == "kmo-portefeuille <kmo-portefeuille@vlaanderen.be>"
    assert letter["To"] == "klant@example.com"
    assert letter["Subject"] == "Steun voor Élise"
    assert letter["Date"] == "Fri, 11 Mar 2016 09:00:00 +0100"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "nl"
    assert letter["MIME-Version"] == "1.0"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content_charset() == "utf-8"
    assert letter.get_content() == BODY + "\n"
    assert max(map(len, bytes(envelope.content).split(b"\r\n"))) <= 78  # type: ignore[arg-type]
    after = record(letter_id, system)
    assert letter["Message-ID"] == after.message_id
    assert (after.status, after.attempts, after.last_error) == (MailStatus.SENT, 1, None)
    assert after.sent_at is not None
    assert audit_of(letter_id) == ["mail.sent"]
    assert send(url, system) == (0, 0)


def test_the_proof_is_enclosed_as_it_was(system: Actor, serve: Serve) -> None:
    office, url = serve()
    name = "bewijsstuk één, " + "e\u0301" * 30 + ".pdf"
    letter_id = put(system, "kmo-portefeuille@vlaanderen.be", proof=make_proof(system, name))
    put(system, subject="zonder bewijsstuk")

    assert send(url, system) == (2, 0)

    (enclosed,) = office.letters[0].iter_attachments()
    assert enclosed.get_content() == PDF
    assert enclosed.get_content_type() == "application/pdf"
    assert enclosed.get_content_disposition() == "attachment"
    assert enclosed.get_filename() == "bewijsstuk één, " + "é" * 30 + ".pdf"
    body = office.letters[0].get_body()
    assert body is not None
    assert body.get_content() == "Beste klant,\n\ntot ziens.\n"
    assert list(office.letters[1].iter_attachments()) == []
    assert record(letter_id, system).proof_name == "bewijsstuk één, " + "é" * 30 + ".pdf"


def test_documents_are_enclosed_in_their_order_after_the_proof(system: Actor, serve: Serve) -> None:
    office, url = serve()
    documents = [
        Document(name="verklaring op eer, één.pdf", content=PDF),
        Document(name="lijst.csv", media_type="text/csv", content="a;é\r\n".encode()),
    ]
    letter_id = put(system, proof=make_proof(system, "bewijs.pdf"), attachments=documents)
    put(system, attachments=[Document(name="certificaat.pdf", content=PDF + b"2")])
    put(system, subject="zonder")

    before = record(letter_id, system)
    assert before.proof_name == "bewijs.pdf"
    assert before.attachment_names == ("verklaring op eer, één.pdf", "lijst.csv")
    assert [letter.attachment_names for letter in list_mail(actor=system, limit=5)] == [
        (),
        ("certificaat.pdf",),
        ("verklaring op eer, één.pdf", "lijst.csv"),
    ]
    assert send(url, system) == (3, 0)

    enclosed = [
        [
            (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
            for part in letter.iter_attachments()
        ]
        for letter in office.letters
    ]
    assert enclosed == [
        [
            ("bewijs.pdf", "application/pdf", PDF),
            ("verklaring op eer, één.pdf", "application/pdf", PDF),
            ("lijst.csv", "text/csv", "a;é\r\n".encode()),
        ],
        [("certificaat.pdf", "application/pdf", PDF + b"2")],
        [],
    ]
    assert all(letter.get_body() is not None and not letter.defects for letter in office.letters)
    assert record(letter_id, system).attachment_names == before.attachment_names


def test_documents_are_kept_only_if_what_they_tell_of_is(system: Actor) -> None:
    def halfway() -> None:
        with writing(system) as work:
            post(
                work,
                recipient="klant@example.com",
                subject="Certificaat",
                body="Beste",
                about="registration:DV.O218724",
                attachments=[Document(name="certificaat.pdf", content=PDF)],
            )
            work.audit("test.post", "mail")
            assert MailAttachment.select().count() == 1
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        halfway()
    with reading():
        assert (Mail.select().count(), MailAttachment.select().count()) == (0, 0)


HOSTILE = {
    "a header": "Steun\r\nBcc: spion@example.com\r\n\r\nnieuwe brief",
    "a bare line feed": "Steun\nBcc: spion@example.com",
    "unicode line ends": "Steun\u2028Bcc: spion@example.com\u0085X: y\x0bZ: z",
    "clipboard": "Steun \x1b]52;c;ZWNobyBi\x07 \x9d52;c;ZWNobw==\x9c klaar",
    "marks": "Z" + "\u0301\u0316" * 100 + "algo",
    "direction": "Steun \u202efdp.exe\u202c",
    "encoded word": "=?utf-8?q?Steun=0D=0ABcc:_spion@example.com?=",
    "emoji and more": "👩‍👩‍👧 " * 200,
    "nothing": "",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_stay_texts(text: str, system: Actor, serve: Serve) -> None:
    office, url = serve()
    put(
        system,
        subject=text,
        body=text + "\r\n.\r\nMAIL FROM:<spion@example.com>",
        proof=make_proof(system, text + "x"),
        attachments=[Document(name=text + "y", content=PDF)],
    )

    assert send(url, system) == (1, 0)

    (letter,), (envelope,) = office.letters, office.envelopes
    assert envelope.rcpt_tos == ["klant@example.com"]
    assert sorted(letter.keys()) == sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Language",
            "MIME-Version",
            "Content-Type",
        ]
    )
    assert not letter.defects
    shown = str(letter["Subject"])
    assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 or sign in "\u202e\u2028" for sign in shown)
    body = letter.get_body()
    assert body is not None
    assert body.get_content().endswith(".\nMAIL FROM:<spion@example.com>\n")
    assert "\x1b" not in body.get_content()
    both = list(letter.iter_attachments())
    assert [enclosed.get_content() for enclosed in both] == [PDF, PDF]
    for enclosed in both:
        assert not set(enclosed.get_filename() or "") & set("\r\n\x1b\x9d\u2028\u202e")


@pytest.mark.parametrize(
    "recipient",
    [
        "geen @ mail",
        "",
        "a@example.com, b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "a@localhost",
        "<a@example.com>",
    ],
)
def test_a_letter_to_no_address_fails_and_the_others_go(recipient: str, system: Actor, serve: Serve) -> None:
    office, url = serve()
    letter_id = put(system, recipient)
    put(system)

    assert send(url, system) == (1, 1)

    assert [envelope.rcpt_tos for envelope in office.envelopes] == [["klant@example.com"]]
    after = record(letter_id, system)
    assert after.status is MailStatus.FAILED
    assert "name@example.com" in str(after.last_error) or "naam@example.com" in str(after.last_error)
    assert audit_of(letter_id) == ["mail.failed"]
    assert send(url, system) == (0, 0)


def test_accents_are_for_the_domain_only(system: Actor, serve: Serve) -> None:
    office, url = serve()
    put(system, "info@élise-straße.be")
    refused = put(system, "élise@example.com")

    assert send(url, system) == (1, 1)

    # a sharp s is a letter of its own in domains since 2010 (IDNA 2008), not two
    assert office.envelopes[0].rcpt_tos == ["info@xn--" + "élise-straße".encode("punycode").decode() + ".be"]
    assert office.letters[0]["To"] == office.envelopes[0].rcpt_tos[0]
    assert record(refused, system).status is MailStatus.FAILED


def test_a_letter_goes_when_it_is_due(system: Actor, serve: Serve) -> None:
    office, url = serve()
    letter_id = put(system)
    with writing(system) as work:
        Mail.update(not_before=clock.now() + timedelta(days=30)).where(Mail.id == letter_id).execute()
        work.audit("test.later", "mail")

    assert send(url, system) == (0, 0)
    clock.start_at(NINE + timedelta(days=30, hours=2))
    assert send(url, system) == (1, 0)
    assert len(office.letters) == 1


def test_a_clock_set_back_keeps_no_letter(system: Actor, serve: Serve) -> None:
    _office, url = serve()
    put(system)
    clock.start_at(NINE - timedelta(hours=1))
    assert send(url, system) == (1, 0)


def test_a_refused_recipient_is_final_and_stops_nobody_else(system: Actor, serve: Serve) -> None:
    office, url = serve()
    office.recipient_answers["weg@example.com"] = "550 5.1.1 no such \x1b[31muser"
    first, refused, last = put(system), put(system, "weg@example.com"), put(system)

    assert send(url, system) == (2, 1)

    states = [record(number, system).status for number in (first, refused, last)]
    assert states == [MailStatus.SENT, MailStatus.FAILED, MailStatus.SENT]
    assert str(record(refused, system).last_error).startswith("550 5.1.1 no such ")
    assert "\x1b" not in str(record(refused, system).last_error)
    clock.start_at(NINE + timedelta(days=10))
    assert send(url, system) == (0, 0)


def test_what_is_not_taken_now_is_tried_again_after_growing_pauses(system: Actor, serve: Serve) -> None:
    office, url = serve()
    office.recipient_answers["vol@example.com"] = "452 4.2.2 mailbox full"
    letter_id = put(system, "vol@example.com")
    moment = NINE

    for attempt, pause in enumerate(PAUSES, start=1):
        assert send(url, system) == (0, 1)
        after = record(letter_id, system)
        assert (after.status, after.attempts) == (MailStatus.WAITING, attempt)
        assert after.last_error == "452 4.2.2 mailbox full"
        clock.start_at(moment + pause - timedelta(seconds=10))
        assert send(url, system) == (0, 0)
        moment += pause + timedelta(seconds=60)
        clock.start_at(moment)

    assert send(url, system) == (0, 1)
    after = record(letter_id, system)
    assert (after.status, after.attempts) == (MailStatus.FAILED, len(PAUSES) + 1)
    assert audit_of(letter_id) == ["mail.postponed"] * len(PAUSES) + ["mail.failed"]


def test_a_secret_is_wiped_once_it_has_left(system: Actor, serve: Serve) -> None:
    office, url = serve()
    office.recipient_answers["weg@example.com"] = "550 no"
    sent = put(system, body="Paswoord: geheim-1", holds_secret=True)
    refused = put(system, "weg@example.com", body="Paswoord: geheim-2", holds_secret=True)
    assert record(sent, system).body is None

    assert send(url, system) == (1, 1)

    assert office.letters[0].get_content() == "Paswoord: geheim-1\n"
    with reading():
        assert [Mail.get_by_id(number).body for number in (sent, refused)] == ["", ""]
    assert record(sent, system).body is None


def test_in_the_demo_a_secret_can_be_read_since_its_letter_never_leaves(system: Actor) -> None:
    with writing(None) as work:
        work.audit("demo.fill", "database")
    letter_id = put(system, body="Paswoord: geheim-1", holds_secret=True)
    assert record(letter_id, system).body == "Paswoord: geheim-1"
    assert [letter.body for letter in list_mail(actor=system, limit=9)] == ["Paswoord: geheim-1"]


def test_a_claim_holds_while_its_sender_may_be_at_work(system: Actor, serve: Serve) -> None:
    _office, url = serve()
    letter_id = put(system)
    with connected(), outbox.sender_at_work():
        with writing(system) as work:
            claimed = outbox.claim_letter(work.moment, work.moment + LEASE)
            work.audit("test.claim", "mail")
        assert claimed is not None
        assert claimed.id == letter_id
        assert send(url, system) == (0, 0)
        clock.start_at(NINE + LEASE + timedelta(seconds=1))
        assert send(url, system) == (1, 0)


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.CASE_HANDLER, Role.ADMIN])
def test_only_the_owner_of_the_database_sends_and_looks(role: Role, system: Actor, tmp_path: Path) -> None:
    letter_id = put(system)
    with writing(system) as work:
        account = Account.create(
            login="iemand", login_folded="iemand", role=role, password_hash="x", created_at=work.moment
        )
        session = Session.create(account=account, source="test", started_at=work.moment, last_used_at=work.moment)
        work.audit("test.account", "account")
    actor = Actor(account_id=account.id, login="iemand", role=role, session_id=session.id)
    transport = MaildirTransport(tmp_path / "mail")
    for refused in (
        lambda: send_mail(transport, actor=actor),
        lambda: list_mail(actor=actor, limit=10),
        lambda: get_mail(letter_id, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert not transport.folder.exists()
    assert record(letter_id, system).status is MailStatus.WAITING


def test_an_unknown_letter(system: Actor) -> None:
    with pytest.raises(NotFound):
        get_mail(7, actor=system)


def test_a_page_of_the_list(system: Actor) -> None:
    numbers = [put(system) for _number in range(4)]
    assert [letter.id for letter in list_mail(actor=system, limit=2, offset=1)] == [numbers[2], numbers[1]]
