"""`kmop-tui completion`: a script that completes commands and options in the user's shell."""

from argparse import Namespace

import shtab

from kmop_tui.cli import build_parser
from kmop_tui.settings import Settings


def run(options: Namespace, _settings: Settings) -> int:
    """The script on stdout."""
    print(shtab.complete(build_parser(), shell=options.shell))
    return 0
