"""The menu of a service provider, in the manual's order."""

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from screens.desk_screen import DeskScreen
from screens.widgets.choices import Choice, Choices
from services.language import _
from services.rules import Permission, why_not_permitted


class MenuScreen(DeskScreen):
    """What can be done once logged in."""

    def heading(self) -> str:
        return _("Service provider: menu")

    def explanation(self) -> str:
        return _(
            "Choose a task with the arrows and Enter, or press its number. Ctrl+O always brings you back here, Ctrl+L "
            "logs you out. What is dimmed cannot be done here yet; choose it to read why."
        )

    def body(self) -> ComposeResult:
        yield Static(Content(_("Choose a task")), classes="lead")
        role = self.app.acting.role
        choices = [
            Choice(
                "registrations",
                _("Manage registrations"),
                why_not_permitted(Permission.REQUEST_REGISTRATION, role),
            ),
            Choice(
                "providers",
                _("Sign up and manage service providers"),
                why_not_permitted(Permission.VIEW_PROVIDERS, role),
            ),
            Choice(
                "establishments",
                _("Manage establishments"),
                why_not_permitted(Permission.MANAGE_ESTABLISHMENTS, role),
            ),
            Choice("projects", _("Overview of projects")),
            Choice("login", _("Change login and password")),
        ]
        if self.app.demo is not None:
            choices.append(Choice("outbox", _("Mails of the demo")))
        yield Choices(*choices)

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Open what was chosen, once: a second key may come before the new screen is there."""
        if not self.is_current:
            return
        self.say("")
        match event.choice.name:
            case "registrations":
                from screens.registrations.overview import RegistrationListScreen

                self.app.push_screen(RegistrationListScreen())
            case "providers":
                from screens.providers.list import ProviderListScreen

                self.app.push_screen(ProviderListScreen())
            case "establishments":
                from screens.establishments.list import EstablishmentListScreen

                self.app.push_screen(EstablishmentListScreen())
            case "projects":
                from screens.projects.list import ProjectListScreen

                self.app.push_screen(ProjectListScreen())
            case "login":
                from screens.accounts import ChangeLoginScreen

                self.app.push_screen(ChangeLoginScreen())
            case "outbox":
                self.app.action_outbox()

    def on_choices_refused(self, event: Choices.Refused) -> None:
        """Say why."""
        self.say(event.choice.why_not)

    def action_back(self) -> None:
        """Behind the menu there is only logging out, which has a key of its own."""
        self.say(_("Press Ctrl+L to log out."))
