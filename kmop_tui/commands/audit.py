"""`kmop-tui audit`: the audit trail."""

from argparse import Namespace

from kmop_tui.settings import Settings, say
from services.audit import verify as verify_trail
from services.databases import command_line_actor, open_existing
from services.language import _


def verify(_options: Namespace, settings: Settings) -> int:
    """The number of lines and the hash of the last one on stdout, to be noted elsewhere; 1 when the trail is broken."""
    open_existing(settings.database)
    trail = verify_trail(actor=command_line_actor())
    if trail.problem is not None:
        say(trail.problem)
        return 1
    print(trail.lines, trail.head)
    say(_("The audit trail is whole. Note its length and hash elsewhere: only they show lines cut off at the end."))
    return 0
