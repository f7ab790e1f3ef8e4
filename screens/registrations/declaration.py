"""The declaration on honour (verklaring op eer): where it goes, and the PDF to print, save or mail to oneself."""

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from screens.desk_screen import DeskScreen
from screens.widgets.choices import Choice, Choices
from screens.widgets.inputs import Labelled, TextField
from screens.widgets.paths import PathSuggester
from services.contact import SERVICE_ADDRESS, SERVICE_FAX, SERVICE_POST
from services.files import file_named, save_file
from services.language import _
from services.registrations import RegistrationRecord, declaration_of, mail_declaration
from services.words import word


class DeclarationScreen(DeskScreen):
    """The declaration of `record`; `received` is what the last step of a request says first."""

    def __init__(self, record: RegistrationRecord) -> None:
        super().__init__()
        self._record = record

    def heading(self) -> str:
        return _("Declaration on honour")

    def explanation(self) -> str:
        return declaration_explanation()

    def body(self) -> ComposeResult:
        yield from declaration_body(self._record)

    def on_input_submitted(self) -> None:
        """Enter in the file's name saves."""
        deliver_declaration(self, self._record, "save")

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Save or mail."""
        deliver_declaration(self, self._record, event.choice.name)


def declaration_explanation() -> str:
    """What can be done where `declaration_body` is shown."""
    return _(
        "Print the declaration, sign it and send it in. Choose 1 to save it as a PDF in the file named below, or "
        "2 to have it mailed to the address we have of you. For another file go to its name with Tab, change it and "
        "press Enter; a file that is there already is left alone."
    )


def declaration_body(record: RegistrationRecord) -> ComposeResult:
    """What is to be done with a declaration, and the two ways to get it."""
    yield Static(
        Content(
            _(
                "Please print this declaration on honour for %(number)s (%(service)s), sign it and mail it to "
                "%(address)s."
            )
            % {"number": record.number, "service": word(record.service), "address": SERVICE_ADDRESS}
        )
    )
    yield Static(
        Content(
            _("You can also send it by post to %(address)s, or by fax to %(fax)s.")
            % {"address": ", ".join(SERVICE_POST), "fax": SERVICE_FAX}
        ),
        classes="note",
    )
    yield Static()
    yield Choices(
        Choice("save", _("Save the declaration as a PDF")),
        Choice("mail", _("Mail the declaration to me")),
        Choice("done", _("OK, back")),
    )
    yield Static()
    yield Labelled(
        _("File"),
        TextField(f"~/verklaring-{record.number}.pdf", id="file", max_length=1000, suggester=PathSuggester()),
    )


def deliver_declaration(screen: DeskScreen, record: RegistrationRecord, way: str) -> None:
    """Do what was chosen on a screen with `declaration_body`."""
    if way == "done":
        screen.action_back()
    else:
        screen.say(_("One moment …"))
        deliver = _save if way == "save" else _mail
        screen.run_worker(deliver(screen, record), group="declaration", exclusive=True, description="declaration")


async def _save(screen: DeskScreen, record: RegistrationRecord) -> None:
    actor = screen.app.acting
    typed = screen.query_one("#file", Input).value
    saved = await screen.ask(
        lambda: save_file(declaration_of(record.number, actor=actor).content, file_named(typed, ".pdf"))
    )
    if saved is None:
        screen.query_one("#file").focus()
    else:
        screen.query_one(Choices).focus()
        screen.say(_("The declaration is in %(file)s: print it, sign it and send it in.") % {"file": saved})


async def _mail(screen: DeskScreen, record: RegistrationRecord) -> None:
    actor = screen.app.acting
    sent = await screen.ask(lambda: mail_declaration(record.number, actor=actor))
    if sent is not None:
        screen.say(_("The declaration goes to %(address)s.") % {"address": sent})
