"""The declaration and the certificate, read back with other programs than the one that makes them."""

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services import paper
from services.documents import CertificateFacts, DeclarationFacts, Document, certificate_pdf, declaration_pdf
from services.language import use_language

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext reads the PDFs back: apt-get install poppler-utils"
)

ADDRESS = ("Koning Albert II-Laan 30 12", "1030 Schaarbeek")


def declaration(**facts: Any) -> bytes:
    usual: dict[str, Any] = {
        "registration_number": "DV.A218723",
        "service": "Advies",
        "basis": "private dienstverlener",
        "provider": "Dienstverlener kmo-portefeuille",
        "provider_number": "0862.010.195",
        "legal_form": "NV",
        "address": ADDRESS,
        "requested_on": date(2016, 3, 11),
    }
    return declaration_pdf(DeclarationFacts(**(usual | facts)))


def certificate(**facts: Any) -> bytes:
    usual: dict[str, Any] = {
        "registration_number": "DV.O218724",
        "service": "Opleiding",
        "basis": "private dienstverlener",
        "provider": "Dienstverlener kmo-portefeuille",
        "provider_number": "0862.010.195/2",
        "address": ADDRESS,
        "granted_on": date(2018, 3, 21),
        "expires_on": date(2023, 3, 21),
    }
    return certificate_pdf(CertificateFacts(**(usual | facts)))


BOTH = pytest.mark.parametrize("make", [declaration, certificate])


def read(program: str, *options: str, pdf: bytes, folder: Path) -> str:
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    target = ["-"] if program == "pdftotext" else []
    done = subprocess.run([program, *options, path, *target], capture_output=True, check=True, timeout=30)
    assert done.stderr == b""
    return done.stdout.decode()


def words(pdf: bytes, folder: Path, *options: str) -> str:
    """The text in one line: where lines break is for the eye."""
    return " ".join(read("pdftotext", *options, pdf=pdf, folder=folder).split())


@pytest.fixture(params=["nl", "en"])
def _whatever_language(request: pytest.FixtureRequest) -> Any:
    use_language(request.param)
    yield
    use_language("nl")


@pytest.mark.usefixtures("_whatever_language")
def test_a_declaration_says_what_was_requested_and_where_it_goes(tmp_path: Path) -> None:
    text = words(declaration(), tmp_path, "-layout")

    for told in (
        "Verklaring op eer",
        "Registratienummer DV.A218723",
        "Aangevraagd op 11/03/2016",
        "Dienst Advies",
        "Registratiebasis private dienstverlener",
        "Dienstverlener Dienstverlener kmo-portefeuille",
        "Rechtsvorm NV",
        "Ondernemingsnummer 0862.010.195",
        "Adres Koning Albert II-Laan 30 12, 1030 Schaarbeek",
        "De ondergetekende geeft het Agentschap Innoveren en Ondernemen toestemming",
        "nodige inlichtingen geven.",
        "Datum",
        "Naam + Functie",
        "Handtekening",
    ):
        assert told in text
    plain = words(declaration(), tmp_path, "-raw")
    assert "Per mail kmo-portefeuille@vlaanderen.be" in plain
    assert (
        "Per post Vlaamse Overheid kmo-portefeuille Ellipsgebouw Koning Albert II-laan 35, bus 12 1030 Brussel" in plain
    )
    assert "Per fax 02/553 37 41" in plain


@pytest.mark.usefixtures("_whatever_language")
def test_a_certificate_says_what_was_granted(tmp_path: Path) -> None:
    text = words(certificate(), tmp_path, "-layout")

    for told in (
        "Certificaat van registratie als dienstverlener",
        "Het Agentschap Innoveren en Ondernemen bevestigt dat Dienstverlener kmo-portefeuille",
        "Ondernemingsnummer 0862.010.195/2 Koning Albert II-Laan 30 12 1030 Schaarbeek",
        "geregistreerd is voor de dienst Opleiding als private dienstverlener",
        "Registratienummer Geldig van Geldig tot en met DV.O218724 21/03/2018 21/03/2023",
    ):
        assert told in text


NAMES = {
    "accents": "Çağrı & Øster Œuvre, Şirket ğ ł é Ẅẞ",
    "accents in parts": "Cafe\u0301 Zoe\u0308",
    "brackets": "Firma [2016] nv",
    "markup": "<b>x</b> <para> &amp; & <!-- ]]> %s %(number)s \\n (a) (b",
    "Greek and Cyrillic": "Ωμέγα Дом",
    "long": ("Internationale maatschappij voor opleiding en advies " * 5)[:200].strip(),
}


@BOTH
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_shown_as_it_is(name: str, make: Callable[..., bytes], tmp_path: Path) -> None:
    shown = name.replace("e\u0301", "é").replace("e\u0308", "ë")
    assert shown in words(make(provider=name), tmp_path)


@BOTH
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Bureau 中文 nv", "Bureau ?? nv"),
        ("Zon 🌞\ufe0f nv", "Zon ? nv"),
        ("\uff21\uff22 50 \u338f nv", "AB 50 kg nv"),  # full-width letters, and a sign made of two
        ("Een\u00adtwee \u202edrie\u202c \x1b[31mvier\x00", "Eentwee drie"),
        ("", "kmo-portefeuille"),
    ],
)
def test_a_letter_that_the_font_lacks_is_no_black_box(
    name: str, shown: str, make: Callable[..., bytes], tmp_path: Path
) -> None:
    text = words(make(provider=name), tmp_path)
    assert shown in text
    assert "\x1b" not in text


@BOTH
def test_the_longest_facts_stay_on_the_page_and_apart(make: Callable[..., bytes], tmp_path: Path) -> None:
    wide = "W" * 200
    facts: dict[str, Any] = {"provider": wide, "address": (wide, wide)}
    if make is declaration:
        facts["legal_form"] = wide
    pdf = make(**facts)
    # what lies outside the page is not read: all of it is on the page
    assert words(pdf, tmp_path).count("W") == 200 * (4 if make is declaration else 3)
    assert ("www.kmo-portefeuille.be" if make is certificate else "1030 Brussel") in words(pdf, tmp_path)

    layout = read("pdftotext", "-bbox-layout", pdf=pdf, folder=tmp_path)

    box = re.compile(r'<line xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">')
    lines = [tuple(map(float, found)) for found in box.findall(layout)]
    assert len(lines) > 20
    for left, top, right, bottom in lines:
        assert left > 60
        assert top > 50
        assert right < paper.WIDTH - 60
        assert bottom < paper.HEIGHT - 24
    # no line is set on another one: what shares a place in width keeps its distance in height
    for number, (left, top, right, bottom) in enumerate(lines):
        for other_left, other_top, other_right, other_bottom in lines[number + 1 :]:
            beside = right <= other_left or other_right <= left
            middle, other_middle = (top + bottom) / 2, (other_top + other_bottom) / 2
            assert beside or abs(middle - other_middle) > 0.4 * max(bottom - top, other_bottom - other_top)


@BOTH
def test_it_is_one_page_of_a4_in_dutch_that_a_screen_reader_can_follow(
    make: Callable[..., bytes], tmp_path: Path
) -> None:
    pdf = make()
    facts = read("pdfinfo", pdf=pdf, folder=tmp_path)
    titles = {declaration: "Verklaring op eer DV.A218723", certificate: "Certificaat DV.O218724"}
    assert re.search(rf"^Title: +{titles[make]}$", facts, re.MULTILINE)
    assert re.search(r"^Author: +Agentschap Innoveren en Ondernemen$", facts, re.MULTILINE)
    assert re.search(r"^Pages: +1$", facts, re.MULTILINE)
    assert re.search(r"^Page size: .*\(A4\)$", facts, re.MULTILINE)
    assert re.search(r"^Tagged: +yes$", facts, re.MULTILINE)
    assert b"/Lang (nl-BE)" in pdf
    assert b"/DisplayDocTitle true" in pdf

    tree = read("pdfinfo", "-struct-text", pdf=pdf, folder=tmp_path)
    assert tree.startswith("Document")
    assert tree.count("  H1 (block)") == 1
    # all that is on the page is in the tree
    told = " ".join(re.findall(r'^ +"(.*)"$', tree, re.MULTILINE))
    assert sorted(re.sub(r"\s", "", told)) == sorted(re.sub(r"\s", "", words(pdf, tmp_path)))


@BOTH
def test_its_letters_come_along(make: Callable[..., bytes], tmp_path: Path) -> None:
    fonts = read("pdffonts", pdf=make(), folder=tmp_path).splitlines()[2:]
    assert len(fonts) == 2
    for font in fonts:
        assert re.match(r"[A-Z]{6}\+SourceSerifPro-\w+ +TrueType +\w+ +yes yes yes ", font)


@BOTH
def test_the_same_facts_make_the_same_bytes(make: Callable[..., bytes]) -> None:
    first = make()
    make(provider="Een ander")  # what came before leaves no trace
    assert make() == first
    assert make(provider="Een ander") != first


def test_it_is_dated_by_its_facts() -> None:
    assert b"/CreationDate (D:20160311)" in declaration()
    assert b"/CreationDate (D:20180321)" in certificate()


def test_a_document_is_never_empty() -> None:
    with pytest.raises(ValueError, match="content"):
        Document(name="leeg.pdf", content=b"")
    assert Document(name="a.pdf", content=b"%PDF").media_type == "application/pdf"
    assert "PDF-x" not in repr(Document(name="a.pdf", content=b"PDF-x"))
