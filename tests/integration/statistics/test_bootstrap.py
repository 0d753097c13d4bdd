"""The bootstrap is the plain loop, only quicker; seeded, stratified, and honest about noise."""

import numpy as np
import pytest
from sklearn import metrics as sk

from reconciler.domain.evidence import Gain
from reconciler.domain.known import Measured, Missing
from reconciler.statistics import bootstrap
from reconciler.statistics.bootstrap import QUANTILES, intervals, paired_gains
from reconciler.statistics.metrics import Scorer
from reconciler.statistics.ranking import Ranking
from reconciler.statistics.resampling import Draws, Resampling, draws

N = 300


def a_sample(seed: int = 1, n: int = N):
    """A binary target, a champion and a challenger with less noise."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    y = (rng.random(n) < 1 / (1 + np.exp(-2 * x))).astype(float)
    champion, challenger = (1 / (1 + np.exp(-2 * x + noise * rng.normal(size=n))) for noise in (1.5, 0.2))
    return y, champion, challenger


NAMES = ["rocAuc", "averagePrecision", "accuracy", "f1", "brier", "logLoss"]


def by_scikit_learn(y, p):
    return [
        sk.roc_auc_score(y, p),
        sk.average_precision_score(y, p),
        sk.accuracy_score(y, p >= 0.5),
        sk.f1_score(y, p >= 0.5),
        sk.brier_score_loss(y, p),
        sk.log_loss(y, p),
    ]


def test_resamples_equal_a_scikit_learn_loop():
    y, champion, challenger = a_sample()
    weights = next(draws(y, "binary", Resampling(seed=3, resamples=3)))
    scores = Scorer("binary", NAMES, y, [champion, challenger]).score(weights)
    for number, counts in enumerate(weights.T):
        chosen = np.repeat(np.arange(N), counts)
        for model, prediction in enumerate((champion, challenger)):
            found = [scores[name][model, number] for name in NAMES]
            assert found == pytest.approx(by_scikit_learn(y[chosen], prediction[chosen]), abs=1e-9)


def test_an_interval_is_that_of_the_resamples_that_can_be_drawn():
    """What `draws` gives is what was measured, so any figure can be checked from outside."""
    y, champion, _ = a_sample()
    asked = Resampling(seed=3, resamples=200)
    values = [np.average((champion - y) ** 2, weights=column) for one in draws(y, "binary", asked) for column in one.T]
    found = intervals("binary", ["brier"], y, champion, asked)["brier"]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(values, bootstrap.INTERVAL)), abs=1e-12)


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others():
    y, champion, challenger = a_sample()
    one, again, other = (
        paired_gains("binary", ["rocAuc"], y, (champion, challenger), Resampling(seed=seed)) for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other


def test_threads_do_not_change_a_bit(monkeypatch):
    y, *models = a_sample()
    asked = Resampling(resamples=600)
    monkeypatch.setattr(bootstrap, "THREADS", 1)
    alone = paired_gains("binary", NAMES, y, models, asked)
    monkeypatch.setattr(bootstrap, "THREADS", 3)
    monkeypatch.setattr(bootstrap, "MANY", 0)
    assert paired_gains("binary", NAMES, y, models, asked) == alone


def test_metrics_beside_it_do_not_change_a_metric():
    y, *models = a_sample()
    asked = Resampling(resamples=50)
    assert (
        paired_gains("binary", NAMES, y, models, asked)["brier"] == paired_gains("binary", ["brier"], y, models, asked)["brier"]
    )


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
    """What makes many resamples cheap: the ranking is found once for each model, and blocks of resamples share it."""
    y, *models = a_sample()
    sorted_scores, blocks = [], []
    ranked, drawn = Ranking.of.__func__, Draws.block
    monkeypatch.setattr(Ranking, "of", classmethod(lambda cls, *rows: sorted_scores.append(rows) or ranked(cls, *rows)))
    monkeypatch.setattr(Draws, "block", lambda draws, number: blocks.append(number) or drawn(draws, number))
    paired_gains("binary", NAMES, y, models, Resampling(resamples=500))
    assert len(sorted_scores) == 2
    assert sorted(blocks) == [0, 1]
