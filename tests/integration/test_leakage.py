"""Rows and features that tell a model what it could not know: each is found, and the same model without them passes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reconciler.domain.judgements import Answer, Judgement
from reconciler.pipeline.measurements.leakage import leakage
from reconciler.specs.dataset import Dataset
from tests.builders import a_dataset
from tests.runs import HOUR, START, flights
from tests.scored import a_gate, a_scored, judged

LATER = START + 1524 * HOUR
GATE: dict[str, Any] = {"type": "leakage"}
LINEAR = {"training": {"holdout": "14d", "estimator": "logisticRegression"}}
RIDGE = {"task": "regression", "target": {}, "metrics": ["mae"], "training": {"holdout": "14d", "estimator": "ridge"}}
BANDS = {"classes": [{"name": "early", "below": 0}, {"name": "late", "below": 15}, {"name": "very"}]}
SEVERAL = LINEAR | {"task": "multiclass", "target": BANDS, "metrics": ["logLoss"]}
BINARY, TASKS = LINEAR, [LINEAR, SEVERAL, RIDGE]


def said(
    root: Path,
    train: pl.DataFrame | None = None,
    holdout: pl.DataFrame | None = None,
    spec: dict[str, Any] = BINARY,
    dataset: Dataset | None = None,
    **fields: Any,
) -> Judgement:
    """What the gate says of a model of these rows."""
    gate = a_gate(**GATE, **fields)
    context, scored = a_scored(root, gate, train=train, holdout=holdout, **spec)
    return judged(gate, leakage=leakage(replace(context, dataset=dataset or context.dataset), scored))


def sides() -> list[pl.DataFrame]:
    return [flights(1500), flights(800, start=LATER, seed=1)]


@pytest.mark.parametrize("spec", TASKS, ids=["binary", "multiclass", "regression"])
def test_a_sound_model_has_no_leak(tmp_path: Path, spec: dict[str, Any]) -> None:
    judgement = said(tmp_path, spec=spec)
    assert (judgement.answer, judgement.code) == (Answer.YES, "noLeak")
    assert "0 of 800 rows of the hold-out (0.0%) are training rows too by all columns, at most 1.0% wanted" in judgement.message


def test_nothing_is_measured_that_no_gate_asks_for(tmp_path: Path) -> None:
    context, scored = a_scored(tmp_path, **BINARY)
    assert judged(a_gate(**GATE), leakage=leakage(context, scored)).code == "notMeasured"


def copied(rows: int) -> pl.DataFrame:
    """A hold-out in which so many rows are training rows again, under another time."""
    train, holdout = sides()
    content = train[100 : 100 + rows].drop("scheduled")
    return pl.concat([holdout[:rows].select("scheduled").hstack(content), holdout[rows:]])


def test_training_rows_that_come_again_under_another_time_are_found(tmp_path: Path) -> None:
    judgement = said(tmp_path / "many", holdout=copied(40))
    assert (judgement.answer, judgement.code) == (Answer.NO, "rowsShared")
    assert " training rows too by features and label, at most 2.7% wanted" in judgement.message
    assert said(tmp_path / "few", holdout=copied(8)).code == "noLeak"


def test_rows_are_told_by_their_identifier_where_they_have_one(tmp_path: Path) -> None:
    known = a_dataset(identifier="id")
    train, holdout = (
        rows.with_columns(id=pl.int_range(pl.len()) + first) for rows, first in zip(sides(), (0, 1450), strict=True)
    )
    judgement = said(tmp_path / "same", train, holdout, dataset=known)
    assert (judgement.answer, judgement.code) == (Answer.NO, "rowsShared")
    assert "50 of 800 rows of the hold-out (6.2%) are training rows too by id, at most 1.0% wanted" in judgement.message
    assert said(tmp_path / "other", train, holdout.with_columns(pl.col("id") + 50), dataset=known).code == "noLeak"


def test_rows_that_repeat_each_other_by_chance_are_no_leak(tmp_path: Path) -> None:
    """Few different rows: nearly all of the hold-out is among the training rows."""
    coarse = [
        rows.with_columns((pl.col("distance") / 200).round() * 200, (pl.col("arr_delay") / 20).round() * 20) for rows in sides()
    ]
    judgement = said(tmp_path, *coarse)
    assert (judgement.answer, judgement.code) == (Answer.YES, "noLeak")
    assert "rows of the hold-out (9" in judgement.message


def test_training_rows_whose_labels_came_too_late_are_counted(tmp_path: Path) -> None:
    judgement = said(tmp_path, holdout=flights(800, start=START + 1510 * HOUR, seed=1))
    assert (judgement.answer, judgement.code) == (Answer.NO, "embargoBroken")
    assert judgement.message.startswith("0 features are known only after the event, 0 wanted; 14 training rows have labels")


def test_a_feature_of_the_future_is_refused_by_its_contract(tmp_path: Path) -> None:
    columns = [column | ({"known": "after"} if column["name"] == "distance" else {}) for column in written_columns()]
    judgement = said(tmp_path, dataset=a_dataset(columns=columns))
    assert (judgement.answer, judgement.code) == (Answer.NO, "knownAfter")
    assert "1 features are known only after the event, 0 wanted: distance" in judgement.message


def written_columns() -> list[dict[str, Any]]:
    return [column.model_dump(mode="json", by_alias=True, exclude_unset=True) for column in a_dataset().spec.columns]


def telling(rows: pl.DataFrame, column: str, seed: int) -> pl.DataFrame:
    """The label, hardly disguised: as a distance with noise, or as a carrier of the right class."""
    noise = np.random.default_rng(seed).normal(0, 1.5, rows.height)
    late = pl.col("arr_delay") >= 15
    band = pl.when(late).then(pl.lit("very")).when(pl.col("arr_delay") >= 0).then(pl.lit("late")).otherwise(pl.lit("early"))
    return rows.with_columns((pl.lit(500.0) - pl.col("arr_delay") + noise if column == "distance" else band).alias(column))


@pytest.mark.parametrize(
    ("spec", "column", "measure"),
    [(LINEAR, "distance", "rocAuc"), (LINEAR, "carrier", "rocAuc"), (SEVERAL, "carrier", "rocAuc"), (RIDGE, "distance", "r2")],
    ids=["a number", "categories", "several classes", "a quantity"],
)
def test_a_feature_that_is_the_answer_is_found(tmp_path: Path, spec: dict[str, Any], column: str, measure: str) -> None:
    train, holdout = (telling(rows, column, seed) for seed, rows in enumerate(sides()))
    judgement = said(tmp_path / "leak", train, holdout, spec)
    assert (judgement.answer, judgement.code) == (Answer.NO, "tellsAlone")
    assert f"{column} alone has {measure}" in judgement.message
    assert f"accept: [{column}]" in judgement.remedy
    assert said(tmp_path / "accepted", train, holdout, spec, accept=[column]).answer is Answer.YES


def test_too_few_rows_are_no_answer(tmp_path: Path) -> None:
    judgement = said(tmp_path / "rows", holdout=flights(150, start=LATER, seed=1))
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "insufficientData")
    assert "150 rows in the hold-out, 200 needed" in judgement.message
    early = pl.when(pl.int_range(pl.len()) < 4).then(30.0).otherwise(pl.col("arr_delay").clip(upper_bound=10))
    holdout = sides()[1].with_columns(early.alias("arr_delay"))
    assert said(tmp_path / "classes", holdout=holdout).code == "insufficientData"
