"""Used by evaluate: whether probabilities mean what they say: the Brier score, and the expected calibration error of 15 bins.

The calibration error of few rows is far from zero however well a model is calibrated, because every bin's share of positives is
off by chance: 0.05 at 500 rows is usual. The chance part of each bin is known in closed form, and taken off.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.measured.calibration import Bin, Calibrated
from reconciler.statistics.exact import Floats
from reconciler.statistics.groups import deviations
from reconciler.statistics.losses import row_losses
from reconciler.statistics.means import mean_interval
from reconciler.statistics.metrics import check

BINS = 15
_Z = deviations(0.025)
"""Of a two-sided 95 % interval."""


def calibrated(task: str, y: ArrayLike, prediction: ArrayLike) -> Known[Calibrated]:
    """How well the probabilities are calibrated, by bins of equal mass; shapes as in `metrics`.

    Of several classes the top label is judged: how often the likeliest class is right, against its probability (Guo et al. 2017,
    "On calibration of modern neural networks"); their Brier score is half the sum over the classes, as in `row_losses`.
    Missing for a regression, no rows, one class only, or numbers that are missing.
    """
    target, given = np.asarray(y, dtype=np.float64), np.asarray(prediction, dtype=np.float64)
    if (problem := _problem(task, target, given)) is not None:
        return problem
    outcomes = _outcomes(task, target, given)
    error = _Error.of(*outcomes)
    return Calibrated(
        rows=target.size,
        brier=mean_interval(row_losses(task, target, given)),
        error=Measured(
            value=error.value,
            low=max(0.0, error.value - error.reach) if error.shown > error.likely else 0.0,
            high=min(1.0, error.shown + error.reach),
            rows=target.size,
        ),
        bins=_bins(*outcomes),
    )


def calibration_gains(task: str, y: ArrayLike, predictions: tuple[ArrayLike, ArrayLike]) -> Known[Mapping[str, Measured]]:
    """How much less the `brier` and the `error` of the second predictions are than of the first on the same rows, and how surely.

    The Brier scores are paired row by row; the errors are taken as if they were of different rows, which widens the interval.
    """
    target = np.asarray(y, dtype=np.float64)
    before, after = (np.asarray(prediction, dtype=np.float64) for prediction in predictions)
    if (problem := _problem(task, target, before, after)) is not None:
        return problem
    losses = row_losses(task, target, before) - row_losses(task, target, after)
    old, new = (_Error.of(*_outcomes(task, target, given)) for given in (before, after))
    gain, reach = old.value - new.value, float(np.hypot(old.reach, new.reach))
    error = Measured(value=gain, low=gain - reach, high=gain + reach, rows=target.size)
    return {"brier": mean_interval(losses), "error": error}


def bin_codes(said: Floats) -> np.ndarray:
    """The bin of each row, (n,), between quantiles of the probabilities; equal probabilities share a bin."""
    edges = np.quantile(said, np.linspace(0, 1, BINS + 1)[1:-1])
    return np.searchsorted(edges, said)


def _problem(task: str, target: Floats, *given: Floats) -> Missing | None:
    if task == "regression":
        return Missing(code="notApplicable", why="a regression gives no probabilities that could be calibrated")
    return check(task, target, *given)


def _outcomes(task: str, target: Floats, given: Floats) -> tuple[Floats, Floats]:
    """What happened, 0 or 1, and the probability that was said of it."""
    if task == "binary":
        return target, given
    return (given.argmax(axis=1) == target).astype(np.float64), given.max(axis=1)


def _sums(codes: np.ndarray, numbers: Floats) -> Floats:
    return np.asarray(np.bincount(codes, weights=numbers, minlength=BINS), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Error:
    """The calibration error as the rows show it, without the part of chance, and how far that may be off (95 %).

    Up to `likely` 97.5 % of calibrated models show.
    """

    shown: float
    value: float
    reach: float
    likely: float

    @classmethod
    def of(cls, happened: Floats, said: Floats) -> "_Error":
        """The mean over rows of how far off their bin is, with a reach that is wide rather than narrow.

        A bin that is off by d on average shows |d + chance|, whose mean is that of a folded normal (Leone et al. 1961); what it
        shows squared, less the variance of chance, is d squared. An absolute value varies by at most what is inside it.
        """
        codes, residual = bin_codes(said), happened - said
        sums, size = _sums(codes, residual), np.maximum(np.bincount(codes, minlength=BINS), 1)
        # Few rows may happen to agree with each other; then what their probabilities would let vary counts.
        variance = np.maximum(_sums(codes, residual**2) - sums**2 / size, _sums(codes, said * (1 - said)))
        off = np.sqrt(np.maximum(sums**2 - variance, 0.0))
        shown = float(np.abs(sums).sum()) / said.size
        chance = float((_folded_mean(off, variance) - off).sum()) / said.size
        reach = _Z * float(np.sqrt(variance.sum())) / said.size
        likely = float(_folded_mean(np.zeros(BINS), variance).sum()) / said.size + reach * np.sqrt(1 - 2 / np.pi)
        return cls(shown=shown, value=max(0.0, shown - chance), reach=reach, likely=float(likely))


def _folded_mean(mean: Floats, variance: Floats) -> Floats:
    """The mean of |x| for normal x, of each bin."""
    from scipy.special import erf

    deviation = np.sqrt(2 * np.maximum(variance, np.finfo(np.float64).tiny))
    ratio = mean / deviation
    return np.asarray(deviation * np.exp(-(ratio**2)) / np.sqrt(np.pi) + mean * erf(ratio))


def _bins(happened: Floats, said: Floats) -> tuple[Bin, ...]:
    codes = bin_codes(said)
    counts = np.bincount(codes, minlength=BINS)
    sums = zip(_sums(codes, said).tolist(), _sums(codes, happened).tolist(), counts.tolist(), strict=True)
    return tuple(Bin(predicted=said / rows, observed=seen / rows, rows=rows) for said, seen, rows in sums if rows)
