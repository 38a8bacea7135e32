"""What was measured, by group, screen and person; and the middle value of each."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Any

from app.modules.postgres import Database
from bench.growth.counting import Cost, cost

Work = Callable[[], Awaitable[Any]]


class Group(StrEnum):
    """What has one target."""

    RECORDING = "recording"
    LOOKING_BACK = "looking back"
    OWN_LIST = "the own list"
    LISTS = "admin lists"
    FIGURES = "analytics"


@dataclass(frozen=True, slots=True)
class Figure:
    """One screen of one person, or one page of a list."""

    cost: Cost
    ms: float
    shown: int = 0  # lines, where they are counted


@dataclass
class Sheet:
    """The table of one size."""

    db: Database
    who: str = ""
    measured: dict[tuple[Group, str, str], list[Figure]] = field(default_factory=dict)

    async def note(self, group: Group, what: str, work: Work, shown: Callable[[Any], int] = lambda _: 0) -> Any:
        """Measure something once more; return what it found."""
        found, took = None, 0.0

        async def timed() -> None:
            nonlocal found, took
            began = time.perf_counter()
            found = await work()
            took = time.perf_counter() - began

        read = await cost(self.db, timed)
        self.measured.setdefault((group, what, self.who), []).append(Figure(read, 1000 * took, shown(found)))
        return found

    @property
    def figures(self) -> dict[tuple[Group, str, str], Figure]:
        """The middle one of what was measured: one insert in some hundred splits a page of an index."""
        found = {}
        for place, figures in self.measured.items():
            middle = sorted(figures, key=lambda figure: figure.cost.buffers)[len(figures) // 2]
            found[place] = Figure(middle.cost, median(figure.ms for figure in figures), middle.shown)
        return found
