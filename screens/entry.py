"""Entry: the scheme's quick links. Nothing here needs the database, so that it is painted at once."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.widgets.choices import Choice, Choices
from services.language import _


def coming_soon() -> str:
    """Why a screen of the manual cannot be opened yet."""
    return _("This is not possible here yet; until then use www.kmo-portefeuille.be or call 1700.")


class EntryScreen(DeskScreen):
    """Log in, or find out how."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("m", "app.outbox", "Mails", "entry.outbox")]

    def heading(self) -> str:
        return _("kmo-portefeuille")

    def explanation(self) -> str:
        return _(
            "Choose with the arrows and Enter, or press the number. Log in with 1 as an organisation, with 2 as an "
            "individual provider or department. What is dimmed cannot be done here yet; choose it to read why."
        )

    def body(self) -> ComposeResult:
        yield Static(Content(_("Working with the kmo-portefeuille as a service provider")), classes="lead")
        website = _("This is for enterprises: go to www.kmo-portefeuille.be with your browser.")
        yield Choices(
            Choice("login", _("Log in as service provider")),
            Choice("login_department", _("Log in as individual service provider or department")),
            Choice("sign_up", _("Sign up as service provider")),
            Choice("password", _("Ask for a new password")),
            Choice("find", _("Find a service provider")),
            Choice("how", _("How to register and log in?")),
            Choice("contact", _("Need help or have a question?")),
            Choice("enterprise", _("Log in to the kmo-portefeuille (enterprises)"), website),
            Choice("photo", _("See the photo of your enterprise"), website),
        )
        if self.app.demo is not None:
            note = _("This is a demo: nothing is real and nothing leaves this machine. m shows what was mailed.")
            yield Static(Content(note), classes="note")

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Go where the choice leads, once: a second key may come before the new screen is there."""
        if not self.is_current:
            return
        self.say("")
        match event.choice.name:
            case "login" | "login_department":
                from screens.login import LoginScreen

                self.app.push_screen(LoginScreen(department=event.choice.name == "login_department"))
            case "sign_up":
                from screens.sign_up.form import SignUpScreen

                self.app.push_screen(SignUpScreen())
            case "password":
                from screens.password_reset import PasswordResetScreen

                self.app.push_screen(PasswordResetScreen())
            case "find":
                from screens.provider_search.list import ProviderSearchScreen

                self.app.push_screen(ProviderSearchScreen())
            case page:
                from screens.help import PageScreen

                self.app.push_screen(PageScreen(page))

    def unsaved(self) -> bool:
        """Whether a form that needs no login was begun and not sent."""
        return bool(self.app.kept)

    def on_choices_refused(self, event: Choices.Refused) -> None:
        """Say why."""
        self.say(event.choice.why_not)

    def action_back(self) -> None:
        """Nothing is behind the first screen; Esc never quits."""
        self.say(_("Press Ctrl+Q to leave kmop-tui."))
