"""The desk: the Textual App that holds who is logged in and how one gets from screen to screen."""

import asyncio
import os
import secrets
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ScreenStackError, SystemCommand
from textual.binding import BindingType
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Event, Key
from textual.filter import LineFilter
from textual.reactive import var
from textual.screen import Screen

from screens.desk_screen import SOON, UNSEEN, DeskScreen
from screens.entry import EntryScreen
from screens.keys import bind
from screens.painting import Painter
from screens.themes import THEMES
from screens.widgets.safe_lines import SafeLines
from services import clock
from services.errors import ServiceError
from services.language import _

if TYPE_CHECKING:
    from textual.actions import ActionParseResult

    from services.work import Actor


@dataclass(frozen=True)
class Demo:
    """What the screens tell about the demo: its logins, their password, and whom to log in at once."""

    logins: Sequence[tuple[str, str]]
    password: str
    login: str | None = None


class Desk(App[int]):
    """Screens over the services. `prepare` opens the database, after the first frame has been painted."""

    CSS_PATH = "desk.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+q", "quit", "Quit", "app.quit", show=False, priority=True),
    ]
    actor: "var[Actor | None]" = var(None, init=False)

    def __init__(
        self,
        prepare: Callable[[], None],
        *,
        source: str,
        log_folder: Path,
        theme: str = "kmop-dark",
        keys: dict[str, str] | None = None,
        demo: Demo | None = None,
    ) -> None:
        super().__init__()
        self.demo = demo
        self.source = source
        # what was typed in forms that need no login, by the form's name; whoever is logged in has drafts instead
        self.kept: dict[str, dict[str, Any]] = {}
        self.ready = asyncio.Event()
        self._opening = False
        self._painter = Painter()
        self._safe_lines = SafeLines()  # one: lines keep what it made of them
        self._typed_ahead: deque[Key] = deque()
        self._key_task: asyncio.Task[None] | None = None
        self._prepare = prepare
        self._log_folder = log_folder
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme
        self.title = "kmop-tui"
        if keys:
            self.set_keymap(keys)

    def get_default_screen(self) -> Screen[None]:
        """The entry screen is always at the bottom."""
        return EntryScreen()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, and the guard against control characters in people's data."""
        return [*super().get_line_filters(), self._safe_lines]

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Send the terminal what has changed, and nothing else."""
        if isinstance(renderable, ChopsUpdate | LayoutUpdate):
            renderable = self._painter.changes(renderable, framed=self._sync_available)
        elif renderable is not None:
            self._painter.forget()
        super()._display(screen, renderable)

    def _begin_update(self) -> None:
        """The painter marks where a frame begins and ends."""

    _end_update = _begin_update

    def on_resize(self) -> None:
        """Nobody knows what a terminal makes of its lines then."""
        self._painter.forget()

    def on_mount(self) -> None:
        """Open the database once the first frame is on the screen."""
        self.call_after_refresh(self._open)
        # a key that comes before that frame puts another screen on top, and then the first one is never refreshed
        self.set_timer(0.2, self._open)

    def _open(self) -> None:
        if not self._opening:
            self._opening = True
            self.run_worker(self._get_ready(), description="open the database")

    async def _get_ready(self) -> None:
        try:
            await asyncio.to_thread(self._prepare)
        except ServiceError as error:
            from screens.trouble import TroubleScreen

            await self.push_screen(TroubleScreen(str(error)))
            return
        self.ready.set()
        if self.demo is not None and self.demo.login is not None:
            from screens.login import LoginScreen

            await self.push_screen(LoginScreen(login=self.demo.login, password=self.demo.password))

    @property
    def acting(self) -> "Actor":
        """Who is logged in; screens that need somebody are only reached once there is one."""
        if self.actor is None:
            raise RuntimeError("nobody is logged in")
        return self.actor

    def watch_actor(self) -> None:
        """Say at once who one is."""
        # before the first screen there is nothing to say it on
        with suppress(ScreenStackError):
            if isinstance(self.screen, DeskScreen):
                self.screen.show_who()

    def who(self) -> tuple[str, str]:
        """The organisation and login at the right of the title line."""
        return ("", "") if self.actor is None else (self.actor.provider_name, self.actor.login)

    def logged_in(self, actor: "Actor") -> None:
        """Go on to the menu (or back to what an expired session interrupted) as `actor`."""
        from screens.accounts import ChangeLoginScreen
        from screens.menu import MenuScreen

        interrupted = self.actor is not None
        self.actor = actor
        self.pop_screen()
        if interrupted:
            if isinstance(self.screen, DeskScreen):
                self.screen.say(_("You are logged in again: go on where you were."))
        else:
            self.push_screen(MenuScreen())
        if actor.must_change_password and not isinstance(self.screen, ChangeLoginScreen):
            self.push_screen(ChangeLoginScreen())

    def log_in_again(self, why: str) -> None:
        """Ask for the password over what is on the screen; nothing there is lost."""
        from screens.login import LoginScreen

        if self.actor is not None and not isinstance(self.screen, LoginScreen):
            self.push_screen(LoginScreen(login=self.actor.login, why=why, again=True))

    def leave(self, screen: DeskScreen) -> None:
        """Close `screen`, after asking if something typed there would be lost."""
        if screen.is_current:
            self._leave_to(len(self.screen_stack) - 1)

    def _leave_to(self, depth: int) -> None:
        """Close the screens from `depth` up, but for one that nobody may leave yet, which says why."""
        why = ""
        for number, screen in enumerate(self.screen_stack[depth:], depth + 1):
            if isinstance(screen, DeskScreen) and (why_here := screen.why_stay()):
                depth, why = number, why_here

        def go() -> None:
            self._return_to(depth)
            if why and isinstance(self.screen, DeskScreen):
                self.screen.say(why, wrong=True)

        self._unless_unsaved(depth, go)

    def _unless_unsaved(self, depth: int, go: Callable[[], object], top: Screen[Any] | None = None) -> None:
        """Do `go`, after asking if something typed on the screens from `depth` up would be lost.

        Not before the screen on `top` is ready: keys typed ahead come while it is still being made.
        """
        if self.screen is not top:
            self.screen.call_later(self._unless_unsaved, depth, go, self.screen)
            return
        if self._unsaved(depth):
            self.run_worker(self._keep_or_ask(depth, go), description="keep what was typed")
        else:
            go()

    def _unsaved(self, depth: int) -> list[DeskScreen]:
        return [screen for screen in self.screen_stack[depth:] if isinstance(screen, DeskScreen) and screen.unsaved()]

    async def _keep_or_ask(self, depth: int, go: Callable[[], object]) -> None:
        """Do `go`, once what was typed is kept; what cannot be kept is dropped on demand only."""
        from screens.confirm import ConfirmScreen

        if all([await screen.keep_typed() for screen in self._unsaved(depth)]):
            go()
            if isinstance(self.screen, DeskScreen):
                self.screen.say(_("What you typed is kept: it is there again when you come back to that form."))
            return

        def answered(drop: bool | None) -> None:
            if drop:
                go()

        self.push_screen(
            ConfirmScreen(_("What you typed here has not been sent. Drop it?"), yes=_("Drop it"), no=_("Go on typing")),
            answered,
        )

    def _return_to(self, depth: int) -> None:
        while len(self.screen_stack) > depth:
            self.pop_screen()

    def action_go_home(self) -> None:
        """Home: the menu, or the entry screen when nobody is logged in."""
        self._leave_to(1 if self.actor is None else 2)

    def action_log_out(self) -> None:
        """Uitloggen: end the session and return to the entry screen."""
        if self.actor is not None and not self._at_work():
            self._unless_unsaved(1, self._log_out)  # the entry screen stays, with what it keeps

    def _log_out(self) -> None:
        self.run_worker(self._end_session(), description="log out")

    async def _end_session(self) -> None:
        from services.accounts import log_out

        while len(self.screen_stack) > 1:
            await self.pop_screen()
        # not before the screens are gone: what they still had under way asks who is acting
        actor, self.actor = self.actor, None
        try:
            if actor is not None:
                await asyncio.to_thread(log_out, actor=actor)
        except ServiceError as error:
            self.notify(Content(str(error)).plain, severity="warning", markup=False)

    async def on_event(self, event: Event) -> None:
        """Keys are handled one after the other: each waits for all that is in motion, such as by the one before it.

        Textual hands a key to the focused widget and takes the next; the key's binding runs once it has come back up
        from there. Of a Tab and a letter that arrive together, the letter would end in the field that Tab leaves.
        """
        if isinstance(event, Key) and not event.is_forwarded:
            self._typed_ahead.append(event)
            if self._key_task is None:
                self._key_task = asyncio.create_task(self._handle_keys())
        else:
            await super().on_event(event)

    async def _handle_keys(self) -> None:
        try:
            while self._typed_ahead:
                with suppress(TimeoutError):
                    async with asyncio.timeout(SOON):
                        await self._at_rest()
                await super().on_event(self._typed_ahead.popleft())
        except ScreenStackError:
            self._typed_ahead.clear()  # the program is ending
        except Exception as error:  # noqa: BLE001 (what a handler raises is shown as a fault; what a task raises, nowhere)
            self._handle_exception(error)
        finally:
            self._key_task = None

    async def _at_rest(self) -> None:
        """Return once the focused widget and all that it stands in have nothing left to do, and the focus stays."""
        while True:
            while self._something_is_coming():  # noqa: ASYNC110 (mounting, answers and rows have no event in common)
                await asyncio.sleep(0.005)
            focused = self.focused or self.screen
            for node in focused.ancestors_with_self:
                handled = asyncio.Event()
                if node.call_later(handled.set):
                    await handled.wait()
            if focused is (self.focused or self.screen) and not any(
                node.message_queue_size for node in focused.ancestors_with_self
            ):
                return

    def _something_is_coming(self) -> bool:
        screen = self.screen
        return not screen.is_mounted or (isinstance(screen, DeskScreen) and screen.expects_soon())

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """While the window is too small to show the screen, nothing is done that one would have to see."""
        if isinstance(self.screen, DeskScreen) and self.screen.too_small and action not in UNSEEN:
            return False
        return await super().run_action(action, default_namespace, namespaces)

    async def action_quit(self) -> None:
        """Leave the program, after asking if something typed would be lost."""
        if not self._at_work():
            self._unless_unsaved(0, lambda: self.exit(0))

    def _at_work(self) -> bool:
        """Whether something runs that has to be stopped first, which is said then."""
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen) and screen.at_work:
                screen.say(screen.why_stay(), wrong=True)
                return True
        return False

    def action_help_quit(self) -> None:
        """Ctrl+C quits other programs; here it says how."""
        if isinstance(self.screen, DeskScreen):
            self.screen.say(_("Press Ctrl+Q to leave kmop-tui."))

    def action_explain(self) -> None:
        """The help of the screen one is on."""
        from screens.help import HelpScreen

        if isinstance(self.screen, DeskScreen):
            self.push_screen(HelpScreen(self.screen))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers; nothing in it reaches outside this program."""
        yield SystemCommand(_("Light or dark"), _("Change the colours"), self._other_theme)
        yield SystemCommand(_("Redraw"), _("When something has disturbed the screen"), self._redraw)
        if isinstance(screen, DeskScreen):
            yield SystemCommand(_("Help"), _("What this screen is for, and its keys"), self.action_explain)
        if self.demo is not None:
            yield SystemCommand(_("Mails of the demo"), _("What was mailed, passwords too"), self.action_outbox)
        if self.actor is not None:
            yield SystemCommand(_("Home"), _("Back to the menu"), self.action_go_home)
            yield SystemCommand(_("Log out"), _("End the session"), self.action_log_out)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the demo shows what it mails."""
        return action != "outbox" or self.demo is not None

    def action_outbox(self) -> None:
        """The mails of the demo, over whatever one is doing."""
        from screens.mail import OutboxScreen

        if not any(isinstance(screen, OutboxScreen) for screen in self.screen_stack):
            self.push_screen(OutboxScreen())

    def action_command_palette(self) -> None:
        """The palette, in the user's language."""
        from screens.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette())

    def _redraw(self) -> None:
        self._painter.forget()
        self.screen.refresh()

    def _other_theme(self) -> None:
        self.theme = "kmop-light" if self.current_theme.dark else "kmop-dark"

    def _fatal_error(self) -> None:
        """Instead of a traceback with locals (passwords!): a reference number, and frames in a private log."""
        reference = secrets.token_hex(4)
        try:
            self._log_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            path = self._log_folder / f"crash-{reference}.log"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as log:
                log.write(f"{clock.now().isoformat()} {reference}\n{traceback.format_exc()}")
        except OSError:
            path = None
        self._exit_renderables.append(
            Content(
                _("kmop-tui had to stop. What you had confirmed is kept. Reference for the helpdesk: %(reference)s.")
                % {"reference": reference}
                + (f" {path}" if path else "")
            ).plain
        )
        self._return_code = 1
        self._close_messages_no_wait()
