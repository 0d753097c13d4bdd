"""The bootstrap is the plain loop, only quicker; seeded, stratified, and honest about noise."""

import numpy as np
import pytest
from sklearn import metrics as sk

from reconciler.domain.evidence import Gain
from reconciler.domain.known import Measured, Missing
from reconciler.statistics import bootstrap, metrics
from reconciler.statistics.bootstrap import QUANTILES, Resampling, draws, intervals, paired_gains
from reconciler.statistics.metrics import Scorer

N = 300


def a_sample(seed: int = 1, n: int = N):
    """A binary target, a champion and a challenger with less noise."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = (rng.random(n) < 1 / (1 + np.exp(-2 * x))).astype(float)
    champion, challenger = (1 / (1 + np.exp(-2 * x + noise * rng.normal(size=n))) for noise in (1.5, 0.2))
    return y, champion, challenger


def test_resamples_equal_a_scikit_learn_loop():
    y, champion, _ = a_sample()
    weights = np.concatenate(list(draws(y, "binary", Resampling(seed=3, resamples=5))))
    scores = Scorer("binary", ["rocAuc", "averagePrecision", "brier"], y, champion).score(weights)
    for row, chosen in enumerate(np.repeat(np.arange(N), counts.astype(int)) for counts in weights):
        assert scores["rocAuc"][row] == pytest.approx(sk.roc_auc_score(y[chosen], champion[chosen]), abs=1e-9)
        assert scores["averagePrecision"][row] == pytest.approx(sk.average_precision_score(y[chosen], champion[chosen]), abs=1e-9)
        assert scores["brier"][row] == pytest.approx(sk.brier_score_loss(y[chosen], champion[chosen]), abs=1e-9)


def test_every_resample_keeps_the_size_of_each_class():
    y, *_ = a_sample()
    weights = np.concatenate(list(draws(y, "binary", Resampling(resamples=50))))
    assert (weights[:, y == 1].sum(axis=1) == (y == 1).sum()).all()
    assert (weights.sum(axis=1) == N).all()


def test_strata_of_ones_own_are_kept_too():
    groups = np.array(["a", "b", "b"] * 100)
    weights = np.concatenate(list(draws(np.zeros(N), "regression", Resampling(resamples=20, strata=groups))))
    assert (weights[:, groups == "a"].sum(axis=1) == 100).all()
    with pytest.raises(ValueError, match="2 strata for 300 rows"):
        next(draws(np.zeros(N), "regression", Resampling(strata=np.array(["a", "b"]))))


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    y, champion, challenger = a_sample()
    one, again, other = (
        paired_gains("binary", ["rocAuc"], y, (champion, challenger), Resampling(seed=seed)) for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other


def test_chunks_do_not_change_the_numbers(monkeypatch):
    y, champion, _ = a_sample()
    whole = intervals("binary", ["rocAuc"], y, champion, Resampling(resamples=100))
    monkeypatch.setattr(bootstrap, "CHUNK", 2 * N)
    assert intervals("binary", ["rocAuc"], y, champion, Resampling(resamples=100)) == whole


def test_a_better_challenger_gains_whatever_the_direction_of_the_metric():
    y, champion, challenger = a_sample(n=2000)
    gains = paired_gains("binary", ["rocAuc", "brier"], y, (champion, challenger), Resampling())
    for metric, gain in gains.items():
        assert isinstance(gain, Gain)
        assert (gain.metric, gain.rows) == (metric, 2000)
        assert 0 < gain.quantiles[0.005] < gain.quantiles[0.05] < gain.gain < gain.quantiles[0.95]
        assert tuple(gain.quantiles) == QUANTILES
    assert gains["brier"].challenger < gains["brier"].champion


def test_a_model_gains_nothing_over_itself():
    y, champion, _ = a_sample()
    (gain,) = paired_gains("binary", ["rocAuc"], y, (champion, champion), Resampling()).values()
    assert isinstance(gain, Gain)
    assert gain.gain == 0
    assert set(gain.quantiles.values()) == {0.0}


@pytest.mark.parametrize(
    ("y", "prediction", "code"),
    [([1.0, 1.0], [0.5, 0.6], "oneClass"), ([0.0, 1.0], [0.5, float("nan")], "notANumber"), ([], [], "noRows")],
)
def test_what_cannot_be_compared_is_missing(y, prediction, code):
    found = paired_gains("binary", ["rocAuc", "f1"], y, (prediction, prediction), Resampling(resamples=10))
    assert {metric: fact.code for metric, fact in found.items() if isinstance(fact, Missing)} == {"rocAuc": code, "f1": code}
    (alone,) = intervals("binary", ["rocAuc"], y, prediction, Resampling(resamples=10)).values()
    assert isinstance(alone, Missing)


def test_a_metric_that_is_undefined_leaves_the_others_alone():
    found = intervals("regression", ["mae", "r2"], [2.0] * 30, np.linspace(0, 1, 30), Resampling(resamples=20))
    assert isinstance(found["mae"], Measured)
    assert found["r2"] == Missing(code="undefined", why="r2 of 30 rows, or of a resample of them, is not a number")


def test_each_model_is_sorted_once_however_many_resamples_there_are(monkeypatch):
    """What makes many resamples cheap: the ranking is found once for each model, and a chunk holds few weights at a time."""
    y, champion, challenger = a_sample()
    sorted_scores, chunks = [], []
    ranked, drawn = metrics.Ranking.of.__func__, bootstrap.draws
    monkeypatch.setattr(metrics.Ranking, "of", classmethod(lambda cls, *rows: sorted_scores.append(rows) or ranked(cls, *rows)))
    monkeypatch.setattr(bootstrap, "draws", lambda *asked: (chunks.append(chunk.size) or chunk for chunk in drawn(*asked)))
    paired_gains("binary", ["rocAuc", "averagePrecision", "brier"], y, (champion, challenger), Resampling(resamples=500))
    assert len(sorted_scores) == 2
    assert sum(chunks) == 500 * N
    assert max(chunks) <= bootstrap.CHUNK
