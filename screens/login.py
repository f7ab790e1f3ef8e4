"""Login: with login and password, and again when a session has expired."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from screens.desk_screen import DeskScreen
from screens.widgets.inputs import Labelled, PasswordField, TextField
from services.language import _

if TYPE_CHECKING:
    from screens.desk import Demo


class LoginScreen(DeskScreen):
    """Asks login and password. With `again` it lies over an interrupted screen, to which it returns."""

    def __init__(self, *, login: str = "", password: str = "", why: str = "", again: bool = False) -> None:
        super().__init__()
        self._login, self._password, self._why, self._again = login, password, why, again

    def heading(self) -> str:
        return _("Login")

    def explanation(self) -> str:
        return _(
            "Type your login, Enter, your password, Enter. After five wrong attempts you wait a little longer each "
            "time. Lost your password? Ask for a new one on the first screen, or call 1700."
        )

    def body(self) -> ComposeResult:
        if not self._again:
            yield Static(
                Content(_("To reach the protected pages as a service provider, log in with your login and password.")),
                classes="lead",
            )
        yield Labelled(_("Login"), TextField(self._login, id="login", max_length=64, disabled=self._again))
        yield Labelled(_("Password"), PasswordField(id="password"))
        yield Static(
            Content(_("No login yet? Sign up on the first screen. Lost your codes? Ask for a new password there.")),
            classes="note",
        )
        if self.app.demo is not None:
            yield Static(self._demo_logins(self.app.demo), classes="note", id="demo-logins")

    def _demo_logins(self, demo: "Demo") -> Content:
        lines = "\n".join(f"  {login:<12} {what}" for login, what in demo.logins)
        return Content(f"{_('Demo logins')}  ({_('password')}: {demo.password})\n{lines}")

    def on_mount(self) -> None:
        super().on_mount()
        if self._why:
            self.say(self._why, wrong=True)
        self.query_one("#password" if self._login else "#login").focus()
        if self._password:
            self._log_in(self._login, self._password)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on: from login to password, from password to logging in."""
        event.stop()
        login, password = self.query_one("#login", TextField), self.query_one("#password", PasswordField)
        if not login.value.strip():
            login.focus()
            self.say(_("Fill in your login."), wrong=True)
        elif event.input is login:
            password.focus()
        elif not password.value:
            self.say(_("Fill in your password."), wrong=True)
        else:
            self._log_in(login.value, password.take())

    def _log_in(self, login: str, password: str) -> None:
        self.run_worker(self._answer(login, password), group="login", exclusive=True, description="log in")

    async def _answer(self, login: str, password: str) -> None:
        if not self.app.ready.is_set():
            self.say(_("One moment, the database is being opened …"))
            await self.app.ready.wait()
        self.say(_("Logging in …"))

        from services.accounts import LogIn, log_in

        actor = await self.ask(lambda: log_in(LogIn(login=login, password=password, source=self.app.source)))
        if actor is not None and self.is_current:
            self.app.logged_in(actor)

    def action_back(self) -> None:
        """Back to the first screen; from an expired session that means logging out."""
        if self._again:
            self.app.action_log_out()
        else:
            super().action_back()
