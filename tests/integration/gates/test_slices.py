"""Gate `slices` on real models: one that forgot a carrier is refused, its healthy twin passes; the whole metric hides it."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from reconciler.domain.evidence import Evidence, NoBaseline
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.slices import Sliced, SliceGains
from reconciler.domain.releases import Release
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.measurements.slices import LARGEST, _short
from reconciler.pipeline.package import package
from reconciler.rules.gates.beats_live import BeatsLive
from reconciler.rules.gates.slices import Slices
from reconciler.statistics.bootstrap import Resampling
from reconciler.statistics.slices import sliced_gains
from tests.builders import a_release, evidence
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
    found = candidate(tmp_path, champion, flights(1700, seed=3))
    judgement = judged(GATE, found, {"production": champion[0]})
    assert (judgement.answer, judgement.code) == (Answer.YES, "slicesKept"), judgement.message
    alone, crossed = known(found.slices)
    assert (alone.columns, crossed.columns) == (("carrier",), ("carrier", "distance"))
    assert set(alone.rows) == {"AA", "B6", "UA", "(missing)"}
    assert {name.split(" + ")[0] for name in crossed.rows} == set(alone.rows)
    assert len({name.split(" + ")[1] for name in crossed.rows}) == 5
    assert sum(alone.rows.values()) == sum(crossed.rows.values()) == 900


def test_a_model_that_got_one_carrier_wrong_is_refused(tmp_path: Path, champion: tuple[Release, Path]) -> None:
    found = candidate(tmp_path, champion, backwards(flights(1700, seed=3)))
    judgement = judged(GATE, found, {"production": champion[0]})
    assert (judgement.answer, judgement.code) == (Answer.NO, "sliceRegressed")
    assert "carrier=UA" in judgement.message
    assert "carrier=AA" not in judgement.message
    lenient = BeatsLive.model_validate({"type": "beatsLive", "metric": "rocAuc", "mode": "nonInferiority", "margin": 0.2})
    assert judged(lenient, found, {"production": champion[0]}).answer is Answer.YES


def test_too_few_rows_in_every_slice_are_no_answer(tmp_path: Path, champion: tuple[Release, Path]) -> None:
    found = candidate(tmp_path, champion, backwards(flights(1700, seed=3)), HOLDOUT.head(160))
    judgement = judged(GATE, found, {"production": champion[0]})
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


def rivals(seed: int, positives: float) -> Sliced:
    """Fifty slices of 100 rows in which two models see the same truth through noise of their own."""
    rng = np.random.default_rng(seed)
    truth, codes = rng.normal(-positives, 1, 5000), np.repeat(np.arange(50), 100)
    y = (rng.random(5000) < 1 / (1 + np.exp(-truth))).astype(float)
    first, second = (1 / (1 + np.exp(-truth - rng.normal(0, 0.5, 5000))) for _ in range(2))
    found = sliced_gains("binary", ("brier",), y, (first, second), codes, Resampling(seed=0, resamples=1000))
    rarest = {code: int(min(y[codes == code].sum(), 100 - y[codes == code].sum())) for code in found}
    gains = {str(code): _short(gain["brier"], rarest[code]) for code, gain in found.items()}
    compared = SliceGains(champion=a_release().digest, gains=gains)
    return Sliced(columns=("g",), metric="brier", rows={}, measured={}, gains=compared)


@pytest.mark.parametrize(("worlds", "most"), [(12, 2), pytest.param(200, 16, marks=pytest.mark.slow)])
@pytest.mark.parametrize("positives", [2.0, 0.0])
def test_fifty_healthy_slices_seldom_refuse_a_model_that_is_as_good(worlds: int, most: int, positives: float) -> None:
    gate, live = Slices(type="slices", metric="brier"), {"production": a_release()}
    said = [judged(gate, evidence(slices=(rivals(seed, positives),)), live) for seed in range(worlds)]
    assert sum(judgement.answer is Answer.NO for judgement in said) <= most
    assert Answer.UNKNOWN not in {judgement.answer for judgement in said}
