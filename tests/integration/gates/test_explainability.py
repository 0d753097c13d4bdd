"""Candidates beside a real champion: one that leans on other things is refused, a healthy retrain passes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.measured.importance import Beside, Importance
from reconciler.domain.releases import Release
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import EVALUATION, read_evidence
from reconciler.pipeline.measurements.importance import importance
from reconciler.pipeline.package import package
from reconciler.pipeline.scored import _rescored
from reconciler.pipeline.train import train
from tests.builders import NOW, a_candidate, evidence, facts
from tests.runs import HOUR, START, a_context, flights, take_snapshot
from tests.scored import a_gate, a_scored

GATE = a_gate(type="explainability", dominance=0.9)
LATER = START + 1730 * HOUR


@pytest.fixture(scope="module")
def champion(tmp_path_factory: pytest.TempPathFactory) -> StageContext:
    """What is live: it leans on the distance and on the carrier."""
    context = a_context(tmp_path_factory.mktemp("champion"))
    take_snapshot(context)
    for stage in (train, evaluate, package):
        stage(context)
    return context


def challenge(champion: StageContext, root: Path, trained: pl.DataFrame, rows: int = 800, **spec: Any) -> StageContext:
    """A candidate of these training rows, to be measured beside the champion on rows that neither knows."""
    build = read_build(champion.path("candidate.json").read_text())
    context = a_context(root, champion=build, files={build.artifact.sha256: champion.path("model.zip")}, gates=(GATE,), **spec)
    take_snapshot(context, trained, flights(rows, start=LATER, seed=4))
    train(context)
    evaluate(context)
    return context


def judged(context: StageContext, champion: StageContext) -> Judgement:
    build = read_build(champion.path("candidate.json").read_text())
    found = read_evidence({EVALUATION: context.path(EVALUATION).read_text()})
    live = Release(environment="production", version="1.0.0", build=build)
    return context.gates[0].judge(facts(releases={"production": live}, candidate=a_candidate(evidence=found)), NOW)


def test_a_healthy_retrain_leans_on_the_same(champion: StageContext, tmp_path: Path) -> None:
    context = challenge(champion, tmp_path, flights(1700, seed=3))
    judgement = judged(context, champion)
    assert (judgement.answer, judgement.code) == (Answer.YES, "familiar")
    text = context.path(EVALUATION).read_text()
    evaluate(context)
    assert context.path(EVALUATION).read_text() == text


def test_a_feature_that_was_broken_in_training_is_missed(champion: StageContext, tmp_path: Path) -> None:
    broken = flights(1700, seed=3).with_columns(carrier=pl.lit("UA"))
    context = challenge(champion, tmp_path, broken)
    judgement = judged(context, champion)
    assert (judgement.answer, judgement.code) == (Answer.NO, "dominated")
    assert "distance has 100% (100% to 100%) of the importance, 90% at most wanted" in judgement.message
    alone = replace(context, gates=(a_gate(type="explainability"),))
    assert judged(alone, champion).code == "shifted"


def test_too_few_rows_are_no_answer(champion: StageContext, tmp_path: Path) -> None:
    judgement = judged(challenge(champion, tmp_path, flights(1700, seed=3), rows=300), champion)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "insufficientData")


def test_a_new_feature_is_seen_in_the_shares_and_compared_with_nothing(champion: StageContext, tmp_path: Path) -> None:
    def with_hour(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(hour=pl.col("scheduled").dt.hour().cast(pl.Float64))

    context, scored = a_scored(
        tmp_path,
        GATE,
        train=with_hour(flights(1700, seed=3)),
        holdout=with_hour(flights(800, start=LATER, seed=4)),
        features={"numeric": ["hour", "distance"], "categorical": ["carrier"]},
    )
    build = read_build(champion.path("candidate.json").read_text())
    files = {build.artifact.sha256: champion.path("model.zip")}
    before = replace(context, champion=build, artifacts=replace(context.artifacts, files=files))

    found = importance(context, replace(scored, champion=_rescored(before, scored.contract, scored.stored)))
    assert isinstance(found, Importance)
    assert isinstance(found.beside, Beside)
    assert set(found.shares) == {"hour", "distance", "carrier"}
    assert set(found.beside.features) == {"distance", "carrier"}
    for whose in ("live", "candidate"):
        assert sum(getattr(one, whose).value for one in found.beside.features.values()) == pytest.approx(1.0)


def test_a_leak_carries_everything(tmp_path: Path) -> None:
    """The label among the features, which spec checks would refuse if it bore its own name."""

    def leaking(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(distance=pl.col("arr_delay"))

    frames = {"train": leaking(flights(1500)), "holdout": leaking(flights(800, start=LATER, seed=1))}
    context, scored = a_scored(tmp_path, GATE, **frames)
    found = evidence(importance=importance(context, scored))
    judgement = GATE.judge(facts(releases={}, candidate=a_candidate(evidence=found)), NOW)
    assert (judgement.answer, judgement.code) == (Answer.NO, "dominated")
    assert "distance has 100%" in judgement.message
