"""The query line: all filters of the project list in one line of text, completed as in a shell."""

from typing import ClassVar, Self

from rich.highlighter import Highlighter
from rich.text import Text
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestionReady
from textual.widgets import Input, Label

from screens.keys import bind
from screens.widgets.inputs import TextField
from services.language import _
from services.project_terms import Completion, TermsUnreadable, complete_terms, read_terms, show_terms, word_at
from services.projects import ProjectQuery


class WrongPart(Highlighter):
    """Underlines what cannot be read: that is seen without colour too."""

    span = (0, 0)

    def highlight(self, text: Text) -> None:
        """Mark it in the text of the field."""
        text.stylize("underline", *self.span)


class QueryLine(Horizontal):
    """A line that says what the filters say. `show` puts a list in it; what is typed comes as messages.

    A term that is being typed and cannot be read yet does not count: it is said to be wrong once a blank follows it or
    Enter is pressed.
    """

    DEFAULT_CSS = """
    QueryLine { height: 1; width: 100%; }
    QueryLine Label { width: 2; padding: 0 0 0 1; }
    QueryLine Input { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("tab", "complete", "Complete what is typed", "projects.complete", show=False),
        bind("down", "choose(1)", "Next completion", "projects.next_completion", show=False),
        bind("up", "choose(-1)", "Former completion", "projects.former_completion", show=False),
    ]

    class Changed(Message):
        """The line asks for another list than before, or can be read again."""

        def __init__(self, query: ProjectQuery) -> None:
            super().__init__()
            self.query = query

    class Submitted(Changed):
        """Enter was pressed in a line that can be read."""

    class Unreadable(Message):
        """What stands from `start` to `end` cannot be read; the sentence says why."""

        def __init__(self, sentence: str, start: int, end: int) -> None:
            super().__init__()
            self.sentence, self.start, self.end = sentence, start, end

    class Offered(Message):
        """What can come at the cursor, on one line, what Tab takes first; '' for nothing, and when the line is left.

        It takes the place of what was said to be wrong.
        """

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._query = ProjectQuery()  # whose order counts
        self._told: ProjectQuery | None = self._query  # None once it was told that the line cannot be read
        self._offers: tuple[Completion, ...] = ()
        self._choice = 0
        self._wrong = WrongPart()
        self.field = TextField(
            id=f"{id}-terms",
            max_length=1000,
            placeholder=_("for example status:running amount>1000 baker"),
            highlighter=self._wrong,
        )

    def compose(self) -> ComposeResult:
        yield Label(Content(":"))
        yield self.field

    def on_mount(self) -> None:
        self.watch(self.field, "selection", self._offer, init=False)

    def focus(self, scroll_visible: bool = True) -> Self:
        """To where one types."""
        self.field.focus(scroll_visible)
        return self

    @property
    def unreadable(self) -> bool:
        """Whether something in it is marked as wrong."""
        return self.field.has_class("-unreadable")

    def show(self, query: ProjectQuery) -> None:
        """Say this list, unless what stands there says so already or somebody is typing; nothing is posted."""
        self._query = query
        if self.field.has_focus:
            return  # what was told may be on its way back while more is typed
        self._told = query
        line, said = show_terms(query), self._read(self.field.value)
        if isinstance(said, TermsUnreadable) or show_terms(said) != line:
            with self.prevent(Input.Changed, self.Offered):
                self.field.value = line
                self.field.cursor_position = len(line)
            said = self._read(line)
        self._mark(said)

    # -- what is typed -------------------------------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """With every letter."""
        event.stop()
        self._judge(finished=False)
        self._offer()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: whatever is there is meant."""
        event.stop()
        self._judge(finished=True)
        if self._told is not None:
            self.post_message(self.Submitted(self._told))

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Nothing can come any more."""
        event.stop()
        self._offer()

    def on_descendant_focus(self) -> None:
        """Say what can be typed."""
        self._offer()

    def _read(self, line: str) -> ProjectQuery | TermsUnreadable:
        try:
            return read_terms(line, self._query)
        except TermsUnreadable as error:
            return error

    def _judge(self, *, finished: bool) -> None:
        """Tell what the line asks for now, or what of it cannot be read."""
        line = self.field.value
        said = self._read(line)
        if isinstance(said, TermsUnreadable) and not finished:
            start, end = word_at(line, self.field.cursor_position)
            if start <= said.start and said.end <= end:
                said = self._read(line[:start] + " " * (end - start) + line[end:])
        self._mark(said)
        if isinstance(said, TermsUnreadable):
            self._told = None
            self.post_message(self.Unreadable(str(said), said.start, said.end))
        elif said != self._told:
            self._query = self._told = said
            self.post_message(self.Changed(said))

    def _mark(self, said: ProjectQuery | TermsUnreadable) -> None:
        self._wrong.span = (said.start, said.end) if isinstance(said, TermsUnreadable) else (0, 0)
        self.field.set_class(isinstance(said, TermsUnreadable), "-unreadable")
        self.field.refresh()

    # -- completion ----------------------------------------------------------------------------------------------------

    def _offer(self) -> None:
        """See what can come at the cursor, and show it."""
        field = self.field
        typing = field.has_focus and field.selection.is_empty
        offers = complete_terms(field.value, field.cursor_position) if typing else ()
        if offers != self._offers:
            self._offers, self._choice = offers, 0
        self._show_offers()

    def _show_offers(self) -> None:
        """In grey behind the cursor what Tab takes; the message line has all of them."""
        field, grey = self.field, ""
        if self._completes() and field.cursor_at_end:
            offer = self._offers[self._choice]
            grey = field.value + offer.text[offer.end - offer.start :]
        field.post_message(SuggestionReady(field.value, grey))
        if not (field.has_focus and field.has_class("-unreadable")):
            ordered = self._offers[self._choice :] + self._offers[: self._choice]
            self.post_message(self.Offered(" ".join(offer.text for offer in ordered)))

    def _completes(self) -> bool:
        """Whether something was begun that can be completed; where nothing is typed yet, Tab goes on."""
        begun = self.field.value[: self.field.cursor_position]
        return bool(self._offers) and begun != "" and not begun[-1].isspace()

    def action_complete(self) -> None:
        """Take what is shown in grey; Tab goes to the next field where nothing is."""
        if not self._completes():
            raise SkipAction
        offer = self._offers[self._choice]
        self.field.replace(offer.text, offer.start, offer.end)

    def action_choose(self, step: int) -> None:
        """Show the next of several completions, or the one before."""
        if not self._completes() or len(self._offers) == 1:
            raise SkipAction
        self._choice = (self._choice + step) % len(self._offers)
        self._show_offers()
