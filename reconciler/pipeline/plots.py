"""Used by evaluate: the tables behind `dvc plots show`, the same files for every task."""

import numpy as np

from reconciler.pipeline.artifact import Contract
from reconciler.specs.model import Task

BINS = 15
POINTS = 200
PAIRS = 2000
_FIFTHS: tuple[str, ...] = ("lowest fifth", "second fifth", "third fifth", "fourth fifth", "highest fifth")


def curve_plots(contract: Contract, target: np.ndarray, prediction: np.ndarray) -> dict[str, str]:
    """Name to CSV with the columns x and y, at most 200 points each.

    `calibration`: mean prediction and mean truth of equal-mass bins (of the likeliest class, if there are several);
    `ranking`: the ROC curve of a binary task, else the share of rows with an error up to x.
    """
    expected, truth = _expected(contract, target, prediction)
    if contract.task is Task.BINARY:
        ranking = _roc(target, prediction)
    else:
        errors = np.sort(np.abs(truth - expected))
        ranking = (errors, np.arange(1, errors.size + 1) / errors.size)
    return {"calibration": _csv(*_calibration(expected, truth)), "ranking": _csv(*_thinned(*ranking))}


def confusion_plot(contract: Contract, target: np.ndarray, prediction: np.ndarray) -> str:
    """CSV with the columns actual and predicted, of at most 2,000 evenly spaced rows. A number is told by fifths of the truth."""
    rows = np.unique(np.linspace(0, target.size - 1, min(PAIRS, target.size)).astype(int))
    match contract.task:
        case Task.REGRESSION:
            cuts = np.quantile(target, [0.2, 0.4, 0.6, 0.8])
            names, actual, predicted = _FIFTHS, np.searchsorted(cuts, target), np.searchsorted(cuts, prediction)
        case Task.BINARY:
            names, actual, predicted = contract.classes, target, (prediction >= 0.5).astype(int)
        case Task.MULTICLASS:
            names, actual, predicted = contract.classes, target, prediction.argmax(axis=1)
    lines = (f"{_quoted(names[actual[row]])},{_quoted(names[predicted[row]])}" for row in rows)
    return "\n".join(("actual,predicted", *lines)) + "\n"


def _expected(contract: Contract, target: np.ndarray, prediction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if contract.task is Task.MULTICLASS:
        return prediction.max(axis=1), (prediction.argmax(axis=1) == target).astype(float)
    return prediction, target.astype(float)


def _calibration(expected: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    bins = [part for part in np.array_split(np.argsort(expected, kind="stable"), BINS) if part.size]
    return np.array([expected[part].mean() for part in bins]), np.array([truth[part].mean() for part in bins])


def _roc(target: np.ndarray, prediction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """False and true positive rates at each distinct score, from the highest down (Fawcett 2006, algorithm 1)."""
    order = np.argsort(-prediction, kind="stable")
    last = np.append(np.flatnonzero(np.diff(prediction[order])), target.size - 1)
    true = np.cumsum(target[order])[last]
    false = last + 1 - true
    return np.append(0, false / max(1, false[-1])), np.append(0, true / max(1, true[-1]))


def _thinned(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    kept = np.unique(np.linspace(0, x.size - 1, min(POINTS, x.size)).astype(int))
    return x[kept], y[kept]


def _csv(x: np.ndarray, y: np.ndarray) -> str:
    return "\n".join(("x,y", *(f"{a:.6g},{b:.6g}" for a, b in zip(x.tolist(), y.tolist(), strict=True)))) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
