"""A form that loses nothing: what is typed is kept as the user's draft, also over Esc, a lock and a crash."""

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.widgets import Input, Select, TextArea

from screens.confirm import ConfirmScreen
from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.widgets.search_choice import SearchChoice
from services.drafts import draft_of, drop_draft, save_draft
from services.language import _, show_moment

PAUSE = 2.0  # seconds between a change and its being kept


class DraftForm(DeskScreen):
    """Subclasses give the draft's name, what was typed, and how it is put back. Passwords are never part of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+n", "begin_anew", "Start over", "form.anew", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._keeping = asyncio.Lock()
        self._pausing = self._sent = False
        self._kept: Mapping[str, Any] = {}

    # What subclasses give

    def draft_name(self) -> str:
        """The form and its record, the same whenever somebody comes back to it."""
        raise NotImplementedError

    def typed(self) -> dict[str, Any]:
        """What was typed and not sent, as JSON can hold it; {} for nothing."""
        raise NotImplementedError

    def put_back(self, typed: Mapping[str, Any]) -> str:
        """Show what `typed` said before; what there is to add about it, '' for nothing."""
        raise NotImplementedError

    def empty(self) -> None:
        """Show the form as it was before anything was typed."""
        raise NotImplementedError

    # The draft

    def on_mount(self) -> None:
        self.run_worker(self.offer_draft(), description="read draft")

    async def offer_draft(self) -> None:
        """Show the draft again, if there is one."""
        name, actor = self.draft_name(), self.app.acting
        draft = await self.ask(lambda: draft_of(name, actor=actor))
        if draft is not None:
            self._kept = draft.content
            again = _("What you filled in on %(moment)s is here again; %(key)s starts over.")
            about = self.put_back(draft.content)
            self.say(again % {"moment": show_moment(draft.saved_at), "key": self.key_in_words("form.anew")} + about)

    def unsaved(self) -> bool:
        """Whether something was typed and not sent."""
        return not self._sent and bool(self.typed())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep it soon."""
        self.keep_soon()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep it soon."""
        self.keep_soon()

    def on_select_changed(self, event: Select.Changed) -> None:
        """Keep it soon."""
        self.keep_soon()

    def on_search_choice_changed(self, event: SearchChoice.Changed) -> None:
        """Keep it soon."""
        self.keep_soon()

    def keep_soon(self) -> None:
        """Keep what was typed in a moment, together with what is typed until then."""
        if not self._pausing:
            self._pausing = True
            self.set_timer(PAUSE, self._keep_now)

    def _keep_now(self) -> None:
        self._pausing = False
        self.run_worker(self.keep_typed(), description="keep draft")

    async def keep_typed(self) -> bool:
        """Keep what was typed as the user's draft; whether it is."""
        async with self._keeping:
            # leaving keeps what was typed first; then the fields go
            if self._sent or self not in self.app.screen_stack or (typed := self.typed()) == self._kept:
                return True
            name, actor = self.draft_name(), self.app.acting

            def keep() -> bool:
                if typed:
                    save_draft(name, typed, actor=actor)
                else:
                    drop_draft(name, actor=actor)
                return True

            kept = await self.ask(keep) is not None
            if kept:
                self._kept = typed
            return kept

    async def close_draft(self) -> None:
        """Forget the draft, since the form was sent; nothing is kept from now on."""
        async with self._keeping:
            self._sent = True
            self.refresh_bindings()
            name, actor = self.draft_name(), self.app.acting
            await self.ask(lambda: drop_draft(name, actor=actor))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What was sent is not started over."""
        return action != "begin_anew" or not self._sent

    def action_begin_anew(self) -> None:
        """The form as it was, after asking."""

        def answered(drop: bool | None) -> None:
            if drop:
                self.empty()
                self.say("")
                self._keep_now()

        if self.unsaved():
            question = _("What you typed here has not been sent. Drop it?")
            self.app.push_screen(ConfirmScreen(question, yes=_("Drop it"), no=_("Go on typing")), answered)
