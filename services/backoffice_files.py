"""The back office's CSV files as Excel writes them in Belgium, read in constant memory.

Cells are separated by `;`; the encoding is UTF-8, with or without a byte order mark, or cp1252; lines end in LF, CRLF
or CR; empty lines do not count.
"""

import codecs
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TextIO, TypeVar, cast

from services.checks import clean_line
from services.errors import Invalid, NotFound
from services.language import _

T = TypeVar("T")
CHUNK = 1 << 20
LONGEST_ROW = 65_536  # characters
MOST_LINES_IN_ROW = 100
LONGEST_CELL = 300
OTHER_FORMATS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

SPACES = r"[^\S\r\n]*+"
QUOTED = r'"(?:[^"]++|"")*+'
# A cell is quoted from its first letter to its last, or else taken as it stands: 'Firma "De Kaai" nv' is a name.
OPEN_CELL = re.compile(rf"{SPACES}{QUOTED}\Z")
CELL = re.compile(rf'{SPACES}({QUOTED}"){SPACES}(?=;|\Z)|(?!{OPEN_CELL.pattern})[^;\r\n]*+(?=;|\Z)')
# Signs of a damaged file; U+FFFD stands for bytes that are no letter in the file's encoding.
DAMAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")


@dataclass(frozen=True)
class FileFacts:
    """What a first reading tells: the encoding, the number of lines, and the SHA-256 of the content (hexadecimal)."""

    encoding: str
    lines: int
    fingerprint: str


class Row(NamedTuple):
    """The cells of one row as they were, and the physical line (from 1) on which it starts.

    `problem` says why they could not be told apart; there is one cell then, the whole line.
    """

    line: int
    cells: list[str]
    problem: str | None = None


class Cells:
    """The cells of one row by the name of their column, cleaned; `problems` gathers what is wrong, by column."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.problems: dict[str, str] = {}

    def read(self, column: str, parse: Callable[[str], T]) -> T:
        """The cell through `parse`. Where that raises ValueError the result is void, as `finish` will say."""
        text = self._values[column]
        try:
            if not text:
                raise ValueError(_("This is required."))
            return parse(text)
        except ValueError as error:
            self.problems[column] = str(error)
            return cast(T, None)

    def text(self, column: str) -> str:
        """The cell as it stands, possibly empty."""
        return self._values[column]

    def finish(self) -> None:
        """Raise Invalid if anything was wrong."""
        if self.problems:
            raise Invalid(self.problems)


def examine(path: Path) -> FileFacts:
    """Look through the whole file once; NotFound or Invalid with one sentence when it cannot be taken in."""
    utf8 = codecs.getincrementaldecoder("utf-8")("strict")
    digest = sha256()
    fits_utf8 = True
    start = b""
    lines = returns = 0
    try:
        if path.exists() and not path.is_file():
            raise Invalid({"file": _("%(file)s is not a file.") % {"file": path}})
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                start = start or chunk[:4]
                digest.update(chunk)
                lines += chunk.count(b"\n")
                returns += chunk.count(b"\r")
                fits_utf8 = fits_utf8 and _decodes(utf8, chunk)
    except FileNotFoundError:
        raise NotFound(_("There is no file %(file)s.") % {"file": path}) from None
    except OSError:
        raise _unreadable(path) from None
    if start.startswith(OTHER_FORMATS):
        raise Invalid({"file": _("%(file)s is not a CSV file. Save it as CSV in Excel first.") % {"file": path}})
    # A byte order mark settles it; bytes that do not fit then cost their own row only.
    is_utf8 = start.startswith(codecs.BOM_UTF8) or (fits_utf8 and _decodes(utf8, b"", final=True))
    return FileFacts("utf-8-sig" if is_utf8 else "cp1252", lines or returns, digest.hexdigest())


def _unreadable(path: Path) -> Invalid:
    return Invalid({"file": _("%(file)s cannot be read. Check the file and your rights to it.") % {"file": path}})


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def split_row(text: str) -> list[str] | int:
    """The cells of `text`, or where in it no cell can be told, as when a quotation mark is not closed."""
    if '"' not in text:
        return text.split(";")
    cells: list[str] = []
    position = 0
    while found := CELL.match(text, position):
        quoted = found[1]
        cells.append(found[0] if quoted is None else quoted[1:-1].replace('""', '"'))
        position = found.end() + 1
        if position > len(text):
            return cells
    return position


class _Lines:
    """The physical lines with their numbers; of an endless one no more than it takes to refuse it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._number = 0
        self._given_back: deque[tuple[int, str]] = deque()

    def take(self) -> tuple[int, str] | None:
        if self._given_back:
            return self._given_back.popleft()
        line = rest = self._file.readline(LONGEST_ROW)
        while len(rest) == LONGEST_ROW and not rest.endswith(("\n", "\r")):
            rest = self._file.readline(LONGEST_ROW)
        self._number += 1
        return (self._number, line) if line else None

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        self._given_back.extendleft(reversed(lines))


def read_rows(path: Path, facts: FileFacts) -> Iterator[Row]:
    """The rows that are not empty, the header among them.

    A quoted cell may hold line ends. A quotation mark that is never closed costs its own line, not those after it.
    Raises Invalid when the file cannot be read any more.
    """
    try:
        with path.open(encoding=facts.encoding, errors="replace", newline="") as file:
            yield from _rows(_Lines(file))
    except OSError:
        raise _unreadable(path) from None


def _rows(lines: _Lines) -> Iterator[Row]:
    while first := lines.take():
        number, text = first
        if len(text) >= LONGEST_ROW:
            yield Row(number, [text], _("The row is too long."))
            continue
        cells = _whole_row(text, lines)
        if cells is None:
            yield Row(number, [text.rstrip("\r\n")], _("A quotation mark is not closed."))
        elif any(cell.strip() for cell in cells):
            yield Row(number, cells)


def _whole_row(text: str, lines: _Lines) -> list[str] | None:
    """The cells of the row that begins with the line `text` and takes as many more as it needs; None if broken."""
    cells = split_row(text.rstrip("\r\n"))
    more: list[tuple[int, str]] = []
    while isinstance(cells, int):
        if not OPEN_CELL.match(text, cells) or len(more) == MOST_LINES_IN_ROW or len(text) >= LONGEST_ROW:
            break
        following = lines.take()
        if following is None:
            break
        more.append(following)
        text += following[1]
        # without another quotation mark the cell is still open
        cells = split_row(text.rstrip("\r\n")) if '"' in following[1] else cells
    if isinstance(cells, int):
        lines.give_back(more)
        return None
    return cells


class Table:
    """A file's rows under the columns that its header names, in any order; other columns are let be."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Raises NotFound or Invalid when the file cannot be read, is empty, or a column is missing or named twice."""
        self.path = path
        self.facts = examine(path)
        header = next(read_rows(path, self.facts), None)
        if header is None:
            raise Invalid({"file": _("%(file)s is empty.") % {"file": path}})
        self.header = [clean_line(cell) for cell in header.cells]
        self._header_line = header.line
        names = [name.casefold() for name in self.header]
        counts = {column: names.count(column.casefold()) for column in columns}
        if missing := [column for column, count in counts.items() if not count]:
            raise Invalid(
                {
                    "file": _(
                        "%(file)s has no column %(columns)s. Its first line must name the columns, separated by ;."
                    )
                    % {"file": path, "columns": ", ".join(missing)}
                }
            )
        if twice := [column for column, count in counts.items() if count > 1]:
            raise Invalid(
                {
                    "file": _("%(file)s names the column %(columns)s twice. Keep one of them.")
                    % {"file": path, "columns": ", ".join(twice)}
                }
            )
        self._places = [(column, names.index(column.casefold())) for column in columns]

    def rows(self) -> Iterator[Row]:
        """The rows under the header."""
        return (row for row in read_rows(self.path, self.facts) if row.line > self._header_line)

    def cells(self, row: Row) -> Cells:
        """The row's cells by column; Invalid when their number is wrong, or one is damaged or too long."""
        if row.problem:
            raise Invalid({"": row.problem})
        if len(row.cells) != len(self.header):
            raise Invalid(
                {
                    "": _("The row has %(found)s cells instead of %(expected)s.")
                    % {"found": len(row.cells), "expected": len(self.header)}
                }
            )
        if DAMAGE.search("".join(row.cells)):
            broken = {
                name: _("This holds characters that cannot be read.")
                for name, cell in zip(self.header, row.cells, strict=True)
                if DAMAGE.search(cell)
            }
            raise Invalid(broken)
        cells = Cells({column: _clean(row.cells[place]) for column, place in self._places})
        for column, place in self._places:
            if len(row.cells[place]) > LONGEST_CELL:
                cells.problems[column] = _("This is longer than %(limit)s characters.") % {"limit": LONGEST_CELL}
        cells.finish()
        return cells


def _clean(cell: str) -> str:
    # printable ASCII, nearly every cell, needs no look at each letter
    return " ".join(cell.split()) if cell.isascii() and cell.isprintable() else clean_line(cell)
