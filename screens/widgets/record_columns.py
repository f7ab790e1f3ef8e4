"""The columns of a table: where each one stands, and the text of a header or a row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from rich.cells import cell_len, set_cell_size

from screens.widgets.safe_lines import ONE_CELL, safe_text

FLEXIBLE_MINIMUM = 18  # cells; below it the other columns take their short form
LONGEST = 1000  # characters of one cell that are looked at; no terminal shows more

R = TypeVar("R")


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column: `value` gives its plain text for a row, `width` its cells (None for the one that takes the rest).

    `short` is the (width, value) to use when the flexible column would otherwise have less than FLEXIBLE_MINIMUM cells.
    """

    key: str
    title: str
    value: Callable[[R], str]
    width: int | None
    align: Literal["left", "right"] = "left"
    short: tuple[int, Callable[[R], str]] | None = None


def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """`text` made harmless and exactly `width` cells wide; one that is cut ends with `…`."""
    text = safe_text(text[:LONGEST])
    if len(text) <= width and ONE_CELL.fullmatch(text):
        return text.rjust(width) if align == "right" else text.ljust(width)
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1) + "…" if width > 0 else ""
    padding = " " * (width - cell_len(text))
    return padding + text if align == "right" else text + padding


class Layout(Generic[R]):
    """The columns in `total` cells: one space between them, the flexible one takes the rest and gives way first."""

    def __init__(self, columns: Sequence[Column[R]], total: int) -> None:
        self.total = total
        room = total - (len(columns) - 1)
        narrow = room - sum(column.width or 0 for column in columns) < FLEXIBLE_MINIMUM
        forms = [column.short if narrow and column.short else (column.width, column.value) for column in columns]
        rest = max(1, room - sum(width or 0 for width, _value in forms))
        self._cells = [
            (column, rest if width is None else width, value)
            for column, (width, value) in zip(columns, forms, strict=True)
        ]
        self.spans: dict[str, tuple[int, int]] = {}
        x = 0
        for column, width, _value in self._cells:
            self.spans[column.key] = (x, width)
            x += width + 1

    def header(self, sort: tuple[str, bool] | None) -> str:
        """The titles; the sorted column's has ▲ or, when descending, ▼ behind it, however narrow it is."""
        key, descending = sort or ("", False)
        titles = []
        for column, width, _value in self._cells:
            mark = ("▼" if descending else "▲") if column.key == key else ""
            title = fit(column.title, min(width - len(mark), cell_len(column.title)))
            titles.append(fit(title + mark, width, column.align))
        return " ".join(titles)

    def line(self, row: R, *, marked: bool = False) -> str:
        """The cells of one row; `*` stands behind the first one of a marked row, where there is always a space."""
        texts = [fit(value(row), width, column.align) for column, width, value in self._cells]
        return texts[0] + ("*" if marked else " ") + " ".join(texts[1:])
