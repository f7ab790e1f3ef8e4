"""Annuleren, stopzetten, melden: the reason, the proof where one is needed, and what will happen."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Select, Static, TextArea

from screens.draft_form import DraftForm
from screens.keys import bind
from screens.widgets.inputs import ChoiceField, TextField
from services.errors import Invalid, ServiceError
from services.language import _
from services.projects import ProjectRecord, ReactionKind
from services.proofs import read_proof
from services.reactions import ReactToProject, Reason, WrittenReaction, react_to_project
from services.work import Actor

MOST_TYPED = 20_000  # more than a reason may have, so that a pasted text is refused in words rather than cut


class ReactionForm(DraftForm):
    """Reason, words and proof of a reaction. Subclasses say to what, what will happen then, and send it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+s", "confirm", "Confirm", "reaction.confirm", priority=True),
    ]
    AUTO_FOCUS = "#reason"

    def __init__(self, kind: ReactionKind) -> None:
        super().__init__()
        self.kind = kind
        self._sending = False

    # What subclasses give

    def consequence(self) -> str:
        """What will happen when it is sent."""
        raise NotImplementedError

    def send(self, reaction: WrittenReaction, actor: Actor) -> None:
        """Send it, called in a thread. The services' errors pass."""
        raise NotImplementedError

    async def sent(self, reaction: WrittenReaction) -> None:
        """It went through."""
        raise NotImplementedError

    # The form

    def explanation(self) -> str:
        return _(
            "Choose a reason with Enter and the arrows, add words of your own if they help (with 'other' they are "
            "needed), and for a stop the file with the proof: a PDF, PNG or JPEG of at most 10 MB; → completes its "
            "name. Ctrl+S or the button confirms. Esc goes back; what you typed is kept for when you come back."
        )

    def body(self) -> ComposeResult:
        with VerticalScroll(id="form", can_focus=False):
            yield Static(Content(self.consequence()), classes="lead")
            yield Static(Content(_("Reason*")))
            yield ChoiceField(Reason, prompt=_("Choose a reason"), id="reason")
            yield Static(Content(_("In your own words")))
            text = TextArea(id="reason_text", compact=True, show_line_numbers=False, tab_behavior="focus")
            text.cursor_blink = False
            yield text
            if self.kind is ReactionKind.STOP:
                from screens.widgets.paths import PathSuggester

                yield Static(Content(_("Proof* (PDF, PNG or JPEG, at most 10 MB)")))
                yield TextField(id="proof", max_length=1000, placeholder="~/bewijsstuk.pdf", suggester=PathSuggester())
            with Horizontal(classes="buttons"):
                yield Button(Content(_("Confirm")), id="confirm")

    def typed(self) -> dict[str, Any]:
        """The reason, its words and the path of the proof."""
        fields = {
            "reason": self.query_one("#reason", ChoiceField).code,
            "reason_text": self.query_one("#reason_text", TextArea).text,
            "proof": "".join(field.value for field in self.query(Input)),
        }
        return {field: value for field, value in fields.items() if value}

    def put_back(self, typed: Mapping[str, Any]) -> str:
        """Fill it in again."""
        reason = typed.get("reason")
        self.query_one("#reason", ChoiceField).value = Select.NULL if reason is None else Reason(reason)
        self.query_one("#reason_text", TextArea).text = typed.get("reason_text", "")
        for field in self.query(Input):
            field.value = typed.get("proof", "")
        return ""

    def empty(self) -> None:
        """No reason and no proof."""
        self.put_back({})

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        self.focus_next()

    def on_button_pressed(self) -> None:
        """Send."""
        self.action_confirm()

    def action_confirm(self) -> None:
        """Send the reaction, once."""
        if not self._sending:
            self._sending = True
            self.say(_("One moment …"))
            # after the letters that were typed just before and still wait at the field
            (self.focused or self).call_later(self.run_worker, self._send(), description="send reaction")

    async def _send(self) -> None:
        actor = self.app.acting
        try:
            reason: Reason | None = self.query_one("#reason", ChoiceField).code
            text = self.query_one("#reason_text", TextArea).text
            path = self.query_one("#proof", Input).value.strip() if self.kind is ReactionKind.STOP else ""

            def send() -> WrittenReaction:
                try:
                    proof = read_proof(Path(path).expanduser()) if path else None
                except ValueError as error:
                    raise Invalid({"proof": str(error)}) from None
                reaction = WrittenReaction(kind=self.kind, reason=reason, reason_text=text, proof=proof)
                self.send(reaction, actor)
                return reaction

            reaction = await self.ask(send)
        finally:
            self._sending = False
        if reaction is not None:
            await self.sent(reaction)

    def refused(self, error: ServiceError) -> None:
        """Show what is wrong, with the cursor in the first field that is."""
        super().refused(error)
        if isinstance(error, Invalid):
            first = next(name for name in ("reason", "reason_text", "proof") if name in error.fields)
            self.say(error.fields[first], wrong=True)
            self.query_one(f"#{first}").focus()


class ReactionScreen(ReactionForm):
    """The form of one reaction to `record`; `done` is told what to say when it went through."""

    def __init__(self, record: ProjectRecord, kind: ReactionKind, done: Callable[[str], None]) -> None:
        super().__init__(kind)
        self._record, self._done = record, done

    def heading(self) -> str:
        titles = {
            ReactionKind.CANCEL: _("Cancel project %(number)s"),
            ReactionKind.STOP: _("Stop project %(number)s"),
            ReactionKind.REPORT: _("Report project %(number)s"),
        }
        return titles[self.kind] % {"number": self._record.number}

    def consequence(self) -> str:
        """What becomes of the project, and who gets a mail."""
        consequences = {
            ReactionKind.CANCEL: _(
                "The project becomes ProjectGeannuleerd. %(enterprise)s gets a mail with the reason. "
                "This cannot be taken back."
            ),
            ReactionKind.STOP: _(
                "The project becomes StopzettingAangevraagd. The service kmo-portefeuille gets a mail with the reason "
                "and the proof, and decides."
            ),
            ReactionKind.REPORT: _(
                "Nothing changes online. The service kmo-portefeuille gets a mail with the reason and will contact you."
            ),
        }
        return consequences[self.kind] % {"enterprise": self._record.enterprise}

    def draft_name(self) -> str:
        return f"reaction:{self.kind}:{self._record.number}"

    def send(self, reaction: WrittenReaction, actor: Actor) -> None:
        """React to the project as it was seen."""
        command = ReactToProject(number=self._record.number, version=self._record.version, **dict(reaction))
        react_to_project(command, actor=actor)

    async def sent(self, reaction: WrittenReaction) -> None:
        """Back to the project, which says what happened."""
        await self.close_draft()
        if self.is_current:
            self.app.pop_screen()
            self._done(self._what_happened())

    def _what_happened(self) -> str:
        return {
            ReactionKind.CANCEL: _("The project was cancelled; the enterprise gets a mail with the reason."),
            ReactionKind.STOP: _("The stop was requested; the service gets a mail with the reason and the proof."),
            ReactionKind.REPORT: _("The project was reported; the service gets a mail and will contact you."),
        }[self.kind]
