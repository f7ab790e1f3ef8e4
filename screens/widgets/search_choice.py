"""Choosing from a long list by typing a few letters: one name, or several."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from screens.keys import bind
from screens.widgets.inputs import TextField
from services.reference_tables import matching


class SearchChoice(Vertical):
    """A field and, beneath, the names that hold what is typed in it; arrows and Enter choose.

    With `several`, Enter adds a name or takes it away again, and with nothing typed or highlighted it goes on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("down", "move(1)", "Down", "search.down", show=False),
        bind("up", "move(-1)", "Up", "search.up", show=False),
    ]

    class Changed(Message):
        """Something was chosen, taken away or typed."""

        def __init__(self, choice: "SearchChoice") -> None:
            super().__init__()
            self.choice = choice

    class Finished(Changed):
        """The choice is made: go on."""

    def __init__(self, *, id: str, several: bool = False) -> None:
        super().__init__(id=id)
        self._several = several
        self._names: Sequence[str] = ()
        self._chosen: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        yield TextField(id=f"{self.id}-search", max_length=100)
        listing = OptionList()
        listing.can_focus = False
        listing.display = self._several
        yield listing

    @property
    def field(self) -> Input:
        """Where one types."""
        return self.query_one(Input)

    @property
    def chosen(self) -> tuple[str, ...]:
        """What was chosen, in the order of the list."""
        return self._chosen

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self.field.value

    def offer(self, names: Sequence[str], chosen: Sequence[str] = (), typed: str = "") -> None:
        """Let people choose from `names`; those `chosen` are so already, and `typed` stands in the field."""
        self._names = names
        self._chosen = tuple(name for name in names if name in chosen)
        with self.prevent(Input.Changed):
            self.field.value = typed
        self._list()

    def settle(self) -> None:
        """On leaving: the only name that what was typed can mean is the one that was meant."""
        typed = self.typed.strip()
        if typed and typed not in self._chosen and len(found := self._meant(typed)) == 1:
            self._choose(found[0])

    def _meant(self, typed: str) -> Sequence[str]:
        found = matching(self._names, typed)
        return [name for name in found if name.casefold() == typed.casefold()] or found

    def _list(self, highlighted: int | None = None) -> None:
        sought = self.typed if self._several or self.typed not in self._chosen else ""
        # what was chosen comes first, so that it can be taken away again
        found = sorted(matching(self._names, sought), key=lambda name: not sought.strip() and name not in self._chosen)
        listing = self.query_one(OptionList)
        listing.clear_options()
        marks = {True: "✓ ", False: "  "}
        listing.add_options(Option(Content(marks[name in self._chosen] + name), id=name) for name in found)
        listing.highlighted = highlighted if found else None

    def on_descendant_focus(self) -> None:
        """The names are there while one chooses; several stay in sight."""
        self.query_one(OptionList).display = True

    def on_descendant_blur(self) -> None:
        """Leaving."""
        self.query_one(OptionList).display = self._several

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what holds the letters; the first of it is what Enter takes."""
        event.stop()
        if not self._several:
            self._chosen = tuple(name for name in self._names if name == self.typed)
        self._list(0 if self.typed.strip() and self.typed not in self._chosen else None)
        self.post_message(self.Changed(self))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is highlighted; with nothing highlighted, go on."""
        event.stop()
        option = self.query_one(OptionList).highlighted_option
        if option is not None and option.id is not None:
            self._choose(option.id)
        if option is None or not self._several:
            self.post_message(self.Finished(self))

    def _choose(self, name: str) -> None:
        if self._several:
            self._chosen = tuple(known for known in self._names if (known in self._chosen) != (known == name))
        else:
            self._chosen = (name,)
        with self.prevent(Input.Changed):
            self.field.value = "" if self._several else name
        self.field.cursor_position = len(self.typed)
        self._list()
        self.post_message(self.Changed(self))

    def action_move(self, step: int) -> None:
        """Highlight the next name, or the one before."""
        listing = self.query_one(OptionList)
        if listing.option_count:
            at = listing.highlighted
            listing.highlighted = (
                (0 if step > 0 else -1) % listing.option_count if at is None else ((at + step) % listing.option_count)
            )
