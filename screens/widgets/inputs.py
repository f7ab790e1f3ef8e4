"""Input fields: calm ones for text, and one for passwords that never gives away what it holds."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from rich.text import Text
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Focus
from textual.widgets import Input, Label, Select
from textual.widgets._select import NoSelection

from screens.keys import bind
from services.words import word


class TextField(Input):
    """A line of text; no blinking cursor (each blink is bytes on the line), at most `max_length` characters.

    Coming to it, one types on behind what stands there: nothing is selected, and so nothing lost with the next letter.
    """

    BINDINGS: ClassVar[list[BindingType]] = [bind("enter", "submit", "Next", "field.next")]

    def __init__(self, value: str = "", *, id: str, max_length: int = 200, **options: Any) -> None:
        super().__init__(value, id=id, max_length=max_length, compact=True, select_on_focus=False, **options)
        self.cursor_blink = False

    def on_focus(self, event: Focus) -> None:
        """Behind what stands there, unless the window itself only has the focus again."""
        if not event.from_app_focus:
            self.cursor_position = len(self.value)


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


Code = TypeVar("Code", bound=StrEnum)


class ChoiceField(Select[Code]):
    """One of an enumeration's codes, by its words: Enter opens the list, a few letters find one in it."""

    def __init__(self, codes: Iterable[Code], *, prompt: str, id: str) -> None:
        # Text and not Content: Select finds typed letters in str and Text only
        super().__init__([(Text(word(code)), code) for code in codes], prompt=prompt, id=id, compact=True)

    @property
    def code(self) -> Code | None:
        """The code chosen, None for none."""
        return None if isinstance(self.value, NoSelection) else self.value
