"""The paired bootstrap of two models, all resamples of all metrics, against a loop over scikit-learn's metrics."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics as sk

from benchmarks.measure import Result, seconds
from reconciler.statistics.bootstrap import paired_gains
from reconciler.statistics.metrics import Scorer
from reconciler.statistics.resampling import Resampling, resample

Floats = NDArray[np.float64]
METRICS: dict[str, Callable[[Floats, Floats], float]] = {
    "rocAuc": sk.roc_auc_score,
    "f1": lambda y, p: sk.f1_score(y, p >= 0.5),
    "accuracy": lambda y, p: sk.accuracy_score(y, p >= 0.5),
    "brier": sk.brier_score_loss,
    "logLoss": sk.log_loss,
}
ASKED = Resampling(seed=0, resamples=2000)
SIZES = ((13_000, 50, 3), (1_000_000, 2, 1))
"""Rows, on how many resamples the loop is timed (all of them would take minutes), and how often ours is."""


def run() -> list[Result]:
    """10 % positives, five metrics, two models."""
    return [_compared(rows, looped, times) for rows, looped, times in SIZES]


def _compared(rows: int, looped: int, times: int) -> Result:
    rng = np.random.default_rng(0)
    y = (rng.random(rows) < 0.1).astype(float)
    pair = [1 / (1 + np.exp(2.2 - skill * y - rng.standard_normal(rows))) for skill in (1.5, 1.6)]
    chosen = [np.repeat(np.arange(rows), resample(y, "binary", ASKED, number)) for number in range(looped)]

    def loop() -> list[float]:
        return [metric(y[rows], model[rows]) for rows in chosen for metric in METRICS.values() for model in pair]

    def ours() -> object:
        return paired_gains("binary", list(METRICS), y, (pair[0], pair[1]), ASKED)

    return Result(
        what=f"paired bootstrap, {len(METRICS)} metrics",
        size=f"{rows:,} rows x {ASKED.resamples:,} resamples",
        peer="loop over scikit-learn",
        ours=seconds(ours, times),
        theirs=seconds(loop, 1) * ASKED.resamples / looped,
        difference=max(_differences(y, pair)),
    )


def _differences(y: Floats, pair: list[Floats]) -> Iterator[float]:
    """Between the two answers on the very same resamples: the first and the last."""
    scorer = Scorer("binary", list(METRICS), y, pair)
    for number in (0, ASKED.resamples - 1):
        weights = resample(y, "binary", ASKED, number)
        rows, scores = np.repeat(np.arange(y.size), weights), scorer.score(weights[:, None])
        for name, metric in METRICS.items():
            for model, prediction in enumerate(pair):
                yield abs(float(scores[name][model, 0]) - metric(y[rows], prediction[rows]))
