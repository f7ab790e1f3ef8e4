"""The overview of the project list: how many projects and euros per status, service and month, with a bar for each."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Region, clamp
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from screens.widgets.record_columns import fit
from screens.widgets.record_table import RecordTable
from services.language import _, ngettext, show_number
from services.project_overview import ProjectOverview, Sum
from services.words import word

LABEL, COUNT, SHARE, AMOUNT = 22, 9, 7, 15  # cells of the columns; the bars take the rest
EIGHTHS = "▏▎▍▌▋▊▉"
MONTHS = 12  # shown apart where not even the years before them fit

Read = Callable[[], ProjectOverview]
Labelled = Sequence[tuple[str, Sum]]


class Line(NamedTuple):
    """One line, the component class it is drawn with, and how many cells of it, behind the label, are a bar."""

    text: str
    style: str = "line"
    bar: int = 0


class OverviewPanel(Widget, can_focus=True):
    """The sums of a list, as bars and as numbers; `show` reads them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "overview-panel--total",
        "overview-panel--title",
        "overview-panel--line",
        "overview-panel--bar",
        "overview-panel--more",
    }
    BINDINGS: ClassVar[list[BindingType]] = RecordTable.BINDINGS[:-1]  # all but Enter: nothing opens

    class Failed(Message):
        """Reading raised `error`; the sums on the screen stay."""

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._overview: ProjectOverview | None = None
        self._wanted: Read | None = None  # the newest; answers to any other are stale
        self._reading = False
        self._lines: Sequence[Line] = ()  # below the total
        self._arranged = self.size  # what they were made for
        self._top = 0  # the first of them in view

    @property
    def busy(self) -> bool:
        """Whether sums are being read."""
        return self._reading

    def show(self, read: Read) -> None:
        """Have `read` called in a thread and show what it gives; until then the former sums stay.

        Of several that come meanwhile only the newest is called.
        """
        self._wanted = read
        if not self._reading:
            self._start(read)
        self._refresh_total()

    def _start(self, read: Read) -> None:
        self._reading = True

        def body() -> None:
            answer: ProjectOverview | Exception
            try:
                answer = read()
            except Exception as error:  # noqa: BLE001 -- whatever it is, the owner is told
                answer = error
            self.call_later(self._take, read, answer)

        self.run_worker(body, thread=True, exit_on_error=False, group="overview", description="add up projects")

    def _take(self, read: Read, answer: ProjectOverview | Exception) -> None:
        if self._wanted is not None and read is not self._wanted:
            self._start(self._wanted)
            return
        self._reading = False
        if isinstance(answer, Exception):
            self._refresh_total()
            self.post_message(self.Failed(answer))
            return
        self._overview = answer
        self._arrange()
        self.refresh()

    # -- moving --------------------------------------------------------------------------------------------------------

    @property
    def _rows(self) -> int:
        """How many lines fit below the total."""
        return max(1, self.size.height - 1)

    def _scroll(self, top: int) -> None:
        former, self._top = self._top, clamp(top, 0, max(0, len(self._lines) - self._rows))
        if self._top != former:
            self.refresh()

    def action_move(self, step: int) -> None:
        """A line further or back."""
        self._scroll(self._top + step)

    def action_page(self, step: int) -> None:
        """A screen further or back."""
        self._scroll(self._top + step * max(1, self._rows - 1))

    def action_first(self) -> None:
        """To the first line."""
        self._scroll(0)

    def action_last(self) -> None:
        """To the last line."""
        self._scroll(len(self._lines))

    # -- drawing -------------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """As many months as fit."""
        self._arrange()

    def _arrange(self) -> None:
        self._arranged = self.size
        self._lines = () if self._overview is None else _lines(self._overview, self.size.width, self._rows)
        self._scroll(self._top)

    def _refresh_total(self) -> None:
        self.refresh(Region(0, 0, self.size.width, 1))

    def _total(self) -> str:
        waiting = "…" if self._reading else ""
        if self._overview is None:
            return waiting
        total = self._overview.total
        text = ngettext("%(count)s project · %(amount)s", "%(count)s projects · %(amount)s", total.count)
        return f"{text % {'count': show_number(total.count), 'amount': _euros(total)}} {waiting}"

    def _line(self, y: int) -> Line:
        if y == 0:
            return Line(self._total(), "total")
        place, below = self._top + y - 1, len(self._lines) - self._top - self._rows
        if y == self._rows and below > 0:
            more = ngettext("↓ %(count)s more line", "↓ %(count)s more lines", below + 1)
            return Line(more % {"count": below + 1}, "more")
        return self._lines[place] if place < len(self._lines) else Line("")

    def render_line(self, y: int) -> Strip:
        """A frame can come before its resize event."""
        if self.size != self._arranged:
            self._arrange()
        line = self._line(y)
        text, begin, end = fit(line.text, self.size.width), LABEL + 1, LABEL + 1 + line.bar
        parts = [(text, line.style)]
        if line.bar:
            parts = [(text[:begin], line.style), (text[begin:end], "bar"), (text[end:], line.style)]
        styled = [Segment(part, self.get_component_rich_style(f"overview-panel--{name}")) for part, name in parts]
        return Strip(styled, self.size.width)


def _euros(sums: Sum) -> str:
    """Whole euros, cut as the filter takes them (decision 0009)."""
    return f"€ {show_number(sums.cents // 100)}"


def _lines(overview: ProjectOverview, width: int, rows: int) -> Sequence[Line]:
    """All that stands below the total; months as far as they fit in so many rows, those before them by the year."""
    total = overview.total.count
    if not total:
        return [Line(""), Line(_("No project matches these filters. Press x to clear them."))]
    room = max(1, width - LABEL - COUNT - SHARE - AMOUNT - 4)

    def section(title: str, sums: Labelled) -> list[Line]:
        most = max(each.count for _label, each in sums)
        lines = [Line(title, "title")]
        for label, each in sums:
            bar = _bar(each.count, most, room)
            lines.append(Line(_columns(label, bar, room, _numbers(each, total)), bar=len(bar)))
        return lines

    lines = section(_("Status"), [(word(status), each) for status, each in overview.by_status])
    lines[0] = Line(_columns(_("Status"), "", room, (_("Projects"), _("Share"), _("Amount"))), "title")
    lines += section(_("Service"), [(word(service), each) for service, each in overview.by_service])
    months, years = _periods(overview.by_month, rows - len(lines) - 1)
    lines += section(_("Month"), months)
    return lines + section(_("Earlier, per year"), years) if years else lines


def _columns(label: str, bar: str, room: int, numbers: tuple[str, str, str]) -> str:
    cells = (fit(text, width, "right") for text, width in zip(numbers, (COUNT, SHARE, AMOUNT), strict=True))
    return " ".join((fit(label, LABEL), bar.ljust(room), *cells))


def _numbers(sums: Sum, total: int) -> tuple[str, str, str]:
    share = 100 * sums.count / total
    return show_number(sums.count), "<1 %" if 0 < share < 1 else f"{share:.0f} %", _euros(sums)


def _bar(count: int, most: int, room: int) -> str:
    """As long as the count is to the greatest one, which takes all the room; what is there at all is seen."""
    whole, part = divmod(max(1, round(8 * room * count / most)) if count else 0, 8)
    return "█" * whole + (EIGHTHS[part - 1] if part else "")


def _periods(by_month: Sequence[tuple[date, Sum]], room: int) -> tuple[Labelled, Labelled]:
    """The newest months, and what came before them by the year, newest first: as many months as there is room for."""
    known, first_year = len(by_month), by_month[0][0].year

    def fits(apart: int) -> bool:
        """A month takes a line, and so do the title and each of the years that begin before the months set apart."""
        return apart + (by_month[-apart - 1][0].year - first_year + 2 if apart < known else 0) <= room

    apart = next(filter(fits, range(min(known, room), 0, -1)), min(known, MONTHS))
    months = list(reversed(by_month))
    years: dict[int, list[tuple[date, Sum]]] = {}
    for month, sums in months[apart:]:
        years.setdefault(month.year, []).append((month, sums))
    return (
        [(_month(month), sums) for month, sums in months[:apart]],
        [(_year(each[0][0]), sum((sums for _month, sums in each), Sum())) for each in years.values()],
    )


def _month(month: date) -> str:
    """As the filter takes it too."""
    return f"{month.month:02}/{month.year:04}"


def _year(newest: date) -> str:
    """The year up to this month: the ones after it are shown apart."""
    if newest.month == 12:
        return f"{newest.year:04}"
    return _month(newest) if newest.month == 1 else f"01/{newest.year:04}..{_month(newest)}"
