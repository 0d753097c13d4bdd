"""Gate `fairness` on real models: one that learnt from biased labels is refused, its twin passes; few rows are no answer."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from fairlearn.metrics import MetricFrame, demographic_parity_difference, equalized_odds_difference, selection_rate

from reconciler.domain.evidence import Evidence
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.measured.fairness import Grouped
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.groups import groups_of
from reconciler.pipeline.measurements.fairness import _rates
from reconciler.pipeline.stored import read_stored
from reconciler.rules.gates.fairness import Fairness
from tests.judging import evaluated, judged
from tests.runs import HOUR, START, a_context, flights, take_snapshot

GATE = Fairness.model_validate(
    {"type": "fairness", "selectionRateRatio": 0.8, "truePositiveRateDifference": 0.1, "falsePositiveRateDifference": 0.15}
)
USUAL = {"training": {"holdout": "14d", "parameters": {"max_iter": 40}}, "protected": ["crew"]}


def staffed(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Each flight has a crew, `day` or `night`, which has nothing to do with delays; its badge tells which, and is a feature."""
    rng = np.random.default_rng(seed)
    crew = pl.Series("crew", rng.choice(["day", "night"], rows.height))
    badge = pl.Series("carrier", rows["carrier"].fill_null("none") + crew.str.head(1))
    return rows.with_columns(crew, badge)


def biased(rows: pl.DataFrame) -> pl.DataFrame:
    """Delays of night crews that somebody often did not write down."""
    forgotten = (pl.col("crew") == "night") & (pl.int_range(pl.len()) % 3 > 0)
    return rows.with_columns(pl.when(forgotten).then(-10.0).otherwise(pl.col("arr_delay")).alias("arr_delay"))


def run(
    root: Path, train: pl.DataFrame, holdout: pl.DataFrame, gate: Fairness = GATE, **spec: Any
) -> tuple[StageContext, Evidence]:
    context = a_context(root, **USUAL | spec)
    take_snapshot(context, train, holdout)
    return context, evaluated(context, gate)


def holdout(rows: int = 1600) -> pl.DataFrame:
    return staffed(flights(rows, start=START + 3100 * HOUR, seed=1), 2)


def train() -> pl.DataFrame:
    return staffed(flights(3000), 3)


@pytest.mark.parametrize(
    ("rows", "newest", "answer", "code"),
    [
        (train(), holdout(), Answer.YES, "fair"),
        (biased(train()), holdout(), Answer.NO, "unfair"),
        (biased(train()), holdout(150), Answer.UNKNOWN, "insufficientData"),
    ],
    ids=["alike", "biased", "too few rows"],
)
def test_a_model_of_biased_labels_is_refused(tmp_path: Path, rows: pl.DataFrame, newest: pl.DataFrame, answer, code) -> None:
    context, measured = run(tmp_path, rows, newest)
    judgement = judged(GATE, measured)
    assert (judgement.answer, judgement.code) == (answer, code), judgement.message
    assert "crew" not in context.path("contract.json").read_text()
    assert "crew" in read_stored(context).holdout.columns


def known(found: Known[tuple[Grouped, ...]]) -> Grouped:
    assert not isinstance(found, Missing), found
    return found[0]


def test_rates_are_those_of_fairlearn() -> None:
    rng = np.random.default_rng(4)
    group, y, said = rng.choice(["a", "b", "c"], 3000), rng.integers(0, 2, 3000), rng.random(3000)
    found = _rates(y, said, groups_of(pl.DataFrame({"g": group}), ("g",)), 0.4)
    called = said >= 0.4

    def apart(name: str) -> float:
        values = [rates[name].value for rates in found.values() if isinstance(rates[name], Measured)]
        return max(values) - min(values)

    frame = MetricFrame(metrics=selection_rate, y_true=y, y_pred=called, sensitive_features=group)
    assert {name: rates["selectionRate"].value for name, rates in found.items()} == frame.by_group.to_dict()
    assert apart("selectionRate") == pytest.approx(demographic_parity_difference(y, called, sensitive_features=group))
    odds = equalized_odds_difference(y, called, sensitive_features=group)
    assert max(apart("truePositiveRate"), apart("falsePositiveRate")) == pytest.approx(odds)
    assert [rates["truePositiveRate"].rows for rates in found.values()] == [int(y[group == name].sum()) for name in "abc"]


def test_groups_without_positives_have_no_rate_of_them(tmp_path: Path) -> None:
    newest = holdout().with_columns(
        pl.when(pl.col("crew") == "day").then(-20.0).otherwise(pl.col("arr_delay")).alias("arr_delay")
    )
    _, measured = run(tmp_path, train(), newest)
    missing = known(measured.fairness).rates["day"]["truePositiveRate"]
    assert isinstance(missing, Missing)
    assert judged(GATE, measured).answer is not Answer.YES


def test_errors_of_a_regression_are_compared_in_minutes(tmp_path: Path) -> None:
    gate = Fairness.model_validate({"type": "fairness", "meanErrorDifference": 5})
    spec = {"task": "regression", "target": {}, "metrics": ["mae"]}
    for name, rows, code in (("fair", train(), "fair"), ("biased", biased(train()), "unfair")):
        _, measured = run(tmp_path / name, rows, holdout(), gate, **spec)
        assert judged(gate, measured).code == code


def test_identifiers_are_no_groups(tmp_path: Path) -> None:
    newest = holdout().with_columns(pl.int_range(pl.len()).cast(pl.String).alias("crew"))
    _, measured = run(tmp_path, train(), newest)
    assert isinstance(measured.fairness, Missing)
    assert "1600 groups, at most 100" in measured.fairness.why
