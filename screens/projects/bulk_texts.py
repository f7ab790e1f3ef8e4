"""What is said about one reaction to many projects: what it will do, what it did, and what stays as it is."""

from collections.abc import Iterable

from textual.content import Content

from services.bulk_reactions import ReactionPlan, Refusal
from services.language import _, ngettext, show_number
from services.projects import ReactionKind


def _counted(text: str, count: int) -> str:
    return text % {"count": show_number(count)}


def name_of(kind: ReactionKind) -> str:
    """What the reaction is called."""
    return {ReactionKind.CANCEL: _("Annul"), ReactionKind.STOP: _("Stop"), ReactionKind.REPORT: _("Report")}[kind]


def heading_of(kind: ReactionKind, count: int) -> str:
    """The title of its screens."""
    match kind:
        case ReactionKind.CANCEL:
            text = ngettext("Cancel %(count)s project", "Cancel %(count)s projects", count)
        case ReactionKind.STOP:
            text = ngettext("Stop %(count)s project", "Stop %(count)s projects", count)
        case ReactionKind.REPORT:
            text = ngettext("Report %(count)s project", "Report %(count)s projects", count)
    return _counted(text, count)


def what_will_happen(plan: ReactionPlan) -> str:
    """What becomes of the projects, who gets a mail, and how many stay as they are."""
    count = len(plan.possible)
    match plan.kind:
        case ReactionKind.CANCEL:
            text = ngettext(
                "%(count)s project becomes ProjectGeannuleerd; its enterprise gets a mail with the reason. This cannot "
                "be taken back.",
                "%(count)s projects become ProjectGeannuleerd; for each, its enterprise gets a mail with the reason. "
                "This cannot be taken back.",
                count,
            )
        case ReactionKind.STOP:
            text = ngettext(
                "%(count)s project becomes StopzettingAangevraagd; the service kmo-portefeuille gets a mail with the "
                "reason and the proof, and decides.",
                "%(count)s projects become StopzettingAangevraagd; for each, the service kmo-portefeuille gets a mail "
                "with the reason and the proof, and decides.",
                count,
            )
        case ReactionKind.REPORT:
            text = ngettext(
                "%(count)s project is reported: the service kmo-portefeuille gets a mail with the reason and will "
                "contact you. Nothing changes online.",
                "%(count)s projects are reported: for each, the service kmo-portefeuille gets a mail with the reason "
                "and will contact you. Nothing changes online.",
                count,
            )
    stay = ngettext("%(count)s project stays as it is.", "%(count)s projects stay as they are.", plan.refused)
    return _counted(text, count) + (f" {_counted(stay, plan.refused)}" if plan.refused else "")


def what_happened(kind: ReactionKind, done: int, refused: int, left: int) -> str:
    """What became of the projects so far."""
    match kind:
        case ReactionKind.CANCEL:
            text = ngettext(
                "%(count)s project was cancelled; its enterprise gets a mail with the reason.",
                "%(count)s projects were cancelled; for each, its enterprise gets a mail with the reason.",
                done,
            )
        case ReactionKind.STOP:
            text = ngettext(
                "The stop of %(count)s project was requested; the service gets a mail with the reason and the proof.",
                "The stop of %(count)s projects was requested; for each, the service gets a mail with the reason and "
                "the proof.",
                done,
            )
        case ReactionKind.REPORT:
            text = ngettext(
                "%(count)s project was reported; the service gets a mail and will contact you.",
                "%(count)s projects were reported; for each, the service gets a mail and will contact you.",
                done,
            )
    sentences = [_counted(text, done) if done else _("No project was changed.")]
    if refused:
        text = ngettext("%(count)s project was refused.", "%(count)s projects were refused.", refused)
        sentences.append(_counted(text, refused))
    if left:
        text = ngettext("%(count)s project was not handled.", "%(count)s projects were not handled.", left)
        sentences.append(_counted(text, left))
    return " ".join(sentences)


def show_refusals(refusals: Iterable[Refusal], *, named: int) -> Content:
    """Why projects stay as they are: the reason, how many, and the first `named` of their numbers."""
    lines = []
    for refusal in refusals:
        count = ngettext("%(count)s project", "%(count)s projects", refusal.count)
        numbers = ", ".join(refusal.numbers[:named])
        if more := refusal.count - len(refusal.numbers[:named]):
            numbers = _("%(numbers)s and %(more)s more") % {"numbers": numbers, "more": show_number(more)}
        lines.append(
            Content.assemble(
                (f"{_counted(count, refusal.count)}: ", "bold"), refusal.reason, "\n", (numbers, "$text-muted")
            )
        )
    return Content("\n").join(lines)
