"""Used by train, evaluate and score: turns a column of labels into the numbers that a model learns and is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.errors import ReconcilerError
from reconciler.specs.model import Target, Task

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How labels become numbers. `classes` names the codes 0..k-1 in order; it is empty for regression.

    `bounds` are the k - 1 ascending cuts when the classes are bands of a number; code i holds bounds[i-1] <= x < bounds[i].
    """

    classes: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()

    def encode(self, labels: "pl.Series") -> np.ndarray:
        """(n,) float64 values for regression, else (n,) int64 codes. Raises ReconcilerError for a label that does not fit."""
        if not self.classes:
            return _numbers(labels)
        if self.bounds:
            return np.searchsorted(np.asarray(self.bounds), _numbers(labels), side="right").astype(np.int64)
        return self._encode_categories(labels)

    def _encode_categories(self, labels: "pl.Series") -> np.ndarray:
        texts = _texts(labels)
        codes = {name: code for code, name in enumerate(self.classes)}
        unknown = sorted(set(texts) - set(codes))
        if unknown and self.classes[0].startswith(_OTHER):
            codes |= dict.fromkeys(unknown, 0)
        elif unknown:
            raise ReconcilerError(
                f"label {labels.name}: {unknown[0]!r} is not one of the classes {', '.join(self.classes)}",
                help="list all categories of the label's column in the dataset's contract",
            )
        return np.fromiter((codes[text] for text in texts), dtype=np.int64, count=len(texts))


_OTHER = "not "


def coding_of(task: Task, target: Target, labels: "pl.Series", declared: Sequence[str] | None = None) -> Coding:
    """How to code these labels. `declared` are the categories in the dataset's contract; else the labels themselves tell.

    Raises ReconcilerError when the labels cannot be what the task and the target say.
    """
    match task:
        case Task.REGRESSION:
            return Coding()
        case Task.BINARY:
            return _binary(target, labels)
        case Task.MULTICLASS:
            return _multiclass(target, labels, declared)


def _binary(target: Target, labels: "pl.Series") -> Coding:
    if target.at_least is not None:
        cut = target.at_least
        return Coding(classes=(f"< {cut:g}", f">= {cut:g}"), bounds=(cut,))
    present = sorted(set(_texts(labels)))
    if target.positive is not None:
        if target.positive not in present:
            raise ReconcilerError(
                f"label {labels.name}: spec.target.positive is {target.positive!r}, which does not occur; "
                f"the labels are {', '.join(present[:10])}"
            )
        return Coding(classes=(f"{_OTHER}{target.positive}", target.positive))
    if set(present) <= {"0", "1"}:
        return Coding(classes=("0", "1"))
    if set(present) <= {"false", "true"}:
        return Coding(classes=("false", "true"))
    if len(present) != 2:
        raise ReconcilerError(
            f"label {labels.name}: a binary task needs two classes, the column holds {len(present)}",
            help="cut a number with spec.target.atLeast, or name the positive category with spec.target.positive",
        )
    return Coding(classes=tuple(present))


def _multiclass(target: Target, labels: "pl.Series", declared: Sequence[str] | None) -> Coding:
    if target.classes is not None:
        bounds = [band.below for band in target.classes if band.below is not None]
        return Coding(classes=tuple(band.name for band in target.classes), bounds=tuple(bounds))
    classes = tuple(declared) if declared else tuple(sorted(set(_texts(labels))))
    if len(classes) < 2:
        raise ReconcilerError(f"label {labels.name}: a multiclass task needs at least two classes, there is {len(classes)}")
    return Coding(classes=classes)


def _numbers(labels: "pl.Series") -> np.ndarray:
    if not (labels.dtype.is_numeric() or labels.dtype.to_python() is bool):
        raise ReconcilerError(f"label {labels.name}: expected numbers, the column is {labels.dtype}")
    values = np.asarray(labels.cast(_float64()).to_numpy(), dtype=np.float64)
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad:
        raise ReconcilerError(f"label {labels.name}: {bad} of {len(values)} values are missing or not finite")
    return values


def _texts(labels: "pl.Series") -> list[str]:
    if labels.null_count():
        raise ReconcilerError(f"label {labels.name}: {labels.null_count()} of {len(labels)} values are missing")
    return [_text(value) for value in labels.to_list()]


def _text(value: Any) -> str:
    """`1.0` and 1 are the same class, and so are True and `true`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _float64() -> Any:
    import polars as pl

    return pl.Float64
