"""A question that must be answered before something is lost."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from screens.keys import bind


class ConfirmScreen(ModalScreen[bool]):
    """Asks `question`; True for `yes`. The harmless answer has the focus, and Esc gives it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "answer(False)", "Back", "confirm.no"),
        bind("left,right", "app.focus_next", "Other answer", "confirm.other", show=False),
    ]

    def __init__(self, question: str, *, yes: str, no: str) -> None:
        super().__init__()
        self._question, self._yes, self._no = question, yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question))
            with Horizontal(classes="buttons"):
                yield Button(Content(self._no), id="no")
                yield Button(Content(self._yes), id="yes")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer by the button."""
        self.action_answer(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Give the answer, unless another screen has come over this one."""
        if self.is_current:
            self.dismiss(answer)
