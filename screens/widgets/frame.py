"""What frames every screen: the title line at the top, the message line and the key line at the bottom."""

from typing import Any, Protocol, runtime_checkable

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from screens.keys import key_name
from services.language import _


@runtime_checkable
class Explains(Protocol):
    """A screen that knows why an action is not possible now, and which key a binding has."""

    def why_not(self, action: str) -> str:
        """The reason, '' when it is possible."""

    def key_of(self, identity: str) -> str:
        """The key of the binding with that id."""


class TitleLine(Widget):
    """One line: where one is on the left, who one is and the ways out on the right, and DEMO when nothing is real."""

    title: reactive[str] = reactive("", layout=False)

    def __init__(self, *, who: str, demo: bool) -> None:
        super().__init__()
        self._who, self._demo = who, demo

    def render(self) -> Content:
        mark = " DEMO " if self._demo else ""
        home, log_out = self._key_of("app.home"), self._key_of("app.log_out")
        ways_out = f"  {home} {_('Home')}  {log_out} {_('Log out')}" if self._who else ""
        room = max(0, self.size.width - cell_len(self.title) - cell_len(ways_out) - len(mark) - 4)
        who = self._who if cell_len(self._who) <= room else set_cell_size(self._who, max(0, room - 1)).rstrip() + "…"
        left = f" {self.title}"
        gap = " " * (self.size.width - cell_len(left) - cell_len(who) - cell_len(ways_out) - len(mark) - 1)
        return Content.assemble((left, "bold"), gap, who, ways_out, " ", (mark, "$demo-mark"))

    def _key_of(self, identity: str) -> str:
        return self.screen.key_of(identity) if isinstance(self.screen, Explains) else ""


class MessageLine(Horizontal):
    """What has just happened or went wrong; when there is nothing to say, a hint about where one is.

    The place in a list has cells of its own at the right: it changes with every move, and only they are sent then.
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = Static(classes="text", markup=False)
        self._place = Static(classes="place", markup=False)
        self._said = False
        self._hinted = ("", "")

    def compose(self) -> ComposeResult:
        yield self._text
        yield self._place

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show `text` until something else is said; `wrong` marks it as an error, in words and not by colour alone."""
        if not text and not self._said:
            return
        self._said = bool(text)
        self.set_class(wrong, "-wrong")
        self.set_class(self._said, "-said")
        self._text.update(Content(f"! {text}" if wrong else text or self._hinted[0]))

    def hint(self, text: str, place: str) -> None:
        """Show `text` and, at the right, `place`, unless something was said."""
        former, self._hinted = self._hinted, (text, place)
        if text != former[0] and not self._said:
            self._text.update(Content(text), layout=False)
        if place != former[1]:
            self._place.update(Content(f"{place:>{self._place.size.width}}"), layout=False)


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
        texts = [(key_name(binding.key), _(binding.description), enabled) for binding, enabled in ordered]
        needed = sum(cell_len(name) + cell_len(text) + 3 for name, text, _enabled in texts)
        gap = "  " if needed <= self.size.width else " "
        parts = [
            Content.assemble(
                (name, f"bold $key-line-key{'' if enabled else ' dim'}"), (f" {text}", "" if enabled else "dim")
            )
            for name, text, enabled in texts
        ]
        return Content.assemble(" ", Content(gap).join(parts))
