"""What Python's argparse says to people, from 3.11 to 3.13: it asks gettext for these at run time (`kmop_tui/cli.py`).

Nothing imports this; `make texts` reads it, as it would drop texts that no source names. What argparse says to
programmers only is left out.
"""

from services.language import _, ngettext

_("usage: ")
_("positional arguments")
_("options")
_("subcommands")
_("show this help message and exit")
_("show program's version number and exit")
_("%(prog)s: error: %(message)s\n")
_("argument %(argument_name)s: %(message)s")
_("the following arguments are required: %s")
_("one of the arguments %s is required")
_("not allowed with argument %s")
_("unrecognized arguments: %s")
_("ambiguous option: %(option)s could match %(matches)s")
_("ignored explicit argument %r")
_("expected one argument")
_("expected at most one argument")
_("expected at least one argument")
ngettext("expected %s argument", "expected %s arguments", 2)
_("invalid choice: %(value)r (choose from %(choices)s)")
_("invalid %(type)s value: %(value)r")
_("unknown parser %(parser_name)r (choices: %(choices)s)")
