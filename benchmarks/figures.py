"""What the parts have found, put together and looked up by name; and the few sums that are made of it."""

import json
from collections import defaultdict
from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

from database import CACHE
from watched import Cost

MILLION = "1,000,000"


class Sample(NamedTuple):
    """Whose costs: one program's for one action, in a list of so many rows on a screen of that size."""

    size: str
    rows: str
    program: str
    action: str


class Figures:
    """The kept results of data.py, keys.py and journey.py."""

    def __init__(self) -> None:
        self.data = self._kept("data")
        self.keys = self._kept("keys")
        self.journeys = self._kept("journey")
        self.costs: dict[Sample, list[Cost]] = defaultdict(list)
        self.memory: dict[tuple[str, str, str], float] = defaultdict(float)
        self.given_up: dict[Sample, float] = {}
        for session in self.keys["sessions"]:
            place = session["size"], session["rows"], session["program"]
            self.memory[place] = max(self.memory[place], session["memory"])
            for action, costs in session["costs"].items():
                self.costs[Sample(*place, action)] += [Cost(*cost) for cost in costs]
            for action, seconds in session["given_up"].items():
                self.given_up[Sample(*place, action)] = seconds

    @staticmethod
    def _kept(name: str) -> Any:
        return json.loads((CACHE / f"{name}.json").read_text(encoding="utf-8"))

    @property
    def changes_a_second(self) -> float:
        """How many the other processes made together."""
        return sum(other["changes"] / other["seconds"] for other in self.data["others"])

    def found(self, part: int) -> list[str]:
        """The sizes (0), lists (1), programs (2) or actions (3) there are, in the order in which they were met."""
        return list(dict.fromkeys(sample[part] for sample in self.costs))

    def column(self, sample: Sample, column: str) -> list[float]:
        """All values of one column of the costs."""
        return [getattr(cost, column) for cost in self.costs.get(sample, [])]


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that so many of a hundred do not exceed."""
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]


def median(values: Sequence[float]) -> float:
    """The value in the middle, the lower of two."""
    return percentile(values, 50)


def number(value: float) -> str:
    """Whole from ten on, one decimal below, none that says nothing."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}" if value < 1 else f"{value:.1f}"
