"""The database cannot be used: why, and what helps."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from screens.keys import bind
from services.language import _


class TroubleScreen(ModalScreen[None]):
    """One sentence and the way out of the program."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("escape,enter", "leave", "Quit", "trouble.quit")]

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self._sentence = sentence

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(_("kmop-tui cannot work now")), classes="lead")
            yield Static(Content(self._sentence))
            yield Button(Content(_("Quit")))

    def on_button_pressed(self) -> None:
        """Leave."""
        self.action_leave()

    def action_leave(self) -> None:
        """Leave with exit status 1."""
        self.app.exit(1)
