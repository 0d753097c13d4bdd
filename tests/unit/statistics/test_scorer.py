"""The scorer's many weightings: a weight counts a row as often as it says, and nothing else matters."""

import numpy as np
import pytest

from reconciler.domain.known import Missing
from reconciler.domain.metrics import METRICS, metrics_of
from reconciler.statistics.linear import LINEAR
from reconciler.statistics.metrics import Scorer, check, measure
from reconciler.statistics.ranking import RANKED
from tests.cases import each

RNG = np.random.default_rng(17)
N = 60
SAMPLES = {
    "binary": (np.arange(N) % 3 == 0, np.round(RNG.random(N), 1)),
    "multiclass": (np.arange(N) % 4, RNG.dirichlet(np.ones(4), N)),
    "regression": (RNG.normal(size=N), RNG.normal(size=N)),
}
PAIRS = [(task, name) for task in SAMPLES for name in metrics_of(task)]


def rows_of(task: str) -> tuple[np.ndarray, np.ndarray]:
    y, prediction = SAMPLES[task]
    return np.asarray(y, float), np.asarray(prediction, float)


def test_every_metric_is_computed_in_one_way():
    computed = {name for name, _ in LINEAR} | set(RANKED)
    assert computed == set(METRICS)
    assert not {name for name, _ in LINEAR} & set(RANKED)


@each(("task", "name"), PAIRS)
def test_a_weight_of_two_is_the_row_twice(task, name):
    y, prediction = rows_of(task)
    weights = RNG.integers(0, 3, N).astype(float)
    chosen = np.repeat(np.arange(N), weights.astype(int))
    value = Scorer(task, [name], y, [prediction]).score(weights[:, None])[name][0, 0]
    assert value == pytest.approx(measure(task, name, y[chosen], prediction[chosen]), abs=1e-9)


@each(("task", "name"), PAIRS)
def test_the_order_of_rows_means_nothing(task, name):
    y, prediction = rows_of(task)
    order = RNG.permutation(N)
    assert measure(task, name, y[order], prediction[order]) == pytest.approx(measure(task, name, y, prediction), abs=1e-12)


@each(("task", "name"), PAIRS)
def test_a_metric_alone_is_the_metric_among_others(task, name):
    y, prediction = rows_of(task)
    weights = RNG.integers(0, 3, (N, 4)).astype(np.uint8)
    together = Scorer(task, metrics_of(task), y, [prediction, prediction]).score(weights)
    alone = Scorer(task, [name], y, [prediction]).score(weights)
    assert (together[name] == alone[name]).all()


@each(("task", "name"), PAIRS)
def test_the_best_prediction_is_the_best_in_the_metrics_own_direction(task, name):
    y, prediction = rows_of(task)
    best = y if task != "multiclass" else np.eye(4)[y.astype(int)]
    values = measure(task, name, y, best), measure(task, name, y, prediction)
    assert (values[0] > values[1]) is METRICS[name].higher_is_better


def test_no_metrics_are_no_work():
    y, prediction = rows_of("regression")
    assert Scorer("regression", [], y, [prediction]).score(np.ones((N, 2))) == {}


@pytest.mark.parametrize("n", [2, 3, 50])
def test_scores_that_all_tie_are_no_better_than_chance(n):
    y = np.arange(n) % 2
    assert measure("binary", "rocAuc", y, np.full(n, 0.3)) == 0.5
    assert measure("binary", "averagePrecision", y, np.full(n, 0.3)) == pytest.approx(y.mean())


@each("shift", [-3.0, 0.0, 7.0])
@each("factor", [1e-6, 1.0, 1e6])
def test_a_ranking_does_not_depend_on_the_scale_of_the_scores(shift, factor):
    y, prediction = rows_of("binary")
    for name in RANKED:
        assert measure("binary", name, y, prediction * factor + shift) == pytest.approx(measure("binary", name, y, prediction))


def test_turning_the_scores_round_turns_the_roc_auc_round():
    y, prediction = rows_of("binary")
    assert measure("binary", "rocAuc", y, 1 - prediction) == pytest.approx(1 - measure("binary", "rocAuc", y, prediction))


@each(
    ("task", "y", "predictions", "code", "why"),
    [
        ("binary", [], [[]], "noRows", "0 rows"),
        ("binary", [0, 0], [[0.1, 0.2]], "oneClass", "all 2 rows"),
        ("multiclass", [1, 1], [[[0.5, 0.5]] * 2], "oneClass", "all 2 rows"),
        ("regression", [np.nan, 1.0], [[1.0, np.inf], [np.nan, np.nan]], "notANumber", "4 labels or predictions of 2 rows"),
    ],
)
def test_what_cannot_be_measured_is_told_with_its_numbers(task, y, predictions, code, why):
    problem = check(task, np.array(y, float), *(np.array(one, float) for one in predictions))
    assert isinstance(problem, Missing)
    assert problem.code == code
    assert why in problem.why


def test_one_value_is_enough_for_a_quantity():
    assert check("regression", np.array([2.0, 2.0]), np.array([1.0, 2.0])) is None
    assert measure("regression", "mae", [2.0], [1.5]) == 0.5


@each(
    ("task", "shape"),
    [
        ("binary", (3, 1)),
        ("binary", (2,)),
        ("multiclass", (3,)),
        ("multiclass", (2, 4)),
        ("regression", (3, 2)),
        ("regression", ()),
    ],
)
def test_a_prediction_of_another_shape_is_refused(task, shape):
    with pytest.raises(ValueError, match="predictions of shape"):
        check(task, np.zeros(3), np.zeros(shape))


@each("names", [["magic"], ["mae"], ["rocAuc", "macroF1"], [""]])
def test_a_metric_that_does_not_fit_is_refused_before_anything_is_computed(names):
    with pytest.raises(ValueError, match=f"no metrics of a binary task: {names[-1]}"):
        Scorer("binary", names, rows_of("binary")[0], [rows_of("binary")[1]])


def test_f1_is_the_harmonic_mean_of_precision_and_recall():
    y, prediction = rows_of("binary")
    f1, precision, recall = (measure("binary", name, y, prediction) for name in ("f1", "precision", "recall"))
    assert f1 == pytest.approx(2 * precision * recall / (precision + recall))


def test_a_probability_of_exactly_one_half_is_a_positive_call():
    assert measure("binary", "recall", [0, 1], [0.1, 0.5]) == 1.0
    assert measure("binary", "recall", [0, 1], [0.1, np.nextafter(0.5, 0)]) == 0.0


@pytest.mark.parametrize("offset", [0.0, 1e6, -1e9])
def test_r2_keeps_its_digits_far_from_zero(offset):
    y = np.array([1.0, 2.0, 3.0, 4.0]) + offset
    assert measure("regression", "r2", y, y + 0.5) == pytest.approx(0.8, rel=1e-6)


def test_a_class_that_occurs_nowhere_does_not_count_for_macro_f1():
    shares = np.array([[0.9, 0.1, 0.0], [0.1, 0.9, 0.0]])
    assert measure("multiclass", "macroF1", [0, 1], shares) == 1.0
