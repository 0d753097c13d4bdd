"""A ranking is sorted once, and looks only at what its metrics need."""

import numpy as np
import pytest
from sklearn import metrics as sk

from reconciler.statistics import ranking
from reconciler.statistics.ranking import RANKED, Ranking

RNG = np.random.default_rng(21)
N = 200
Y = (np.arange(N) % 4 == 0).astype(float)
SCORES = {
    "no ties": RNG.random(N),
    "some ties": RNG.random(N).round(2),
    "three scores": RNG.integers(0, 3, N) / 2,
    "one score": np.full(N, 0.5),
    "positives first": Y,
    "positives last": -Y,
}
SCIKIT_LEARN = {"rocAuc": sk.roc_auc_score, "averagePrecision": sk.average_precision_score}


def scored(scores, weights, metric):
    return np.concatenate([RANKED[metric](sweep) for sweep in Ranking.of(Y, scores).sweeps(weights)])


@pytest.mark.parametrize("metric", RANKED)
@pytest.mark.parametrize("ties", SCORES)
def test_ties_count_as_in_scikit_learn(ties, metric):
    weights = RNG.integers(0, 4, (N, 3)).astype(np.uint8)
    wanted = [SCIKIT_LEARN[metric](Y, SCORES[ties], sample_weight=column) for column in weights.T]
    assert scored(SCORES[ties], weights, metric) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("metric", RANKED)
def test_weights_may_be_shares(metric):
    """As those of rows whose label is only estimated are."""
    weights = RNG.random((N, 1)) / N
    wanted = SCIKIT_LEARN[metric](Y, SCORES["some ties"], sample_weight=weights[:, 0])
    assert scored(SCORES["some ties"], weights, metric) == pytest.approx([wanted], abs=1e-12)


def test_only_scores_that_positives_have_are_looked_at():
    found = Ranking.of(np.array([1.0, 0.0, 1.0, 0.0, 0.0]), np.array([0.9, 0.5, 0.9, 0.1, 0.9]))
    assert (found.bounds.tolist(), found.above.tolist(), found.at_least.tolist()) == ([0, 2], [0], [1])
    assert found.positives.tolist() == [0, 2]
    assert found.negatives.tolist() == [4, 1, 3]


@pytest.mark.parametrize("metric", RANKED)
def test_how_many_weightings_are_swept_at_once_does_not_change_a_bit(monkeypatch, metric):
    weights = RNG.integers(0, 4, (N, 5)).astype(np.uint8)
    together = scored(SCORES["no ties"], weights, metric)
    monkeypatch.setattr(ranking, "_HELD", 2 * N)
    assert len(list(Ranking.of(Y, SCORES["no ties"]).sweeps(weights))) == 3
    assert (scored(SCORES["no ties"], weights, metric) == together).all()
