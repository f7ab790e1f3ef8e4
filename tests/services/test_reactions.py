"""Annuleren, stopzetten, melden: letter, proof and audit line with it, or nothing at all."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from db.accounts import Session
from db.audit import AuditLine
from db.codes import PaymentKind, ProjectStatus, ReactionKind, Reason, Role
from db.database import database as db_database
from db.database import transaction
from db.mail import Mail
from db.models import ALL
from db.projects import Project
from db.reactions import Proof, Reaction
from services import clock
from services.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError
from services.language import use_language
from services.mail import SERVICE_ADDRESS
from services.projects import get_project
from services.proofs import LONGEST_NAME, MOST_BYTES, ProofFile, check_proof, read_proof
from services.reactions import LONGEST_REASON, ReactToProject, react_to_project
from services.words import word
from services.work import Actor
from tests.making import (
    PDF,
    audit_trail,
    make_account,
    make_enterprise,
    make_project,
    make_provider,
    pay,
    rows,
    sign_in,
)

PROOF = ProofFile(name="bewijs é.pdf", content=PDF)
CONFIRMED, RUNNING, FINISHED = "2016KMO000001", "2016KMO000002", "2016KMO000003"
NUMBERS = {ReactionKind.CANCEL: CONFIRMED, ReactionKind.STOP: RUNNING, ReactionKind.REPORT: FINISHED}


@pytest.fixture
def actor(database: Path) -> Actor:
    """A headquarters with a confirmed, a running and a finished project."""
    provider = make_provider("Eerste & Co", "0862010195")
    enterprise = make_enterprise(403019261, "Café [A] %s 100%")
    make_project(CONFIRMED, provider, enterprise)
    pay(make_project(RUNNING, provider, enterprise, status=ProjectStatus.RUNNING), PaymentKind.DEPOSIT, 71901)
    make_project(FINISHED, provider, enterprise, status=ProjectStatus.FINISHED)
    return sign_in(make_account("eerste", Role.HEADQUARTERS, provider))


def command(kind: ReactionKind = ReactionKind.CANCEL, **fields: Any) -> ReactToProject:
    """A reaction that lacks nothing."""
    usual: dict[str, Any] = {
        "number": NUMBERS[kind],
        "version": 1,
        "kind": kind,
        "reason": Reason.NOT_TAKING_PLACE,
        "proof": PROOF if kind is ReactionKind.STOP else None,
    }
    return ReactToProject(**(usual | fields))


def everything() -> dict[str, Any]:
    """All rows of all tables, but for when sessions were used."""
    return {model.__name__: rows(model) for model in ALL if model is not Session}


# What a reaction does


@pytest.mark.parametrize(
    ("kind", "status", "recipient", "subject", "opening"),
    [
        (
            ReactionKind.CANCEL,
            ProjectStatus.CANCELLED,
            "klant@example.com",
            "Uw project 2016KMO000001 werd geannuleerd door de dienstverlener",
            "Geachte klant",
        ),
        (
            ReactionKind.STOP,
            ProjectStatus.STOP_REQUESTED,
            SERVICE_ADDRESS,
            "Aanvraag tot stopzetting van project 2016KMO000002",
            "De dienstverlener Eerste & Co (0862.010.195)",
        ),
        (
            ReactionKind.REPORT,
            ProjectStatus.FINISHED,
            SERVICE_ADDRESS,
            "Melding over project 2016KMO000003",
            "De dienstverlener Eerste & Co (0862.010.195)",
        ),
    ],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_reaction_moves_the_project_writes_a_letter_and_an_audit_line(
    actor: Actor, language: str, kind: ReactionKind, status: ProjectStatus, recipient: str, subject: str, opening: str
) -> None:
    use_language(language)
    before = get_project(NUMBERS[kind], actor=actor)
    after = react_to_project(command(kind, reason_text="  Zie\r\nbijlage 100%s\x1b[2J "), actor=actor)

    moved = status is not before.status
    assert (after.status, after.version) == (status, before.version + 1)
    assert (after.status_since is None) is not moved
    [reaction] = after.reactions
    assert (reaction.kind, reaction.reason, reaction.login) == (kind, Reason.NOT_TAKING_PLACE, "eerste")
    assert reaction.reason_text == "Zie\nbijlage 100%s[2J"
    assert abs(clock.now() - reaction.reacted_at) < timedelta(minutes=1)
    assert after == get_project(NUMBERS[kind], actor=actor)

    [letter] = rows(Mail)
    assert (letter["recipient"], letter["subject"]) == (recipient, subject)
    body = letter["body"]
    assert body.startswith(opening)
    for part in (
        NUMBERS[kind],
        "Eerste & Co",
        "Café [A] %s 100%",
        "0403.019.261",
        "Boekhouden",
        "10/03/2016",
        "€ 1.198,35",
        "dienst gaat niet door of wordt stopgezet",
    ):
        assert part in body
    assert body.endswith("\n\nZie\nbijlage 100%s[2J")
    assert (letter["status"], letter["subject_of"]) == ("waiting", f"project:{NUMBERS[kind]}")

    assert audit_trail() == [(f"project.{kind}", f"project:{NUMBERS[kind]}")]
    details = rows(AuditLine)[0]["details"]
    assert f'"status_after": "{status}"' in details
    assert "bijlage" not in details
    assert "klant@" not in details


def test_the_proof_goes_with_the_letter(actor: Actor) -> None:
    after = react_to_project(command(ReactionKind.STOP), actor=actor)
    assert after.reactions[0].proof_name == "bewijs é.pdf"
    [proof] = rows(Proof)
    assert (bytes(proof["content"]), proof["media_type"]) == (PDF, "application/pdf")
    assert proof["sha256"] == sha256(PDF).hexdigest()
    assert rows(Mail)[0]["proof"] == proof["id"]


def test_without_a_proof_none_goes_along(actor: Actor) -> None:
    react_to_project(command(), actor=actor)
    assert (rows(Proof), rows(Mail)[0]["proof"]) == ([], None)


def test_another_reason_is_told_in_its_own_words_once(actor: Actor) -> None:
    react_to_project(command(reason=Reason.OTHER, reason_text="Dubbel ingediend"), actor=actor)
    body = rows(Mail)[0]["body"]
    assert body.count("Dubbel ingediend") == 1
    assert word(Reason.OTHER) not in body.splitlines()


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_stands_in_the_letter(actor: Actor, reason: Reason) -> None:
    react_to_project(command(reason=reason, reason_text="tekst"), actor=actor)
    assert f"Reden: {'tekst' if reason is Reason.OTHER else word(reason)}" in rows(Mail)[0]["body"]


# What is refused leaves nothing


@pytest.mark.parametrize(
    ("kind", "fields", "wrong"),
    [
        (ReactionKind.CANCEL, {"reason": None}, {"reason"}),
        (ReactionKind.CANCEL, {"reason": Reason.OTHER}, {"reason_text"}),
        (ReactionKind.CANCEL, {"reason": Reason.OTHER, "reason_text": " \n\t\u200b\x1b"}, {"reason_text"}),
        (ReactionKind.CANCEL, {"reason_text": "x" * 10_000}, {"reason_text"}),
        (ReactionKind.CANCEL, {"reason_text": "é" * (LONGEST_REASON + 1)}, {"reason_text"}),
        (ReactionKind.STOP, {"proof": None}, {"proof"}),
        (ReactionKind.STOP, {"proof": None, "reason": None, "reason_text": "x" * 10_000}, {
            "proof", "reason", "reason_text"}),
        (ReactionKind.STOP, {"proof": ProofFile(name="x.pdf", content=b"")}, {"proof"}),
        (ReactionKind.STOP, {"proof": ProofFile(name="x.pdf", content=b"PK\x03\x04")}, {"proof"}),
        (ReactionKind.STOP, {"proof": ProofFile(name="x.pdf", content=PDF + bytes(11 * 1024 * 1024))}, {"proof"}),
        (ReactionKind.CANCEL, {"proof": ProofFile(name="x.pdf", content=b"PK\x03\x04")}, {"proof"}),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named(actor: Actor, kind: ReactionKind, fields: dict[str, Any], wrong: set[str]) -> None:
    before = everything()
    with pytest.raises(Invalid) as refusal:
        react_to_project(command(kind, **fields), actor=actor)
    assert set(refusal.value.fields) == wrong
    assert all(message.endswith(".") for message in refusal.value.fields.values())
    assert everything() == before


def test_a_reason_may_be_as_long_as_it_says(actor: Actor) -> None:
    react_to_project(command(reason_text=f" {'é' * LONGEST_REASON}\n"), actor=actor)
    assert len(rows(Reaction)[0]["reason_text"]) == LONGEST_REASON


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"version": 0}, Conflict),
        ({"version": 2}, Conflict),
        ({"number": "2016KMO999999"}, NotFound),
        ({"number": RUNNING}, NotAllowed),
    ],
)
def test_what_the_rules_forbid_leaves_nothing(actor: Actor, fields: dict[str, Any], error: type[ServiceError]) -> None:
    before = everything()
    with pytest.raises(error):
        react_to_project(command(**fields), actor=actor)
    assert everything() == before


def test_a_project_that_was_changed_meanwhile_is_left_alone(actor: Actor) -> None:
    seen = get_project(CONFIRMED, actor=actor)
    react_to_project(command(), actor=actor)
    before = everything()
    with pytest.raises(Conflict, match="ProjectGeannuleerd"):
        react_to_project(command(version=seen.version), actor=actor)
    assert everything() == before


# All of it or nothing


FAILURES = {
    "audit line": "CREATE TRIGGER fail BEFORE INSERT ON audit_line BEGIN SELECT RAISE(ABORT, 'no'); END",
    "letter": "CREATE TRIGGER fail BEFORE INSERT ON mail BEGIN SELECT RAISE(ABORT, 'no'); END",
    "proof": "CREATE TRIGGER fail BEFORE INSERT ON proof BEGIN SELECT RAISE(ABORT, 'no'); END",
    "project": "CREATE TRIGGER fail BEFORE UPDATE ON project BEGIN SELECT RAISE(ABORT, 'no'); END",
}


@pytest.mark.parametrize("failing", FAILURES)
def test_when_a_part_cannot_be_written_nothing_is(actor: Actor, failing: str) -> None:
    before = everything()
    with transaction():
        db_database.execute_sql(FAILURES[failing])
    with pytest.raises(Exception, match="no"):
        react_to_project(command(ReactionKind.STOP), actor=actor)
    assert everything() == before
    with transaction():
        db_database.execute_sql("DROP TRIGGER fail")
    assert react_to_project(command(ReactionKind.STOP), actor=actor).status is ProjectStatus.STOP_REQUESTED


@pytest.mark.parametrize("kind", ReactionKind)
def test_of_two_at_once_one_wins(actor: Actor, kind: ReactionKind) -> None:
    together = threading.Barrier(4)

    def attempt(number: int) -> str:
        together.wait()
        try:
            return react_to_project(command(kind, reason_text=f"poging {number}"), actor=actor).reactions[0].reason_text
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, range(4)))
    assert outcomes.count("conflict") == 3
    [winner] = set(outcomes) - {"conflict"}
    assert [row["reason_text"] for row in rows(Reaction)] == [winner]
    [letter] = rows(Mail)
    assert winner in letter["body"]
    assert len(rows(AuditLine)) == 1
    assert [row["version"] for row in rows(Project) if row["number"] == NUMBERS[kind]] == [2]


# Which files are proofs


@pytest.mark.parametrize(
    ("first", "media_type"),
    [(b"%PDF-1.7", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg")],
)
def test_a_proof_is_known_by_its_first_bytes(tmp_path: Path, first: bytes, media_type: str) -> None:
    path = tmp_path / "bewijs.txt"
    path.write_bytes(first + b"x" * 10)
    proof = read_proof(path)
    assert (proof.name, proof.content, check_proof(proof)) == ("bewijs.txt", first + b"x" * 10, media_type)


def make_link(path: Path) -> None:
    target = path.with_name("echt.pdf")
    target.write_bytes(PDF)
    path.symlink_to(target)


def make_forbidden(path: Path) -> None:
    """A file that nobody can open, root included: its folder is a file."""
    path.parent.rmdir()
    path.parent.write_bytes(PDF)


NO_PROOFS: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "bestaat niet"),
    "link": (make_link, "kan niet"),
    "folder": (lambda path: path.mkdir(), "is geen bestand"),
    "pipe": (os.mkfifo, "is geen bestand"),
    "in a file": (make_forbidden, "kan niet"),
    "empty": (lambda path: path.write_bytes(b""), "PDF"),
    "word": (lambda path: path.write_bytes(b"PK\x03\x04%PDF-"), "PDF"),
    "script": (lambda path: path.write_bytes(b"\n%PDF-1.7"), "PDF"),
    "large": (lambda path: path.write_bytes(PDF + bytes(11 * 1024 * 1024)), "11,0 MB"),
    "a byte too large": (lambda path: path.write_bytes(PDF.ljust(MOST_BYTES + 1)), "10,0 MB"),
}


@pytest.mark.parametrize("kind", NO_PROOFS)
def test_what_is_no_proof_is_refused_with_a_sentence(tmp_path: Path, kind: str) -> None:
    make, sentence = NO_PROOFS[kind]
    path = tmp_path / "map" / "be\x1bwijs.pdf"
    path.parent.mkdir()
    make(path)
    open_files = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(ValueError, match=sentence) as refusal:
        read_proof(path)
    assert str(refusal.value).endswith(".")
    assert "\x1b" not in str(refusal.value)
    assert len(list(Path("/proc/self/fd").iterdir())) == open_files


def test_a_proof_may_have_ten_megabytes(actor: Actor, tmp_path: Path) -> None:
    path = tmp_path / "groot.pdf"
    path.write_bytes(PDF.ljust(MOST_BYTES))
    react_to_project(command(ReactionKind.STOP, proof=read_proof(path)), actor=actor)
    assert len(rows(Proof)[0]["content"]) == MOST_BYTES


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("be\u202ewijs\x1b.pdf", "bewijs.pdf"),
        ("x" * 200 + ".pdf", "x" * (LONGEST_NAME - 4) + ".pdf"),
        ("\x1b", "bewijsstuk"),
    ],
)
def test_a_proofs_name_is_kept_clean(tmp_path: Path, name: str, kept: str) -> None:
    (tmp_path / name).write_bytes(PDF)
    assert read_proof(tmp_path / name).name == kept


def test_a_name_in_no_known_encoding_is_no_trouble(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.pdf"))
    path.write_bytes(PDF)
    assert read_proof(path).name == "caf.pdf"
    path.write_bytes(b"geen")
    with pytest.raises(ValueError, match="PDF") as refusal:
        read_proof(path)
    assert str(refusal.value).isprintable()
