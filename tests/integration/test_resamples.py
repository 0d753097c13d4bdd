"""Many rows: every figure of a resample is scikit-learn's on the rows that it drew, and memory does not follow the resamples."""

import tracemalloc

import numpy as np
import pytest
from sklearn import metrics as sk

from reconciler.domain.evidence import Gain
from reconciler.statistics import bootstrap
from reconciler.statistics.bootstrap import paired_gains
from reconciler.statistics.metrics import Scorer
from reconciler.statistics.resampling import Resampling, resample

N = 100_000
RNG = np.random.default_rng(31)
Y = (RNG.random(N) < 0.1).astype(float)
CHAMPION = 1 / (1 + np.exp(2.5 - 1.5 * Y - RNG.normal(size=N)))
CHALLENGER = (1 / (1 + np.exp(2.5 - 1.6 * Y - RNG.normal(size=N)))).round(2).clip(0.01, 0.99)  # its scores tie
SCIKIT_LEARN = {
    "rocAuc": sk.roc_auc_score,
    "averagePrecision": sk.average_precision_score,
    "accuracy": lambda y, p, **w: sk.accuracy_score(y, p >= 0.5, **w),
    "f1": lambda y, p, **w: sk.f1_score(y, p >= 0.5, **w),
    "brier": sk.brier_score_loss,
    "logLoss": sk.log_loss,
}
ASKED = Resampling(seed=7, resamples=2000)


@pytest.mark.parametrize("number", [0, 777, 1999])
def test_a_resample_is_scored_as_scikit_learn_scores_it(number):
    """Whether it is told how often each row was drawn, or given the row so many times."""
    weights = resample(Y, "binary", ASKED, number)
    chosen = np.repeat(np.arange(N), weights)
    scores = Scorer("binary", list(SCIKIT_LEARN), Y, [CHAMPION, CHALLENGER]).score(weights[:, None])
    for name, metric in SCIKIT_LEARN.items():
        for prediction, found in zip((CHAMPION, CHALLENGER), scores[name][:, 0], strict=True):
            assert found == pytest.approx(metric(Y, prediction, sample_weight=weights), abs=1e-9), name
            assert found == pytest.approx(metric(Y[chosen], prediction[chosen]), abs=1e-9), name


def test_memory_does_not_follow_the_resamples(monkeypatch):
    """All weights of 200 resamples would take 20 MB as bytes, and 160 MB as floats, four times over."""
    monkeypatch.setattr(bootstrap, "THREADS", 1)
    peaks = []
    for resamples in (8, 200):
        tracemalloc.start()
        (gain,) = paired_gains("binary", ["rocAuc"], Y, (CHAMPION, CHALLENGER), Resampling(resamples=resamples)).values()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert isinstance(gain, Gain)
    assert peaks[1] < peaks[0] + 2**20
