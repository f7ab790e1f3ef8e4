"""A reaction on its way to many projects: how far it is, how to stop it, and what became of them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.desk_screen import DeskScreen
from screens.keys import bind
from screens.projects.bulk_texts import heading_of, show_refusals, what_happened
from screens.widgets.choices import Choice, Choices
from services.bulk_reactions import MOST_NAMED, Outcome, ReactionPlan, group_refusals, react_to_all
from services.errors import ServiceError, SessionExpired
from services.language import _, ngettext, show_number
from services.reactions import WrittenReaction
from services.work import Actor

REPAINT = 0.25  # seconds


class BulkRunScreen(DeskScreen):
    """Sends `reaction` to the projects of `plan` at once, and shows what came of it.

    `sent` is called when there is nothing left to send, `finished` hears what to say on the way back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("s", "halt", "Halt", "reaction.halt"),
    ]
    AUTO_FOCUS = ""  # nothing, until there is something to choose

    def __init__(
        self,
        plan: ReactionPlan,
        reaction: WrittenReaction,
        *,
        sent: Callable[[], Awaitable[None]],
        finished: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._plan, self._reaction, self._sent, self._finished = plan, reaction, sent, finished
        self._outcomes: list[Outcome] = []  # filled by the thread that reacts
        self._stopping = False
        self._at_rest = asyncio.Event()

    @property
    def running(self) -> bool:
        """Whether projects are being reacted to now."""
        return not self._at_rest.is_set()

    @property
    def _left(self) -> int:
        return len(self._plan.possible) - len(self._outcomes)

    def heading(self) -> str:
        return heading_of(self._plan.kind, len(self._plan.possible))

    def explanation(self) -> str:
        return _(
            "The projects are handled one after the other, each by itself. s or Esc stops between two: what is done "
            "stays done, and you can go on from here. At the end stands what became of them; Tab goes to the reasons "
            "of what was refused. Enter or Esc goes back to the list."
        )

    def body(self) -> ComposeResult:
        yield Static(id="progress", markup=False)
        yield Static(id="outcome", markup=False)
        yield Choices()
        with VerticalScroll(id="reasons"):
            yield Static(id="refusals", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._start()

    def on_resize(self) -> None:  # type: ignore[override]  # that of the base hears of it as well
        """The bar is as wide as there is room."""
        self.call_after_refresh(self._draw)

    def on_unmount(self) -> None:
        """Whatever takes this screen away: nothing goes on unseen."""
        self._stopping = True

    # -- reacting ------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._at_rest.clear()
        self._stopping = False
        self.query_one(Choices).show(())
        self.query_one("#outcome", Static).update(
            Content(_("s or Esc stops between two projects. What is done by then stays done."))
        )
        self.query_one("#refusals", Static).update("")
        self.say("")
        self.refresh_bindings()
        self.run_worker(self._run(), description="react to projects")

    async def _run(self) -> None:
        actor, trouble = self.app.acting, None
        self._draw()
        timer = self.set_interval(REPAINT, self._draw)
        try:
            # not by `ask`: keys need not wait for this
            await asyncio.to_thread(self._work, actor)
        except ServiceError as error:
            trouble = error
        finally:
            timer.stop()
            self._at_rest.set()
        if self not in self.app.screen_stack:
            return
        self._draw()
        self._show_result()
        if trouble is not None:
            self.refused(trouble)
        if not self._left and self._done:
            await self._sent()

    def _work(self, actor: Actor) -> None:
        react_to_all(self._plan, self._reaction, self._report, actor=actor, start=len(self._outcomes))

    def _report(self, outcome: Outcome) -> bool:
        self._outcomes.append(outcome)
        return not self._stopping

    @property
    def _done(self) -> int:
        return sum(not outcome.refused for outcome in self._outcomes)

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """How far it is, in figures and as a bar that needs no colour."""
        done, total = len(self._outcomes), len(self._plan.possible)
        progress = self.query_one("#progress", Static)
        width = progress.content_size.width
        bar = "█" * (width * done // total)
        figures = f"{show_number(done)} / {show_number(total)}\n"
        progress.update(Content.assemble(figures, (f"{bar:░<{width}}", "$primary")), layout=False)

    def _summary(self) -> str:
        done = self._done
        return what_happened(self._plan.kind, done, len(self._outcomes) - done, self._left)

    def _show_result(self) -> None:
        refusals = group_refusals((outcome.number, outcome.refused) for outcome in self._outcomes if outcome.refused)
        self.query_one("#outcome", Static).update(Content(self._summary()))
        self.query_one("#refusals", Static).update(show_refusals(refusals, named=MOST_NAMED))
        choices = [Choice("back", _("Back to the list"))]
        if self._left:
            go_on = ngettext(
                "Go on with the %(count)s project that is left", "Go on with the %(count)s that are left", self._left
            )
            choices.append(Choice("go on", go_on % {"count": show_number(self._left)}))
        self.query_one(Choices).show(tuple(choices))
        self.query_one(Choices).focus()
        self.say("")
        self.refresh_bindings()

    def refused(self, error: ServiceError) -> None:
        """Say at which project it ended: the sentence is about that one."""
        if isinstance(error, SessionExpired) or not self._left:
            super().refused(error)
        else:
            number = self._plan.possible[len(self._outcomes)][0]
            self.say(_("At project %(number)s: %(problem)s") % {"number": number, "problem": error}, wrong=True)

    # -- keys ----------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What runs can be stopped."""
        return action != "halt" or self.running

    def action_halt(self) -> None:
        """Stop, as soon as the present project is done."""
        self._stopping = True
        self.say(_("Stopping after this project …"))

    def action_back(self) -> None:
        """Stop what runs; then back to the list."""
        if self.running:
            self.action_halt()
        elif self.is_current:
            self._finished(self._summary())

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Back, or on with what is left."""
        if event.choice.name == "back":
            self.action_back()
        elif not self.running:
            self._start()

    def why_stay(self) -> str:
        """What runs is stopped first."""
        return _("Projects are being handled here: stop that first (s).") if self.running else ""

    @property
    def at_work(self) -> bool:
        """Neither does anybody log out or quit in between: the result would go unseen."""
        return self.running
