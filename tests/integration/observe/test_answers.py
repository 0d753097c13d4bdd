"""What the model answers for rows: the same asked by days, from memory, or in one go; logged answers only from a log."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import ReconcilerError
from reconciler.observe.answers import Answers
from reconciler.specs.model import Task
from tests.builders import DAY
from tests.scoring import DictMemory, Forgetful, a_contract, a_package
from tests.snapshots import FIRST, hourly

ROWS = hourly(4)


def answers(memory: DictMemory | None = None, **changes: Any) -> Answers:
    usual: dict[str, Any] = {"package": a_package(), "memory": DictMemory() if memory is None else memory}
    return Answers(**(usual | changes))


@given(start=st.integers(0, 96), length=st.integers(0, 96), memory=st.sampled_from([DictMemory, Forgetful]))
def test_days_remembered_or_not_are_what_the_model_answers_in_one_go(start: int, length: int, memory: type[DictMemory]) -> None:
    rows, asked = ROWS[start : start + length], answers(memory())
    assert np.array_equal(asked.of(ROWS, "scheduled"), a_package().predict(ROWS))
    assert np.array_equal(asked.of(rows, "scheduled"), a_package().predict(rows))


def test_each_day_is_asked_once() -> None:
    memory = DictMemory()
    first = answers(memory).of(ROWS, "scheduled")
    kept = dict(memory.kept)
    assert len(kept) == 4
    assert np.array_equal(answers(memory).of(ROWS, "scheduled"), first)
    assert (memory.hits, memory.kept) == (4, kept)


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (FIRST + DAY - timedelta(microseconds=1), 1),
        (FIRST + DAY, 2),
        (FIRST + DAY + timedelta(microseconds=1), 2),
    ],
    ids=["just before midnight", "at midnight", "just after"],
)
def test_a_day_ends_at_midnight(at: Any, days: int) -> None:
    memory = DictMemory()
    rows = ROWS[:2].with_columns(pl.Series("scheduled", [FIRST, at], dtype=ROWS.schema["scheduled"]))
    assert answers(memory).of(rows, "scheduled").shape == (2,)
    assert len(memory.kept) == days


def test_the_same_rows_in_other_pieces_are_the_same_question() -> None:
    memory = DictMemory()
    answers(memory).of(ROWS, "scheduled")
    pieces = pl.concat([ROWS[i : i + 7] for i in range(0, 96, 7)], rechunk=False)
    assert pieces.n_chunks() > 1
    answers(memory).of(pieces, "scheduled")
    assert len(memory.kept) == 4


def test_another_label_is_the_same_question_and_another_feature_is_not() -> None:
    memory = DictMemory()
    answers(memory).of(ROWS, "scheduled")
    answers(memory).of(ROWS.with_columns(pl.lit(0.0).alias("arr_delay")), "scheduled")
    assert len(memory.kept) == 4
    answers(memory).of(ROWS.with_columns(pl.col("distance") + 1.0), "scheduled")
    assert len(memory.kept) == 8


@pytest.mark.parametrize(
    "damage",
    [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"\0" * 8, b"\0" * 191, b"\0" * 193],
    ids=["empty", "a zip", "a cut header", "one number", "a byte too few", "a byte too many"],
)
def test_a_damaged_memory_is_asked_again(damage: bytes) -> None:
    memory = DictMemory()
    right = answers(memory).of(ROWS, "scheduled")
    memory.kept = dict.fromkeys(memory.kept, damage)
    assert np.array_equal(answers(memory).of(ROWS, "scheduled"), right)


def test_no_rows_have_no_answers_and_nothing_is_remembered() -> None:
    memory = DictMemory()
    assert answers(memory).of(ROWS.clear(), "scheduled").shape == (0,)
    assert memory.kept == {}


def test_rows_without_a_feature_are_refused_by_name() -> None:
    with pytest.raises(ReconcilerError, match="carrier"):
        answers().of(ROWS.drop("carrier"), "scheduled")


def test_a_log_holds_the_answers_whatever_the_model_would_say_now() -> None:
    rows = ROWS[:3].with_columns(pl.Series("prediction", [0.25, None, 1.0]))
    memory = DictMemory()
    found = answers(memory, logged=True).of(rows, "scheduled")
    assert found[[0, 2]].tolist() == [0.25, 1.0]
    assert np.isnan(found[1])
    assert memory.kept == {}


def test_a_column_of_the_source_that_is_called_prediction_is_no_answer() -> None:
    rows = ROWS[:3].with_columns(pl.lit(0.25).alias("prediction"))
    assert np.array_equal(answers().of(rows, "scheduled"), a_package().predict(rows))


def logged(**contract: Any) -> Answers:
    """Of a model with this contract, which is asked only by its log."""
    return answers(package=replace(a_package(), contract=a_contract(bounds=(), **contract)), logged=True)


def several(*classes: str) -> Answers:
    return logged(task=Task.MULTICLASS, classes=classes)


def test_of_several_classes_the_log_is_read_in_the_order_of_the_model() -> None:
    rows = ROWS[:2].with_columns(pl.Series("prediction:a", [0.1, 0.2]), pl.Series("prediction:b", [0.9, 0.8]))
    assert several("b", "a").of(rows, "scheduled").tolist() == [[0.9, 0.1], [0.8, 0.2]]
    assert several("b", "a").of(rows.clear(), "scheduled").shape == (0, 2)
    assert several("a").of(rows, "scheduled").tolist() == [[0.1], [0.2]]


def test_a_regression_is_one_column() -> None:
    rows = ROWS[:2].with_columns(pl.Series("prediction", [3, 4]))
    assert logged(task=Task.REGRESSION, classes=()).of(rows, "scheduled").tolist() == [3.0, 4.0]
