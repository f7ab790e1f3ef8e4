"""The lists that all programs show: their rows, also as the files that VisiData and fzf read."""

import csv
import re
from collections.abc import Callable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

from peers.rows import HEADINGS, rows_of

# Who sees 203, 50,000 and all projects.
OPERATOR = "helpdesk"
LOGINS = ("012345678", "groot", OPERATOR)
TYPED = 4  # letters of a filter
SEEN = 20  # rows that are on any screen
TRIED = 2_000  # rows in which such letters are looked for


class Listing(NamedTuple):
    """A list and what is to be known of it.

    `digits` and `letters` are pieces of a number and of a name: each further one changes what the filter leaves.
    """

    database: Path
    login: str
    rows: int
    first: str
    last: str
    digits: str
    letters: str
    csv: Path
    lines: Path

    @property
    def name(self) -> str:
        """How it is called in the results: by its size, as everybody says it."""
        return f"{self.rows if self.rows < 1_000_000 else 1_000_000:,}"


def listings(database: Path, folder: Path) -> Iterator[Listing]:
    """Each list, its files in `folder`, the shortest first."""
    for login in LOGINS:
        rows = rows_of(database, login)
        table, lines = folder / f"{login}.csv", folder / f"{login}.txt"
        with table.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADINGS, *rows])
        with lines.open("w", encoding="utf-8") as file:
            file.writelines(f"{number}  {name:<40.40}  {'  '.join(rest)}\n" for number, name, *rest in rows)
        digits = _narrowing([row[0] for row in rows], lambda number: [number[-TYPED:]])
        letters = _narrowing([row[1].lower() for row in rows], _words)
        yield Listing(database, login, len(rows), rows[0][0], rows[-1][0], digits, letters, table, lines)


def _words(name: str) -> list[str]:
    """The beginnings of the words of a name, without accents: those are another question."""
    return [found for found in re.findall(rf"\b[a-z]{{{TYPED}}}", name) if found.isascii()]


def _narrowing(texts: list[str], pieces: Callable[[str], list[str]]) -> str:
    """A piece of one of the last texts of which each letter, typed one by one, changes the rows at the top.

    Where there is none (all names of the manual's provider begin alike), the one of which most do.
    """
    best = (0, "")
    for piece in dict.fromkeys(piece for text in texts[-TRIED:] for piece in pieces(text)):
        tops = [_top(texts, piece[:length]) for length in range(TYPED + 1)]
        best = max(best, (sum(one != other for one, other in pairwise(tops)), piece))
        if best[0] == TYPED:
            break
    return best[1]


def _top(texts: list[str], piece: str) -> list[int]:
    """The places of the first texts that the filter leaves."""
    return list(islice((place for place, text in enumerate(texts) if piece in text), SEEN))
