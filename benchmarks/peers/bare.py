"""The floor: the least that a Textual application can draw."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static("Textual")


if __name__ == "__main__":
    Bare().run()
