"""Going from screen to screen in tests, each step waiting for what it leads to."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from textual.pilot import Pilot

Visit = Callable[[Pilot[int]], Awaitable[None]]
SIZES = [(80, 24), (132, 43)]


async def until(pilot: Pilot[int], reached: Callable[[], Any]) -> None:
    """Let the app go on until `reached`, ten seconds at most."""
    for _attempt in range(1000):
        if reached():
            await pilot.pause()
            return
        await asyncio.sleep(0.01)
    raise AssertionError("not reached")


def on(pilot: Pilot[int], name: str) -> Callable[[], bool]:
    return lambda: type(pilot.app.screen).__name__ == name


async def menu(pilot: Pilot[int]) -> None:
    await until(pilot, on(pilot, "MenuScreen"))
