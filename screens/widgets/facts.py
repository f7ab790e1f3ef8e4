"""What a record's own screen shows: its facts in two columns, and what can be done about it or why not."""

import textwrap
from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from services.language import _

NARROWEST = 20  # cells for a text, however narrow the window


class _Lines(Static):
    """Lines that are broken anew whenever the width changes."""

    DEFAULT_CSS = "_Lines { height: auto; }"

    def __init__(self) -> None:
        super().__init__(markup=False)

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._draw()

    def _draw(self) -> None:
        raise NotImplementedError

    def _hanging(self, text: str, indent: int) -> str:
        """`text` in lines beneath each other, of which the first one begins at `indent`."""
        room = max(NARROWEST, self.size.width - indent)
        parts = [part for line in text.split("\n") for part in textwrap.wrap(line, room) or [""]]
        return f"\n{' ' * indent}".join(parts)


class Facts(_Lines):
    """Names and values, one pair a line; a value that takes more lines goes on beneath itself."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: Sequence[tuple[str, str]] = ()

    def show(self, facts: Sequence[tuple[str, str]]) -> None:
        """Put these pairs in the place of those before."""
        self._facts = facts
        self._draw()

    def _draw(self) -> None:
        column = max((len(name) for name, _value in self._facts), default=0) + 2
        lines = [
            Content.assemble((f"{name:<{column}}", "$text-muted"), self._hanging(value, column))
            for name, value in self._facts
        ]
        self.update(Content("\n").join(lines))


class Actions(_Lines):
    """Keys and what they do; beneath, why that is not possible now, said in words as well: colours may be off."""

    DEFAULT_CSS = "Actions { margin-top: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._actions: Sequence[tuple[str, str, str]] = ()

    def show(self, actions: Sequence[tuple[str, str, str]]) -> None:
        """Put these keys, texts and reasons ('' when it is possible) in the place of those before."""
        self._actions = actions
        self._draw()

    def _draw(self) -> None:
        indent = max((len(key) for key, _text, _reason in self._actions), default=0) + 3
        lines = []
        for key, text, reason in self._actions:
            shown = _("%(action)s: not now") % {"action": text} if reason else text
            lines.append(
                Content.assemble((f" {key:<{indent - 1}}", "bold $key-line-key"), (shown, "dim" if reason else "bold"))
            )
            if reason:
                lines.append(Content.styled(" " * indent + self._hanging(reason, indent), "$text-muted"))
        self.update(Content("\n").join(lines))
