"""Bulk reactions: one reaction to many projects, each in its own transaction; first, what would become of each."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from db.bulk_reactions import MoneyOfProject, money_of_projects
from db.project_list import every_project_line
from services.errors import Conflict, NotAllowed, NotFound, SessionExpired
from services.language import _
from services.projects import ProjectQuery, ReactionKind, chosen_projects
from services.reactions import ReactToProject, WrittenReaction, react_to_project
from services.rules import Permission, ProjectMoney, why_not_react
from services.work import Actor, Record, reading, require

CHUNK = 1000  # projects that are looked up by one query
MOST_NAMED = 50  # numbers that go with a refusal


class ProjectSelection(Record):
    """Which projects: those with these numbers, or all that `query` lets through, in its order."""

    numbers: tuple[str, ...] = ()
    query: ProjectQuery | None = None


class Refusal(Record):
    """Why some projects stay as they are: how many, and the numbers of the first."""

    reason: str
    count: int
    numbers: tuple[str, ...]


class ReactionPlan(Record):
    """What a reaction would do: the projects that it is `possible` for, by number and version, and who says no."""

    kind: ReactionKind
    possible: tuple[tuple[str, int], ...]
    refusals: tuple[Refusal, ...]

    @property
    def refused(self) -> int:
        """How many projects stay as they are."""
        return sum(refusal.count for refusal in self.refusals)

    @property
    def total(self) -> int:
        """How many projects were looked at."""
        return len(self.possible) + self.refused


class Outcome(Record):
    """What became of one project; `refused` says why nothing did, '' when the reaction went through."""

    number: str
    refused: str = ""


Report = Callable[[Outcome], bool]


def plan_reactions(selection: ProjectSelection, *, actor: Actor) -> dict[ReactionKind, ReactionPlan]:
    """A dry run: what the rules say now about each reaction to each of the projects; nothing is written.

    Invalid when a filter of the query cannot be read.
    """
    possible: dict[ReactionKind, list[tuple[str, int]]] = {kind: [] for kind in ReactionKind}
    refused: dict[ReactionKind, list[tuple[str, str]]] = {kind: [] for kind in ReactionKind}
    with reading():
        require(actor, Permission.VIEW_PROJECTS)
        whose = chosen_projects(ProjectQuery(all_years=True), actor)
        numbers = _numbers(selection, actor)
        while chunk := list(islice(numbers, CHUNK)):
            known = money_of_projects(chunk, whose)
            for number in chunk:
                found = known.get(number)
                for kind, reason in _why_not(found, actor).items():
                    if reason:
                        refused[kind].append((number, reason))
                    elif found is not None:
                        possible[kind].append((number, found.version))
    return {
        kind: ReactionPlan(kind=kind, possible=tuple(possible[kind]), refusals=group_refusals(refused[kind]))
        for kind in ReactionKind
    }


def _why_not(found: MoneyOfProject | None, actor: Actor) -> dict[ReactionKind, str | None]:
    """What `ProjectRecord.why_not` would say, None for what is possible."""
    if found is None:
        return dict.fromkeys(ReactionKind, _("There is no such project, or it is not yours."))
    money = ProjectMoney(
        status=found.status,
        amount_cents=found.amount_cents,
        own_share_cents=found.own_share_cents,
        deposited_cents=found.deposited_cents,
        paid_out_cents=found.paid_out_cents,
    )
    return {kind: why_not_react(kind, money, actor.role) for kind in ReactionKind}


def _numbers(selection: ProjectSelection, actor: Actor) -> Iterator[str]:
    query = selection.query
    if query is None:
        return iter(dict.fromkeys(selection.numbers))
    chosen = chosen_projects(query, actor)
    return (line.number for line in every_project_line(chosen, query.sort, query.descending))


def group_refusals(refused: Iterable[tuple[str, str]]) -> tuple[Refusal, ...]:
    """Numbers and why they were refused, by reason: the most frequent first."""
    counts: Counter[str] = Counter()
    first: dict[str, list[str]] = {}
    for number, reason in refused:
        counts[reason] += 1
        if counts[reason] <= MOST_NAMED:
            first.setdefault(reason, []).append(number)
    return tuple(
        Refusal(reason=reason, count=count, numbers=tuple(first[reason])) for reason, count in counts.most_common()
    )


def react_to_all(
    plan: ReactionPlan, reaction: WrittenReaction, report: Report, *, actor: Actor, start: int = 0
) -> None:
    """React to the projects that the plan holds for possible, one after the other, as `react_to_project` does.

    `report` hears what became of each, and says whether to go on. Busy, Unavailable and SessionExpired end it, and then
    the project whose turn it was is as before. To go on after either, `start` is the number of outcomes so far.
    Invalid when the reason or the proof does not do, before the first project.
    """
    with reading():  # one connection for all of them takes half the time
        require(actor, Permission.REACT_TO_PROJECT)
        for number, version in plan.possible[start:]:
            if not report(_react(number, version, reaction, actor)):
                return


def _react(number: str, version: int, reaction: WrittenReaction, actor: Actor) -> Outcome:
    try:
        react_to_project(ReactToProject(number=number, version=version, **dict(reaction)), actor=actor)
    except SessionExpired:
        raise
    except Conflict:
        return Outcome(number=number, refused=_("Changed meanwhile. Look at it before you react."))
    except (NotAllowed, NotFound) as error:
        return Outcome(number=number, refused=str(error))
    return Outcome(number=number)
