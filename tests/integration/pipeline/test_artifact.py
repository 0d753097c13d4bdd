"""What a packaged model answers, and what it says when it cannot."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract, environment_versions, predictions, read_contract
from reconciler.pipeline.build_json import json_text
from reconciler.specs.model import Features, Target, Task
from reconciler.specs.training import Estimator
from tests.runs import flights
from tests.scoring import a_contract, a_package

ROWS = pl.DataFrame({"size": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]})


@pytest.mark.parametrize(
    ("task", "classes", "shape"),
    [(Task.BINARY, ("a", "b"), ()), (Task.MULTICLASS, ("a", "b", "c"), (3,)), (Task.REGRESSION, (), ())],
)
def test_no_rows_have_no_predictions_and_that_is_no_error(task: Task, classes: tuple[str, ...], shape: tuple[int, ...]) -> None:
    kind = DecisionTreeRegressor if task is Task.REGRESSION else DecisionTreeClassifier
    fitted = kind().fit(ROWS, [row % max(1, len(classes)) for row in range(ROWS.height)])
    contract = Contract(
        model="m",
        dataset="d",
        task=task,
        estimator=Estimator.CUSTOM,
        label="y",
        target=Target(),
        classes=classes,
        bounds=(),
        features=Features(numeric=("size",)),
        types={"size": "number"},
    )

    assert predictions(fitted, contract, ROWS).shape == (6, *shape)
    assert predictions(fitted, contract, ROWS.clear()).shape == (0, *shape)


class Proud:
    """An estimator of a team's own that takes no row with a gap."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.classes_ = np.array([0, 1])

    def predict_proba(self, rows: pl.DataFrame) -> np.ndarray:
        raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("Input X contains NaN.\nLogisticRegression does not accept"), "ValueError: Input X contains NaN."),
        (TypeError("unhashable"), "TypeError: unhashable"),
        (KeyError("carrier"), "KeyError: 'carrier'"),
        (IndexError("out of bounds"), "IndexError: out of bounds"),
        (AttributeError("no tree_"), "AttributeError: no tree_"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_estimator_that_cannot_answer_is_an_error_of_one_line(error: Exception, said: str) -> None:
    with pytest.raises(ReconcilerError) as caught:
        predictions(Proud(error), a_contract(), flights(40))
    assert caught.value.message == f"the model cannot answer for these 40 rows: {said}"


def test_an_estimator_with_no_shares_cannot_be_asked_for_classes() -> None:
    with pytest.raises(ReconcilerError, match=r"cannot answer for these 6 rows: AttributeError: .*predict_proba"):
        predictions(DecisionTreeRegressor().fit(ROWS, range(6)), a_contract(features=Features(numeric=("size",))), ROWS)


def test_a_class_that_was_never_trained_on_has_no_share() -> None:
    fitted = DecisionTreeClassifier().fit(ROWS, [0, 0, 0, 2, 2, 2])
    contract = a_contract(task=Task.MULTICLASS, classes=("a", "b", "c"), bounds=(), features=Features(numeric=("size",)))
    shares = predictions(fitted, contract, ROWS)
    assert shares[:, 1].tolist() == [0.0] * 6
    assert shares.sum(axis=1).tolist() == [1.0] * 6


def test_the_order_of_columns_and_columns_too_many_change_no_answer() -> None:
    rows = flights(50, seed=4)
    turned = rows.select(reversed(rows.columns)).with_columns(pl.lit("x").alias("more"))
    assert np.array_equal(a_package().predict(turned), a_package().predict(rows))


def test_each_row_is_answered_by_itself() -> None:
    rows = flights(50, seed=4)
    apart = [float(a_package().predict(rows[i])[0]) for i in range(rows.height)]
    assert a_package().predict(rows).tolist() == pytest.approx(apart, abs=1e-12)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Invalid JSON"),
        (b"\xff", "Invalid JSON|UTF-8"),
        (b"[]", "valid dictionary|instance of|object"),
        (b"[" * 100_000, "Invalid JSON|recursion"),
        (b"{}", "Field required"),
        (json_text(a_contract().model_dump(mode="json", by_alias=True) | {"extra": 1}).encode(), "Extra inputs"),
        (json_text(a_contract().model_dump(mode="json", by_alias=True) | {"task": "guess"}).encode(), "binary"),
        (json_text(a_contract().model_dump(mode="json", by_alias=True) | {"bounds": ["x"]}).encode(), "number"),
    ],
    ids=["empty", "not UTF-8", "a list", "deep", "nothing in it", "an unknown key", "an unknown task", "bounds of text"],
)
def test_what_is_no_contract_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(ReconcilerError, match=rf"^model\.zip: contract\.json cannot be understood: .*({words})"):
        read_contract(content, "model.zip")


def test_a_contract_survives_the_journey() -> None:
    written = json_text(a_contract().model_dump(mode="json", by_alias=True)).encode()
    assert read_contract(written, "x") == a_contract()


def test_the_versions_that_loading_depends_on_are_told() -> None:
    found: dict[str, Any] = environment_versions()
    assert found.keys() == {"python", "scikit-learn", "numpy", "skops"}
    assert all(found.values())
