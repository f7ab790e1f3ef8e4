"""What time it is. KMOP_NOW sets where the clock starts; from there it runs on with the machine's monotonic clock."""

import time
from datetime import UTC, date, datetime

from services.language import TIME_ZONE

_start: tuple[datetime, float] | None = None


def start_at(moment: datetime) -> None:
    """Let the clock start at `moment`; Belgian time where it names no zone."""
    global _start
    aware = moment if moment.tzinfo else moment.replace(tzinfo=TIME_ZONE)
    _start = (aware.astimezone(UTC), time.monotonic())


def now() -> datetime:
    """The moment, in UTC."""
    if _start is None:
        return datetime.now(UTC)
    begun, reading = _start
    return datetime.fromtimestamp(begun.timestamp() + time.monotonic() - reading, UTC)


def today() -> date:
    """The day in Belgium."""
    return now().astimezone(TIME_ZONE).date()
