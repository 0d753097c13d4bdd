"""A released model and its challengers: each with one thing otherwise in its columns or its rows, and one that has nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Digest
from reconciler.domain.releases import Build, Release
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import EVALUATION, read_evidence
from reconciler.pipeline.package import package
from reconciler.pipeline.train import train
from tests.builders import NOW, a_candidate, facts
from tests.runs import HOUR, START, a_context, flights, take_snapshot
from tests.scored import a_gate

LATER = START + 1730 * HOUR
SCHEMA, VOLUME = {"type": "schema"}, {"type": "volume"}
Files = dict[Digest, Path]


def built(context: StageContext, rows: pl.DataFrame, holdout: pl.DataFrame) -> Build:
    take_snapshot(context, rows, holdout)
    train(context)
    evaluate(context)
    package(context)
    return read_build(context.path("candidate.json").read_text())


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> tuple[Build, Files]:
    """What runs: made of 1,500 flights, judged by 600."""
    context = a_context(tmp_path_factory.mktemp("live"))
    build = built(context, flights(1500), flights(600, start=START + 1524 * HOUR, seed=1))
    return build, {build.artifact.sha256: context.path("model.zip")}


def judged(
    root: Path, live: tuple[Build, Files] | None, gate: dict[str, Any], rows: pl.DataFrame, holdout: pl.DataFrame, **spec: Any
) -> Judgement:
    """What the gate says of the model of these rows and this spec."""
    champion, files = live or (None, {})
    context = a_context(root, champion=champion, files=files, **spec)
    build = built(context, rows, holdout)
    found = read_evidence({EVALUATION: context.path(EVALUATION).read_text()})
    releases = {"production": Release(environment="production", version="1.0.0", build=champion)} if champion else {}
    seen = facts(candidate=a_candidate(build=build, evidence=found), releases=releases)
    return a_gate(**gate).judge(seen, NOW)  # type: ignore[no-any-return]


def newer() -> tuple[pl.DataFrame, pl.DataFrame]:
    return flights(1700, seed=3), flights(500, start=LATER, seed=4)


def renamed(rows: pl.DataFrame, share: float) -> pl.DataFrame:
    """A new carrier in this share of the rows."""
    some = pl.int_range(pl.len()) < int(share * rows.height)
    return rows.with_columns(pl.when(some).then(pl.lit("WN")).otherwise(pl.col("carrier")).alias("carrier"))


def test_a_candidate_that_is_as_the_live_model_passes_both(live: tuple[Build, Files], tmp_path: Path) -> None:
    schema = judged(tmp_path / "schema", live, SCHEMA, *newer())
    volume = judged(tmp_path / "volume", live, VOLUME, *newer())
    assert [(one.answer, one.code) for one in (schema, volume)] == [(Answer.YES, "schemaKept"), (Answer.YES, "volumeKept")]
    assert "carrier has a category that the live model has not learnt in 0 of 7" in schema.message


def test_a_first_release_has_nothing_to_differ_from(tmp_path: Path) -> None:
    assert judged(tmp_path / "schema", None, SCHEMA, *newer()).code == "noBaseline"
    assert judged(tmp_path / "volume", None, VOLUME, *newer()).code == "volumeKept"


@pytest.mark.parametrize(
    ("spec", "kinds", "said"),
    [
        ({"features": {"numeric": ["distance"]}}, "removedFeature", "carrier was category used as categories, now it is none"),
        (
            {"features": {"categorical": ["carrier", "distance"]}},
            "retypedFeature",
            "distance was number used as a number, now it is number used as categories",
        ),
        (
            {"target": {"atLeast": 30}},
            "changedLabel",
            "predicts arr_delay as < 15, >= 15, the candidate arr_delay as < 30, >= 30",
        ),
    ],
)
def test_what_the_model_takes_and_answers_may_not_change_unseen(
    live: tuple[Build, Files], tmp_path: Path, spec: dict[str, Any], kinds: str, said: str
) -> None:
    judgement = judged(tmp_path / "strict", live, SCHEMA, *newer(), **spec)
    assert (judgement.answer, judgement.code) == (Answer.NO, "schemaChanged")
    assert said in judgement.message
    assert judged(tmp_path / "allowed", live, SCHEMA | {"allow": [kinds]}, *newer(), **spec).answer is Answer.YES


def test_new_categories_and_features_that_hold_nothing_any_more_are_seen_in_the_newer_rows(
    live: tuple[Build, Files], tmp_path: Path
) -> None:
    rows, holdout = newer()
    judgement = judged(tmp_path / "new", live, SCHEMA, rows, renamed(holdout, 0.2))
    assert (judgement.answer, judgement.code) == (Answer.NO, "newCategories")
    assert "in 100 of 7" in judgement.message
    assert judged(tmp_path / "few", live, SCHEMA, rows, renamed(holdout, 0.04)).code == "schemaKept"

    empty = [frame.with_columns(pl.lit(None, pl.Float64).alias("distance")) for frame in (rows[1500:], holdout)]
    judgement = judged(tmp_path / "empty", live, SCHEMA, pl.concat([rows[:1500], empty[0]]), empty[1])
    assert (judgement.answer, judgement.code) == (Answer.NO, "schemaChanged")
    assert "distance is missing in all 7" in judgement.message


def test_rows_of_another_type_than_declared_break_the_contract(tmp_path: Path) -> None:
    rows, holdout = (frame.with_columns(pl.col("distance").cast(pl.String)) for frame in newer())
    judgement = judged(tmp_path, None, SCHEMA, rows, holdout)
    assert (judgement.answer, judgement.code) == (Answer.NO, "contractBroken")
    assert "distance holds String, the contract says number" in judgement.message


def test_few_newer_rows_are_no_answer(live: tuple[Build, Files], tmp_path: Path) -> None:
    rows, holdout = flights(1500), flights(150, start=START + 1524 * HOUR, seed=4)
    judgement = judged(tmp_path, live, SCHEMA, rows, holdout)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "insufficientData")
    assert "150 rows are newer than what the live model learnt, 200 needed" in judgement.message


def test_a_live_model_that_cannot_be_opened_is_no_answer(live: tuple[Build, Files], tmp_path: Path) -> None:
    judgement = judged(tmp_path, (live[0], {}), SCHEMA, *newer())
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "championNotComparable")
    assert "cannot be opened" in judgement.message


def hours(keep: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The newer rows of these hours, the range as it was."""
    rows, holdout = newer()
    first, last = rows[:1], rows[-1:]
    return pl.concat([first, rows[1:-1].filter(keep), last]), holdout


def test_rows_that_went_missing_are_counted_by_day(live: tuple[Build, Files], tmp_path: Path) -> None:
    thinned = judged(tmp_path / "thinned", live, VOLUME, *hours(pl.int_range(pl.len()) % 5 < 2))
    assert (thinned.answer, thinned.code) == (Answer.NO, "volumeChanged")
    assert "9.6" in thinned.message
    assert "24 in the live model's data" in thinned.message

    away = pl.col("scheduled").is_between(START + timedelta(days=30), START + timedelta(days=36))
    gap = judged(tmp_path / "gap", live, VOLUME, *hours(~away))
    assert (gap.answer, gap.code) == (Answer.NO, "daysWithoutRows")
    assert "6 of 89 days without rows (2013-01-31, 2013-02-01," in gap.message


def test_a_shop_that_closes_on_sundays_has_no_gaps(live: tuple[Build, Files], tmp_path: Path) -> None:
    assert judged(tmp_path, live, VOLUME, *hours(pl.col("scheduled").dt.weekday() < 7)).answer is Answer.YES


def test_days_are_too_few_to_tell_gaps(tmp_path: Path) -> None:
    short = {"minimumTrainRows": 50, "minimumHoldoutRows": 20}
    judgement = judged(tmp_path, None, VOLUME | short, flights(80), flights(40, start=START + 104 * HOUR, seed=1))
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "insufficientData")
    assert "4 whole days in the range of the rows, 7 needed" in judgement.message
    assert judged(tmp_path / "rows", None, VOLUME, flights(400), newer()[1]).code == "tooFewRows"
