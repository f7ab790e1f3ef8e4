"""The base of all screens: the frame, help, and one way to ask a service and to say what went wrong."""

import asyncio
from collections.abc import Callable, Iterator
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.containers import Vertical
from textual.css.query import NoMatches
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Select, Static

from screens.keys import bind, key_in_words, key_name
from screens.widgets.frame import KeyLine, MessageLine, TitleLine
from services.errors import ServiceError, SessionExpired
from services.language import _

if TYPE_CHECKING:
    from screens.desk import Desk

SMALLEST = (60, 15)
# The actions that nobody has to see the screen for.
UNSEEN = ("quit", "app.explain", "help_quit")
SOON = 1.0  # seconds that keys wait for what is on its way
Answer = TypeVar("Answer")


class DeskScreen(Screen[None]):
    """A screen of the desk. Subclasses give `heading()`, `body()` and the text of their help."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "back", "Back", "screen.back"),
        bind("ctrl+o", "app.go_home", "Home", "app.home", show=False),
        bind("ctrl+l", "app.log_out", "Log out", "app.log_out", show=False),
        bind("question_mark,f1", "app.explain", "Help", "app.help"),
    ]
    AUTO_FOCUS = "*"
    _focused_before: Widget | None = None  # what has the focus again once the window is large enough

    if TYPE_CHECKING:

        @property
        def app(self) -> Desk: ...  # type: ignore[override]  # no other App ever shows these screens

    def __init__(self) -> None:
        super().__init__()
        # when each service was asked that has not answered yet, in monotonic seconds
        self._unanswered: list[float] = []

    def heading(self) -> str:
        """The title of the screen, in the user's language."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        """What stands between the title line and the message line."""
        raise NotImplementedError

    def explanation(self) -> str:
        """What the screen is for and how it is used, in the user's words, for the help."""
        raise NotImplementedError

    def why_not(self, action: str) -> str:
        """Why a binding's action is not possible now, '' when it is: its key is dimmed then, and says this."""
        return ""

    def key_of(self, identity: str) -> str:
        """The key of the binding with that id, wherever the user has moved it."""
        return next(map(key_name, self._keys_of(identity)), "")

    def key_in_words(self, identity: str) -> str:
        """The same key as a sentence calls it."""
        return next(map(key_in_words, self._keys_of(identity)), "")

    def _keys_of(self, identity: str) -> Iterator[str]:
        return (active.binding.key for active in self.active_bindings.values() if active.binding.id == identity)

    def unsaved(self) -> bool:
        """Whether something typed here would be lost."""
        return False

    def why_stay(self) -> str:
        """Why nobody may leave this screen yet, but by logging out; '' when one may."""
        return ""

    @property
    def at_work(self) -> bool:
        """Whether something runs here that has to be stopped before anybody leaves, also the program."""
        return False

    async def keep_typed(self) -> bool:
        """Keep what was typed until one comes back; whether that was possible."""
        return False

    def compose(self) -> ComposeResult:
        yield TitleLine(who=self.app.who(), demo=self.app.demo is not None)
        with Vertical(id="body"):
            yield from self.body()
        yield Static(id="too-small", markup=False)
        yield MessageLine()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(TitleLine).title = self.heading()

    def on_resize(self, event: Resize) -> None:
        self._fit(event.size)

    def on_screen_resume(self) -> None:
        """Meanwhile the window may have another size, and the user another login."""
        self._fit(self.app.size)
        self.show_who()

    def show_who(self) -> None:
        """Whoever is logged in by now."""
        for line in self.query(TitleLine):
            line.who = self.app.who()

    @property
    def too_small(self) -> bool:
        """Whether the window is too small to show this screen: nothing on it acts then."""
        return self.has_class("-too-small")

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that do something now."""
        active = super().active_bindings
        return {key: each for key, each in active.items() if not self.too_small or each.binding.action in UNSEEN}

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:
        """What cannot be seen gets no keys; once the window is large enough, what had the focus has it again."""
        if self.too_small and widget is not None:
            self._focused_before = self._focused_before or widget
        else:
            super().set_focus(widget, scroll_visible, from_app_focus)

    def _fit(self, size: Size) -> None:
        small = size.width < SMALLEST[0] or size.height < SMALLEST[1]
        if small:
            self.query_one("#too-small", Static).update(
                _("This window is %(width)sx%(height)s. Make it at least 60x15, please; nothing is lost.")
                % {"width": size.width, "height": size.height}
            )
        if small == self.too_small:
            return
        self.set_class(small, "-too-small")
        if small:
            # an open list closes when it loses the focus: then its field has it again
            around = [] if self.focused is None else self.focused.ancestors_with_self
            self._focused_before = next((each for each in around if isinstance(each, Select)), self.focused)
            self.set_focus(None)
        elif self._focused_before is not None:
            self.set_focus(self._focused_before)
        self.refresh_bindings()

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Show a sentence on the message line."""
        self.query_one(MessageLine).say(text, wrong=wrong)

    async def ask(self, service: Callable[[], Answer]) -> Answer | None:
        """The service's answer, worked out in a thread; None when it said no, which is shown.

        Called from a worker: when that is cancelled by a newer one, the stale answer is dropped with it. An answer
        that comes when this screen has been left is dropped too: its widgets are going.
        """
        began = monotonic()
        self._unanswered.append(began)
        try:
            answer = await asyncio.to_thread(service)
        except ServiceError as error:
            if self in self.app.screen_stack:
                self.refused(error)
            return None
        finally:
            self._unanswered.remove(began)
        return answer if self in self.app.screen_stack else None

    def expects_soon(self) -> bool:
        """Whether what the next key is meant for may be on its way: an answer, or the first rows of a list."""
        from screens.widgets.record_table import RecordTable

        table = self.focused
        if isinstance(table, RecordTable) and table.bare:
            return True
        return any(monotonic() - began < SOON for began in self._unanswered)

    async def _dispatch_message(self, message: Message) -> None:
        """Whatever still comes for this screen once it has been left may find its widgets gone."""
        try:
            await super()._dispatch_message(message)
        except NoMatches:
            if self in self.app.screen_stack:
                raise

    def refused(self, error: ServiceError) -> None:
        """Show why a service said no; a session that has ended asks for the password over what is on the screen."""
        if isinstance(error, SessionExpired):
            self.app.log_in_again(str(error))
        else:
            self.say(str(error), wrong=True)

    def action_back(self) -> None:
        """One step back; what was typed is not dropped unasked."""
        self.app.leave(self)
