"""The outbox of the demo: what would have been sent, to whom."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.desk_screen import DeskScreen
from screens.widgets.frame import MessageLine, show_place
from services.databases import command_line_actor
from services.language import _, show_moment
from services.mail import MailRecord, list_mail
from services.words import word

MOST_SHOWN = 200


class OutboxScreen(DeskScreen):
    """The newest letters; the highlighted one is shown whole beneath."""

    AUTO_FOCUS = "OptionList"

    def __init__(self) -> None:
        super().__init__()
        self._letters: list[MailRecord] = []

    def heading(self) -> str:
        return _("Mails of the demo")

    def explanation(self) -> str:
        return _(
            "The mails that you cause, with the passwords that some bring: in the demo they stay here. The arrows show "
            "one after the other; Tab goes into the letter, where they move its text, and back."
        )

    def body(self) -> ComposeResult:
        yield OptionList(id="letters")
        with VerticalScroll(id="letter"):
            yield Static(id="letter-text", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.run_worker(self._load(), description="read outbox")

    async def _load(self) -> None:
        letters = await self.ask(lambda: list_mail(actor=command_line_actor(), limit=MOST_SHOWN))
        if letters is None:
            return
        self._letters = list(letters)
        listing = self.query_one(OptionList)
        listing.add_options(
            Option(Content(f" {show_moment(letter.created_at)}  {letter.recipient}  {letter.subject}"))
            for letter in self._letters
        )
        if self._letters:
            listing.highlighted = 0
        else:
            self.say(_("No mail yet: react to a project, and its letter appears here."))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the letter."""
        letter = self._letters[event.option_index]
        how = _("↑ ↓ other mails · Tab, ↑ ↓ to read on")
        self.query_one(MessageLine).hint(how, show_place(event.option_index, len(self._letters)))
        self.query_one("#letter").scroll_home(animate=False)
        facts = [
            f"{_('To')}: {letter.recipient}",
            f"{_('Subject')}: {letter.subject}",
            f"{_('Status')}: {word(letter.status)}",
        ]
        if enclosed := [name for name in (letter.proof_name, *letter.attachment_names) if name]:
            facts.append(f"{_('Enclosed')}: {', '.join(enclosed)}")
        self.query_one("#letter-text", Static).update(Content("\n".join([*facts, "", letter.body or ""])))
