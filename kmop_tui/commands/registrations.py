"""`kmop-tui registrations`: the case handler's work, each time as the person whose password is given."""

import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from getpass import getpass

from kmop_tui.settings import Settings, WrongUsage, say
from services import clock
from services.accounts import LogIn, log_in, log_out
from services.checks import parse_date
from services.databases import open_existing
from services.errors import Unconfirmed
from services.language import _, show_date
from services.registration_decisions import (
    ConfirmRegistration,
    DecideRegistration,
    NoteAudit,
    ProposalRecord,
    ProposeRegistration,
    confirm_registration,
    decide_registration,
    note_audit,
    note_declaration,
    proposal_of,
    propose_registration,
)
from services.registration_rules import FOUR_EYES
from services.registrations import (
    MoveRegistration,
    RegistrationEvent,
    RegistrationRecord,
    get_registration,
    move_registration,
)
from services.words import word
from services.work import Actor


def receive(options: Namespace, settings: Settings) -> int:
    """Note what came in for a request: its declaration, or the result of the audit."""
    day = _day(options.on) or clock.today()
    if options.what == "audit" and not (options.bureau and options.result):
        raise WrongUsage(_("An audit needs --bureau and --result."))
    with _acting_as(options.login, settings) as actor:
        if options.what == "declaration":
            record = note_declaration(options.number, day, actor=actor)
        else:
            audit = NoteAudit(
                number=options.number, on=day, bureau=options.bureau, positive=options.result == "positive"
            )
            record = note_audit(audit, actor=actor)
        _say_status(record)
    return 0


def decide(options: Namespace, settings: Settings) -> int:
    """Decide alone (grant, refuse, stop), propose to somebody else (suspend, resume, exclude), or confirm."""
    until = _day(options.until)
    with _acting_as(options.login, settings) as actor:
        try:
            return _confirm(options, actor) if options.decision == "confirm" else _decide(options, until, actor)
        except Unconfirmed as consequences:
            say(str(consequences))
            say(_("Nothing was changed yet. Do you agree? Then give the same command with --confirmed."))
            return 1


def _decide(options: Namespace, until: date | None, actor: Actor) -> int:
    record = get_registration(options.number, actor=actor)
    event = RegistrationEvent(options.decision)
    if event in FOUR_EYES:
        proposal = propose_registration(
            ProposeRegistration(
                number=record.number, version=record.version, event=event, reason=options.reason, until=until
            ),
            actor=actor,
        )
        _say_proposal(proposal)
        say(_("Somebody else must confirm this: kmop-tui registrations decide %(number)s confirm") % vars(options))
    elif event is RegistrationEvent.STOP:
        _say_status(
            move_registration(
                MoveRegistration(
                    number=record.number,
                    version=record.version,
                    event=event,
                    reason=options.reason,
                    confirmed=options.confirmed,
                ),
                actor=actor,
            )
        )
    else:
        _say_status(
            decide_registration(
                DecideRegistration(number=record.number, version=record.version, event=event, reason=options.reason),
                actor=actor,
            )
        )
    return 0


def _confirm(options: Namespace, actor: Actor) -> int:
    proposal = proposal_of(options.number, actor=actor)
    if proposal is None:
        say(_("Nothing about registration %(number)s waits to be confirmed.") % {"number": options.number})
        return 1
    _say_proposal(proposal)
    if not options.confirmed:
        say(_("Nothing was changed yet. Do you agree? Then give the same command with --confirmed."))
        return 1
    _say_status(
        confirm_registration(ConfirmRegistration(number=proposal.number, proposed_at=proposal.proposed_at), actor=actor)
    )
    return 0


@contextmanager
def _acting_as(login: str, settings: Settings) -> Iterator[Actor]:
    """A session of that person: the password is asked on a terminal, or is the first line of the standard input."""
    open_existing(settings.database)
    if sys.stdin.isatty():
        password = getpass(_("Password of %(login)s: ") % {"login": login})
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    actor = log_in(
        LogIn(login=login, password=password, source=os.environ.get("SSH_CONNECTION", "local").split(" ")[0])
    )
    try:
        yield actor
    finally:
        log_out(actor=actor)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return parse_date(text)
    except ValueError as error:
        raise WrongUsage(str(error)) from None


def _say_status(record: RegistrationRecord) -> None:
    told = _("%(number)s: %(status)s %(word)s") % {
        "number": record.number,
        "status": record.status,
        "word": word(record.status),
    }
    if record.expires_on is not None:
        told += _(", valid until %(date)s") % {"date": show_date(record.expires_on)}
    say(told)


def _say_proposal(proposal: ProposalRecord) -> None:
    told = _("%(number)s: %(login)s proposes '%(event)s', for this reason: %(reason)s") % {
        "number": proposal.number,
        "login": proposal.proposed_by,
        "event": word(proposal.event),
        "reason": proposal.reason,
    }
    if proposal.until is not None:
        told += " " + _("(until %(date)s)") % {"date": show_date(proposal.until)}
    say(told)
