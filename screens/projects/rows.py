"""The rows of the project list: where they come from, and what their columns show."""

from collections.abc import Sequence

from screens.widgets.record_table import Column
from services.language import _, ngettext, show_amount, show_date, show_number
from services.projects import (
    Places,
    ProjectCounts,
    ProjectLine,
    ProjectQuery,
    ServiceType,
    count_projects,
    list_projects,
    survey_projects,
)
from services.words import word
from services.work import Actor


class ProjectSource:
    """The rows of one query, as the table asks for them; called in the table's worker threads."""

    def __init__(self, query: ProjectQuery, actor: Actor) -> None:
        self.query, self._actor = query, actor
        self.places = Places()
        self.counts: ProjectCounts | None = None

    def fetch(self, offset: int, limit: int) -> Sequence[ProjectLine]:
        """The lines from `offset`."""
        return list_projects(self.query, actor=self._actor, offset=offset, limit=limit, places=self.places)

    def count(self) -> int:
        """How many lines there are; what was found before the filters is kept beside it."""
        self.counts = count_projects(self.query, actor=self._actor, places=self.places)
        return self.counts.shown

    def survey(self) -> None:
        """Get to know places all over a long list."""
        survey_projects(self.query, actor=self._actor, places=self.places)


def columns() -> list[Column[ProjectLine]]:
    """The manual's columns; the enterprise takes the rest of the line."""
    return [
        Column("number", _("Project no."), lambda line: line.number, 13),
        Column("enterprise", _("Enterprise"), lambda line: line.enterprise, None),
        Column("applied", _("Applied"), lambda line: show_date(line.applied_on), 10),
        Column("amount", _("Amount"), lambda line: show_amount(line.amount_cents), 11, align="right"),
        Column(
            "service",
            _("Service"),
            lambda line: word(line.service),
            9,
            short=(6, lambda line: _("Train.") if line.service is ServiceType.TRAINING else _("Adv.")),
        ),
        Column("status", _("Status"), lambda line: word(line.status), 22),
    ]


def counts_in_words(counts: ProjectCounts | None, query: ProjectQuery) -> str:
    """How many projects were found and are shown, of which years; None as long as nobody knows."""
    found = ngettext(
        "%(found)s project found (%(shown)s shown)",
        "%(found)s projects found (%(shown)s shown)",
        2 if counts is None else counts.found,
    ) % {
        "found": "…" if counts is None else show_number(counts.found),
        "shown": "…" if counts is None else show_number(counts.shown),
    }
    years = _("all years") if query.all_years else _("the last two calendar years")
    return f"{found} · {years}"
