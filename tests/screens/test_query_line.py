"""The query line: what it tells while somebody types, when it says that something is wrong, and how it completes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from screens.projects.query_line import QueryLine
from services.language import language, use_language
from services.projects import ProjectQuery, ProjectStatus, ServiceType, SortColumn
from tests.screens.visiting import SIZES

RUNNING, STOPPED = ProjectStatus.RUNNING, ProjectStatus.STOPPED
ORDER = {"sort": SortColumn.AMOUNT, "descending": False}


class LineApp(App[None]):
    """The line between two fields, and all that it tells."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Any] = []
        self.offered = ""

    def compose(self) -> ComposeResult:
        yield Input(id="before")
        yield QueryLine(id="query")
        yield Input(id="after")

    @property
    def line(self) -> QueryLine:
        return self.query_one(QueryLine)

    def on_query_line_changed(self, event: QueryLine.Changed) -> None:
        self.told.append(event.query)

    def on_query_line_submitted(self, event: QueryLine.Submitted) -> None:
        self.told.append(("Enter", event.query))

    def on_query_line_unreadable(self, event: QueryLine.Unreadable) -> None:
        self.told.append((event.sentence, self.line.field.value[event.start : event.end]))

    def on_query_line_offered(self, event: QueryLine.Offered) -> None:
        self.offered = event.text

    def on_input_changed(self, event: Input.Changed) -> None:
        assert event.input.id != "query-terms", "the line's own field keeps its messages to itself"

    on_input_submitted = on_input_blurred = on_input_changed  # type: ignore[assignment]


both_sizes = pytest.mark.parametrize("pilot", SIZES, indirect=True, ids=["80x24", "132x43"])


@pytest.fixture
async def pilot(request: pytest.FixtureRequest) -> AsyncIterator[Pilot[None]]:
    """Somebody in the empty line, at 80x24 unless the test is for another size."""
    before = language()
    use_language("nl")
    async with LineApp().run_test(size=getattr(request, "param", SIZES[0])) as running:
        running.app.line.focus()  # type: ignore[attr-defined]
        await running.pause()
        yield running
    use_language(before)


def app_of(pilot: Pilot[None]) -> LineApp:
    assert isinstance(pilot.app, LineApp)
    return pilot.app


async def types(pilot: Pilot[None], text: str) -> None:
    """Letter by letter."""
    names = {" ": "space", ":": "colon", '"': "quotation_mark", "[": "left_square_bracket", "]": "right_square_bracket"}
    await pilot.press(*(names.get(letter, letter) for letter in text))
    await pilot.pause()


def value(pilot: Pilot[None]) -> str:
    return app_of(pilot).line.field.value


def segments(pilot: Pilot[None]) -> list[Segment]:
    """The line as it is drawn."""
    return list(app_of(pilot).line.field.render_line(0))


def drawn(pilot: Pilot[None]) -> str:
    return "".join(segment.text for segment in segments(pilot)).rstrip()


def underlined(pilot: Pilot[None]) -> str:
    return "".join(segment.text for segment in segments(pilot) if segment.style and segment.style.underline)


# -- telling -----------------------------------------------------------------------------------------------------------


@both_sizes
async def test_every_letter_that_can_be_read_is_told(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    app.line.show(ProjectQuery(**ORDER))
    await types(pilot, "bak")
    assert app.told == [ProjectQuery(enterprise=name, **ORDER) for name in ("b", "ba", "bak")]
    await pilot.press("backspace", "enter")
    assert app.told[3:] == [ProjectQuery(enterprise="ba", **ORDER), ("Enter", ProjectQuery(enterprise="ba", **ORDER))]


async def test_a_term_being_typed_is_not_wrong_yet(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, "status:s")
    names = ["status"[:length] for length in range(1, 7)]
    assert app.told == [*(ProjectQuery(enterprise=name) for name in names), ProjectQuery()]
    assert underlined(pilot) == ""
    await types(pilot, "topg")
    assert app.told[-1] == ProjectQuery(status=STOPPED)


async def test_what_cannot_be_read_yet_does_not_count(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, "x bedrag:1")
    assert app.told[-1] == ProjectQuery(enterprise="x", amount="1")
    await types(pilot, "e")
    assert app.told[-1] == ProjectQuery(enterprise="x")


async def test_an_error_elsewhere_stays_marked_while_one_types(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    app.line.field.value = "status: x kleur:rood y"
    app.line.field.cursor_position = len("status:")
    await pilot.pause()
    await types(pilot, "s")
    assert underlined(pilot) == "kleur:"
    assert app.told[-1][1] == "kleur:"


@both_sizes
@pytest.mark.parametrize("then", ["space", "enter"])
async def test_a_finished_term_that_cannot_be_read_is_underlined(pilot: Pilot[None], then: str) -> None:
    app = app_of(pilot)
    await types(pilot, "bedrag>5 status:rood")
    del app.told[:]
    await pilot.press(then)
    assert [wrong for _sentence, wrong in app.told] == ["rood"]
    assert app.told[0][0].startswith("status:rood bestaat niet: kies uit afgewerkt,")
    assert underlined(pilot) == "rood"
    assert app.line.field.has_class("-unreadable")


async def test_correcting_it_takes_the_mark_away(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, "status:lx")
    await pilot.press("enter")
    assert underlined(pilot) == "lx"
    app.offered = "nothing was offered"
    await pilot.press("backspace")
    assert underlined(pilot) == ""
    assert not app.line.field.has_class("-unreadable")
    assert app.offered == "lopend", "and whoever shows what is offered takes the sentence away"
    assert app.told[-1] == ProjectQuery(status=RUNNING)


async def test_what_is_told_again_after_it_could_not_be_read(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, "x")
    app.line.field.value = "x kleur:rood "
    await pilot.pause()
    app.line.field.value = "x"
    await pilot.pause()
    assert app.told[0] == app.told[-1] == ProjectQuery(enterprise="x")
    assert app.told[1][1] == "kleur:"
    await types(pilot, " ")
    assert len(app.told) == 3, "a blank changes nothing"


async def test_leaving_the_line_says_nothing(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, "status:s")
    del app.told[:]
    await pilot.press("shift+tab")
    await pilot.pause()
    assert (app.told, app.offered, underlined(pilot)) == ([], "", "")


async def test_what_was_wrong_is_not_said_any_longer_once_the_line_is_left(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, "status:s")
    await pilot.press("enter")
    app.offered = "nothing was offered"
    await leave(pilot)
    assert app.offered == ""


async def test_a_term_in_the_midst_is_judged_once_another_is_typed(pilot: Pilot[None]) -> None:
    app = await leave(pilot)
    app.line.show(ProjectQuery(status=RUNNING, amount=">5"))
    app.line.focus()
    await pilot.pause()
    app.line.field.cursor_position = len("status:lopend")
    await pilot.press("x")
    assert underlined(pilot) == ""
    await pilot.press("end", "space")
    assert underlined(pilot) == "lopendx"
    assert app.told[-1][1] == "lopendx"


async def test_an_open_quotation_mark_takes_all_behind_it(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, '"De K')
    assert app.told == []
    await pilot.press("enter")
    assert underlined(pilot) == '"De K'
    await types(pilot, '"')
    assert app.told[-1] == ProjectQuery(enterprise="De K")


async def test_what_people_type_is_never_markup(pilot: Pilot[None]) -> None:
    await types(pilot, "[/x] [bold]")
    await pilot.press("enter")
    assert drawn(pilot).startswith("[/x] [bold]")
    assert app_of(pilot).told[-1] == ("Enter", ProjectQuery(enterprise="[/x] [bold]"))


async def test_the_line_takes_a_thousand_characters(pilot: Pilot[None]) -> None:
    app_of(pilot).line.field.insert("a" * 999, 0)
    await types(pilot, "bc")
    assert value(pilot) == "a" * 999 + "b"


# -- showing -----------------------------------------------------------------------------------------------------------


async def leave(pilot: Pilot[None]) -> LineApp:
    pilot.app.query_one("#before").focus()
    await pilot.pause()
    return app_of(pilot)


@both_sizes
async def test_showing_a_list_tells_nothing(pilot: Pilot[None]) -> None:
    app = await leave(pilot)
    app.line.show(ProjectQuery(enterprise="de bakker ", service=ServiceType.ADVICE, **ORDER))
    await pilot.pause()
    assert value(pilot) == "dienst:advies de bakker"
    assert app.told == []
    app.line.focus()
    await types(pilot, "s")
    assert app.told == [ProjectQuery(enterprise="de bakkers", service=ServiceType.ADVICE, **ORDER)]


async def test_a_line_that_says_so_already_stays(pilot: Pilot[None]) -> None:
    await types(pilot, "x status:l  ")
    app = await leave(pilot)
    app.line.show(ProjectQuery(enterprise="x", status=RUNNING, sort=SortColumn.STATUS))
    assert value(pilot) == "x status:l  "
    app.line.show(ProjectQuery(enterprise="y", status=RUNNING))
    assert value(pilot) == "status:lopend y"


async def test_what_is_being_typed_stays(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, "x status:s")
    app.line.show(ProjectQuery(enterprise="x", **ORDER))
    assert value(pilot) == "x status:s"
    await types(pilot, "topg")
    assert app.told[-1] == ProjectQuery(enterprise="x", status=STOPPED, **ORDER)


async def test_a_list_that_cannot_be_read_is_shown_with_what_is_wrong(pilot: Pilot[None]) -> None:
    app = await leave(pilot)
    app.line.show(ProjectQuery(amount=">veel", enterprise="x"))
    assert (value(pilot), underlined(pilot)) == ("bedrag>veel x", "veel")
    app.line.show(ProjectQuery())
    await pilot.pause()
    assert (value(pilot), underlined(pilot), app.told) == ("", "", [])
    assert not app.line.field.has_class("-unreadable")


async def test_what_could_not_be_read_gives_way_to_the_list_that_is_shown(pilot: Pilot[None]) -> None:
    await types(pilot, "kleur:rood")
    await pilot.press("enter")
    app = await leave(pilot)
    app.line.show(ProjectQuery())
    await pilot.pause()
    assert (value(pilot), underlined(pilot)) == ("", "")


# -- completing --------------------------------------------------------------------------------------------------------


@both_sizes
@pytest.mark.parametrize("key", ["tab", "right"])
async def test_what_is_grey_is_taken(pilot: Pilot[None], key: str) -> None:
    app = app_of(pilot)
    await types(pilot, "x st")
    assert drawn(pilot) == "x status:"
    await pilot.press(key)
    await pilot.pause()
    assert value(pilot) == "x status:"
    assert app.offered == "afgewerkt bevestigd lopend projectgeannuleerd stopgezet stopzettingaangevraagd"
    await types(pilot, "l")
    assert drawn(pilot) == "x status:lopend"
    await pilot.press(key)
    await pilot.pause()
    assert value(pilot) == "x status:lopend"
    assert app.focused is app.line.field
    assert app.told[-1] == ProjectQuery(enterprise="x", status=RUNNING)


@pytest.mark.parametrize("typed", ["", "x", "bedrag>5", "status:lopend", "status:lopend "])
async def test_tab_goes_on_where_nothing_can_be_completed(pilot: Pilot[None], typed: str) -> None:
    await types(pilot, typed)
    await pilot.press("tab")
    assert pilot.app.focused is pilot.app.query_one("#after")
    assert value(pilot) == typed
    await pilot.press("shift+tab")
    assert pilot.app.focused is app_of(pilot).line.field
    await pilot.press("shift+tab")
    assert pilot.app.focused is pilot.app.query_one("#before")


@both_sizes
async def test_up_and_down_go_through_the_completions(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, "-status:")
    await pilot.press("down", "down")
    assert drawn(pilot) == "-status:lopend"
    assert app.offered == "lopend projectgeannuleerd stopgezet stopzettingaangevraagd afgewerkt bevestigd"
    await pilot.press("up", "up", "up")
    assert drawn(pilot) == "-status:stopzettingaangevraagd"
    await pilot.press("tab")
    assert value(pilot) == "-status:stopzettingaangevraagd"


async def test_down_is_the_screens_own_key_where_there_is_no_choice(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    gone: list[str] = []
    app.action_down = lambda: gone.append(value(pilot))  # type: ignore[attr-defined]
    app.bind("down", "down")
    for typed in ("", "st", "atus:l", "x"):
        await types(pilot, typed)
        await pilot.press("down")
    assert gone == ["", "st", "status:l", "status:lx"]


async def test_completing_in_the_midst_of_the_line(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    await types(pilot, "status:l bedrag>5")
    app.line.field.cursor_position = len("status:l")
    await pilot.pause()
    assert (drawn(pilot), app.offered) == ("status:l bedrag>5", "lopend")
    await pilot.press("tab")
    assert value(pilot) == "status:lopend bedrag>5"
    assert app.line.field.cursor_position == len("status:lopend")


@both_sizes
async def test_what_can_be_typed_is_offered_while_one_is_in_the_line(pilot: Pilot[None]) -> None:
    app = app_of(pilot)
    fields = "aanvraag: bedrag: dienst: jaren: onderneming: projectnr: status:"
    assert app.offered == fields
    assert drawn(pilot) == "bijvoorbeeld status:lopend bedrag>1000 bakker"
    await types(pilot, "x ")
    assert (app.offered, drawn(pilot)) == (fields, "x")
    await pilot.press("tab")
    await pilot.pause()
    assert app.offered == ""


async def test_in_english(pilot: Pilot[None]) -> None:
    use_language("en")
    app = await leave(pilot)
    app.line.show(ProjectQuery(status=RUNNING))
    assert value(pilot) == "status:running"
    app.line.focus()
    await types(pilot, " dienst:t")
    assert drawn(pilot) == "status:running dienst:training"
    assert app.told[-1] == ProjectQuery(status=RUNNING, service=ServiceType.TRAINING)
