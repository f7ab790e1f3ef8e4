"""`kmop-tui accounts`: who may log in."""

from argparse import Namespace
from collections.abc import Callable

from db.codes import Role
from kmop_tui.settings import Settings, WrongUsage, say
from services.accounts import AddAccount, add_account
from services.checks import parse_email, parse_provider_number
from services.databases import command_line_actor, open_database
from services.language import _
from services.words import word


def add(options: Namespace, settings: Settings) -> int:
    """Make a login; its first password goes to stdout, this once, or out by mail."""
    _require(parse_provider_number, options.provider)
    _require(parse_email, options.email)
    open_database(settings.database)
    made = add_account(
        AddAccount(
            login=options.login,
            role=Role(options.role) if options.role else None,
            provider_number=options.provider,
            email=options.email,
            by_mail=options.mail,
        ),
        actor=command_line_actor(),
    )
    facts = {"login": made.login, "role": word(made.role), "address": made.mailed_to}
    if made.password is None:
        say(
            _("Login %(login)s (%(role)s) was made. Its password goes to %(address)s with 'kmop-tui mail send'.")
            % facts
        )
    else:
        say(_("Login %(login)s (%(role)s) was made. Its first password, shown only now and good for 24 hours:") % facts)
        print(made.password)
    return 0


def _require(check: Callable[[str], object], given: str | None) -> None:
    """WrongUsage, with the check's own sentence, when an option that was given cannot be read."""
    try:
        if given is not None:
            check(given)
    except ValueError as error:
        raise WrongUsage(str(error)) from None
