"""Help: what the screen one is on is for, with its keys, and the manual's two pages of help."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.desk_screen import DeskScreen
from screens.keys import bind, key_name
from services.language import _


class HelpScreen(ModalScreen[None]):
    """The explanation of `screen`, then every key that does something there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape,question_mark,f1,enter", "close", "Back", "help.close"),
        bind("j,down", "scroll_down", "Down", "help.down", show=False),
        bind("k,up", "scroll_up", "Up", "help.up", show=False),
    ]

    def __init__(self, screen: DeskScreen) -> None:
        super().__init__()
        self._explained = screen
        keys: dict[str, tuple[Binding, list[str]]] = {}
        for active in screen.active_bindings.values():
            binding = active.binding
            if binding.description and binding.id:
                keys.setdefault(binding.id, (binding, []))[1].append(key_name(binding.key))
        self._keys = list(keys.values())

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="dialog help"):
            yield Static(Content(self._explained.heading()), classes="lead")
            yield Static(Content(self._explained.explanation()))
            lines = [(f"{' / '.join(names):>14}  ", _(binding.description)) for binding, names in self._keys]
            table = Content("\n").join(Content.assemble((names, "bold"), text) for names, text in lines)
            yield Static(table, classes="keys")
            yield Static(Content(_("Questions? Call 1700 for free, every working day from 9 to 19 h.")), classes="note")

    def action_scroll_down(self) -> None:
        """A line further."""
        self.query_one(VerticalScroll).scroll_down(animate=False)

    def action_scroll_up(self) -> None:
        """A line back."""
        self.query_one(VerticalScroll).scroll_up(animate=False)

    def action_close(self) -> None:
        """Back to the screen."""
        if self.is_current:
            self.dismiss()


class PageScreen(DeskScreen):
    """One of the manual's pages: `how` (registering and logging in) or `contact`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._page = page

    def heading(self) -> str:
        return {"how": _("How to register and log in?"), "contact": _("Need help or have a question?")}[self._page]

    def explanation(self) -> str:
        return _("Read, and press Esc to go back.")

    def body(self) -> ComposeResult:
        text = {
            "how": _(
                "1. You have no login yet.\n"
                "   Sign up first: name, enterprise number, legal form, address, contact, account number, fields of "
                "expertise and a presentation. A mail then brings you a login and a password.\n\n"
                "2. You have a login.\n"
                "   Choose 1 on the first screen and log in. In the menu you manage your registrations, providers and "
                "establishments, you follow the projects of your customers, and you change your login.\n\n"
                "3. You lost your login or password.\n"
                "   Ask for a new one with your enterprise number and the mail address at which you receive the mails "
                "of the kmo-portefeuille."
            ),
            "contact": _(
                "Visit www.kmo-portefeuille.be, or call 1700 for free, the number of the Flemish government: every "
                "working day from 9 to 19 h.\n\nMail: kmo-portefeuille@vlaanderen.be"
            ),
        }[self._page]
        with VerticalScroll():
            yield Static(Content(text))
