"""The paired bootstrap of two models, all resamples at once, against a loop over scikit-learn's metrics."""

import numpy as np
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from benchmarks.measure import Result, seconds
from reconciler.statistics.bootstrap import Resampling, paired_gains

METRICS = {"rocAuc": roc_auc_score, "averagePrecision": average_precision_score, "brier": brier_score_loss}
RESAMPLES = 2000
LOOPED = 100
"""The loop is timed on so many resamples and scaled up: all of them would take minutes."""


def run() -> list[Result]:
    """13,000 rows, 20 % positives, three metrics."""
    rng = np.random.default_rng(0)
    y = (rng.random(13_000) < 0.2).astype(float)
    old, new = (np.clip(0.2 + 0.1 * skill * (y - 0.2) + 0.1 * rng.standard_normal(y.size), 0, 1) for skill in (5, 6))
    draws = rng.integers(0, y.size, (LOOPED, y.size))

    def loop() -> list[float]:
        return [metric(y[d], new[d]) - metric(y[d], old[d]) for d in draws for metric in METRICS.values()]

    def ours() -> object:
        return paired_gains("binary", list(METRICS), y, (old, new), Resampling(seed=0, resamples=RESAMPLES))

    gains = paired_gains("binary", list(METRICS), y, (old, new), Resampling(seed=0, resamples=RESAMPLES))
    exact = {name: abs(metric(y, new) - metric(y, old)) for name, metric in METRICS.items()}
    difference = max(abs(abs(gains[name].gain) - value) for name, value in exact.items())  # type: ignore[union-attr]
    return [
        Result(
            what="paired bootstrap, 3 metrics",
            size=f"{y.size:,} rows x {RESAMPLES:,} resamples",
            peer="loop over scikit-learn",
            ours=seconds(ours, 3),
            theirs=seconds(loop, 1) * RESAMPLES / LOOPED,
            difference=difference,
        )
    ]
