"""The letters that went out and the documents in them, read as their receivers do: a mail program, pdftotext."""

import shutil
import subprocess
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext reads the PDFs back: apt-get install poppler-utils"
)


def new_letters(folder: Path) -> list[EmailMessage]:
    """The letters in a Maildir that were not read before, by receiver."""
    found = []
    for file in (folder / "new").iterdir():
        found.append(message_from_bytes(file.read_bytes(), policy=policy.default))
        file.rename(folder / "cur" / file.name)
    return sorted(found, key=lambda letter: str(letter["To"]))


def body(letter: EmailMessage) -> str:
    """The text of a letter in one line."""
    part = letter.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def enclosed(letter: EmailMessage) -> tuple[str, str]:
    """The one document that goes with a letter: its name and its words, in one line."""
    [part] = letter.iter_attachments()
    assert part.get_content_type() == "application/pdf"
    return part.get_filename() or "", pdf_words(part.get_content())


def pdf_words(content: bytes) -> str:
    """The words of a PDF in one line."""
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True, timeout=30
    )
    assert done.stderr == b""
    return " ".join(done.stdout.decode().split())
