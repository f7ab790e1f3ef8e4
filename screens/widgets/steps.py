"""The step bar of the manual's forms: `| 1. Dienstverlener | 2. Dienst | ...`, the step one is at in bold."""

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static


class StepBar(Static):
    """Steps numbered from 1; those that do not fit in a line go on in the next one, and none is broken."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names, self._current = names, 1

    def go_to(self, current: int) -> None:
        """Show that one is at this step now."""
        self._current = current
        self.on_resize()

    def on_resize(self) -> None:
        """Break the lines anew."""
        bar, at = Content("|"), 1
        for number, name in enumerate(self._names, 1):
            step = f" {number}. {name} "
            if at > 1 and at + cell_len(step) + 1 > self.content_size.width:
                bar, at = bar + Content("\n|"), 1
            bar = Content.assemble(bar, (step, "bold reverse" if number == self._current else ""), "|")
            at += cell_len(step) + 1
        self.update(bar)
