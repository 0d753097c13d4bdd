"""Labels that were flipped, made up or copied, in rows that a model really learns from; seasons and storms, which were not."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Digest
from reconciler.domain.releases import Build, Release
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import EVALUATION, read_evidence
from reconciler.pipeline.measurements.labels import labels
from reconciler.pipeline.package import package
from reconciler.pipeline.train import train
from tests.builders import NOW, a_candidate, facts
from tests.runs import START, a_context, take_snapshot
from tests.scored import a_gate, a_scored, judged
from tests.snapshots import FrameData

GATE = a_gate(type="labelAnomaly")
LINEAR: dict[str, Any] = {"training": {"holdout": "5d", "estimator": "logisticRegression"}}
RIDGE: dict[str, Any] = {
    "task": "regression",
    "target": {},
    "metrics": ["mae"],
    "training": {"holdout": "5d", "estimator": "ridge"},
}
BANDS = {"classes": [{"name": "early", "below": 0}, {"name": "late", "below": 30}, {"name": "very"}]}
SEVERAL = LINEAR | {"task": "multiclass", "target": BANDS, "metrics": ["logLoss"]}
CARRIERS = {"AA": 0, "B6": 10, "DL": -10, "EV": 20, "UA": 5, "WN": -20}
DAYS, PER_DAY = 20, 400
LATER = START + timedelta(days=DAYS + 1)
Live = tuple[Build, Mapping[Digest, Path]]


def day(number: int) -> pl.Expr:
    return pl.col("scheduled").dt.date() == (START + timedelta(days=number)).date()


def flights(days: int = DAYS, *, seed: int = 0, start: Any = START, noise: float = 4, season: float = 0) -> pl.DataFrame:
    """Many flights a day, whose delay is nearly told by distance and carrier; `season` is how much later all are in the end."""
    generator, rows = np.random.default_rng(seed), days * PER_DAY
    distance, carrier = generator.uniform(100, 2500, rows), generator.choice([*CARRIERS], rows)
    at = np.sort(generator.uniform(0, days * 86_400, rows))
    bias = np.array([CARRIERS[name] for name in carrier]) + season * at / at[-1]
    delay = 15 + (distance - 1300) / 15 + bias + generator.normal(0, noise, rows)
    scheduled = pl.Series("scheduled", [start + timedelta(seconds=float(second)) for second in at])
    return pl.DataFrame(
        [scheduled, pl.Series("distance", distance), pl.Series("carrier", carrier), pl.Series("arr_delay", delay)]
    )


HOLDOUT = flights(5, seed=1, start=LATER)


def changed(rows: pl.DataFrame, where: pl.Expr, share: float = 1.0, value: pl.Expr | None = None, seed: int = 9) -> pl.DataFrame:
    """Labels on the other side of 15 minutes (or of this value), in this share of the rows."""
    drawn = pl.Series(np.random.default_rng(seed).random(rows.height) < share)
    flipped = 30 - pl.col("arr_delay") if value is None else value
    return rows.with_columns(pl.when(where & drawn).then(flipped).otherwise("arr_delay").alias("arr_delay"))


def said(root: Path, rows: pl.DataFrame, holdout: pl.DataFrame = HOLDOUT, spec: dict[str, Any] = LINEAR) -> Judgement:
    """What the gate says of a first model of these rows: nothing is live that could be asked."""
    context, scored = a_scored(root, GATE, train=rows, holdout=holdout, **spec)
    return judged(GATE, labels=labels(context, scored))


@pytest.mark.parametrize("spec", [LINEAR, SEVERAL, RIDGE], ids=["binary", "multiclass", "regression"])
@pytest.mark.parametrize("noise", [4, 25], ids=["clear", "noisy"])
def test_labels_of_all_seasons_are_sound(tmp_path: Path, spec: dict[str, Any], noise: float) -> None:
    judgement = said(tmp_path, flights(noise=noise, season=15), flights(5, seed=1, start=LATER, noise=noise), spec)
    assert (judgement.answer, judgement.code) == (Answer.YES, "labelsSound")
    assert "0 of 5" in judgement.message


def test_a_storm_is_no_anomaly(tmp_path: Path) -> None:
    """Half a day on which everything is an hour late, among days that differ."""
    shaken = flights(noise=25)
    for number in range(DAYS):
        shaken = changed(shaken, day(number), value=pl.col("arr_delay") + 8 * ((number * 7) % 5 - 2))
    assert said(tmp_path, changed(shaken, day(6), 0.5, pl.col("arr_delay") + 60)).answer is Answer.YES


@pytest.mark.parametrize(
    ("spec", "rows", "code"),
    [
        (LINEAR, changed(flights(), day(6), 0.05), "labelsContradicted"),
        (LINEAR, changed(flights(), day(6)), "labelsContradicted"),
        (LINEAR, changed(flights(noise=90), day(6)), "labelsInverted"),
        (SEVERAL, changed(flights(), day(6), 0.3, pl.col("arr_delay").shuffle(1)), "labelsContradicted"),
        (RIDGE, changed(flights(), day(6), 0.5), "labelsContradicted"),
    ],
    ids=["a twentieth", "all", "all, though noisy", "out of a hat", "a quantity"],
)
def test_flipped_labels_of_one_day_are_found(tmp_path: Path, spec: dict[str, Any], rows: pl.DataFrame, code: str) -> None:
    judgement = said(tmp_path, rows, spec=spec)
    assert (judgement.answer, judgement.code) == (Answer.NO, code)
    assert "0 wanted: day 2013-01-07: labels of" in judgement.message


def test_a_category_that_is_always_late_is_found_without_a_live_model(tmp_path: Path) -> None:
    always = changed(flights(), pl.col("carrier") == "WN", value=pl.lit(90.0))
    judgement = said(tmp_path, always, changed(HOLDOUT, pl.col("carrier") == "WN", value=pl.lit(90.0)))
    assert (judgement.answer, judgement.code) == (Answer.NO, "labelsConstant")
    assert "carrier=WN: labels of" in judgement.message
    assert said(tmp_path / "usual", flights()).answer is Answer.YES


def test_a_category_that_began_to_be_flipped_is_found_without_a_live_model(tmp_path: Path) -> None:
    late = (pl.col("carrier") == "UA") & (pl.col("scheduled") > START + timedelta(days=15))
    judgement = said(tmp_path, changed(flights(), late, 0.2), changed(HOLDOUT, late, 0.2))
    assert judgement.answer is Answer.NO
    assert "carrier=UA from 2013-01-1" in judgement.message


def test_one_row_copied_all_day_is_a_burst(tmp_path: Path) -> None:
    copied = day(6) & (pl.int_range(pl.len()) % 5 == 0)
    values = {"distance": pl.lit(777.0), "carrier": pl.lit("AA"), "arr_delay": pl.lit(-20.0)}
    rows = flights().with_columns(
        pl.when(copied).then(value).otherwise(pl.col(name)).alias(name) for name, value in values.items()
    )
    judgement = said(tmp_path, rows)
    assert (judgement.answer, judgement.code) == (Answer.NO, "rowsRepeated")
    assert "day 2013-01-07" in judgement.message


def test_too_few_rows_are_no_answer(tmp_path: Path) -> None:
    judgement = said(tmp_path, flights(1)[:300], HOLDOUT[:150])
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "insufficientData")
    assert "450 rows, 500 needed" in judgement.message


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    """What runs: made of the twenty days before."""
    root, start = tmp_path_factory.mktemp("live"), START - timedelta(days=DAYS + 6)
    context = a_context(root, **LINEAR)
    take_snapshot(context, flights(seed=5, start=start), flights(5, seed=6, start=start + timedelta(days=DAYS + 1)))
    train(context)
    evaluate(context)
    package(context)
    build = read_build(context.path("candidate.json").read_text())
    return build, {build.artifact.sha256: context.path("model.zip")}


def beside(root: Path, live: Live, rows: pl.DataFrame, holdout: pl.DataFrame, **spec: Any) -> Judgement:
    """What the gate says of a candidate when that model is live."""
    context = a_context(root, champion=live[0], files=live[1], gates=(GATE,), **LINEAR | spec)
    context = replace(context, data=FrameData(HOLDOUT))
    take_snapshot(context, rows, holdout)
    train(context)
    evaluate(context)
    found = read_evidence({EVALUATION: context.path(EVALUATION).read_text()})
    release = Release(environment="production", version="1.0.0", build=live[0])
    seen = facts(candidate=a_candidate(evidence=found), releases={"production": release})
    return GATE.judge(seen, NOW)  # type: ignore[no-any-return]


def test_the_live_model_is_asked_about_what_it_has_not_learnt(live: Live, tmp_path: Path) -> None:
    judgement = beside(tmp_path, live, flights(season=15), HOLDOUT)
    assert (judgement.answer, judgement.code) == (Answer.YES, "labelsSound")
    assert "the live model was asked about 10000 newer rows" in judgement.message


@pytest.mark.parametrize(
    ("share", "value", "code"),
    [(0.05, None, "labelsContradicted"), (0.97, pl.lit(90.0), "labelRateChanged")],
    ids=["flipped", "a backdoor"],
)
def test_a_category_spoiled_in_all_rows_is_found_by_the_live_model(
    live: Live, tmp_path: Path, share: float, value: pl.Expr | None, code: str
) -> None:
    mine = pl.col("carrier") == "UA"
    judgement = beside(tmp_path, live, changed(flights(), mine, share, value), changed(HOLDOUT, mine, share, value))
    assert (judgement.answer, judgement.code) == (Answer.NO, code)
    assert "carrier=UA: labels of" in judgement.message
    assert "(champion, " in judgement.message


def test_a_model_that_lost_a_feature_is_asked_about_the_hold_out_alone(live: Live, tmp_path: Path) -> None:
    judgement = beside(tmp_path, live, flights().drop("carrier"), HOLDOUT.drop("carrier"), features={"numeric": ["distance"]})
    assert judgement.answer is Answer.YES
    assert "the live model was asked about 2000 newer rows" in judgement.message


def test_nothing_is_measured_that_no_gate_asks_for(tmp_path: Path) -> None:
    context, scored = a_scored(tmp_path, train=flights(2), holdout=HOLDOUT, **LINEAR)
    assert judged(GATE, labels=labels(context, scored)).code == "notMeasured"
