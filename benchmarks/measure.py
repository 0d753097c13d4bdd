"""How a comparison is made: both sides in turn, several times, medians of seconds, and the ratio that counts."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One row of the report; seconds are medians. `difference` is the largest between the two answers."""

    what: str
    size: str
    peer: str
    ours: float
    theirs: float
    difference: float

    @property
    def ratio(self) -> float:
        """How many times quicker we are."""
        return self.theirs / self.ours


def seconds(work: Callable[[], object], times: int) -> float:
    """The median wall time of running the work so many times."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def cpu_seconds(work: Callable[[], object], times: int) -> float:
    """The same of CPU time, of this process and of those that it waited for: what else the machine does counts little."""
    taken = []
    for _ in range(times):
        start = _cpu()
        work()
        taken.append(_cpu() - start)
    return median(taken)


def _cpu() -> float:
    """Seconds that the process and its children had so far."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
