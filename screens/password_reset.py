"""Login en paswoord vergeten: the enterprise number and the mail address; the answer never tells what is on record."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.answer import AnswerScreen
from screens.checked_form import CheckedForm
from screens.widgets.inputs import Labelled, TextField
from services.errors import Invalid, ServiceError
from services.language import _

if TYPE_CHECKING:
    from services.password_resets import AskNewPassword

FIELDS = ("provider_number", "email")


class PasswordResetScreen(CheckedForm):
    """Two fields, both required."""

    AUTO_FOCUS = "Input"

    def __init__(self) -> None:
        super().__init__()
        self._sending = False

    def heading(self) -> str:
        return _("Login and password forgotten")

    def explanation(self) -> str:
        return _(
            "Type the number of your enterprise (a department puts its own number behind it, as in 0862.010.195/2) and "
            "the mail address at which you receive the mails of the kmo-portefeuille. If they belong together, a mail "
            "brings your login and a password that is good for 10 minutes, once. Your old password stays good until "
            "then. The answer here is always the same, so that nobody learns from it who is known."
        )

    def body(self) -> ComposeResult:
        lead = _("Ask for a new password with your enterprise number and the mail address on record.")
        yield Static(Content(lead), classes="lead")
        yield Labelled(
            _("Enterprise number*"), TextField(id="provider_number", max_length=40, placeholder="0862.010.195")
        )
        yield Labelled(_("Mail address*"), TextField(id="email", max_length=254))
        note = _("* required. A department puts its number behind that of the enterprise: 0862.010.195/2.")
        yield Static(Content(note), classes="note")
        with Horizontal(classes="buttons"):
            yield Button(Content(_("Send")), id="send")

    def unsaved(self) -> bool:
        """Two fields are typed again in a moment."""
        return False

    def fields(self) -> Sequence[str]:
        """Both."""
        return FIELDS

    def problem(self, field: str) -> str:
        """What is wrong with it, once something was typed."""
        from services.password_resets import check_field

        typed = self.query_one(f"#{field}", Input).value
        try:
            if typed.strip():
                check_field(field, typed)
        except ValueError as error:
            return str(error)
        return ""

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field, and from the last one sends."""
        event.stop()
        if event.input.id == FIELDS[-1]:
            self._send()
        else:
            self.focus_next()

    def on_button_pressed(self) -> None:
        """Send."""
        self._send()

    def _send(self) -> None:
        from services.password_resets import AskNewPassword

        if not self._sending:
            self._sending = True
            values = {name: self.query_one(f"#{name}", Input).value for name in FIELDS}
            self.say(_("One moment …"))
            self.run_worker(self._answer(AskNewPassword(**values)), description="ask for a new password")

    async def _answer(self, command: "AskNewPassword") -> None:
        from services.password_resets import ask_new_password

        def asked() -> bool:
            ask_new_password(command)
            return True

        await self.app.ready.wait()
        try:
            done = await self.ask(asked)
        finally:
            self._sending = False
        if done and self.is_current:
            answer = _(
                "If this number and this mail address belong together, a mail is on its way with your login and a new "
                "password. It is good for 10 minutes, once; until you use it your old one stays good.\n\nNo mail after "
                "a few minutes? Look among the unwanted mails, check what you typed, or call 1700."
            )
            self.app.switch_screen(AnswerScreen(self.heading(), answer))

    def refused(self, error: ServiceError) -> None:
        """Show what is wrong, with the cursor in the first field that is."""
        super().refused(error)
        if isinstance(error, Invalid):
            self.point_at(error.fields)
