"""What a model answered and what happened, as a profile that later windows are held to; and the weight of each feature."""

import json

import numpy as np
import polars as pl
import pytest

from reconciler.domain.known import Missing
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.outcomes import (
    Outcomes,
    outcomes_of,
    outcomes_text,
    profile_of_labels,
    profile_of_predictions,
    read_outcomes,
)
from reconciler.specs.model import Features, Target, Task
from tests.cases import each

ROWS = 900


class Leaning:
    """A model that looks at `x` alone; it answers with probabilities, or with a number."""

    classes_ = np.array([0, 1, 2])

    def __init__(self, classes: int) -> None:
        self.classes_ = np.arange(classes)

    def predict_proba(self, frame: pl.DataFrame) -> np.ndarray:
        high = frame["x"].to_numpy()
        rest = (1 - high) / (len(self.classes_) - 1)
        return np.column_stack([*[rest] * (len(self.classes_) - 1), high])

    def predict(self, frame: pl.DataFrame) -> np.ndarray:
        return frame["x"].to_numpy() * 10


def a_contract(task: Task) -> Contract:
    classes = {Task.BINARY: ("no", "yes"), Task.MULTICLASS: ("low", "mid", "high"), Task.REGRESSION: ()}[task]
    return Contract(
        model="m", dataset="d", task=task, estimator="histGradientBoosting", label="y", target=Target(), classes=classes,
        features=Features(numeric=("x", "noise")), types={"x": "number", "noise": "number"},
    )  # fmt: skip


def rows(task: Task, seed: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.random(ROWS)
    labels = {
        Task.BINARY: np.where(rng.random(ROWS) < x, "yes", "no"),
        Task.MULTICLASS: np.where(rng.random(ROWS) < x, "high", "low"),
        Task.REGRESSION: x * 10 + rng.normal(0, 1, ROWS),
    }
    return pl.DataFrame({"x": x, "noise": rng.random(ROWS), "y": labels[task]})


def made(task: Task, seed: int = 0) -> Outcomes:
    contract = a_contract(task)
    return outcomes_of(Leaning(len(contract.classes) or 2), contract, rows(task), seed)


@pytest.mark.parametrize(
    ("task", "names"),
    [
        (Task.BINARY, {"prediction", "label"}),
        (Task.REGRESSION, {"prediction", "label"}),
        (Task.MULTICLASS, {"prediction:low", "prediction:mid", "prediction:high", "label"}),
    ],
)
def test_answers_and_labels_are_profiled_by_name(task: Task, names: set[str]) -> None:
    profile = made(task).profile
    assert not isinstance(profile, Missing)
    assert set(profile.features) == names
    assert profile.rows == ROWS


def test_the_label_of_classes_is_counted_by_their_names() -> None:
    profile = made(Task.BINARY).profile
    assert not isinstance(profile, Missing)
    assert profile.features["label"].counts == dict(rows(Task.BINARY)["y"].value_counts().sort("y").iter_rows())


@pytest.mark.parametrize("task", list(Task))
def test_the_feature_that_the_model_looks_at_has_all_the_weight(task: Task) -> None:
    assert made(task).importance == {"x": 1.0, "noise": 0.0}


def test_a_model_that_looks_at_nothing_gives_no_feature_any_weight() -> None:
    frame = rows(Task.BINARY).with_columns(x=pl.lit(0.5))
    assert outcomes_of(Leaning(2), a_contract(Task.BINARY), frame, 0).importance == {}


def test_the_seed_alone_decides() -> None:
    assert outcomes_text(made(Task.MULTICLASS)) == outcomes_text(made(Task.MULTICLASS))


@pytest.mark.parametrize("task", list(Task))
def test_the_hold_outs_own_rows_lie_on_the_reference_exactly(task: Task) -> None:
    contract, frame, outcomes = a_contract(task), rows(task), made(task)
    assert not isinstance(outcomes.profile, Missing)
    truth = contract.coding().encode(frame["y"])
    labels = profile_of_labels(outcomes.profile, contract, truth)
    model = Leaning(len(contract.classes) or 2)
    shares = model.predict(frame) if task is Task.REGRESSION else model.predict_proba(frame)
    answers = profile_of_predictions(outcomes.profile, contract, shares[:, 1] if task is Task.BINARY else shares)
    assert {**answers.features, **labels.features} == outcomes.profile.features


def test_writing_and_reading_changes_nothing() -> None:
    outcomes = made(Task.MULTICLASS)
    assert read_outcomes(outcomes_text(outcomes).encode(), "model.zip") == outcomes


def test_a_model_from_before_has_none() -> None:
    assert isinstance(read_outcomes(None, "model.zip").profile, Missing)
    assert read_outcomes(outcomes_text(Outcomes()).encode(), "model.zip") == Outcomes()


WHOLE = json.loads(outcomes_text(made(Task.BINARY)))


@each(
    "content",
    [
        b"", b"[]", b"{}", b"\xff", b"[" * 100_000, json.dumps(WHOLE | {"importance": {"x": 2}}).encode(),
        json.dumps(WHOLE | {"importance": {"x": "high"}}).encode(), json.dumps(WHOLE | {"profile": {}}).encode(),
        b'{"importance": {"x": NaN}, "profile": null}',
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_name(content: bytes) -> None:
    with pytest.raises(ReconcilerError, match=r"model.zip: outcomes.json cannot be understood"):
        read_outcomes(content, "model.zip")
