"""Completing the name of a file of this machine while it is typed."""

import asyncio
from pathlib import Path

from textual.suggester import Suggester


class PathSuggester(Suggester):
    """Offers the first file or folder that begins as typed."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """The completed path as it would be typed, None when nothing fits."""
        return await asyncio.to_thread(_complete, value)


def _complete(value: str) -> str | None:
    typed_folder, slash, begin = value.rpartition("/")
    try:
        folder = Path((typed_folder + slash) or ".").expanduser()
        names = sorted(
            entry.name + ("/" if entry.is_dir() else "")
            for entry in folder.iterdir()
            if entry.name.startswith(begin) and (begin or not entry.name.startswith("."))
        )
    except OSError:
        return None
    return f"{typed_folder}{slash}{names[0]}" if names and begin else None
