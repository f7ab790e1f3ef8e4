"""What came of a form that needs no login, and where one goes from there."""

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from screens.desk_screen import DeskScreen
from screens.widgets.choices import Choice, Choices
from services.language import _


class AnswerScreen(DeskScreen):
    """Shows `answer` under `title`, and offers to log in."""

    def __init__(self, title: str, answer: str) -> None:
        super().__init__()
        self._title, self._answer = title, answer

    def heading(self) -> str:
        return self._title

    def explanation(self) -> str:
        return _("Read what happened, and choose where to go on. Esc goes back to the first screen.")

    def body(self) -> ComposeResult:
        yield Static(Content(self._answer), classes="lead")
        if self.app.demo is not None:
            yield Static(Content(_("This is a demo: the mail does not leave this machine.")), classes="lead")
        choices = [Choice("login", _("Log in")), Choice("back", _("Back to the first screen"))]
        if self.app.demo is not None:
            choices.insert(0, Choice("outbox", _("Mails of the demo")))
        yield Choices(*choices)

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Go there."""
        if not self.is_current:
            return
        match event.choice.name:
            case "back":
                self.action_back()
            case "outbox":
                self.app.action_outbox()
            case _:
                from screens.login import LoginScreen

                self.app.switch_screen(LoginScreen())
