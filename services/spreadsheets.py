"""What spreadsheets make of cells, and how a cell stays what it was."""

import re
import unicodedata

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: str) -> str:
    """`cell` for a spreadsheet: `'` in front of what would be taken for a formula, U+FFFD for control characters."""
    shown = CONTROL.sub("\N{REPLACEMENT CHARACTER}", cell)
    # full-width forms count too, and so does what stands after spaces and invisible marks
    seen = unicodedata.normalize("NFKC", shown).lstrip(" \N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\n")
    return f"'{shown}" if seen.startswith(FORMULA_STARTS) else shown
