"""The palette (ctrl+p): Textual's own, in the user's language."""

from contextlib import suppress

from textual.command import CommandPalette

from services.language import _


class Palette(CommandPalette):
    """Commands by name. Leaving the program is not among them: it would be the first, one Enter away."""

    def __init__(self) -> None:
        super().__init__(placeholder=_("Search for a command …"))

    def _action_command_list(self, action: str) -> None:
        # Textual looks for a line of the list before the list has been laid out
        with suppress(KeyError):
            super()._action_command_list(action)
