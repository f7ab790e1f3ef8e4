"""Sends the terminal the cells that changed: Textual sends the whole line for one letter, and all lines when they move.

What has letters that are not surely one cell wide is sent as Textual does, all that a widget has in that line.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from rich.color import Color, ColorSystem, ColorType
from rich.console import Console
from rich.style import Style
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from screens.widgets.safe_lines import ONE_CELL

SHORT = 1000  # bytes that are written at once: no mark need say where the frame begins and ends
STEP = 4  # cells that are sent although they stay: going over them costs as much
FEWEST = 4  # lines that move together, for which the terminal is asked to move them
CUBE = {0: 0, 95: 1, 135: 2, 175: 3, 215: 4, 255: 5}  # the levels of the 216 colours that terminals have by number
USER_COLOURS = 21  # numbers up to here are often given other colours

Look = tuple[str, str, str]  # attributes, foreground and background, as in the sequence that switches them on
Cell = tuple[str, Look] | None  # None: nobody knows what is there
Update = ChopsUpdate | LayoutUpdate
PLAIN: Look = ("", "", "")


class Painter:
    """What the terminal shows, and a short way to what it should show."""

    def __init__(self) -> None:
        self._lines: list[list[Cell]] = []

    def forget(self) -> None:
        """Something else may have been written to the terminal: the next update is sent whole."""
        self._lines = []

    def changes(self, update: Update, *, framed: bool) -> CompositorUpdate:
        """What of `update` is not on the terminal yet; `framed` when that knows marks around a frame."""
        return _Changes(self, update, framed)

    def paint(self, update: Update, console: Console) -> str:
        """What to write so that the terminal shows `update`; once it has been asked for it must be written."""
        width, height = _size(update)
        if isinstance(update, LayoutUpdate) or [len(line) for line in self._lines] != [width] * height:
            self._lines = [[None] * width for _line in range(height)]
        pieces: dict[int, list[tuple[int, Strip]]] = {}
        for y, x, strip in _pieces(update):
            pieces.setdefault(y, []).append((x, strip))
        wanted: dict[int, list[Cell]] = {}
        whole: dict[int, str] = {}  # by line, what has to be sent as it comes
        for y, strips in pieces.items():
            wanted[y] = line = self._lines[y].copy()
            for x, strip in strips:
                cells = _cells(strip, console._color_system or ColorSystem.TRUECOLOR)
                if cells is None:
                    whole[y] = whole.get(y, "") + f"\x1b[{y + 1};{x + 1}H{strip.render(console)}"
                line[x : x + strip.cell_length] = cells or [None] * strip.cell_length
        moves = self._move_lines(wanted) if len(wanted) >= FEWEST else ""
        # what the terminal takes for wider than we do spoils what follows: draw that anew, up to the next line's end
        for y in {y for place in whole for y in (place, place + 1) if y < height}:
            wanted.setdefault(y, self._lines[y])
            self._lines[y] = [None] * width
        pen = _Pen()
        # the ones that begin alike one after the other: fewer switches
        for y, line in sorted(wanted.items(), key=lambda item: PLAIN if (cell := item[1][0]) is None else cell[1]):
            pen.draw(y, self._lines[y], line)
            self._lines[y] = line
        return moves + "".join(whole.values()) + pen.sequences()

    def _move_lines(self, wanted: dict[int, list[Cell]]) -> str:
        """Have the terminal itself move lines that only are to stand higher or lower."""
        there = {text: y for y in wanted if (text := _text(self._lines[y])).strip()}
        steps = {y: there[text] - y for y, line in wanted.items() if (text := _text(line)) in there}
        step, times = Counter(steps.values()).most_common(1)[0] if steps else (0, 0)
        if step == 0 or times < max(FEWEST, len(wanted) // 2):
            return ""
        moved = [y for y in steps if steps[y] == step]
        top, bottom = min(moved) + min(0, step), max(moved) + max(0, step)
        region = self._lines[top : bottom + 1]
        if any(None in line for line in region):
            return ""
        for y in range(top, bottom + 1):
            wanted.setdefault(y, self._lines[y])
        empty: list[list[Cell]] = [[None] * len(line) for line in region[: abs(step)]]
        self._lines[top : bottom + 1] = region[step:] + empty if step > 0 else empty + region[:step]
        return f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1}H\x1b[{abs(step)}{'M' if step > 0 else 'L'}\x1b[r"


class _Changes(CompositorUpdate):
    def __init__(self, painter: Painter, update: Update, framed: bool) -> None:
        self._painter, self._update, self._framed = painter, update, framed

    def render_segments(self, console: Console) -> str:
        text = self._painter.paint(self._update, console)
        return f"{SYNC_START}{text}{SYNC_END}" if self._framed and len(text) > SHORT else text


class _Pen:
    """Draws cells, and knows what is switched on meanwhile."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._look = PLAIN

    def draw(self, y: int, old: list[Cell], new: list[Cell]) -> None:
        """Make the line `y`, which is `old`, `new`, as far as that is known."""
        write = self._written.append
        at = -1  # where the terminal's cursor is in this line
        for x in [x for x, (before, cell) in enumerate(zip(old, new, strict=True)) if cell not in (None, before)]:
            if at < 0:
                write(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
            elif x - at > STEP or None in new[at:x]:
                write(f"\x1b[{x - at}C")
            else:
                self._cells(new[at:x])
            self._cells(new[x : x + 1])
            at = x + 1

    def _cells(self, cells: list[Cell]) -> None:
        for cell in cells:
            if cell is not None:
                letter, look = cell
                if look != self._look:
                    self._written.append(_switch(self._look, look))
                    self._look = look
                self._written.append(letter)

    def sequences(self) -> str:
        """All that was drawn, with everything switched off at the end."""
        return "".join(self._written) + ("" if self._look == PLAIN else "\x1b[0m")


@lru_cache(1024)
def _switch(former: Look, look: Look) -> str:
    """The sequence that changes one look into the other."""
    begin = ["0"] if former[0] and former[0] != look[0] else []
    if begin:
        former = PLAIN
    parts = [code or default for code, was, default in zip(look, former, ("", "39", "49"), strict=True) if code != was]
    return f"\x1b[{';'.join(begin + parts)}m"


def _size(update: Update) -> tuple[int, int]:
    if isinstance(update, LayoutUpdate):
        return update.region.width, update.region.height
    return update.chop_ends[0][-1], len(update.chops)


def _pieces(update: Update) -> Iterator[tuple[int, int, Strip]]:
    """The line and the column where each strip goes: what the update itself would write, and no more."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips):
            x = 0
            for strip in strips:
                yield y, x, strip
                x += strip.cell_length
        return
    for y, left, right in update.spans:
        for end, (x, part) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
            if part is not None and x < right and end > left:
                yield y, x, part if end <= right else part.crop(0, right - x)


def _text(line: list[Cell]) -> str:
    return "".join([" " if cell is None else cell[0] for cell in line])


def _cells(strip: Strip, system: ColorSystem) -> list[Cell] | None:
    """The cells of a strip, None when they are not surely known."""
    cells: list[Cell] = []
    for text, style, control in strip:
        look = PLAIN if style is None else _look(style, system)
        if control or look is None or not ONE_CELL.fullmatch(text):
            return None
        cells += [(letter, look) for letter in text]
    return cells


@lru_cache(1024)
def _look(style: Style, system: ColorSystem) -> Look | None:
    if style.link:
        return None
    return (
        Strip.render_ansi(style.without_color, system),
        _colour(style.color, system, foreground=True),
        _colour(style.bgcolor, system, foreground=False),
    )


def _colour(colour: Color | None, system: ColorSystem, *, foreground: bool) -> str:
    """The codes of a colour; its number, which is shorter, where that is the same."""
    if colour is None:
        return ""
    if system is ColorSystem.TRUECOLOR and colour.type is ColorType.TRUECOLOR and colour.triplet is not None:
        red, green, blue = colour.triplet
        if {red, green, blue} <= CUBE.keys():
            number = 16 + 36 * CUBE[red] + 6 * CUBE[green] + CUBE[blue]
        else:
            number = 232 + (red - 8) // 10 if red == green == blue and red in range(8, 239, 10) else 0
        if number > USER_COLOURS:
            return f"{38 if foreground else 48};5;{number}"
    return ";".join(colour.downgrade(system).get_ansi_codes(foreground))
