"""What overview and detail share: asking before a registration is moved, and moving it."""

from collections.abc import Iterable

from screens.confirm import ConfirmScreen
from screens.desk_screen import DeskScreen
from services.errors import ServiceError, Unconfirmed
from services.language import _, show_date
from services.registrations import MoveRegistration, RegistrationEvent, RegistrationRecord, move_registration


class RegistrationActions(DeskScreen):
    """A screen with a current registration that the provider's events can move."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: tuple[RegistrationRecord, RegistrationEvent] | None = None

    def current(self) -> RegistrationRecord | None:
        """The registration that is looked at."""
        raise NotImplementedError

    def load(self, after: str = "") -> None:
        """Read anew, and say `after`."""
        raise NotImplementedError

    def why_not_move(self, action: str, events: Iterable[RegistrationEvent]) -> str:
        """Why `move('EVENT')` is not possible for the current registration."""
        record = self.current()
        if record is None:
            return ""
        return next((record.why_not.get(event, "") for event in events if action == f"move('{event}')"), "")

    def action_move(self, name: str) -> None:
        """Ask, then move; or say why it is not possible."""
        record, event = self.current(), RegistrationEvent(name)
        if reason := self.why_not(f"move('{name}')"):
            self.say(reason, wrong=True)
            return
        if record is None:
            return
        questions = {
            RegistrationEvent.EXTEND: _("Ask to extend registration %(number)s, which is valid until %(expires)s?"),
            RegistrationEvent.RENEW: _("Ask to renew registration %(number)s, which expired on %(expires)s?"),
            RegistrationEvent.WITHDRAW: _(
                "Withdraw the request for registration %(number)s? It cannot be taken up again."
            ),
            RegistrationEvent.STOP: _("Stop registration %(number)s? It cannot be taken up again."),
        }
        question = questions[event] % {"number": record.number, "expires": show_date(record.expires_on)}
        answers = {
            RegistrationEvent.EXTEND: _("Extend"),
            RegistrationEvent.RENEW: _("Renew"),
            RegistrationEvent.WITHDRAW: _("Withdraw"),
            RegistrationEvent.STOP: _("Stop"),
        }

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.run_worker(self._move(record, event), group="move", description="move registration")

        self.app.push_screen(ConfirmScreen(question, yes=answers[event], no=_("Back")), answered)

    def refused(self, error: ServiceError) -> None:
        """What has consequences is asked about, with these in the question."""
        if not isinstance(error, Unconfirmed) or self._asked is None:
            super().refused(error)
            return
        record, event = self._asked

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.run_worker(
                    self._move(record, event, confirmed=True), group="move", description="stop registration"
                )

        question = _("%(consequences)s Stop all the same?") % {"consequences": error}
        self.app.push_screen(ConfirmScreen(question, yes=_("Stop"), no=_("Back")), answered)

    async def _move(self, record: RegistrationRecord, event: RegistrationEvent, *, confirmed: bool = False) -> None:
        actor = self.app.acting
        command = MoveRegistration(number=record.number, version=record.version, event=event, confirmed=confirmed)
        self._asked = (record, event)
        moved = await self.ask(lambda: move_registration(command, actor=actor))
        if moved is not None:
            done = {
                RegistrationEvent.EXTEND: _("The extension of %(number)s was requested; you get a mail."),
                RegistrationEvent.RENEW: _("The renewal of %(number)s was requested; you get a mail."),
                RegistrationEvent.WITHDRAW: _("The request for %(number)s was withdrawn; you get a mail."),
                RegistrationEvent.STOP: _("Registration %(number)s was stopped; you get a mail."),
            }
            self.load(done[event] % {"number": record.number})
