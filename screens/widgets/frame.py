"""What frames every screen: the title line at the top, the message line and the key line at the bottom."""

from typing import Any

from rich.cells import cell_len, set_cell_size
from textual.binding import Binding
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from screens.keys import key_name
from services.language import _


class TitleLine(Widget):
    """One line: where one is on the left, who one is on the right, and DEMO when nothing is real."""

    title: reactive[str] = reactive("", layout=False)
    who: reactive[str] = reactive("", layout=False)
    demo: reactive[bool] = reactive(False, layout=False)

    def render(self) -> Content:
        mark = " DEMO " if self.demo else ""
        width = self.size.width
        left = f" {self.title}"
        room = max(0, width - cell_len(left) - len(mark) - 2)
        who = self.who if cell_len(self.who) <= room else set_cell_size(self.who, max(0, room - 1)).rstrip() + "…"
        gap = " " * max(1, width - cell_len(left) - cell_len(who) - len(mark) - 1)
        return Content.assemble((left, "bold"), gap, who, " ", (mark, "$demo-mark"))


class MessageLine(Static):
    """One or two lines with what has just happened or went wrong; stays until something else happens."""

    def __init__(self) -> None:
        super().__init__(markup=False)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show `text`; `wrong` marks it as an error, in words and not by colour alone."""
        self.set_class(wrong, "-wrong")
        self.display = bool(text)
        self.update(Content(f"! {text}" if wrong else text))


class KeyLine(Widget):
    """The keys that do something here; one that cannot be used now is dimmed (its reason comes when it is pressed)."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Any) -> None:
        self.refresh()

    def render(self) -> Content:
        shown: dict[str, tuple[Binding, bool]] = {}
        for active in self.screen.active_bindings.values():
            if active.binding.show and active.binding.action not in shown:
                shown[active.binding.action] = (active.binding, active.enabled)
        parts: list[Content] = []
        room = self.size.width
        for binding, enabled in shown.values():
            name, text = key_name(binding.key.split(",")[0]), _(binding.description)
            room -= cell_len(name) + cell_len(text) + 3
            if room < -1:
                break
            style = "" if enabled else "dim"
            parts.append(Content.assemble(" ", (name, f"bold $key-line-key {style}"), " ", (text, style), " "))
        return Content("").join(parts)
