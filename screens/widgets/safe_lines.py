"""The last guard before the terminal: no control character that is part of somebody's data reaches it."""

import re
import unicodedata
from functools import lru_cache

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

MOST_MARKS = 4  # combining marks in a row; more only serve to smear over other lines
# what can be printed of these takes one cell each, in every terminal; there is no combining mark among them
ONE_CELL = re.compile("[ -\u02ff\u2000-\u20cf\u2190-\u21ff\u2500-\u25fc]*")
HARMFUL = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@lru_cache(4096)
def safe_text(text: str) -> str:
    """`text` without control and format characters, and with at most a few combining marks in a row."""
    if text.isprintable() and ONE_CELL.fullmatch(text):
        return text
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= MOST_MARKS and unicodedata.category(letter) not in HARMFUL:
            kept.append(letter)
    return "".join(kept)


class SafeLines(LineFilter):
    """Applies `safe_text` to every line that any widget draws."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments with harmless text; Textual's own control segments pass."""
        return [
            segment
            if segment.control or (segment.text.isascii() and segment.text.isprintable())
            else Segment(safe_text(segment.text), segment.style)
            for segment in segments
        ]
