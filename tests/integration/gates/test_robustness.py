"""Real models with a weakness each: the measurement finds it and the gate refuses it, and the sound twin passes."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.measured.robustness import Strained
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import EVALUATION, read_evidence
from reconciler.pipeline.measurements.robustness import robustness
from reconciler.pipeline.train import train
from tests.runs import HOUR, START, a_context, flights, take_snapshot
from tests.scored import a_gate, a_scored, judged

LATER = START + 1524 * HOUR
LINEAR = {"training": {"holdout": "14d", "estimator": "logisticRegression"}}
CUSTOM = {"training": {"holdout": "14d", "estimator": "custom"}}
PIPELINE = """
import numpy as np
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

def build(spec, seed):
    numbers = make_pipeline({numbers})
    columns = make_column_transformer((numbers, ["distance"]), ({categories}, ["carrier"]))
    return make_pipeline(columns, LogisticRegression(max_iter=1000))
"""
SOUND = {"numbers": "SimpleImputer()", "categories": "OneHotEncoder(handle_unknown='ignore')"}


def said(root: Path, *perturbations: dict[str, Any], rows: int = 800, spec: dict[str, Any] = {}, **fields: Any) -> Judgement:  # noqa: B006
    """What the gate says of a model of the usual flights, or of the frames in `spec`."""
    chosen = {"perturbations": list(perturbations)} if perturbations else {}
    gate = a_gate(type="robustness", **chosen, **fields)
    holdout = {} if "holdout" in spec else {"holdout": flights(rows, start=LATER, seed=1)}
    context, scored = a_scored(root, gate, **spec, **holdout)
    return judged(gate, robustness=robustness(context, scored))


def own_pipeline(root: Path, **changes: str) -> dict[str, Any]:
    path = root / "models/flight-delay/pipeline.py"
    path.parent.mkdir(parents=True)
    path.write_text(PIPELINE.format(**SOUND | changes))
    return CUSTOM


@pytest.mark.parametrize("spec", [{}, LINEAR], ids=["trees", "linear"])
def test_a_sound_model_passes_every_usual_trial(tmp_path: Path, spec: dict[str, Any]) -> None:
    judgement = said(tmp_path, spec=spec, increasesWith=["distance"])
    assert (judgement.answer, judgement.code) == (Answer.YES, "robust")
    assert judgement.message.startswith("6 of 6 trials passed, the nearest: permutedCategories in 5 % of the values: rocAuc ")


def test_too_few_rows_are_no_answer(tmp_path: Path) -> None:
    judgement = said(tmp_path, rows=300)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "insufficientData")
    assert "300 rows, 500 needed" in judgement.message


def stripes(rows: int, **start: Any) -> pl.DataFrame:
    """Labels that follow the distance's fine structure, which a little noise blurs."""
    frame = flights(rows, **start)
    late = (pl.col("distance").fill_null(0) / 100).floor() % 2 == 0
    return frame.with_columns(pl.when(late).then(30.0).otherwise(0.0).alias("arr_delay"))


def carriers_only(rows: int, **start: Any) -> pl.DataFrame:
    """Labels that follow the carrier and nothing else."""
    late = pl.col("carrier").is_in(["AA", "B6"]).fill_null(value=False)
    return flights(rows, **start).with_columns(pl.when(late).then(30.0).otherwise(0.0).alias("arr_delay"))


def test_a_model_that_leans_on_fine_differences_does_not_stand_noise(tmp_path: Path) -> None:
    frames = {"train": stripes(3000), "holdout": stripes(800, start=LATER, seed=1)}
    trees = {"training": {"holdout": "14d", "parameters": {"max_iter": 60, "max_leaf_nodes": 63, "min_samples_leaf": 5}}}
    judgement = said(tmp_path, {"kind": "noise"}, spec=frames | trees)
    assert (judgement.answer, judgement.code) == (Answer.NO, "notRobust")
    assert "noise of 0.1 in 100 % of the values: rocAuc 0.9" in judgement.message


@pytest.mark.parametrize("kind", ["permutedCategories", "unseenCategories", "missing"])
def test_a_model_that_hangs_on_one_category_loses_with_it(tmp_path: Path, kind: str) -> None:
    frames = {"train": carriers_only(1500), "holdout": carriers_only(800, start=LATER, seed=1)}
    most = {"kind": kind, "share": 0.6, "features": ["carrier"]}
    assert said(tmp_path, most, spec=frames).code == "notRobust"
    assert said(tmp_path / "little", most | {"share": 0.02}, spec=frames).code == "robust"


def test_the_worst_feature_is_named_when_they_fail_one_at_a_time(tmp_path: Path) -> None:
    frames = {"train": carriers_only(1500), "holdout": carriers_only(800, start=LATER, seed=1)}
    judgement = said(tmp_path, {"kind": "missing", "share": 1, "oneByOne": True}, spec=frames)
    assert judgement.code == "notRobust"
    assert "missing in 100 % of the values, one feature at a time (carrier)" in judgement.message


def test_a_straight_line_goes_astray_beyond_its_range_and_trees_do_not(tmp_path: Path) -> None:
    far = {"kind": "outOfRange", "share": 0.05, "strength": 20}
    numbers = {"task": "regression", "target": {}, "metrics": ["mae"]}
    ridge = numbers | {"training": {"holdout": "14d", "estimator": "ridge"}}
    assert said(tmp_path / "ridge", far, spec=ridge).code == "notRobust"
    assert said(tmp_path / "trees", far, spec=numbers).code == "robust"


@pytest.mark.parametrize(
    ("kind", "changes", "sentence"),
    [
        ("missing", {"numbers": "FunctionTransformer()"}, "ValueError: Input X contains NaN"),
        ("unseenCategories", {"categories": "OneHotEncoder()"}, "ValueError: Found unknown categories"),
    ],
)
def test_a_model_that_raises_breaks(tmp_path: Path, kind: str, changes: dict[str, str], sentence: str) -> None:
    clean = [frame.drop_nulls() for frame in (flights(1500), flights(800, start=LATER, seed=1))]
    frames = {"train": clean[0], "holdout": clean[1]}
    judgement = said(tmp_path, {"kind": kind}, spec=frames | own_pipeline(tmp_path, **changes))
    assert (judgement.answer, judgement.code) == (Answer.NO, "breaks")
    assert sentence in judgement.message


class Answers:
    """An estimator that answers what it likes for rows that were spoiled."""

    def __init__(self, spoiled: Any) -> None:
        self.spoiled, self.classes_ = spoiled, np.array([0, 1])

    def predict_proba(self, rows: pl.DataFrame) -> np.ndarray:
        usual = np.column_stack([np.full(rows.height, 0.5)] * 2)
        return self.spoiled(usual) if (rows["distance"].fill_nan(0) > 5000).any() else usual


def _raise(usual: np.ndarray) -> np.ndarray:
    raise ZeroDivisionError("division by zero")


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (lambda usual: np.full_like(usual, np.nan), "800 of 800 answers are not numbers"),
        (lambda usual: usual[1:], "799"),
        (_raise, "ZeroDivisionError: division by zero"),
    ],
    ids=["NaN", "shape", "raises"],
)
def test_answers_that_are_none_break(tmp_path: Path, answers: Any, sentence: str) -> None:
    gate = a_gate(type="robustness", perturbations=[{"kind": "outOfRange", "strength": 3}])
    context, scored = a_scored(tmp_path, gate)
    found = robustness(context, scored_with(scored, Answers(answers)))
    judgement = judged(gate, robustness=found)
    assert (judgement.answer, judgement.code) == (Answer.NO, "breaks")
    assert sentence in judgement.message


def scored_with(scored: Any, estimator: Any) -> Any:
    from dataclasses import replace

    return replace(scored, estimator=estimator, prediction=np.full(scored.target.size, 0.5))


def test_relations_hold_or_do_not(tmp_path: Path) -> None:
    alone = own_pipeline(tmp_path, categories="'drop'")
    noise = {"kind": "noise"}
    assert said(tmp_path, noise, spec=alone, invariantTo=["carrier"], increasesWith=["distance"]).code == "robust"
    assert said(tmp_path, noise, spec=alone, decreasesWith=["distance"]).code == "unexpected"
    refused = said(tmp_path / "usual", noise, invariantTo=["carrier"])
    assert (refused.answer, refused.code) == (Answer.NO, "unexpected")
    assert "answers go against it, 1% may" in refused.message


def test_the_stage_leaves_the_same_bytes_twice_and_they_can_be_read(tmp_path: Path) -> None:
    gate = a_gate(type="robustness")
    context = a_context(tmp_path, gates=(gate,))
    take_snapshot(context)
    train(context)
    evaluate(context)
    text = context.path(EVALUATION).read_text()
    evaluate(context)
    assert context.path(EVALUATION).read_text() == text
    found = read_evidence({EVALUATION: text})
    assert isinstance(found.robustness, Strained)
    assert found.asked == tuple(sorted(gate.asks()))
    assert judged(gate, robustness=found.robustness).answer is Answer.YES


def test_nothing_is_measured_that_nobody_asks_for(tmp_path: Path) -> None:
    context, scored = a_scored(tmp_path)
    assert judged(a_gate(type="robustness"), robustness=robustness(context, scored)).code == "notMeasured"
