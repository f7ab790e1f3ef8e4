"""One registration: all that is known of it and what the provider can do about it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from screens.keys import bind
from screens.registrations.actions import RegistrationActions
from screens.registrations.declaration import DeclarationScreen
from screens.widgets.facts import Actions, Facts
from services.language import _, show_date, show_moment
from services.registration_rules import why_no_declaration
from services.registrations import RegistrationEvent, RegistrationRecord, get_registration
from services.words import word

EVENTS = (RegistrationEvent.EXTEND, RegistrationEvent.RENEW, RegistrationEvent.WITHDRAW, RegistrationEvent.STOP)


class RegistrationScreen(RegistrationActions):
    """Shows `record`, read anew after each change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("v", "move('extend')", "Extend", "registration.extend"),
        bind("h", "move('renew')", "Renew", "registration.renew"),
        bind("i", "move('withdraw')", "Withdraw", "registration.withdraw"),
        bind("x", "move('stop')", "Stop", "registration.stop"),
        bind("d", "declaration", "Declaration", "registration.declaration"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, record: RegistrationRecord) -> None:
        super().__init__()
        self._record = record

    def heading(self) -> str:
        return _("Registration %(number)s") % {"number": self._record.number}

    def explanation(self) -> str:
        return _(
            "What can be done about a registration depends on its status: extend (v) while it is valid, renew (h) once "
            "it has expired, withdraw (i) while it is requested, stop (x) when you no longer need it. d gives the "
            "declaration on honour to print, mail or save."
        )

    def body(self) -> ComposeResult:
        with VerticalScroll():
            yield Facts()
            yield Actions()

    def on_mount(self) -> None:
        super().on_mount()
        self._draw()

    def current(self) -> RegistrationRecord | None:
        """The registration shown."""
        return self._record

    def load(self, after: str = "") -> None:
        """Read the registration anew, and say `after`."""
        self.run_worker(self._load(after), group="registration", exclusive=True, description="read registration")

    async def _load(self, after: str) -> None:
        number, actor = self._record.number, self.app.acting
        record = await self.ask(lambda: get_registration(number, actor=actor))
        if record is not None:
            self._record = record
            self._draw()
            self.say(after)

    def _draw(self) -> None:
        record = self._record
        audit = _("not received yet")
        if record.audit_on is not None:
            outcome = _("positive") if record.audit_positive else _("not positive")
            audit = f"{show_date(record.audit_on)} · {record.audit_bureau} · {outcome}"
        facts = [
            (_("Status"), f"{record.status} {word(record.status)} ({show_moment(record.status_since)})"),
            (_("Service"), word(record.service)),
            (_("Service provider"), f"{record.provider_name} · {record.provider_number} · {record.kind}"),
            (_("Registered as"), word(record.basis)),
            (_("Requested on"), show_date(record.requested_on)),
            (_("Expiry date"), show_date(record.expires_on) or "–"),
            (_("Declaration on honour"), show_date(record.declaration_received_on) or _("not received yet")),
            (_("Audit"), audit),
        ]
        if record.suspended_until is not None:
            facts.append((_("Suspended until"), show_date(record.suspended_until)))
        if record.reason:
            facts.append((_("Reason"), record.reason))
        self.query_one(Facts).show(facts)
        texts = {
            RegistrationEvent.EXTEND: _("Extend the registration"),
            RegistrationEvent.RENEW: _("Renew the registration"),
            RegistrationEvent.WITHDRAW: _("Withdraw the request"),
            RegistrationEvent.STOP: _("Stop the registration"),
        }
        actions = [
            (self.key_of(f"registration.{event}"), texts[event], record.why_not.get(event, "")) for event in EVENTS
        ]
        self.query_one(Actions).show(actions)
        self.refresh_bindings()

    def why_not(self, action: str) -> str:
        """Why one of the provider's events is not possible."""
        if action == "declaration":
            return why_no_declaration(self._record.status)
        return self.why_not_move(action, EVENTS)

    def action_declaration(self) -> None:
        """The declaration on honour."""
        if reason := why_no_declaration(self._record.status):
            self.say(reason, wrong=True)
        else:
            self.app.push_screen(DeclarationScreen(self._record))
