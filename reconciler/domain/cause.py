"""Why a model was trained: what its trigger said at the time, and how its features had moved. Kept with the candidate."""

from dataclasses import dataclass

from reconciler.domain.judgements import Judgement
from reconciler.domain.verdicts import Bin


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One feature in the newest window against the reference. `importance` is None where nobody measured it."""

    feature: str
    value: float
    cut: float
    drifted: bool
    importance: float | None
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifted:
    """The features that moved most, the heaviest first, of `features` in all. `window` is a duration in words, such as `7d`."""

    statistic: str
    window: str
    rows: int
    features: int
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """`reason` is the one sentence of it. `drift` is None where no window was profiled."""

    reason: str
    trigger: Judgement
    drift: Drifted | None = None
