"""The menu of a service provider, in the manual's order."""

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from screens.desk_screen import DeskScreen
from screens.entry import coming_soon
from screens.widgets.choices import Choice, Choices
from services.language import _


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
        choices = [
            Choice("registrations", _("Manage registrations"), coming_soon()),
            Choice("providers", _("Sign up and manage service providers"), coming_soon()),
            Choice("establishments", _("Manage establishments"), coming_soon()),
            Choice("projects", _("Overview of projects")),
            Choice("login", _("Change login and password")),
        ]
        if self.app.demo is not None:
            choices.append(Choice("outbox", _("Mails of the demo")))
        yield Choices(*choices)

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Open what was chosen."""
        self.say("")
        match event.choice.name:
            case "projects":
                from screens.projects.list import ProjectListScreen

                self.app.push_screen(ProjectListScreen())
            case "login":
                from screens.accounts import ChangeLoginScreen

                self.app.push_screen(ChangeLoginScreen())
            case "outbox":
                from screens.mail import OutboxScreen

                self.app.push_screen(OutboxScreen())

    def on_choices_refused(self, event: Choices.Refused) -> None:
        """Say why."""
        self.say(event.choice.why_not)

    def action_back(self) -> None:
        """Behind the menu there is only logging out, which has a key of its own."""
        self.say(_("Press Ctrl+L to log out."))
