"""A numbered list of things to do: digits or arrows choose, and what cannot be done says why."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.keys import bind


@dataclass(frozen=True)
class Choice:
    """One line: what `Chosen` names it, its text, and why it cannot be chosen now ('' when it can)."""

    name: str
    text: str
    why_not: str = ""


class Choices(OptionList):
    """At most nine choices, numbered from 1."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("j", "cursor_down", "Down", "choices.down", show=False),
        bind("k", "cursor_up", "Up", "choices.up", show=False),
        bind("g", "first", "First", "choices.first", show=False),
        bind("G", "last", "Last", "choices.last", show=False),
        bind("enter", "select", "Next", "choices.open"),
    ]

    class Chosen(Message):
        """A choice that can be made was made."""

        def __init__(self, choices: "Choices", choice: Choice) -> None:
            super().__init__()
            self.choices, self.choice = choices, choice

        @property
        def control(self) -> "Choices":
            """The list that it was made in."""
            return self.choices

    class Refused(Chosen):
        """A choice that cannot be made now was tried; its `why_not` is for the message line."""

    def __init__(self, *choices: Choice, id: str | None = None) -> None:
        super().__init__(id=id)
        self.show(choices)

    def show(self, choices: tuple[Choice, ...]) -> None:
        """Put these choices in place of those before, with the first that can be made under the cursor."""
        self.choices = choices
        self.clear_options()
        for number, choice in enumerate(choices, 1):
            style = "dim" if choice.why_not else ""
            self.add_option(Option(Content.assemble((f" {number}  ", "bold"), (choice.text, style))))
        self.highlighted = next((place for place, choice in enumerate(choices) if not choice.why_not), None)

    def on_key(self, event: Key) -> None:
        """A digit chooses at once."""
        if event.character and event.character in "123456789" and int(event.character) <= len(self.choices):
            event.stop()
            self.highlighted = int(event.character) - 1
            self._choose(self.highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter chooses what is highlighted."""
        event.stop()
        self._choose(event.option_index)

    def _choose(self, index: int) -> None:
        choice = self.choices[index]
        self.post_message((self.Refused if choice.why_not else self.Chosen)(self, choice))
