"""The form of a record: each field is checked when it is left, and nothing typed is lost when somebody was first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input

from screens.checked_form import CheckedForm
from screens.draft_form import DraftForm
from screens.keys import bind
from screens.widgets.inputs import Labelled, PasswordField, TextField
from services.errors import Conflict, Invalid, ServiceError
from services.language import _
from services.postcodes import municipality_of, pair_warning
from services.provider_fields import field_name, field_problem, show_typed
from services.work import Actor

OPTIONAL = ("box", "phone")
LENGTHS = {"email": 254, "phone": 60, "account_number": 60, "postcode": 10, "house_number": 30, "box": 30}
EXAMPLES = {"postcode": "1030", "phone": "02 553 00 00", "account_number": "BE68 5390 0754 7034"}


class RecordForm(CheckedForm, DraftForm):
    """Subclasses give the record's fields by name and text; `done` hears what to say once they are kept."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+s", "confirm", "Confirm", "form.confirm", priority=True),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, start: Mapping[str, str], done: Callable[[str], None]) -> None:
        super().__init__()
        self.start = dict(start)
        self._done = done
        self._filled_in = start.get("municipality", "")  # what a postcode brought, or what stood there
        self._sending = False

    # What subclasses give

    def rows(self) -> Iterator[Widget]:
        """The fields, from top to bottom."""
        raise NotImplementedError

    def keep(self, values: Mapping[str, str], actor: Actor) -> str:
        """Send the form, called in a thread: what to say afterwards. The services' errors pass."""
        raise NotImplementedError

    def read_again(self, actor: Actor) -> Mapping[str, str]:
        """The record as it is now, called in a thread after a conflict."""
        raise NotImplementedError

    def value(self, field: str) -> str:
        """What stands in the field."""
        return self.query_one(f"#{field}", Input).value

    def fill(self, field: str, text: str) -> None:
        """Put `text` in the field; as on entering it, the cursor stands behind it."""
        place = self.query_one(f"#{field}", Input)
        place.value = text
        place.cursor_position = len(text)

    # The form

    def body(self) -> ComposeResult:
        with VerticalScroll(id="form", can_focus=False):
            yield from self.rows()
        with Horizontal(classes="buttons"):
            yield Button(Content(_("Confirm")), id="confirm")

    def line(self, field: str) -> Labelled:
        """The usual row of a field."""
        label = field_name(field) + ("" if field in OPTIONAL else "*")
        options: dict[str, Any] = {"placeholder": EXAMPLES[field]} if field in EXAMPLES else {}
        return Labelled(label, TextField(self.start[field], id=field, max_length=LENGTHS.get(field, 200), **options))

    def values(self) -> dict[str, str]:
        """What stands in the form, by field."""
        return {field: self.value(field) for field in self.start}

    def typed(self) -> dict[str, Any]:
        """What differs from the record, with what stood there before."""
        now = self.values()
        return {field: [before, now[field]] for field, before in self.start.items() if now[field] != before}

    def put_back(self, typed: Mapping[str, Any]) -> str:
        """Fill it in again; the fields that somebody else has changed meanwhile."""
        changes = []
        for field, (before, text) in typed.items():
            if field in self.start:
                self.fill(field, text)
                if self.start[field] != before:
                    changes.append(_change(field, self.start[field]))
        return " " + _("Changed meanwhile: %(changes)s.") % {"changes": " · ".join(changes)} if changes else ""

    def empty(self) -> None:
        """The record as it is."""
        for field, text in self.start.items():
            self.fill(field, text)
        self.mark_none()
        self._filled_in = self.start.get("municipality", "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes on; the password is what one confirms with."""
        event.stop()
        if isinstance(event.input, PasswordField):
            self.action_confirm()
        else:
            self.focus_next()

    def fields(self) -> Sequence[str]:
        """Those of the record."""
        return tuple(self.start)

    def problem(self, field: str) -> str:
        """What is wrong with it, unless it is as it was."""
        typed = self.value(field) if field in self.start else ""
        if typed == self.start.get(field, ""):
            return ""
        if problem := field_problem(field, typed):
            return problem
        if (shown := show_typed(field, typed)) != typed:
            self.fill(field, shown)
        if field == "postcode":
            self._fill_in_municipality(typed)
        return ""

    def remark(self, field: str) -> str:
        """A postcode and a municipality that do not go together, as far as we know."""
        known = field in ("postcode", "municipality")
        return pair_warning(self.value("postcode"), self.value("municipality")) if known else ""

    def _fill_in_municipality(self, postcode: str) -> None:
        """A known postcode fills in the municipality, unless somebody typed another one."""
        known = municipality_of(postcode) if postcode != self.start["postcode"] else ""
        if known and self.value("municipality") in ("", self._filled_in):
            self.fill("municipality", known)
            self._filled_in = known

    def on_button_pressed(self) -> None:
        """Send."""
        self.action_confirm()

    def action_confirm(self) -> None:
        """Send the form; what was typed before this key may still be on its way to the field, so after that."""
        (self.focused or self).call_later(self._confirm)

    def _confirm(self) -> None:
        """Send it, once."""
        if self.is_current and not self._sending:
            self._sending = True
            self.check_where_the_cursor_is()
            self.say(_("One moment …"))
            self.run_worker(self._send(self.values()), description="send form")

    async def _send(self, values: Mapping[str, str]) -> None:
        said, actor = None, self.app.acting
        try:
            said = await self.ask(lambda: self.keep(values, actor))
        finally:
            self._sending = said is not None
        if said is not None:
            await self.close_draft()
        if said is not None and self.is_current:
            self.app.pop_screen()
            self._done(said)

    def refused(self, error: ServiceError) -> None:
        """Go to the first field that is wrong; after a conflict, show what somebody else changed."""
        super().refused(error)
        if isinstance(error, Conflict):
            self.run_worker(self._meet(str(error)), group="conflict", exclusive=True, description="read again")
        elif isinstance(error, Invalid):
            self.point_at(error.fields)

    async def _meet(self, why: str) -> None:
        """Take over what somebody else changed, except where something was typed here, and tell about both."""
        actor = self.app.acting
        fresh = await self.ask(lambda: self.read_again(actor))
        if fresh is None:
            return
        changes = []
        for field, before in self.start.items():
            if (now := fresh[field]) != before:
                changes.append(_change(field, now))
                if self.value(field) == before:
                    self.fill(field, now)
        self.start = {field: fresh[field] for field in self.start}
        kept = _("What you typed is still here: look at it, and confirm again.")
        self.say(" ".join((why, *([f"{' · '.join(changes)}."] if changes else []), kept)), wrong=True)


def _change(field: str, now: str) -> str:
    """A field and what it says now, on one line."""
    return f"{field_name(field)}: {now.replace(chr(10), ', ') or '–'}"
