"""Gate `validationGap` on real models: one that knows its rows by heart is refused, its tamed twin passes."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.domain.judgements import Answer
from reconciler.rules.gates.validation_gap import ValidationGap
from tests.judging import evaluated, judged
from tests.runs import a_context, flights, take_snapshot

GATE = ValidationGap(type="validationGap")
BY_HEART = {"n_estimators": 20, "min_samples_leaf": 1}
TAMED = {"n_estimators": 20, "min_samples_leaf": 100}


@pytest.mark.parametrize(
    ("parameters", "holdout", "answer", "code"),
    [
        (TAMED, 600, Answer.YES, "gapKept"),
        (BY_HEART, 600, Answer.NO, "gapTooWide"),
        (BY_HEART, 150, Answer.UNKNOWN, "insufficientData"),
    ],
    ids=["tamed", "by heart", "too few rows"],
)
def test_a_model_that_learnt_its_rows_by_heart_is_refused(
    tmp_path: Path, parameters: dict[str, Any], holdout: int, answer: Answer, code: str
) -> None:
    context = a_context(tmp_path, training={"holdout": "14d", "estimator": "randomForest", "parameters": parameters})
    rows = flights(1500 + 24 + holdout)
    noisy = rows.with_columns(pl.col("arr_delay").shuffle(seed=1).mul(0.7) + pl.col("arr_delay") * 0.3)
    take_snapshot(context, noisy.head(1500), noisy.tail(holdout))
    judgement = judged(GATE, evaluated(context, GATE))
    assert (judgement.answer, judgement.code) == (answer, code), judgement.message
