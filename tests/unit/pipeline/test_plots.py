"""The tables behind the plots."""

import numpy as np
import pytest

from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.plots import confusion_plot, curve_plots
from reconciler.specs.model import Features


def contract(task: str, *classes: str) -> Contract:
    return Contract(
        model="m",
        dataset="d",
        task=task,
        estimator="ridge",
        label="y",
        classes=classes,
        features=Features(numeric=("a",)),
        types={},
    )


def points(table: str) -> np.ndarray:
    assert table.startswith("x,y\n")
    return np.array([[float(number) for number in line.split(",")] for line in table.splitlines()[1:]])


def test_a_perfect_ranking_goes_through_the_upper_left_corner() -> None:
    target = np.array([0, 0, 1, 1])
    curve = points(curve_plots(contract("binary", "a", "b"), target, np.array([0.1, 0.2, 0.8, 0.9]))["ranking"])
    assert curve.tolist() == [[0, 0], [0, 0.5], [0, 1], [0.5, 1], [1, 1]]


def test_ties_are_one_step_of_the_ranking() -> None:
    curve = points(curve_plots(contract("binary", "a", "b"), np.array([0, 1, 0, 1]), np.full(4, 0.5))["ranking"])
    assert curve.tolist() == [[0, 0], [1, 1]]


def test_calibration_pairs_mean_prediction_with_mean_truth() -> None:
    prediction = np.repeat([0.2, 0.8], 150)
    target = (np.arange(300) % 10 < np.repeat([2, 8], 150)).astype(int)
    curve = points(curve_plots(contract("binary", "a", "b"), target, prediction)["calibration"])
    assert len(curve) == 15
    assert np.allclose(curve[0], [0.2, 0.2])
    assert np.allclose(curve[-1], [0.8, 0.8])


def test_long_curves_are_thinned() -> None:
    rng = np.random.default_rng(0)
    target, prediction = rng.normal(size=5000), rng.normal(size=5000)
    tables = curve_plots(contract("regression"), target, prediction)
    assert len(points(tables["ranking"])) == 200
    assert len(confusion_plot(contract("regression"), target, prediction).splitlines()) == 2001


@pytest.mark.parametrize(
    ("task", "target", "prediction", "lines"),
    [
        ("binary", [0, 1], [0.5, 0.2], ['"a","b, ""x"""', '"b, ""x""","a"']),
        ("multiclass", [1, 0], [[0.9, 0.1], [0.6, 0.4]], ['"b, ""x""","a"', '"a","a"']),
        ("regression", [0.0, 100.0], [-9.0, 999.0], ['"lowest fifth","lowest fifth"', '"highest fifth","highest fifth"']),
    ],
)
def test_confusion_names_classes_and_quotes_them(
    task: str, target: list[float], prediction: list[float], lines: list[str]
) -> None:
    table = confusion_plot(contract(task, "a", 'b, "x"'), np.array(target), np.array(prediction))
    assert table.splitlines() == ["actual,predicted", *lines]
