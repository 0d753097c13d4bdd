"""What a first candidate must reach, and what a later one must not lose: bounds from trivial baselines. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.survey import TableSurvey
from reconciler.specs.draft.quoting import number
from reconciler.specs.draft.ranges import round_to
from reconciler.specs.draft.target import TargetDraft
from reconciler.specs.draft.timing import Timing
from reconciler.specs.draft.wishes import UnfitDataError
from reconciler.specs.model import Task

_BETTER_THAN_CHANCE = 0.55
_FEWEST_TO_STOP_EARLY = 50
_MOVES = 0.8
_MARGIN = 0.01
_LARGEST_MARGIN = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The metrics, the bound that the first of them must keep, and how much worse than the live model it may be."""

    metrics: tuple[str, ...]
    at_least: float | None = None
    at_most: float | None = None
    why: str
    margin: float
    minimum_rows: int
    parameters: Mapping[str, bool | float]
    moving: bool = False
    """The target moves with time, so that old rows teach what is no longer so."""

    @property
    def bound(self) -> tuple[str, str]:
        """The bound as a floor's key and value."""
        if self.at_least is not None:
            return "atLeast", number(self.at_least)
        return "atMost", number(self.at_most or 0.0)

    @property
    def alarm(self) -> tuple[str, str]:
        """The same bound as a trigger's key and value: worse than that, and it is time to train."""
        key, value = self.bound
        return ("below" if key == "atLeast" else "above"), value


def proof_of(table: TableSurvey, target: TargetDraft, timing: Timing) -> Proof:
    """The bounds for the target's task. Raises UnfitDataError for a quantity of which the newest rows say nothing."""
    minimum = max(10, min(200, timing.holdout_rows // 2))
    rare = target.rarest < _FEWEST_TO_STOP_EARLY
    steady: dict[str, bool | float] = {"early_stopping": False, "l2_regularization": 10.0} if rare else {}
    match target.task:
        case Task.BINARY:
            return Proof(
                metrics=("rocAuc", "averagePrecision", "brier"),
                at_least=_BETTER_THAN_CHANCE,
                why="a little more than the 0.5 of guessing",
                margin=_margin(timing.holdout_rows * target.rarest / table.label.present),
                minimum_rows=minimum,
                parameters=steady,
            )
        case Task.MULTICLASS:
            usual = target.classes[0][1] / table.label.present
            floor = 2 * usual / (1 + usual) / len(target.classes)
            return Proof(
                metrics=("macroF1", "accuracy", "logLoss"),
                at_least=max(0.01, round_to(floor)),
                why="about what always naming the most frequent class reaches",
                margin=_margin(timing.holdout_rows / len(target.classes)),
                minimum_rows=minimum,
                parameters=steady,
            )
        case Task.REGRESSION:
            return _of_quantity(table, minimum)


def _of_quantity(table: TableSurvey, minimum: int) -> Proof:
    """Trees that minimise squares and know nothing predict the mean, so that is the baseline; medians may do better."""
    trivial = table.trivial
    if trivial is None or not math.isfinite(trivial.mae_of_mean) or trivial.mae_of_mean <= 0:
        raise UnfitDataError(f"{table.path}: the newest fifth of {table.target} is one value, or too large to be averaged")
    median = number(round_to(trivial.mae_of_median, 4))
    return Proof(
        metrics=("mae", "rmse", "r2"),
        at_most=round_to(trivial.mae_of_mean, 4),
        why=f"what always predicting the older rows' mean costs on the newest fifth (their median: {median})",
        margin=round_to(trivial.mae_of_mean * 0.02),
        minimum_rows=minimum,
        parameters={},
        moving=trivial.mae_of_recent_mean < _MOVES * trivial.mae_of_mean,
    )


def _margin(rows: float) -> float:
    """Room for chance: what two equally good models differ by on so many rows of the rarest class, about."""
    return min(_LARGEST_MARGIN, max(_MARGIN, round_to(0.3 / math.sqrt(max(1.0, rows)), 1)))
