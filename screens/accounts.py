"""Login en paswoord wijzigen: the manual's form, also shown at the first login with a temporary password."""

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Button, Input, Static

from screens.desk_screen import DeskScreen
from screens.widgets.inputs import Labelled, PasswordField, TextField
from services.errors import Invalid, ServiceError
from services.language import _

if TYPE_CHECKING:
    from services.accounts import ChangeLogin

FIELDS = ("new_login", "old_password", "new_password", "new_password_again")


class ChangeLoginScreen(DeskScreen):
    """All fields are required. With a temporary password it cannot be passed by."""

    def heading(self) -> str:
        return _("Change login")

    def explanation(self) -> str:
        return _(
            "Fill in all fields; Enter goes to the next one and, in the last, changes your login. A password has at "
            "least 15 characters: four words that do not belong together are good. Your other sessions end."
        )

    def body(self) -> ComposeResult:
        login, first_time = self.app.acting.login, self.app.acting.must_change_password
        if first_time:
            yield Static(Content(_("Welcome. Choose a password of your own before you go on.")), classes="lead")
        yield Static(Content(_("Your current login is: %(login)s") % {"login": login}), id="current-login")
        yield Labelled(_("New login*"), TextField(login, id="new_login", max_length=64))
        old = _("Password from the mail*") if first_time else _("Old password*")
        yield Labelled(old, PasswordField(id="old_password"))
        yield Labelled(_("New password*"), PasswordField(id="new_password"))
        yield Labelled(_("New password again*"), PasswordField(id="new_password_again"))
        yield Static(Content(_("* required. A password has at least 15 characters.")), classes="note")
        with Horizontal(classes="buttons"):
            yield Button(Content(_("Change")), id="change")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#old_password").focus()

    def unsaved(self) -> bool:
        """Whether another login or a password was typed."""
        same = self.query_one("#new_login", Input).value == self.app.acting.login
        return not same or any(field.value for field in self.query(PasswordField))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next field, and from the last one sends."""
        event.stop()
        if event.input.id == FIELDS[-1]:
            self._change()
        else:
            self.focus_next()

    def on_button_pressed(self) -> None:
        """Send."""
        self._change()

    def _change(self) -> None:
        from services.accounts import ChangeLogin

        values = {name: self.query_one(f"#{name}", Input).value for name in FIELDS}
        self.say(_("One moment …"))
        self.run_worker(self._answer(ChangeLogin(**values)), group="change", exclusive=True, description="change login")

    async def _answer(self, command: "ChangeLogin") -> None:
        from services.accounts import change_login

        actor = self.app.acting
        changed = await self.ask(lambda: change_login(command, actor=actor))
        if changed is None or not self.is_current:
            return
        self.app.actor = changed
        for field in self.query(PasswordField):
            field.take()
        self.app.pop_screen()
        if isinstance(self.app.screen, DeskScreen):
            self.app.screen.say(_("Your login and password were changed."))

    def refused(self, error: ServiceError) -> None:
        """Show what is wrong, with the cursor in the first field that is."""
        super().refused(error)
        if isinstance(error, Invalid):
            first = next(name for name in FIELDS if name in error.fields)
            self.say(error.fields[first], wrong=True)
            for field in self.query(PasswordField):
                if field.id in error.fields:
                    field.take()
            self.query_one(f"#{first}").focus()

    def why_stay(self) -> str:
        """There is no way round a password of one's own."""
        if self.app.acting.must_change_password:
            return _("Choose a password of your own first, or press Ctrl+L to log out.")
        return ""
