"""Every letter there is, made by the services, sent by the command to a mail server, and read as its receiver does."""

import mailbox
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from db.codes import PaymentKind, ProjectStatus, ReactionKind, Reason, RegistrationEvent, Role
from db.mail import Mail
from papers import body, needs_pdftotext, pdf_words
from services.jobs import run_jobs
from services.password_resets import AskNewPassword, ask_new_password
from services.proofs import ProofFile
from services.providers import AddDepartment, ChangeProvider, add_department, change_provider, get_provider
from services.reactions import ReactToProject, react_to_project
from services.registration_decisions import (
    ConfirmRegistration,
    DecideRegistration,
    ProposeRegistration,
    confirm_registration,
    decide_registration,
    propose_registration,
)
from services.registrations import (
    MoveRegistration,
    RegistrationBasis,
    RequestRegistration,
    ServiceType,
    mail_declaration,
    move_registration,
    request_registration,
)
from services.sign_up import SignUp, sign_up
from services.work import Actor
from tests.making import (
    PASSWORD,
    PDF,
    make_account,
    make_address,
    make_enterprise,
    make_project,
    make_provider,
    pay,
    register,
    rows,
    sign_in,
)
from tests.services.post_office import free_port, kmop_tui, read

PROOF = ProofFile(name="bewijs é.pdf", content=PDF)
TODAY = date(2016, 3, 11)
ADDRESS = {"street": "Zeelaan", "house_number": "1", "postcode": "8670", "municipality": "Koksijde"}
NEW = SignUp(
    name="Leren & Café Élise",
    enterprise_number="0403.227.515",
    legal_form="VZW",
    email="nieuw@example.com",
    phone="1700",
    account_number="BE68 5390 0754 7034",
    expertise=("Talen",),
    presentation="Wij geven les.",
    **ADDRESS,
)
# How a registration comes by each of its letters: the event, the state before, and what else it has.
MOVES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "DV.O000001": ("extend", "G", {}),
    "DV.O000002": ("renew", "L", {"expires_on": date(2016, 1, 1)}),
    "DV.O000003": ("withdraw", "A", {"expires_on": None}),
    "DV.O000004": ("grant", "A", {"expires_on": None}),
    "DV.O000005": ("refuse", "A", {"expires_on": None}),
    "DV.O000006": ("refuse", "G/V", {}),
    "DV.O000007": ("refuse", "L/H", {"expires_on": date(2016, 1, 1)}),
    "DV.O000008": ("expire", "G", {"expires_on": date(2016, 3, 10)}),
    "DV.O000009": ("expire", "G/V", {"expires_on": date(2016, 3, 10)}),
    "DV.O000010": ("remind", "G", {"expires_on": date(2016, 6, 1)}),
    "DV.O000011": ("suspend", "G", {}),
    "DV.O000012": ("resume", "S", {"suspended_until": date(2016, 6, 1)}),
    "DV.O000013": ("exclude", "G", {}),
    "DV.O000014": ("stop", "G", {}),
    "DV.O000015": ("mail", "A", {"expires_on": None}),
}


SERVICE, OTHERS, MOVED = "kmo-portefeuille@vlaanderen.be", "info@example.com", "elders@example.com"
# Subject, receiver and what is enclosed.
EXPECTED = [
    ("Uw login voor de kmo-portefeuille", "nieuw@example.com", ()),
    ("Uw login voor de kmo-portefeuille", "afdeling@example.com", ()),
    ("Uw nieuw paswoord voor de kmo-portefeuille", OTHERS, ()),
    ("De gegevens van Eerste & Co zijn gewijzigd", OTHERS, ()),
    ("De gegevens van Eerste & Co zijn gewijzigd", MOVED, ()),
    ("Uw project 2016KMO000001 werd geannuleerd door de dienstverlener", "klant@example.com", ()),
    ("Aanvraag tot stopzetting van project 2016KMO000002", SERVICE, (PROOF.name,)),
    ("Melding over project 2016KMO000003", SERVICE, ()),
    ("Project 2016KMO000004 is geannuleerd: de eigen bijdrage is niet betaald", "klant@example.com", ()),
    ("Project 2016KMO000004 is geannuleerd: de eigen bijdrage is niet betaald", MOVED, ()),
    ("Uw aanvraag tot verlenging van registratie DV.O000001 is ontvangen", OTHERS, ("verklaring-DV.O000001.pdf",)),
    ("Uw aanvraag tot hernieuwing van registratie DV.O000002 is ontvangen", OTHERS, ("verklaring-DV.O000002.pdf",)),
    ("De aanvraag van registratie DV.O000003 is ingetrokken", OTHERS, ()),
    ("Certificaat: registratie DV.O000004 is goedgekeurd", OTHERS, ("certificaat-DV.O000004.pdf",)),
    ("Registratie DV.O000005 is geweigerd", OTHERS, ()),
    ("De verlenging van registratie DV.O000006 is geweigerd", OTHERS, ()),
    ("De hernieuwing van registratie DV.O000007 is geweigerd", OTHERS, ()),
    ("Registratie DV.O000008 is verlopen", OTHERS, ()),
    ("Registratie DV.O000009 is verlopen", OTHERS, ()),
    ("Registratie DV.O000010 is geldig tot en met 01/06/2016", OTHERS, ()),
    ("Registratie DV.O000011 is geschorst", OTHERS, ()),
    ("De schorsing van registratie DV.O000012 is voorbij", OTHERS, ()),
    ("Registratie DV.O000013: u bent uitgesloten", OTHERS, ()),
    ("Registratie DV.O000014 is gestopt", OTHERS, ()),
    ("Verklaring op eer voor registratie DV.O000015", OTHERS, ("verklaring-DV.O000015.pdf",)),
    ("Uw aanvraag van registratie DV.O000016 is ontvangen", MOVED, ("verklaring-DV.O000016.pdf",)),
]


def cause(number: str, event: str, actor: Actor, handlers: list[Actor]) -> None:
    """Let the service do to the registration what brings its provider that letter; the nightly job does the rest."""
    match event:
        case "extend" | "renew" | "withdraw" | "stop":
            move_registration(
                MoveRegistration(number=number, version=1, event=RegistrationEvent(event), confirmed=True), actor=actor
            )
        case "grant" | "refuse":
            decide_registration(
                DecideRegistration(
                    number=number,
                    version=1,
                    event=RegistrationEvent(event),
                    reason="Buiten termijn." if event == "refuse" else "",
                ),
                actor=handlers[0],
            )
        case "suspend" | "resume" | "exclude":
            proposal = propose_registration(
                ProposeRegistration(
                    number=number,
                    version=1,
                    event=RegistrationEvent(event),
                    reason="Klachten.",
                    until=date(2016, 6, 1) if event == "suspend" else None,
                ),
                actor=handlers[0],
            )
            confirm_registration(
                ConfirmRegistration(number=number, proposed_at=proposal.proposed_at), actor=handlers[1]
            )
        case "mail":
            mail_declaration(number, actor=actor)


def write_all(system: Actor) -> None:
    """Have every kind of letter put in the outbox."""
    sign_up(NEW)
    headquarters = make_provider("Eerste & Co", "0862010195")
    make_address(headquarters)
    actor = sign_in(make_account("eerste", Role.HEADQUARTERS, headquarters))
    handlers = [sign_in(make_account(f"dossier {number}", Role.CASE_HANDLER)) for number in (1, 2)]
    ask_new_password(AskNewPassword(provider_number="0862.010.195", email="info@example.com"))
    add_department(
        AddDepartment(
            name="Afdeling",
            email="afdeling@example.com",
            phone="",
            account_number="BE68 5390 0754 7034",
            expertise=("Talen",),
            presentation="",
            login="afdeling",
            box="",
            **ADDRESS,
        ),
        actor=actor,
    )
    known = get_provider("0862.010.195", actor=actor)
    fields = {name: getattr(known, name) for name in ChangeProvider.model_fields if hasattr(known, name)}
    changed = {"account_number": "NL91 ABNA 0417 1643 00", "email": "elders@example.com", "password": PASSWORD}
    change_provider(ChangeProvider(**(fields | changed)), actor=actor)

    enterprise = make_enterprise(403019261, "Café [A] %s 100%")
    make_project("2016KMO000001", headquarters, enterprise)
    running = make_project("2016KMO000002", headquarters, enterprise, status=ProjectStatus.RUNNING)
    pay(running, PaymentKind.DEPOSIT, 71901)
    make_project("2016KMO000003", headquarters, enterprise, status=ProjectStatus.FINISHED)
    make_project("2016KMO000004", headquarters, enterprise, applied_on=date(2016, 1, 4))
    for number, kind in (("1", ReactionKind.CANCEL), ("2", ReactionKind.STOP), ("3", ReactionKind.REPORT)):
        react_to_project(
            ReactToProject(
                number=f"2016KMO00000{number}",
                version=1,
                kind=kind,
                reason=Reason.NOT_TAKING_PLACE,
                reason_text="Geen deelnemers.",
                proof=PROOF if kind is ReactionKind.STOP else None,
            ),
            actor=actor,
        )

    received = {"declaration_received_on": TODAY, "audit_on": TODAY, "audit_positive": True}
    for place, (number, (event, status, columns)) in enumerate(MOVES.items(), 2):
        department = make_provider("Eerste, departement", "0862010195", headquarters, place)
        make_address(department)
        register(department, number, status, **(received | columns))
        cause(number, event, actor, handlers)
    request_registration(
        RequestRegistration(provider_id=headquarters.id, service=ServiceType.TRAINING, basis=RegistrationBasis.PRIVATE),
        actor=actor,
    )
    run_jobs(actor=system)


@contextmanager
def mail_server(folder: Path) -> Iterator[str]:
    """A mail server in a process of its own, which keeps what comes in a Maildir; its URL."""
    port = free_port()
    arguments = ["-n", "-l", f"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", str(folder)]
    server = subprocess.Popen([sys.executable, "-m", "aiosmtpd", *arguments])
    try:
        for _attempt in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"smtp://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def enclosed(letter: EmailMessage) -> dict[str, Any]:
    return {str(part.get_filename()): part.get_content() for part in letter.iter_attachments()}


@needs_pdftotext
def test_every_letter_arrives_once_and_can_be_read(
    database: Path, system: Actor, cheap_hashing: None, tmp_path: Path
) -> None:
    write_all(system)
    with mail_server(tmp_path / "received") as url:
        first = kmop_tui(database, "mail", "send", KMOP_SMTP_URL=url)
        again = kmop_tui(database, "mail", "send", KMOP_SMTP_URL=url)
    written = rows(Mail)
    assert first.stderr == f"{len(written)} verzonden, 0 mislukt\n"
    assert again.stderr == "0 verzonden, 0 mislukt\n"
    letters = [read(letter.as_bytes()) for letter in mailbox.Maildir(tmp_path / "received")]
    # once each, and none that nobody wrote
    assert sorted(letter["Message-ID"] for letter in letters) == sorted(row["message_id"] for row in written)
    told = [(str(letter["Subject"]).strip(), letter["To"], tuple(enclosed(letter))) for letter in letters]
    assert sorted(told) == sorted(EXPECTED)
    kept = {row["message_id"]: row for row in written}
    for letter in letters:
        text = body(letter)
        if letter["To"] != SERVICE:
            assert text.startswith(("Geachte dienstverlener, ", "Geachte klant, ")), text
            # the notice that the nightly job cancelled a project only states facts
            assert "2016KMO000004" in text or re.search(r"\b[Uu]w?\b", text), text
        assert not re.search(r"\b(je|jij|jou|jouw|the|your|you)\b|%\(|\bNone\b", text), text
        # a password is in the letter and, once that has left, nowhere else
        row = kept[letter["Message-ID"]]
        assert row["holds_secret"] == ("Paswoord: " in text)
        assert row["holds_secret"] or text == " ".join(row["body"].split())
        assert not (row["holds_secret"] and row["body"])
        for name, content in enclosed(letter).items():
            if name == PROOF.name:
                assert content == PROOF.content
            else:
                kind, number = name.removesuffix(".pdf").split("-")
                words = pdf_words(content)
                assert {"verklaring": "Verklaring op eer", "certificaat": "Certificaat"}[kind] in words
                assert number in words
