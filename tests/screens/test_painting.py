"""What the painter writes makes a terminal show what Textual meant, whatever was there before."""

import random
from collections.abc import Iterator

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from screens.painting import Painter

WIDTH, HEIGHT = 20, 8
CONSOLE = Console(force_terminal=True, color_system="truecolor")
STYLES = [
    Style.parse(text) for text in ("#dadada on #121417", "bold #0c161b on #5fafd7", "reverse", "underline #a0a1a2", "")
]
CUTS = (0, 7, 9)
ENDS = {0: 7, 7: 9, 9: WIDTH}
Lines = dict[tuple[int, int], Strip]  # by line and column
LINES = [
    "2016KMO044855 Aangev",
    "2016KMO044443 Elise ",
    "€ 1.198,35 … Ärztë ▼",
    "漢字 and some more to",
    "e\u0301e\u0301" * 5,
    " ",
    *(letter * WIDTH for letter in "abcdefgh"),
]


class Screen:
    """A terminal of a few lines, which a painter writes to; each line has three widgets, which begin at CUTS."""

    def __init__(self) -> None:
        self.painter = Painter()
        self.shown = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.Stream(self.shown)

    def draw(self, lines: Lines, *, whole: bool = False) -> str:
        """Draw these parts of lines as a partial or a whole update of Textual; what was written."""
        update: ChopsUpdate | LayoutUpdate
        if whole:
            update = LayoutUpdate([[lines[y, x] for x in CUTS] for y in range(HEIGHT)], Region(0, 0, WIDTH, HEIGHT))
        else:
            chops = [{x: lines.get((y, x)) for x in CUTS} for y in range(HEIGHT)]
            update = ChopsUpdate(chops, [(y, x, ENDS[x]) for y, x in sorted(lines)], [[*ENDS.values()]] * HEIGHT)
        written = self.painter.paint(update, CONSOLE)
        self._stream.feed(written)
        return written


def whole_line(y: int, text: str, style: Style = STYLES[0]) -> Lines:
    line = Strip([Segment(text, style)]).adjust_cell_length(WIDTH, style)
    return {(y, x): line.crop(x, ENDS[x]) for x in CUTS}


def numbered(first: int) -> Lines:
    lines: Lines = {}
    for y in range(HEIGHT):
        lines |= whole_line(y, f"{first + y} {'abcdefghij'[(first + y) % 10] * 9}")
    return lines


def looks(screen: pyte.Screen) -> Iterator[tuple[str, object]]:
    for y in range(HEIGHT):
        for x in range(WIDTH):
            cell = screen.buffer[y][x]
            yield cell.data, (cell.fg, cell.bg, cell.bold, cell.reverse, cell.underscore)


def test_any_row_of_updates_leaves_what_drawing_all_at_once_would() -> None:
    hand = random.Random(2016)  # noqa: S311 (lines, no secrets)
    for _time in range(500):
        screen, afresh = Screen(), Screen()
        lines: Lines = {}
        for y in range(HEIGHT):
            lines |= whole_line(y, hand.choice(LINES), hand.choice(STYLES))
        screen.draw(lines, whole=True)
        for _update in range(6):
            step, still = hand.randint(-2, 2), hand.randint(0, HEIGHT - 1)
            places = [place for place in lines if hand.random() < 0.9 and place[0] != still]
            if step and hand.random() < 0.7:
                update = {(y, x): lines[y + step, x] for y, x in places if (y + step, x) in lines}
            else:
                parts = [whole_line(0, hand.choice(LINES), hand.choice(STYLES)) for _line in range(HEIGHT)]
                update = {(y, x): parts[y][0, x] for y, x in places[:: hand.choice([1, 3, 9])]}
            if update:
                screen.draw(update)
            lines |= update
        afresh.draw(lines, whole=True)
        assert list(looks(screen.shown)) == list(looks(afresh.shown))


@pytest.mark.parametrize("step", [1, -1, 3, -3])
def test_lines_that_stand_higher_or_lower_are_moved_by_the_terminal(step: int) -> None:
    screen = Screen()
    screen.draw(numbered(100), whole=True)
    body = {(y, x): part for (y, x), part in numbered(100 + step).items() if 1 <= y < HEIGHT - 1}
    written = screen.draw(body)
    assert len(written) < abs(step) * (WIDTH + 40) + 40
    for (y, x), part in (numbered(100) | body).items():
        assert screen.shown.display[y][x : ENDS[x]] == part.text
    assert screen.draw(body) == "", "all of it is there"


def test_one_letter_costs_one_letter() -> None:
    screen = Screen()
    screen.draw(numbered(100), whole=True)
    written = screen.draw(whole_line(3, "103 dddXddddd"))
    assert written.count("d") == 0
    assert len(written) < 50
    assert screen.shown.display[3].startswith("103 dddXddddd")


def test_what_was_forgotten_and_a_whole_update_are_sent_whole() -> None:
    screen = Screen()
    whole = screen.draw(numbered(100), whole=True)
    assert len(screen.draw(numbered(100), whole=True)) == len(whole), "a screen that was disturbed heals"
    assert screen.draw(numbered(100)) == ""
    screen.painter.forget()
    assert len(screen.draw(numbered(100))) >= WIDTH * HEIGHT


def test_what_a_terminal_may_take_for_wider_spoils_nothing() -> None:
    screen = Screen()
    screen.draw(numbered(100), whole=True)
    written = screen.draw({(3, 0): whole_line(3, "\N{CJK UNIFIED IDEOGRAPH-6F22}")[3, 0]})
    assert written.index("\N{CJK UNIFIED IDEOGRAPH-6F22}") < written.index("ddddd") < written.index("104 eeeee")
