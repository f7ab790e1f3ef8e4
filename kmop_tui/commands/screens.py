"""Without a command: the screens on the configured database."""

import argparse

from kmop_tui.settings import Settings


def run(_options: argparse.Namespace, settings: Settings) -> int:
    """Open the screens."""
    from kmop_tui.app import open_app

    return open_app(settings)
