"""One provider of the organisation: all that is known of it, and what can be done about it."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from screens.confirm import ConfirmScreen
from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.providers.form import ProviderFormScreen
from screens.widgets.facts import Actions, Facts
from services.checks import show_account_number
from services.language import _
from services.provider_fields import field_name
from services.providers import ProviderRecord, end_provider, get_provider
from services.words import word


class ProviderScreen(DeskScreen):
    """Shows `record`; `changed` is told what to say on the list when it is another now, or gone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("w", "change", "Change", "provider.change"),
        bind("b", "end", "End", "provider.end"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, record: ProviderRecord, changed: Callable[[str], None]) -> None:
        super().__init__()
        self._record, self._changed = record, changed

    def heading(self) -> str:
        return _("Service provider %(number)s") % {"number": self._record.number}

    def explanation(self) -> str:
        return _(
            "w changes the data. b ends a department, with its logins; that is possible once it has no open project "
            "and no registration any more."
        )

    def body(self) -> ComposeResult:
        with VerticalScroll():
            yield Facts()
            yield Actions()

    def on_mount(self) -> None:
        super().on_mount()
        self._draw()

    def _draw(self) -> None:
        record = self._record
        facts = [
            (field_name("name"), record.name),
            (_("Type"), f"{record.kind} ({word(record.kind)})"),
            (_("Legal form"), record.legal_form),
            (_("Address"), f"{record.street_line}, {record.place_line}"),
            (field_name("email"), record.email),
            (field_name("phone"), record.phone),
            (field_name("account_number"), show_account_number(record.account_number)),
            (field_name("expertise"), ", ".join(record.expertise)),
            (field_name("presentation"), record.presentation),
            (_("Logins"), ", ".join(record.logins)),
        ]
        self.query_one(Facts).show([(name, value or "–") for name, value in facts])
        actions = [
            (self.key_of("provider.change"), _("Change the data"), ""),
            (self.key_of("provider.end"), _("End the department"), record.why_not_end),
        ]
        self.query_one(Actions).show(actions)
        self.refresh_bindings()

    def why_not(self, action: str) -> str:
        """What keeps it from being ended."""
        return self._record.why_not_end if action == "end" else ""

    def load(self, after: str) -> None:
        """Read it anew, and say `after`."""
        self.run_worker(self._load(after), group="provider", exclusive=True, description="read provider")

    async def _load(self, after: str) -> None:
        number, actor = self._record.number, self.app.acting
        record = await self.ask(lambda: get_provider(number, actor=actor))
        if record is not None:
            self._record = record
            self._draw()
            self._changed("")
            self.say(after)

    def action_change(self) -> None:
        """Its form."""
        self.app.push_screen(ProviderFormScreen(self._record, self.load))

    def action_end(self) -> None:
        """Ask, then end it; or say why it stays."""
        if reason := self._record.why_not_end:
            self.say(reason, wrong=True)
            return
        question = _("End %(name)s, with its logins? This cannot be taken back.") % {"name": self._record.name}
        self.app.push_screen(ConfirmScreen(question, yes=_("End it"), no=_("Back")), self._answered)

    def _answered(self, agreed: bool | None) -> None:
        if agreed:
            self.run_worker(self._end(), group="end", exclusive=True, description="end department")

    async def _end(self) -> None:
        record, actor = self._record, self.app.acting

        def end() -> bool:
            end_provider(record.number, record.version, actor=actor)
            return True

        if await self.ask(end) and self.is_current:
            self.app.pop_screen()
            self._changed(_("%(name)s was ended.") % {"name": record.name})
