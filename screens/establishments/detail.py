"""One establishment: its address, and what can be done about it."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from screens.confirm import ConfirmScreen
from screens.desk_screen import DeskScreen
from screens.establishments.form import EstablishmentFormScreen
from screens.keys import bind
from screens.widgets.facts import Actions, Facts
from services.establishments import EstablishmentRecord, end_establishment, get_establishment
from services.language import _
from services.provider_fields import ADDRESS, field_name


class EstablishmentScreen(DeskScreen):
    """Shows `record`; `changed` is told what to say on the list when it is another now, or gone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("w", "change", "Change", "establishment.change"),
        bind("b", "end", "End", "establishment.end"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, record: EstablishmentRecord, changed: Callable[[str], None]) -> None:
        super().__init__()
        self._record, self._changed = record, changed

    def heading(self) -> str:
        return _("Establishment %(number)s") % {"number": self._record.number}

    def explanation(self) -> str:
        return _(
            "w changes the address, b ends the establishment: it is no longer found in the search from then on. The "
            "first one is your headquarters itself and stays."
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
        facts = [(field_name(field), getattr(record, field) or "–") for field in ADDRESS]
        self.query_one(Facts).show(facts)
        actions = [
            (self.key_of("establishment.change"), _("Change the address"), ""),
            (self.key_of("establishment.end"), _("End the establishment"), record.why_not_end),
        ]
        self.query_one(Actions).show(actions)
        self.refresh_bindings()

    def why_not(self, action: str) -> str:
        """The headquarters' own address is not ended."""
        return self._record.why_not_end if action == "end" else ""

    def load(self, after: str) -> None:
        """Read it anew, and say `after`."""
        self.run_worker(self._load(after), group="establishment", exclusive=True, description="read establishment")

    async def _load(self, after: str) -> None:
        number, actor = self._record.number, self.app.acting
        record = await self.ask(lambda: get_establishment(number, actor=actor))
        if record is not None:
            self._record = record
            self._draw()
            self._changed("")
            self.say(after)

    def action_change(self) -> None:
        """Its form."""
        self.app.push_screen(EstablishmentFormScreen(self._record, self.load))

    def action_end(self) -> None:
        """Ask, then end it; or say why it stays."""
        if reason := self._record.why_not_end:
            self.say(reason, wrong=True)
            return
        question = _("End the establishment %(street)s, %(place)s? It is no longer found from then on.") % {
            "street": self._record.street_line,
            "place": self._record.place_line,
        }
        self.app.push_screen(ConfirmScreen(question, yes=_("End it"), no=_("Back")), self._answered)

    def _answered(self, agreed: bool | None) -> None:
        if agreed:
            self.run_worker(self._end(), group="end", exclusive=True, description="end establishment")

    async def _end(self) -> None:
        record, actor = self._record, self.app.acting

        def end() -> bool:
            end_establishment(record.number, record.version, actor=actor)
            return True

        if await self.ask(end) and self.is_current:
            self.app.pop_screen()
            self._changed(_("The establishment was ended."))
