"""Weights of training rows and the confidence of labels: what they do to a model, and what is no weight."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.snapshot import snapshot
from reconciler.pipeline.stored import read_data
from reconciler.pipeline.train import train
from reconciler.pipeline.weights import confident, weights_of
from reconciler.specs.weights import LabelConfidence
from tests.builders import a_model
from tests.runs import HOUR, SMALL, START, a_context, flights, take_snapshot
from tests.snapshots import FIRST, hourly
from tests.snapshots import a_run as a_snapshot


def a_run(root: Path, **weights: Any) -> StageContext:
    training = {"holdout": "14d", "parameters": SMALL, "weights": weights}
    return a_context(root, training=training)


def rows(values: list[float | None], **more: Any) -> pl.DataFrame:
    times = [START + n * 24 * HOUR for n in range(len(values))]
    return pl.DataFrame({"scheduled": times, "trust": values} | more, schema_overrides={"trust": pl.Float64})


def weigh(root: Path, frame: pl.DataFrame, target: list[int], **weights: Any) -> list[float]:
    found = weights_of(a_run(root, **weights), frame, np.asarray(target))
    assert found is not None
    return [round(value, 9) for value in found.tolist()]


def test_a_column_weighs_and_the_mean_is_one(tmp_path: Path) -> None:
    assert weigh(tmp_path, rows([0, 1, 3]), [0, 1, 1], column="trust") == [0, 0.75, 2.25]


def test_a_row_loses_half_of_its_weight_in_a_half_life(tmp_path: Path) -> None:
    found = weigh(tmp_path, rows([1, 1, 1]), [0, 1, 1], halfLife="1d")
    assert [round(value / found[-1], 9) for value in found] == [0.25, 0.5, 1]


def test_each_class_weighs_the_same_whatever_its_rows_weigh(tmp_path: Path) -> None:
    assert weigh(tmp_path, rows([1, 1, 1, 1]), [0, 0, 0, 1], balanced=True) == [pytest.approx(2 / 3)] * 3 + [2]
    found = weigh(tmp_path, rows([1, 2, 3, 1]), [0, 0, 0, 1], balanced=True, column="trust")
    assert sum(found[:3]) == pytest.approx(found[3])


def test_a_class_whose_weights_are_all_0_stays_without(tmp_path: Path) -> None:
    assert weigh(tmp_path, rows([1, 1, 0]), [0, 1, 2], balanced=True, column="trust") == [1.5, 1.5, 0]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, None, 2], "1 of 3 weights in column trust are missing, negative or not finite; the first is nan, in row 2"),
        ([1, 2, -0.5], "1 of 3 weights in column trust are missing, negative or not finite; the first is -0.5, in row 3"),
        ([np.inf, np.nan, 1], "2 of 3 weights in column trust are missing, negative or not finite; the first is inf, in row 1"),
        ([0, 0, 0], "the weights of all 3 training rows are 0: nothing can be learnt"),
    ],
)
def test_what_is_no_weight_is_told_with_the_numbers(tmp_path: Path, values: list[float | None], message: str) -> None:
    with pytest.raises(ReconcilerError) as caught:
        weigh(tmp_path, rows(values), [0, 1, 1], column="trust")
    assert caught.value.message == message


def test_a_column_of_text_is_refused(tmp_path: Path) -> None:
    frame = rows([1, 1]).with_columns(trust=pl.lit("much"))
    with pytest.raises(ReconcilerError, match="column trust does not hold numbers"):
        weigh(tmp_path, frame, [0, 1], column="trust")


def test_labels_that_are_not_sure_enough_are_not_learnt_from() -> None:
    frame = rows([0.9, 0.8, 0.79, None, float("nan")])
    assert confident(frame, LabelConfidence(column="trust", at_least=0.8))["trust"].to_list() == [0.9, 0.8]
    assert confident(frame, None).height == 5


@pytest.mark.parametrize("estimator", ["histGradientBoosting", "randomForest", "logisticRegression"])
def test_weights_change_the_model_as_rows_would(tmp_path: Path, estimator: str) -> None:
    """Rows that weigh nothing might as well not be there."""
    parameters = {"histGradientBoosting": SMALL, "randomForest": {"n_estimators": 5, "bootstrap": False}}.get(estimator, {})
    shares = {}
    for name, weights in (("weighted", {"column": "trust"}), ("plain", None)):
        training = {"holdout": "14d", "estimator": estimator, "parameters": parameters, "weights": weights}
        context = a_context(tmp_path / name, training={key: value for key, value in training.items() if value is not None})
        ones = flights(1500).with_columns(trust=pl.when(pl.int_range(pl.len()) < 700).then(0.0).otherwise(1.0))
        take_snapshot(context, train=ones)
        train(context)
        shares[name] = context.path("fitted/model.skops").read_bytes()
    assert shares["weighted"] != shares["plain"]


def test_a_custom_pipeline_that_takes_no_weights_says_so(tmp_path: Path) -> None:
    code = (
        "class Plain:\n    def fit(self, rows, target):\n        return self\n    def predict(self, rows):\n        return []\n"
    )
    code += "def build(spec, seed):\n    return Plain()\n"
    (tmp_path / "models/flight-delay").mkdir(parents=True)
    (tmp_path / "models/flight-delay/pipeline.py").write_text(code)
    context = a_context(tmp_path, training={"holdout": "14d", "estimator": "custom", "weights": {"halfLife": "30d"}})
    take_snapshot(context)
    with pytest.raises(ReconcilerError, match=r"cannot be trained: .*sample_weight"):
        train(context)


def test_a_half_life_is_of_the_training_rows_newest() -> None:
    assert timedelta(days=30) == a_run(Path("unused"), halfLife="30d").model.spec.training.weights.half_life  # type: ignore[union-attr]


def test_the_snapshot_has_what_weighs_rows_and_leaves_unsure_labels_out_of_training_alone(tmp_path: Path) -> None:
    trust = pl.when(pl.int_range(pl.len()) % 3 == 0).then(0.5).otherwise(0.9).alias("trust")
    training = {"holdout": "14d", "weights": {"column": "trust"}, "labelConfidence": {"column": "trust", "atLeast": 0.8}}
    context = a_snapshot(tmp_path, as_of=FIRST + timedelta(days=60), rows=hourly(60).with_columns(trust))
    snapshot(replace(context, model=a_model(training=training)))
    train_rows, holdout = (pl.read_parquet(context.path(f"snapshot/{part}.parquet")) for part in ("train", "holdout"))
    assert train_rows.columns == ["scheduled", "distance", "carrier", "arr_delay", "trust"]
    assert train_rows["trust"].unique().to_list() == [0.9]
    assert sorted(holdout["trust"].unique().to_list()) == [0.5, 0.9]
    assert read_data(context).train_rows == train_rows.height
