"""Labels become numbers in exactly one way, and labels that do not fit are refused."""

import numpy as np
import polars as pl
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.targets import Coding, coding_of
from reconciler.specs.model import Band, Target, Task
from tests.cases import each

BANDS = Target(classes=(Band(name="early", below=0), Band(name="late", below=60), Band(name="very late")))


@each(
    ("task", "target", "labels", "classes", "codes"),
    [
        (Task.BINARY, Target(at_least=15), [14.9, 15.0, 99.0], ("< 15", ">= 15"), [0, 1, 1]),
        (Task.BINARY, Target(), [0, 1, 1], ("0", "1"), [0, 1, 1]),
        (Task.BINARY, Target(), [0.0, 1.0], ("0", "1"), [0, 1]),
        (Task.BINARY, Target(), [True, False], ("false", "true"), [1, 0]),
        (Task.BINARY, Target(), ["yes", "no"], ("no", "yes"), [1, 0]),
        (Task.BINARY, Target(positive="b"), ["a", "b", "c"], ("not b", "b"), [0, 1, 0]),
        (Task.MULTICLASS, BANDS, [-1, 0, 59, 60], ("early", "late", "very late"), [0, 1, 1, 2]),
        (Task.MULTICLASS, Target(), ["c", "a", "b"], ("a", "b", "c"), [2, 0, 1]),
    ],
)
def test_labels_become_codes(
    task: Task, target: Target, labels: list[object], classes: tuple[str, ...], codes: list[int]
) -> None:
    series = pl.Series("label", labels)
    coding = coding_of(task, target, series)
    assert coding.classes == classes
    assert coding.encode(series).tolist() == codes
    assert coding.encode(series).dtype == np.int64


def test_regression_keeps_the_numbers() -> None:
    assert coding_of(Task.REGRESSION, Target(), pl.Series("label", [1, -2])).encode(pl.Series("label", [1, -2])).tolist() == [
        1.0,
        -2.0,
    ]


def test_declared_categories_fix_the_classes_even_if_absent() -> None:
    coding = coding_of(Task.MULTICLASS, Target(), pl.Series("label", ["b"]), ["c", "b", "a"])
    assert coding.classes == ("c", "b", "a")
    assert coding.encode(pl.Series("label", ["b", "a"])).tolist() == [1, 2]


def test_a_positive_category_leaves_room_for_new_other_ones() -> None:
    coding = coding_of(Task.BINARY, Target(positive="b"), pl.Series("label", ["a", "b"]))
    assert coding.encode(pl.Series("label", ["never seen", "b"])).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("task", "target", "labels", "words"),
    [
        (Task.BINARY, Target(), [1, 2, 3], "needs two classes, the column holds 3"),
        (Task.BINARY, Target(positive="z"), ["a", "b"], "'z', which does not occur"),
        (Task.MULTICLASS, Target(), ["a", "a"], "at least two classes, there is 1"),
    ],
)
def test_labels_that_do_not_fit_the_target_are_refused(task: Task, target: Target, labels: list[object], words: str) -> None:
    with pytest.raises(ReconcilerError, match=words):
        coding_of(task, target, pl.Series("label", labels))


@each(
    ("coding", "labels", "words"),
    [
        (Coding(), ["far"], "expected numbers"),
        (Coding(), [1.0, None, float("nan")], "2 of 3 values are missing or not finite"),
        (Coding(classes=("a", "b")), ["a", None], "1 of 2 values are missing"),
        (Coding(classes=("a", "b")), ["z"], "'z' is not one of the classes a, b"),
        (Coding(classes=("< 1", ">= 1"), bounds=(1.0,)), [float("inf")], "not finite"),
    ],
)
def test_labels_that_cannot_be_coded_are_refused(coding: Coding, labels: list[object], words: str) -> None:
    with pytest.raises(ReconcilerError, match=words):
        coding.encode(pl.Series("label", labels))
