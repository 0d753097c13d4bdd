"""How a comparison is made: both sides in turn, several times, medians of seconds, and the ratio that counts."""

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
