"""Aanvraag registratie: the manual's four steps, from who to what to as what, to the declaration."""

from collections.abc import Mapping
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from screens.confirm import ConfirmScreen
from screens.draft_form import DraftForm
from screens.registrations.declaration import declaration_body, declaration_explanation, deliver_declaration
from screens.widgets.choices import Choice, Choices
from screens.widgets.steps import StepBar
from services.language import _
from services.registrations import (
    RegistrationBasis,
    RegistrationChoices,
    RegistrationRecord,
    RequestRegistration,
    ServiceType,
    registration_choices,
    request_registration,
)
from services.words import word


class RequestScreen(DraftForm):
    """One step at a time; going back keeps what was chosen. Sent by Bevestig after step 3, and then it has a number."""

    def __init__(self) -> None:
        super().__init__()
        self._choices: RegistrationChoices | None = None
        self.step = 1
        self._provider_id: int | None = None
        self._service: ServiceType | None = None
        self._basis: RegistrationBasis | None = None
        self._received: RegistrationRecord | None = None

    def heading(self) -> str:
        return _("Request for registration")

    def explanation(self) -> str:
        if self._received is not None:
            return declaration_explanation()
        return _(
            "Four steps: for whom, for which service, as what, and the declaration on honour. Choose with the arrows "
            "and Enter or with the number; Esc goes one step back and keeps what you chose. Nothing is sent before you "
            "confirm at step 3; what you chose is kept for when you come back."
        )

    def body(self) -> ComposeResult:
        names = (_("Service provider"), _("Service"), _("Basis"), _("Declaration on honour"))
        yield StepBar(names)
        yield Vertical(id="step")

    async def offer_draft(self) -> None:
        """First what there is to choose from, then what was chosen."""
        actor = self.app.acting
        self._choices = await self.ask(lambda: registration_choices(actor=actor))
        if self._choices is not None:
            await self._show(1)
            await super().offer_draft()

    def draft_name(self) -> str:
        return "registration"

    def typed(self) -> dict[str, Any]:
        """What was chosen so far."""
        chosen = {"provider": self._provider_id, "service": self._service, "basis": self._basis}
        return {name: value for name, value in chosen.items() if value is not None}

    def put_back(self, typed: Mapping[str, Any]) -> str:
        """Go on where it was left; a provider that can ask nothing any more is chosen anew."""
        providers = self._choices.providers if self._choices is not None else ()
        able = {provider.provider_id for provider in providers if not provider.why_not}
        if typed.get("provider") in able:
            self._provider_id = typed["provider"]
            self._service = ServiceType(typed["service"]) if "service" in typed else None
            self._basis = RegistrationBasis(typed["basis"]) if "basis" in typed else None
            self._turn_to(min(len(typed) + 1, 3))
        return ""

    def empty(self) -> None:
        """Nothing chosen."""
        self._provider_id = self._service = self._basis = None
        self._turn_to(1)

    def _turn_to(self, step: int) -> None:
        self.run_worker(self._show(step), group="step", exclusive=True, description="other step")

    async def _show(self, step: int) -> None:
        self.step = step
        self.query_one(StepBar).go_to(step)
        place = self.query_one("#step", Vertical)
        await place.remove_children()
        if step < 4:
            question, choices, chosen = self._question(step)
            listing = Choices(*choices)
            await place.mount(Static(Content(question), classes="lead"), listing)
            places = [number for number, choice in enumerate(choices) if choice.name == chosen]
            listing.highlighted = places[0] if places else 0
            listing.focus()
        elif self._received is not None:
            received = _(
                "Your request for registration for the service %(service)s was received. Its number is %(number)s."
            )
            facts = {"service": word(self._received.service), "number": self._received.number}
            await place.mount(Static(Content(received % facts), classes="lead"), *declaration_body(self._received))
            self.query_one(Choices).focus()

    def _question(self, step: int) -> tuple[str, list[Choice], str]:
        choices = self._choices
        if choices is None:
            raise RuntimeError("the choices are read first")
        if step == 1:
            offered = [
                Choice(str(provider.provider_id), f"{_kind(provider.kind)}: {provider.name}", provider.why_not)
                for provider in choices.providers
            ]
            return _("For whom do you ask this registration?"), offered, str(self._provider_id)
        provider = next(found for found in choices.providers if found.provider_id == self._provider_id)
        if step == 2:
            offered = [Choice(service, word(service), provider.services.get(service, "")) for service in ServiceType]
            return _("For which service do you want a registration?"), offered, str(self._service)
        bases = choices.bases[self._service] if self._service is not None else ()
        return _("My organisation is a:"), [Choice(basis, word(basis)) for basis in bases], str(self._basis)

    def on_choices_refused(self, event: Choices.Refused) -> None:
        """Say why."""
        self.say(event.choice.why_not, wrong=True)

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Keep the choice and go on."""
        self.say("")
        name = event.choice.name
        match self.step:
            case 1:
                self._provider_id = int(name)
            case 2:
                self._service = ServiceType(name)
            case 3:
                self._basis = RegistrationBasis(name)
                self._confirm()
                return
            case _:
                if self._received is not None:
                    deliver_declaration(self, self._received, name)
                return
        self.keep_soon()
        self._turn_to(self.step + 1)

    def on_input_submitted(self) -> None:
        """Enter in the file's name saves the declaration."""
        if self._received is not None:
            deliver_declaration(self, self._received, "save")

    def _confirm(self) -> None:
        if self._choices is None or self._service is None or self._basis is None:
            return
        provider = next(found for found in self._choices.providers if found.provider_id == self._provider_id)
        summary = _(
            "You ask a registration\nfor %(provider)s,\nfor the service %(service)s,\nas %(basis)s.\n\n"
            "Send this request?"
        ) % {"provider": provider.name, "service": word(self._service), "basis": word(self._basis)}

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.run_worker(self._send(), group="send", exclusive=True, description="request registration")

        self.app.push_screen(ConfirmScreen(summary, yes=_("Confirm"), no=_("Back")), answered)

    async def _send(self) -> None:
        if self._provider_id is None or self._service is None or self._basis is None:
            return
        actor = self.app.acting
        command = RequestRegistration(provider_id=self._provider_id, service=self._service, basis=self._basis)
        self._received = await self.ask(lambda: request_registration(command, actor=actor))
        if self._received is not None:
            await self.close_draft()
            await self._show(4)

    def action_back(self) -> None:
        """One step back; after sending, back to the overview."""
        if self.step in (2, 3):
            self._turn_to(self.step - 1)
        else:
            super().action_back()


def _kind(kind: str) -> str:
    return _("Headquarters") if kind == "MZ" else _("Department")
