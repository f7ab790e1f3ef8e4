"""One reaction to many projects: which one and to how many of them, then the reason, then a last question."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from screens.confirm import ConfirmScreen
from screens.desk_screen import DeskScreen
from screens.projects.bulk_run import BulkRunScreen
from screens.projects.bulk_texts import heading_of, name_of, show_refusals, what_will_happen
from screens.projects.reaction import ReactionForm
from screens.widgets.choices import Choice, Choices
from services.bulk_reactions import ProjectSelection, ReactionPlan, plan_reactions
from services.language import _, ngettext, show_number
from services.projects import ReactionKind
from services.reactions import WrittenReaction, check_reaction
from services.work import Actor

NAMED = 4  # numbers that fit on a line of 80 columns
BACK = "back"


class BulkReactionScreen(DeskScreen):
    """Which reaction to the projects of `selection`; `done` is told what to say when one was sent."""

    AUTO_FOCUS = "Choices"

    def __init__(self, selection: ProjectSelection, done: Callable[[str], None]) -> None:
        super().__init__()
        self._selection, self._done = selection, done
        self._plans: dict[ReactionKind, ReactionPlan] = {}

    def heading(self) -> str:
        return _("React to several projects")

    def explanation(self) -> str:
        return _(
            "Choose a reaction with its digit, or with the arrows and Enter. Behind each stands for how many of the "
            "projects it is possible now; below, which projects stay as they are and why (Tab goes there, the arrows "
            "scroll). Nothing happens yet: next you give the reason, and then you are asked once more. Esc goes back "
            "to the list."
        )

    def body(self) -> ComposeResult:
        yield Static(Content(_("One moment …")), id="selected", classes="lead")
        yield Choices()
        with VerticalScroll(id="reasons"):
            yield Static(id="refusals", markup=False)

    def on_screen_resume(self) -> None:
        """On coming here, and after logging in again: find out what is possible."""
        if not self._plans:
            self.run_worker(self._load(), group="plan", exclusive=True, description="plan reactions")

    async def _load(self) -> None:
        selection, actor = self._selection, self.app.acting
        plans = await self.ask(lambda: plan_reactions(selection, actor=actor))
        if plans is not None:
            self._plans = plans
            self._show()

    def _show(self) -> None:
        total = self._plans[ReactionKind.CANCEL].total
        chosen = ngettext("%(count)s project chosen.", "%(count)s projects chosen.", total)
        chosen = chosen % {"count": show_number(total)}
        possible = any(plan.possible for plan in self._plans.values())
        if not total:
            chosen = _("No project is chosen: mark one in the list first.")
        elif not possible:
            chosen = f"{chosen} {_('Nothing can be done about them now; below stands why.')}"
        choices = [self._choice(plan) for plan in self._plans.values()] if total else []
        if not possible:
            choices.append(Choice(BACK, _("Back to the list")))
        self.query_one("#selected", Static).update(Content(chosen))
        self.query_one(Choices).show(tuple(choices))

    def _choice(self, plan: ReactionPlan) -> Choice:
        text = _("%(action)s: possible for %(possible)s of %(total)s") % {
            "action": name_of(plan.kind),
            "possible": show_number(len(plan.possible)),
            "total": show_number(plan.total),
        }
        return Choice(plan.kind, text, "" if plan.possible else plan.refusals[0].reason)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say which projects that reaction leaves as they are; on the way back, all there is to say."""
        name = self.query_one(Choices).choices[event.option_index].name
        if name == BACK:
            said = [
                Content.assemble((name_of(plan.kind), "bold"), "\n", show_refusals(plan.refusals, named=NAMED))
                for plan in self._plans.values()
                if plan.refusals
            ]
        else:
            said = [show_refusals(self._plans[ReactionKind(name)].refusals, named=NAMED)]
        self.query_one("#refusals", Static).update(Content("\n").join(said))
        self.query_one("#reasons").scroll_home(animate=False)

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """On to the reason, once: a second key may come before that screen is there."""
        if not self.is_current:
            return
        self.say("")
        if event.choice.name == BACK:
            self.action_back()
        else:
            self.app.push_screen(BulkReactionForm(self._plans[ReactionKind(event.choice.name)], self._finish))

    def on_choices_refused(self, event: Choices.Refused) -> None:
        """Say why not."""
        self.say(event.choice.why_not, wrong=True)

    def _finish(self, after: str) -> None:
        """Back to the list from the result of a reaction."""
        while self in self.app.screen_stack:
            self.app.pop_screen()
        self._done(after)


class BulkReactionForm(ReactionForm):
    """One reason, text and proof for all projects of `plan`; `finished` hears what to say at the very end.

    The draft is that of the reaction, whichever the projects: what was typed is there again for others.
    """

    def __init__(self, plan: ReactionPlan, finished: Callable[[str], None]) -> None:
        super().__init__(plan.kind)
        self._plan, self._finished = plan, finished

    def heading(self) -> str:
        return heading_of(self.kind, len(self._plan.possible))

    def explanation(self) -> str:
        once_more = _("Reason, words and proof go for all projects; you are asked once more before anything happens.")
        return f"{super().explanation()} {once_more}"

    def consequence(self) -> str:
        """What becomes of the projects."""
        return what_will_happen(self._plan)

    def draft_name(self) -> str:
        return f"reactions:{self.kind}"

    def send(self, reaction: WrittenReaction, actor: Actor) -> None:
        """Nothing yet: see whether it can be sent."""
        check_reaction(reaction)

    async def sent(self, reaction: WrittenReaction) -> None:
        """Ask once more, then send it to one project after the other."""

        def answered(agreed: bool | None) -> None:
            if agreed:
                self.app.push_screen(
                    BulkRunScreen(self._plan, reaction, sent=self.close_draft, finished=self._finished)
                )

        self.say("")
        # stopped half way, it is wanted once more
        if await self.keep_typed() and self.is_current:
            self.app.push_screen(ConfirmScreen(self.consequence(), yes=self.heading(), no=_("Back")), answered)
