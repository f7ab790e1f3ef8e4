"""Proofs (bewijsstukken): which files are taken. They are never opened here, only looked at by their first bytes."""

import os
import stat
from pathlib import Path

from pydantic import Field

from services.checks import clean_line
from services.language import _
from services.work import Record

MOST_BYTES = 10 * 1024 * 1024
FIRST_BYTES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
LONGEST_NAME = 120


class ProofFile(Record):
    """A file that was read in: its bare name and what it holds."""

    name: str
    content: bytes = Field(repr=False)


def read_proof(path: Path) -> ProofFile:
    """Read a regular file of this machine, following no link; ValueError with a sentence when that cannot be."""
    name = clean_line(path.name)[-LONGEST_NAME:] or "bewijsstuk"
    shown = {"name": name}
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise ValueError(_("There is no file %(name)s. Check its name and folder.") % shown) from None
    except OSError:
        raise ValueError(
            _("The file %(name)s cannot be read. Choose a file of your own, not a link.") % shown
        ) from None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise ValueError(_("%(name)s is not a file. Choose a PDF, PNG or JPEG file.") % shown)
        if state.st_size > MOST_BYTES:
            raise ValueError(_too_large(state.st_size))
        with os.fdopen(handle, "rb", closefd=False) as file:
            proof = ProofFile(name=name, content=file.read(MOST_BYTES + 1))
    finally:
        os.close(handle)
    check_proof(proof)
    return proof


def _too_large(size: int) -> str:
    return _("The proof is %(size)s MB; at most 10 MB is taken. Make it smaller, or send fewer pages.") % {
        "size": f"{size / 1024 / 1024:.1f}".replace(".", ",")
    }


def check_proof(proof: ProofFile | None) -> str:
    """The media type of a proof by its first bytes; ValueError with a sentence when there is none that is taken."""
    if proof is None:
        raise ValueError(_("Choose the proof: a stop cannot be requested without one."))
    if len(proof.content) > MOST_BYTES:
        raise ValueError(_too_large(len(proof.content)))
    for first, media_type in FIRST_BYTES.items():
        if proof.content.startswith(first):
            return media_type
    raise ValueError(_("The proof must be a PDF, PNG or JPEG file; %(name)s is not.") % {"name": proof.name})
