"""One project: all that is known of it, what can be done about it, and its neighbours in the list."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from screens.desk_screen import DeskScreen
from screens.keys import bind
from services.language import _, show_amount, show_date, show_moment
from services.projects import ProjectQuery, ProjectRecord, ReactionKind, get_project, project_beside
from services.words import word


class ProjectScreen(DeskScreen):
    """Shows project `number`; `query` is the list it was opened from, for next and previous."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("a", "react('cancel')", "Annul", "project.cancel"),
        bind("s", "react('stop')", "Stop", "project.stop"),
        bind("m", "react('report')", "Report", "project.report"),
        bind("n,right", "beside(True)", "Next one", "project.next"),
        bind("p,left", "beside(False)", "Previous one", "project.previous"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, number: str, query: ProjectQuery) -> None:
        super().__init__()
        self.number, self._query = number, query
        self.record: ProjectRecord | None = None

    def heading(self) -> str:
        return _("Project %(number)s") % {"number": self.number}

    def explanation(self) -> str:
        return _(
            "What can be done about a project depends on its status. Confirmed and not paid yet: cancel (a). "
            "Running, with something of the own share left: stop (s), with a proof. Finished: only report (m). "
            "n and p go to the next and the previous project of the list without going back."
        )

    def body(self) -> ComposeResult:
        with VerticalScroll(id="project"):
            yield Static(id="facts", markup=False)
            yield Static(id="actions", markup=False)
            yield Static(id="history", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.load()

    def load(self, after: str = "") -> None:
        """Read the project anew, and say `after` once it is shown."""
        self.run_worker(self._load(after), group="project", exclusive=True, description="read project")

    async def _load(self, after: str) -> None:
        number, actor = self.number, self.app.acting
        record = await self.ask(lambda: get_project(number, actor=actor))
        if record is not None:
            self._draw(record)
            self.say(after)

    def _draw(self, record: ProjectRecord) -> None:
        self.record = record
        self.query_one("TitleLine").title = self.heading()  # type: ignore[attr-defined]
        facts = [
            (_("Status"), word(record.status) + _since(record)),
            (_("Enterprise"), record.enterprise),
            ("", f"{record.enterprise_number} · {record.enterprise_email}"),
            (_("Service provider"), f"{record.provider} · {record.provider_number}"),
            (_("Service"), word(record.service)),
            (_("Project title"), record.title),
            (_("Application date"), show_date(record.applied_on)),
            (_("Period"), f"{show_date(record.starts_on)} – {show_date(record.ends_on)}"),
            (_("Project amount"), show_amount(record.amount_cents)),
            (_("Subsidy"), show_amount(record.subsidy_cents)),
            (_("Own share"), show_amount(record.own_share_cents)),
            (
                _("On the account"),
                _("%(balance)s left (deposited %(deposited)s, paid out %(paid)s)")
                % {
                    "deposited": show_amount(record.deposited_cents),
                    "paid": show_amount(record.paid_out_cents),
                    "balance": show_amount(record.balance_cents),
                },
            ),
        ]
        self.query_one("#facts", Static).update(_aligned(facts))
        self.query_one("#actions", Static).update(self._actions(record))
        self.query_one("#history", Static).update(_history(record))
        self.refresh_bindings()

    def _actions(self, record: ProjectRecord) -> Content:
        texts = {
            ReactionKind.CANCEL: _("Cancel the project"),
            ReactionKind.STOP: _("Stop the project"),
            ReactionKind.REPORT: _("Report the project"),
        }
        lines = []
        for kind in ReactionKind:
            # said in words as well: colours may be off
            possible = kind not in record.why_not
            text = texts[kind] if possible else _("%(action)s: not now") % {"action": texts[kind]}
            lines.append(
                Content.assemble(
                    (f" {self.key_of(f'project.{kind}')}  ", "bold $key-line-key"),
                    (text, "bold" if possible else "dim"),
                )
            )
        reasons = list(dict.fromkeys(record.why_not.values()))
        lines += [Content.styled(reason, "$text-muted") for reason in reasons]
        return Content("\n").join(lines)

    def why_not(self, action: str) -> str:
        """Why a reaction is not possible now."""
        if self.record is None:
            return ""
        reasons = {f"react('{kind}')": reason for kind, reason in self.record.why_not.items()}
        return reasons.get(action, "")

    def action_react(self, kind: str) -> None:
        """Open the reaction's form, or say why it is not possible."""
        from screens.projects.reaction import ReactionScreen

        if self.record is None:
            return
        reason = self.record.why_not.get(ReactionKind(kind))
        if reason:
            self.say(reason, wrong=True)
        else:
            self.app.push_screen(ReactionScreen(self.record, ReactionKind(kind), self._reacted))

    def _reacted(self, after: str) -> None:
        self.load(after)

    def action_beside(self, after: bool) -> None:
        """To the next (or previous) project of the list."""
        self.run_worker(self._go_beside(after), group="project", exclusive=True, description="read project")

    async def _go_beside(self, after: bool) -> None:
        query, number, actor = self._query, self.number, self.app.acting
        beside = await self.ask(lambda: project_beside(query, number, after=after, actor=actor))
        if beside is not None:
            self.number = beside
            await self._load("")
        elif self.record is not None and number == self.number:
            self.say(
                _("This is the last project of the list.") if after else _("This is the first project of the list.")
            )


def _since(record: ProjectRecord) -> str:
    if record.status_since is None:
        return ""
    return " " + _("(since %(moment)s)") % {"moment": show_moment(record.status_since)}


def _aligned(facts: list[tuple[str, str]]) -> Content:
    width = max(len(name) for name, _value in facts) + 2
    return Content("\n").join(
        Content.assemble((f"{name:<{width}}", "$text-muted"), value.replace("\n", " ")) for name, value in facts
    )


def _history(record: ProjectRecord) -> Content:
    lines = [
        f"{show_moment(item.reacted_at)}  {word(item.kind)} · {word(item.reason)}"
        + (f" · {item.reason_text}" if item.reason_text else "")
        + (f" · {item.proof_name}" if item.proof_name else "")
        + f" · {item.login}"
        for item in record.reactions
    ]
    lines += [
        f"{show_date(item.paid_on)}        {word(item.kind)} · {show_amount(item.amount_cents)}"
        for item in reversed(record.payments)
    ]
    if not lines:
        return Content("")
    return Content("\n").join([Content.styled(_("History"), "bold"), *(Content(line) for line in lines)])
