"""The overview: sums as bars and as numbers, as many months as fit, old sums until the new ones are there."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from textual.app import App, ComposeResult

import screens
from screens.projects.overview import LABEL, OverviewPanel
from services.errors import Busy
from services.language import language, use_language
from services.project_overview import ProjectOverview, Sum
from services.projects import ProjectStatus, ServiceType
from tests.screens.visiting import SIZES

both_sizes = pytest.mark.parametrize("size", SIZES, ids=["80x24", "132x43"])
LIST = (80, 18)  # what the list leaves of 80x24


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = language()
    use_language("en")
    yield
    use_language(before)


class PanelApp(App[None]):
    """The panel alone, and what it said went wrong."""

    CSS_PATH = Path(screens.__path__[0]) / "desk.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[Exception] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"demo-mark": "", "key-line-key": ""}

    def compose(self) -> ComposeResult:
        yield OverviewPanel()

    @property
    def panel(self) -> OverviewPanel:
        return self.query_one(OverviewPanel)

    def on_mount(self) -> None:
        self.panel.focus()

    def on_overview_panel_failed(self, event: OverviewPanel.Failed) -> None:
        self.failed.append(event.error)

    def lines(self) -> list[str]:
        """What is painted: from the cache where the panel has not asked for a line to be drawn again."""
        return [strip.text for strip in self.panel.render_lines(self.panel.size.region)]

    async def shown(self, overview: ProjectOverview) -> list[str]:
        """What is on the screen once these sums are."""
        self.panel.show(lambda: overview)
        await until(lambda: not self.panel.busy)
        return self.lines()


async def until(condition: Callable[[], object]) -> None:
    """Wait for what a worker thread brings about."""
    for _time in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("it has not come about in five seconds")


def overview(counts: Sequence[int], *, since: date = date(2016, 1, 1), cents: int = 100_00) -> ProjectOverview:
    """So many projects in each month from `since`, of so many cents each.

    The first of each month is confirmed advice, all others are finished trainings.
    """

    def sums(count: int) -> Sum:
        return Sum(count, count * cents)

    total, other = sum(counts), sum(count > 0 for count in counts)
    statuses = {ProjectStatus.CONFIRMED: other, ProjectStatus.FINISHED: total - other}
    services = {ServiceType.ADVICE: other, ServiceType.TRAINING: total - other}
    first = since.year * 12 + since.month - 1
    months = [date(number // 12, number % 12 + 1, 1) for number in range(first, first + len(counts))]
    return ProjectOverview(
        total=sums(total),
        by_status=tuple((status, sums(statuses.get(status, 0))) for status in ProjectStatus),
        by_service=tuple((service, sums(services[service])) for service in ServiceType),
        by_month=tuple((month, sums(count)) for month, count in zip(months, counts, strict=True)),
    )


def parts(line: str) -> tuple[str, int, list[str]]:
    """Label, length of the bar in eighths of a cell, and the numbers."""
    bar = line[LABEL + 1 :].split(" ", 1)[0]
    eighths = sum(8 - (ord(letter) - ord("█")) for letter in bar)
    return line[:LABEL].rstrip(), eighths, line[LABEL + 1 + len(bar) :].replace("€ ", "").replace(" %", "%").split()


def section(lines: list[str], title: str) -> list[tuple[str, int, list[str]]]:
    """The lines below that title, up to the next."""
    titles = ["Status", "Service", "Month", "Earlier, per year"]
    place = next(place for place, line in enumerate(lines) if line.startswith(title)) + 1
    found = []
    for line in lines[place:]:
        if not line.strip() or line.startswith(tuple(titles)):
            break
        found.append(parts(line))
    return found


@both_sizes
async def test_bars_are_as_long_as_the_counts_beside_them(size: tuple[int, int]) -> None:
    app = PanelApp()
    async with app.run_test(size=size):
        lines = await app.shown(overview([2, 0, 18]))
        room = (size[0] - 57) * 8
        assert lines[0].rstrip() == "20 projects · € 2.000"
        assert lines[1].split() == ["Status", "Projects", "Share", "Amount"]
        assert section(lines, "Status") == [
            ("Confirmed", round(room * 2 / 18), ["2", "10%", "200"]),
            ("Running", 0, ["0", "0%", "0"]),
            ("Finished", room, ["18", "90%", "1.800"]),
            ("StopRequested", 0, ["0", "0%", "0"]),
            ("ProjectCancelled", 0, ["0", "0%", "0"]),
            ("Stopped", 0, ["0", "0%", "0"]),
        ]
        assert section(lines, "Service") == [
            ("Training", room, ["18", "90%", "1.800"]),
            ("Advice", round(room * 2 / 18), ["2", "10%", "200"]),
        ]
        assert section(lines, "Month") == [
            ("03/2016", room, ["18", "90%", "1.800"]),
            ("02/2016", 0, ["0", "0%", "0"]),
            ("01/2016", round(room * 2 / 18), ["2", "10%", "200"]),
        ]
        assert {len(line) for line in lines} == {size[0]}
        numbered = [line for line in lines[2:] if "€" in line]
        assert all(line[-1].isdigit() for line in numbered), "numbers stand at the right"
        assert len({line.rindex("%") for line in numbered}) == 1


@both_sizes
async def test_an_empty_list_says_so(size: tuple[int, int]) -> None:
    app = PanelApp()
    async with app.run_test(size=size):
        lines = [line.rstrip() for line in await app.shown(overview([])) if line.strip()]
        assert lines == ["0 projects · € 0", "No project matches these filters. Press x to clear them."]


@both_sizes
async def test_one_project(size: tuple[int, int]) -> None:
    app = PanelApp()
    async with app.run_test(size=size):
        lines = await app.shown(overview([1], cents=728_99))
        room = (size[0] - 57) * 8
        assert lines[0].rstrip() == "1 project · € 728", "cut as the filter takes it, not rounded"
        assert section(lines, "Status")[0] == ("Confirmed", room, ["1", "100%", "728"])
        assert section(lines, "Month") == [("01/2016", room, ["1", "100%", "728"])]


async def test_what_is_little_is_seen_and_not_called_nothing() -> None:
    app = PanelApp()
    async with app.run_test(size=LIST):
        lines = await app.shown(overview([1_000_000], cents=1_198_35))
        assert section(lines, "Status")[0] == ("Confirmed", 1, ["1", "<1%", "1.198"])
        assert parts(lines[4]) == ("Finished", 23 * 8, ["999.999", "100%", "1.198.348.801"])


@pytest.mark.parametrize(
    ("since", "months", "apart", "years"),
    [
        (date(2016, 1, 1), 6, ["06/2016", "05/2016", "04/2016", "03/2016", "02/2016", "01/2016"], []),
        (date(2015, 12, 1), 4, ["03/2016", "02/2016", "01/2016", "12/2015"], []),
        (date(2015, 1, 1), 15, ["03/2016", "02/2016", "01/2016", "12/2015"], ["01/2015..11/2015"]),
        (date(2014, 6, 1), 22, ["03/2016", "02/2016", "01/2016"], ["2015", "2014"]),
        (date(2013, 1, 1), 38, ["02/2016", "01/2016"], ["2015", "2014", "2013"]),
        (date(2013, 1, 1), 39, ["03/2016"], ["01/2016..02/2016", "2015", "2014", "2013"]),
    ],
)
async def test_months_that_do_not_fit_are_added_up_by_the_year(
    since: date, months: int, apart: list[str], years: list[str]
) -> None:
    app = PanelApp()
    async with app.run_test(size=LIST):
        lines = await app.shown(overview(list(range(1, months + 1)), since=since))
        found = [section(lines, "Month"), section(lines, "Earlier") if years else []]
        assert [[label for label, _bar, _numbers in part] for part in found] == [apart, years]
        assert sum(int(numbers[0]) for part in found for _label, _bar, numbers in part) == months * (months + 1) // 2
        assert not any("more line" in line for line in lines)


@both_sizes
async def test_more_room_shows_more_months(size: tuple[int, int]) -> None:
    app = PanelApp()
    async with app.run_test(size=size):
        lines = await app.shown(overview([1] * 60, since=date(2011, 1, 1)))
        months, years = section(lines, "Month"), section(lines, "Earlier")
        assert (len(months), len(years)) == {SIZES[0]: (6, 5), SIZES[1]: (27, 3)}[size]
        assert sum(int(numbers[0]) for _label, _bar, numbers in months + years) == 60
        assert len([line for line in lines if line.strip()]) in (size[1], size[1] - 1)


async def test_a_small_window_scrolls_and_says_how_much_is_below() -> None:
    app = PanelApp()
    async with app.run_test(size=(60, 9)) as pilot:
        whole = await app.shown(overview([1] * 3))
        assert [line[:LABEL].strip() for line in whole[1:3]] == ["Status", "Confirmed"]
        assert whole[-1].strip() == "↓ 7 more lines"
        for keys, first, last in [
            (["j"], "Confirmed", "↓ 6 more lines"),
            (["up", "k"], "Status", "↓ 7 more lines"),
            (["pagedown"], "Stopped", "01/2016"),
            (["down"], "Stopped", "01/2016"),
            (["pageup"], "Status", "↓ 7 more lines"),
            (["G"], "Stopped", "01/2016"),
            (["g"], "Status", "↓ 7 more lines"),
            (["end", "enter"], "Stopped", "01/2016"),
        ]:
            await pilot.press(*keys)
            lines = app.lines()
            assert (lines[1][:LABEL].strip(), lines[-1][:LABEL].strip()) == (first, last), keys
            assert lines[0].startswith("3 projects")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert app.lines()[1].startswith("Status")


async def test_a_year_that_somebody_mistyped_is_no_trouble() -> None:
    app = PanelApp()
    async with app.run_test(size=LIST) as pilot:
        lines = await app.shown(overview([1] + [0] * (1800 * 12 - 2) + [5], since=date(216, 4, 1)))
        assert lines[-1].startswith("↓ 1")
        await pilot.press("G")
        assert parts(app.lines()[-1]) == ("0216", 23 * 8, ["1", "17%", "100"])


async def test_the_former_sums_stay_until_the_newest_are_there_and_stale_ones_never_come() -> None:
    app, asked, gate = PanelApp(), [], threading.Event()

    def read(count: int) -> Callable[[], ProjectOverview]:
        def body() -> ProjectOverview:
            asked.append(count)
            gate.wait(10)
            return overview([count])

        return body

    async with app.run_test(size=LIST) as pilot:
        await app.shown(overview([1]))
        drawn: list[str] = []
        for count in (2, 3, 4):
            app.panel.show(read(count))
            await pilot.pause()
            drawn.append(app.lines()[0].rstrip())
        assert drawn == ["1 project · € 100 …"] * 3
        assert section(app.lines(), "Month") == [("01/2016", 23 * 8, ["1", "100%", "100"])]
        gate.set()
        while app.panel.busy:
            await asyncio.sleep(0)
            drawn.append(app.lines()[0].rstrip())
        assert asked == [2, 4]
        assert app.lines()[0].rstrip() == "4 projects · € 400"
        assert not any(line.startswith(("2 projects", "3 projects")) for line in drawn)


async def test_what_cannot_be_read_leaves_the_sums_as_they_are() -> None:
    app, error = PanelApp(), Busy("The database is in use.")

    def refuse() -> ProjectOverview:
        raise error

    async with app.run_test(size=LIST):
        app.panel.show(refuse)
        await until(lambda: app.failed)
        assert not "".join(app.lines()).strip()
        before = await app.shown(overview([1]))
        app.panel.show(refuse)
        await until(lambda: len(app.failed) == 2)
        assert app.failed == [error, error]
        assert app.lines() == before
        assert (await app.shown(overview([2])))[0].startswith("2 projects")


async def test_without_colour_the_bars_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = PanelApp()
    async with app.run_test(size=LIST):
        lines = await app.shown(overview([1, 3]))
        assert [bar for _label, bar, _numbers in section(lines, "Month")] == [23 * 8, round(23 * 8 / 3)]
