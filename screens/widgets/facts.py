"""What a record's own screen shows: its facts in two columns, and what can be done about it or why not."""

import textwrap
from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.widgets import Static

from services.language import _


class Facts(Static):
    """Names and values, one pair a line; a value that takes more lines goes on beneath itself."""

    DEFAULT_CSS = "Facts { height: auto; }"

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._facts: Sequence[tuple[str, str]] = ()

    def show(self, facts: Sequence[tuple[str, str]]) -> None:
        """Put these pairs in the place of those before."""
        self._facts = facts
        self._draw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._draw()

    def _draw(self) -> None:
        column = max((len(name) for name, _value in self._facts), default=0) + 2
        room = max(20, self.size.width - column)
        lines = []
        for name, value in self._facts:
            parts = [part for line in value.split("\n") for part in textwrap.wrap(line, room) or [""]]
            lines.append(Content.assemble((f"{name:<{column}}", "$text-muted"), f"\n{' ' * column}".join(parts)))
        self.update(Content("\n").join(lines))


def action_lines(actions: Iterable[tuple[str, str, str]]) -> Content:
    """Key, text and why it is not possible now ('' when it is), said in words as well: colours may be off."""
    lines = []
    for key, text, reason in actions:
        shown = _("%(action)s: not now") % {"action": text} if reason else text
        lines.append(Content.assemble((f" {key}  ", "bold $key-line-key"), (shown, "dim" if reason else "bold")))
        if reason:
            lines.append(Content.styled(reason, "$text-muted"))
    return Content("\n").join(lines)
