"""Gate `slices` on real models: one that forgot a carrier is refused, its healthy twin passes; the whole metric hides it."""

from pathlib import Path

import polars as pl
import pytest

from reconciler.domain.evidence import Evidence, NoBaseline
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.slices import Sliced
from reconciler.domain.releases import Release
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.measurements.slices import LARGEST
from reconciler.pipeline.package import package
from reconciler.rules.gates.beats_live import BeatsLive
from reconciler.rules.gates.slices import Slices
from tests.judging import evaluated, judged
from tests.runs import HOUR, START, a_context, flights, take_snapshot

GATE = Slices.model_validate({"type": "slices", "columns": ["carrier", ["carrier", "distance"]], "minimumRows": 60})
HOLDOUT = flights(900, start=START + 1800 * HOUR, seed=9)


@pytest.fixture(scope="module")
def champion(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Path]:
    """What is live: a model of the first rows, and its package."""
    context = a_context(tmp_path_factory.mktemp("champion"))
    take_snapshot(context)
    evaluated(context)
    package(context)
    build = read_build(context.path("candidate.json").read_text())
    return Release(environment="production", version="1.0.0", build=build), context.path("model.zip")


def candidate(root: Path, champion: tuple[Release, Path], rows: pl.DataFrame, holdout: pl.DataFrame = HOLDOUT) -> Evidence:
    """The evidence of a model of these rows beside the champion."""
    release, file = champion
    context = a_context(root, champion=release.build, files={release.build.artifact.sha256: file})
    take_snapshot(context, rows, holdout)
    return evaluated(context, GATE)


def backwards(rows: pl.DataFrame) -> pl.DataFrame:
    """Labels of carrier UA as a broken feed may give them: early flights are late, late ones early."""
    wrong = pl.when(pl.col("carrier") == "UA").then(20 - pl.col("arr_delay")).otherwise(pl.col("arr_delay"))
    return rows.with_columns(wrong.alias("arr_delay"))


def known(slices: Known[tuple[Sliced, ...]]) -> tuple[Sliced, ...]:
    assert not isinstance(slices, Missing)
    return slices


def test_a_model_that_is_as_good_everywhere_passes(tmp_path: Path, champion: tuple[Release, Path]) -> None:
    evidence = candidate(tmp_path, champion, flights(1700, seed=3))
    judgement = judged(GATE, evidence, {"production": champion[0]})
    assert (judgement.answer, judgement.code) == (Answer.YES, "slicesKept"), judgement.message
    alone, crossed = known(evidence.slices)
    assert (alone.columns, crossed.columns) == (("carrier",), ("carrier", "distance"))
    assert set(alone.rows) == {"AA", "B6", "UA", "(missing)"}
    assert len(crossed.rows) == 20 - 1 or len(crossed.rows) == 20
    assert sum(alone.rows.values()) == sum(crossed.rows.values()) == 900


def test_a_model_that_got_one_carrier_wrong_is_refused(tmp_path: Path, champion: tuple[Release, Path]) -> None:
    evidence = candidate(tmp_path, champion, backwards(flights(1700, seed=3)))
    judgement = judged(GATE, evidence, {"production": champion[0]})
    assert (judgement.answer, judgement.code) == (Answer.NO, "sliceRegressed")
    assert "carrier=UA" in judgement.message
    assert "carrier=AA" not in judgement.message
    lenient = BeatsLive.model_validate({"type": "beatsLive", "metric": "rocAuc", "mode": "nonInferiority", "margin": 0.2})
    assert judged(lenient, evidence, {"production": champion[0]}).answer is Answer.YES


def test_too_few_rows_in_every_slice_are_no_answer(tmp_path: Path, champion: tuple[Release, Path]) -> None:
    evidence = candidate(tmp_path, champion, backwards(flights(1700, seed=3)), HOLDOUT.head(160))
    judgement = judged(GATE, evidence, {"production": champion[0]})
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "insufficientData"), judgement.message


def test_the_smallest_of_very_many_slices_are_left_out(tmp_path: Path) -> None:
    context = a_context(tmp_path, protected=["tail"])
    numbered = [
        frame.with_columns(pl.format("N{}", pl.int_range(pl.len()) // 2).alias("tail")) for frame in (flights(1500), HOLDOUT)
    ]
    take_snapshot(context, *numbered)
    (one,) = known(evaluated(context, Slices.model_validate({"type": "slices", "columns": ["tail"]})).slices)
    assert (len(one.rows), one.left_out) == (LARGEST, 450 - LARGEST)
    assert one.gains == NoBaseline()
