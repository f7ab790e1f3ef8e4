"""What frames every screen: the title line at the top, the message line and the key line at the bottom."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from screens.keys import key_name
from screens.widgets.record_columns import fit
from services.language import _, show_number

PLACE_WIDTH = 18  # cells


@runtime_checkable
class Explains(Protocol):
    """A screen that knows why an action is not possible now, and which key a binding has."""

    def why_not(self, action: str) -> str:
        """The reason, '' when it is possible."""

    def key_of(self, identity: str) -> str:
        """The key of the binding with that id."""


SHORTEST = 6  # cells, to which a title or organisation is shortened


class TitleLine(Widget):
    """One line: where one is on the left, who one is and the ways out on the right, and DEMO when nothing is real."""

    title: reactive[str] = reactive("", layout=False)
    who: reactive[tuple[str, str]] = reactive(("", ""), layout=False)
    """The organisation and the login."""

    def __init__(self, *, who: tuple[str, str], demo: bool) -> None:
        super().__init__()
        self.set_reactive(TitleLine.who, who)
        self._demo = demo

    def render(self) -> Content:
        mark = " DEMO " if self._demo else ""
        home, log_out = self._key_of("app.home"), self._key_of("app.log_out")
        # without keys while the window is too small
        ways_out = f"  {home} {_('Home')}  {log_out} {_('Log out')}" if self.who[1] and home else ""
        room = self.size.width - cell_len(ways_out) - len(mark) - 4
        title, who = self._fitted(room)
        gap = " " * (room - cell_len(title) - cell_len(who) + 2)
        return Content.assemble((f" {title}", "bold"), gap, who, ways_out, " ", (mark, "$demo-mark"))

    def _fitted(self, room: int) -> tuple[str, str]:
        """The title and who one is in so much room: the organisation is shortened first, the login last."""
        organisation, login = self.who
        login = _cut(login, room - min(SHORTEST, cell_len(self.title)))
        title = _cut(self.title, room - cell_len(login))
        left = room - cell_len(title) - cell_len(f" · {login}")
        organisation = "" if cell_len(organisation) > left < SHORTEST else _cut(organisation, left)
        return title, " · ".join(filter(None, (organisation, login)))

    def _key_of(self, identity: str) -> str:
        return self.screen.key_of(identity) if isinstance(self.screen, Explains) else ""


def _cut(text: str, room: int) -> str:
    return text if cell_len(text) <= room else set_cell_size(text, max(0, room - 1)).rstrip() + "…"


class Hint(Widget):
    """One line in one style: a text, and at the right the place in a list. Both change with every move in it."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._place = "", ""

    def say(self, text: str, place: str) -> None:
        """Show these from now on."""
        if (text, place) != (self._text, self._place):
            self._text, self._place = text, place
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Whatever `y` is: there is one."""
        style = self.visual_style.rich_style
        room = self.size.width - (PLACE_WIDTH if self._place else 0)
        text = fit(self._text, max(0, min(room, cell_len(self._text))))
        place = f"{self._place:>{PLACE_WIDTH}}" if self._place else ""
        gap = " " * (self.size.width - cell_len(text) - len(place))
        return Strip([Segment(text, style), Segment(gap, Style(bgcolor=style.bgcolor)), Segment(place, style)])


class MessageLine(Horizontal):
    """What has just happened or went wrong; when there is nothing to say, a hint about where one is."""

    def __init__(self) -> None:
        super().__init__()
        self._text = Static(classes="text", markup=False)
        self._hint = Hint()

    def compose(self) -> ComposeResult:
        yield self._text
        yield self._hint

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show `text` until something else is said; `wrong` marks it as an error, in words and not by colour alone."""
        if not text and not self.has_class("-said"):
            return
        self.set_class(wrong, "-wrong")
        self.set_class(bool(text), "-said")
        self._text.update(Content(f"! {text}" if wrong else text))

    def hint(self, text: str, place: str) -> None:
        """Show `text` and, at the right, `place`, unless something was said."""
        self._hint.say(text, place)


def show_place(index: int, count: int | None) -> str:
    """Where one is in a list of `count` rows; nobody may know yet how many there are."""
    return f"{show_number(index + 1)}/{'…' if count is None else show_number(count)}"


# Keys that every screen has come last on the key line; Home and Log out stand in the title line.
EVERYWHERE = ("screen.back", "app.help")


class KeyLine(Widget):
    """The keys that do something here; one that cannot be used now is dimmed (its reason comes when it is pressed)."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Any) -> None:
        self.refresh()

    def render(self) -> Content:
        shown: dict[str, tuple[Binding, bool]] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.binding.id and active.binding.id not in shown:
                possible = active.enabled and not (
                    isinstance(self.screen, Explains) and self.screen.why_not(active.binding.action)
                )
                shown[active.binding.id] = (active.binding, possible)
        ordered = sorted(shown.values(), key=lambda item: item[0].id in EVERYWHERE)
        parts = [
            Content.assemble(
                (key_name(binding.key), f"bold $key-line-key{'' if enabled else ' dim'}"),
                (f" {_(binding.description)}", "" if enabled else "dim"),
            )
            for binding, enabled in ordered
        ]
        room = self.size.width - 1
        if _width(parts, 2) <= room:
            return Content.assemble(" ", Content("  ").join(parts))
        # the help has them all: the last ones before Back and Help are left out
        own = sum(binding.id not in EVERYWHERE for binding, _enabled in ordered)
        if _width(parts, 1) > room:
            parts.append(Content("…"))
        while own and _width(parts, 1) > room:
            own -= 1
            del parts[own]
        return Content.assemble(" ", Content(" ").join(parts))


def _width(parts: Sequence[Content], gap: int) -> int:
    return sum(part.cell_length + gap for part in parts) - gap
