"""Input fields: calm ones for text, and one for passwords that never gives away what it holds."""

from typing import Any

from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Label


class TextField(Input):
    """A line of text; no blinking cursor (each blink is bytes on the line), at most `max_length` characters."""

    def __init__(self, value: str = "", *, id: str, max_length: int = 200, **options: Any) -> None:
        super().__init__(value, id=id, max_length=max_length, compact=True, **options)
        self.cursor_blink = False


class PasswordField(TextField):
    """A password: shown as dots, neither copied nor cut, and emptied by `take`."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, max_length=1024, password=True)

    def action_copy(self) -> None:
        """A password is not copied."""

    def action_cut(self) -> None:
        """A password is not cut."""

    def take(self) -> str:
        """What was typed; the field is empty afterwards."""
        typed = self.value
        self.value = ""
        return typed


class Labelled(Horizontal):
    """A field with its label in front."""

    DEFAULT_CLASSES = "labelled"

    def __init__(self, label: str, field: Input) -> None:
        super().__init__(Label(Content(label)), field)
