"""A new department, or other data for a provider of the organisation."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from screens.record_form import RecordForm
from screens.widgets.inputs import Labelled, PasswordField, TextField
from screens.widgets.search_choice import SearchChoice
from services.language import _
from services.provider_fields import show_field
from services.providers import (
    AddDepartment,
    ChangeProvider,
    ProviderRecord,
    add_department,
    change_provider,
    get_provider,
)
from services.reference_tables import fields_of_expertise
from services.work import Actor

LINES = (
    "name",
    "street",
    "house_number",
    "box",
    "postcode",
    "municipality",
    "email",
    "phone",
    "account_number",
)
NEW_LOGIN = "login"


def _texts(record: ProviderRecord, fields: Iterator[str]) -> dict[str, str]:
    texts = {field: getattr(record, field) for field in fields}
    if "account_number" in texts:
        texts["account_number"] = show_field("account_number", texts["account_number"])
    return texts | ({"expertise": "\n".join(record.expertise)} if "expertise" in texts else {})


class ProviderFormScreen(RecordForm):
    """Changes what the actor may change of `record`; without one, signs up a department with `account_number`."""

    def __init__(self, record: ProviderRecord | None, done: Callable[[str], None], *, account_number: str = "") -> None:
        every = (*LINES, "expertise", "presentation")
        if record is None:
            shown = show_field("account_number", account_number)
            start = dict.fromkeys((*every, NEW_LOGIN), "") | {"account_number": shown}
        else:
            start = _texts(record, (field for field in every if field in record.mine_to_change))
        super().__init__(start, done)
        self._record = record
        self._known: tuple[str, ...] = ()

    def heading(self) -> str:
        return _("New department") if self._record is None else _("Change %(number)s") % {"number": self._record.number}

    def explanation(self) -> str:
        return _(
            "Enter goes to the next field; a postcode that we know fills in the municipality; fields of expertise are "
            "found by typing a few letters, Enter adds one or takes it away. A new account number is confirmed with "
            "your own password and told by mail. A department can get a login of its own: it comes by mail. Ctrl+S or "
            "the button confirms. Esc goes back; what you typed is kept for when you come back."
        )

    def draft_name(self) -> str:
        return f"provider:{'new' if self._record is None else self._record.number}"

    def rows(self) -> Iterator[Widget]:
        for field in LINES:
            if field in self.start:
                yield self.line(field)
        if self._record is None:
            hint = _("empty: no login of its own")
            yield Labelled(_("Login"), TextField(id=NEW_LOGIN, max_length=64, placeholder=hint))
        elif "account_number" in self.start:
            confirmation = Vertical(Labelled(_("Your password*"), PasswordField(id="password")), id="confirmation")
            confirmation.display = False
            yield confirmation
        if "expertise" in self.start:
            yield Static(
                Content(_("Fields of expertise: type a few letters; Enter adds or takes away")), classes="note"
            )
            yield Static(id="chosen", markup=False)
            yield SearchChoice(id="expertise", several=True)
        if "presentation" in self.start:
            yield Static(Content(_("Presentation, as enterprises see it in the search")), classes="note")
            text = TextArea(
                self.start["presentation"],
                id="presentation",
                compact=True,
                tab_behavior="focus",
                show_line_numbers=False,
            )
            text.cursor_blink = False
            yield text
        if self._record is not None and "name" not in self.start:
            yield Static(Content(_("Your headquarters changes everything else.")), classes="note")

    async def offer_draft(self) -> None:
        """First what there is to choose from, then what was chosen."""
        known = await self.ask(fields_of_expertise) if "expertise" in self.start else None
        if known is not None:
            self._known = known
            self.fill("expertise", self.start["expertise"])
        await super().offer_draft()

    def value(self, field: str) -> str:
        match field:
            case "expertise":
                # before the list is there, nothing can have been chosen
                chosen = self.query_one("#expertise", SearchChoice).chosen
                return "\n".join(chosen) if self._known else self.start["expertise"]
            case "presentation":
                return self.query_one("#presentation", TextArea).text
        return super().value(field)

    def fill(self, field: str, text: str) -> None:
        match field:
            case "expertise":
                self.query_one("#expertise", SearchChoice).offer(self._known, text.split("\n"))
                self._show_chosen()
            case "presentation":
                self.query_one("#presentation", TextArea).text = text
            case _:
                super().fill(field, text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """A new account number is confirmed with the password."""
        if event.input.id == "account_number" and self._record is not None:
            same = "".join(event.value.split()).upper() == self._record.account_number
            self.query_one("#confirmation").display = not same

    def on_search_choice_changed(self, event: SearchChoice.Changed) -> None:
        """Show it."""
        self._show_chosen()

    def _show_chosen(self) -> None:
        """All that is chosen, also what the list does not show just now."""
        chosen = "; ".join(self.query_one("#expertise", SearchChoice).chosen)
        shown = _("Chosen: %(fields)s") % {"fields": chosen or _("nothing yet")}
        self.query_one("#chosen", Static).update(Content(shown))

    def on_search_choice_finished(self) -> None:
        """Enter goes on."""
        self.focus_next()

    def keep(self, values: Mapping[str, str], actor: Actor) -> str:
        typed: dict[str, Any] = dict(values)
        if "expertise" in values:
            typed["expertise"] = tuple(filter(None, values["expertise"].split("\n")))
        if self._record is None:
            made = add_department(AddDepartment(**typed), actor=actor)
            said = _("%(name)s was signed up, with number %(number)s.") % {"name": made.name, "number": made.number}
            return said + (
                " " + _("Its login comes by mail to %(email)s.") % {"email": made.email} if made.logins else ""
            )
        kept = {field: getattr(self._record, field) for field in ChangeProvider.model_fields if field != "password"}
        password = self.query(PasswordField).first().value if "account_number" in values else ""
        command = ChangeProvider(**(kept | typed), password=password)
        changed = change_provider(command, actor=actor)
        if changed.account_number != self._record.account_number:
            return _("The data were changed; the new account number is told by mail.")
        return _("The data were changed.")

    def read_again(self, actor: Actor) -> Mapping[str, str]:
        if self._record is not None:
            self._record = get_provider(self._record.number, actor=actor)
            return _texts(self._record, iter(self.start))
        return self.start
