"""Makes the picture of the README, the demo's list of projects, as the program draws it (`make docs`).

It changes with every colour and so is renewed, not compared; the logins of the demo are public.
"""

import asyncio
import re
import tempfile
from pathlib import Path

from screens.desk import Demo, Desk
from screens.widgets.record_table import RecordTable
from services import clock
from services.demo import fill_demo
from services.demo_logins import DEMO_LOGINS, DEMO_PASSWORD, DEMO_START
from services.language import use_language

PICTURE = Path(__file__).parent / "pictures" / "projects.svg"
SIZE = (100, 24)  # columns, rows


async def draw(folder: Path) -> str:
    """The list as SVG; `folder` is for the demo's database."""
    use_language("nl")
    clock.start_at(DEMO_START)
    demo = Demo(logins=(), password=DEMO_PASSWORD, login=DEMO_LOGINS[0].login)
    desk = Desk(lambda: fill_demo(folder / "demo.db", rows=0, seed=2016), source="local", log_folder=folder, demo=demo)
    async with desk.run_test(size=SIZE) as pilot:
        while desk.actor is None:
            await pilot.pause(0.05)
        await pilot.press("4")
        table = desk.screen.query_one(RecordTable)
        while table.current is None or table.busy:
            await pilot.pause(0.05)
        await pilot.press("down")
        await pilot.pause()
        return _self_contained(desk.export_screenshot(title="kmop-tui"))


def _self_contained(svg: str) -> str:
    """Without the fonts that a browser would fetch from elsewhere; lines end where their text ends."""
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def main() -> None:
    """Draw it."""
    with tempfile.TemporaryDirectory() as folder:
        PICTURE.write_text(asyncio.run(draw(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
