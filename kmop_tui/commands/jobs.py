"""`kmop-tui jobs run`: what happens because time passes; meant for a timer, once a night."""

from argparse import Namespace

from kmop_tui.settings import Settings, say
from services.databases import command_line_actor, open_existing
from services.jobs import JobsResult, run_jobs
from services.language import _, ngettext


def run(options: Namespace, settings: Settings) -> int:
    """Do what is due, or only say what is (`--dry-run`)."""
    open_existing(settings.database)
    result = run_jobs(actor=command_line_actor(), dry_run=options.dry_run)
    lines = _lines(result)
    if options.dry_run and lines:
        say(_("Nothing was changed. This is due:"))
    for line in lines or [_("Nothing is due.")]:
        say(line)
    return 0


def _lines(result: JobsResult) -> list[str]:
    """One line for each part of the job that had something to do."""
    told = (
        (
            result.registrations_expired,
            ngettext(
                "%(count)s registration expired",
                "%(count)s registrations expired",
                result.registrations_expired,
            ),
        ),
        (
            result.reminders,
            ngettext("%(count)s reminder of an expiry date", "%(count)s reminders of an expiry date", result.reminders),
        ),
        (
            result.projects_cancelled,
            ngettext(
                "%(count)s unpaid project cancelled", "%(count)s unpaid projects cancelled", result.projects_cancelled
            ),
        ),
        (
            result.passwords_dropped,
            ngettext(
                "%(count)s expired password dropped", "%(count)s expired passwords dropped", result.passwords_dropped
            ),
        ),
        (
            result.drafts_dropped,
            ngettext("%(count)s old draft dropped", "%(count)s old drafts dropped", result.drafts_dropped),
        ),
    )
    return [text % {"count": count} for count, text in told if count]
