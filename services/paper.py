"""A sheet of A4 as a PDF: real text in an embedded font, tagged for screen readers, in Dutch."""

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from services.checks import clean_line
from services.contact import AGENCY, SERVICE_NAME

WIDTH, HEIGHT = A4
INK = HexColor("#1f2a33")
QUIET = HexColor("#5c6670")
ACCENT = HexColor("#a07a2c")
# The two cuts of Source Serif Pro (SIL Open Font License) with the most letters: Latin, Greek and Cyrillic.
PLAIN, BOLD = "SourceSerifPro-Regular", "SourceSerifPro-Semibold"
UNKNOWN = "?"


@cache
def _letters_of(font: str) -> frozenset[int]:
    """Register the font and tell the code points it can show."""
    with as_file(files("font_source_serif_pro") / "files" / f"{font}.ttf") as path:
        loaded = TTFont(font, path)
    pdfmetrics.registerFont(loaded)
    return frozenset(loaded.face.charToGlyph)


def _shown(text: str, font: str) -> str:
    """`text` in letters that the font has: whole, else without the marks it lacks, else a question mark.

    A letter that the font lacks would come out as a black box.
    """
    known = _letters_of(font)
    shown = []
    for letter in unicodedata.normalize("NFC", clean_line(text)):
        if ord(letter) in known:
            shown.append(letter)
        elif unicodedata.category(letter) not in {"Cf", "Mn", "Me"}:  # those show nothing by themselves
            parts = unicodedata.normalize("NFKD", letter)
            shown.append("".join(part for part in parts if ord(part) in known) or UNKNOWN)
    return "".join(shown)


@dataclass(frozen=True)
class Text:
    """A paragraph: sizes and spaces in points; `role` is its PDF structure type (H1, H2 or P)."""

    text: str
    size: float = 11
    font: str = PLAIN
    color: Any = INK
    above: float = 0
    role: str = "P"
    centred: bool = False

    def set_in(self, width: float) -> Paragraph:
        """The paragraph broken into lines of `width`; its height is then known."""
        style = ParagraphStyle(
            "text",
            fontName=self.font,
            fontSize=self.size,
            leading=self.size * 1.35,
            textColor=self.color,
            alignment=TA_CENTER if self.centred else TA_LEFT,
        )
        paragraph = Paragraph(escape(_shown(self.text, self.font)), style)
        paragraph.wrap(width, HEIGHT)
        return paragraph

    def height(self, width: float) -> float:
        """What it takes of the page, the space above included."""
        return self.above + float(self.set_in(width).height)

    def fitted(self, width: float, lines: int, sizes: tuple[float, ...]) -> "Text":
        """The same in the first of `sizes` that takes at most so many `lines`, else in the last."""
        for size in sizes:
            fitting = replace(self, size=size)
            if len(fitting.set_in(width).blPara.lines) <= lines:
                break
        return fitting


@dataclass
class Page:
    """A page under way. Coordinates are points from the lower left corner; `made_on` makes the bytes repeatable."""

    title: str
    subject: str
    made_on: date
    _bytes: BytesIO = field(default_factory=BytesIO)
    _roles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        _letters_of(PLAIN)
        self._canvas = Canvas(
            self._bytes, pagesize=A4, invariant=1, lang="nl-BE", pdfVersion=(1, 7), initialFontName=PLAIN
        )
        self._canvas.setTitle(self.title)
        self._canvas.setSubject(self.subject)
        self._canvas.setAuthor(AGENCY)
        self._canvas.setCreator(SERVICE_NAME)
        self._canvas.setDateFormatter(lambda *_moment: f"D:{self.made_on:%Y%m%d}")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def write(self, text: Text, x: float, y: float, width: float) -> float:
        """Set the text with its upper edge `above` under `y`; where its lower edge came is the answer."""
        paragraph = text.set_in(width)
        bottom: float = y - text.above - paragraph.height
        self._canvas.addLiteral(f"/{text.role} <</MCID {len(self._roles)}>> BDC")
        paragraph.drawOn(self._canvas, x, bottom)
        self._canvas.addLiteral("EMC")
        self._roles.append(text.role)
        return bottom

    def column(self, texts: list[Text], x: float, y: float, width: float) -> float:
        """Set the texts one beneath the other from `y`; where the last one's lower edge came is the answer."""
        for text in texts:
            y = self.write(text, x, y, width)
        return y

    def rule(self, x: float, y: float, width: float, *, color: Any = QUIET, weight: float = 0.6) -> None:
        """A level line."""
        with _Ornament(self._canvas, color, weight):
            self._canvas.line(x, y, x + width, y)

    def frame(self, inset: float, *, weight: float) -> None:
        """A frame around the page."""
        with _Ornament(self._canvas, ACCENT, weight):
            self._canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)

    def finished(self) -> bytes:
        """The PDF."""
        self._canvas.showPage()
        self._tag()
        self._canvas.save()
        return self._bytes.getvalue()

    def _tag(self) -> None:
        """Add the structure tree, which the library does not make: one element for each text, in reading order."""
        document = self._canvas._doc
        page = document.Pages[0]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = 0, PDFName("S")
        root, whole = PDFDictionary({}), PDFDictionary({})
        elements = [
            document.Reference(
                PDFDictionary(
                    {
                        "Type": PDFName("StructElem"),
                        "S": PDFName(role),
                        "P": document.Reference(whole),
                        "Pg": document.Reference(page),
                        "K": number,
                    }
                )
            )
            for number, role in enumerate(self._roles)
        ]
        whole.dict |= {
            "Type": PDFName("StructElem"),
            "S": PDFName("Document"),
            "P": document.Reference(root),
            "K": PDFArray(elements),
            "Lang": PDFString("nl-BE"),
        }
        root.dict |= {
            "Type": PDFName("StructTreeRoot"),
            "K": document.Reference(whole),
            "ParentTree": PDFDictionary({"Nums": PDFArray([0, PDFArray(elements)])}),
            "ParentTreeNextKey": 1,
        }
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})


class _Ornament:
    """Lines that screen readers pass over."""

    def __init__(self, canvas: Canvas, color: Any, weight: float) -> None:
        self._canvas, self._color, self._weight = canvas, color, weight

    def __enter__(self) -> None:
        self._canvas.addLiteral("/Artifact BMC")
        self._canvas.saveState()
        self._canvas.setStrokeColor(self._color)
        self._canvas.setLineWidth(self._weight)

    def __exit__(self, *_error: object) -> None:
        self._canvas.restoreState()
        self._canvas.addLiteral("EMC")
