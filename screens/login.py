"""Login: with login and password, and again when a session has expired."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.desk_screen import DeskScreen
from screens.widgets.inputs import Labelled, PasswordField, TextField
from services.language import _

if TYPE_CHECKING:
    from screens.desk import Demo


class LowScroll(VerticalScroll):
    """Takes part in Tab only where there is something to scroll: in a window that is low."""

    def allow_focus(self) -> bool:
        return self.max_scroll_y > 0


class LoginScreen(DeskScreen):
    """Asks login and password. With `again` it lies over an interrupted screen, to which it returns.

    `department` is the link of individual providers and departments: the same form, in their words.
    """

    def __init__(
        self, *, login: str = "", password: str = "", why: str = "", again: bool = False, department: bool = False
    ) -> None:
        super().__init__()
        self._login, self._password, self._why, self._again = login, password, why, again
        self._department = department

    def heading(self) -> str:
        return _("Login of individual providers and departments") if self._department else _("Login")

    def explanation(self) -> str:
        how = _(
            "Type your login, Enter, your password, Enter. After five wrong attempts you wait a little longer each "
            "time. No login yet, or lost your password? Tab reaches the buttons for that; or call 1700."
        )
        if not self._department:
            return how
        return (
            how
            + " "
            + _(
                "Your headquarters signs you up and gives you a login of your own. With it you see and handle your own "
                "registrations and projects, and nobody else's."
            )
        )

    def body(self) -> ComposeResult:
        if not self._again:
            lead = (
                _("To reach the protected pages as an individual provider or department, log in with your own login.")
                if self._department
                else _("To reach the protected pages as a service provider, log in with your login and password.")
            )
            yield Static(Content(lead), classes="lead")
        yield Labelled(_("Login"), TextField(self._login, id="login", max_length=64, disabled=self._again))
        yield Labelled(_("Password"), PasswordField(id="password"))
        if not self._again:
            with Horizontal(classes="buttons"):
                if not self._department:
                    yield Button(Content(_("Sign up as service provider")), id="sign_up")
                yield Button(Content(_("Ask for a new password")), id="new_password")
        if self.app.demo is not None:
            with LowScroll(classes="note"):
                yield Static(self._demo_logins(self.app.demo), id="demo-logins")

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

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """No login yet, or lost it: the form for that takes the place of this one."""
        if event.button.id == "sign_up":
            from screens.sign_up.form import SignUpScreen

            self.app.switch_screen(SignUpScreen())
        else:
            from screens.password_reset import PasswordResetScreen

            self.app.switch_screen(PasswordResetScreen())

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
