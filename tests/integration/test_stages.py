"""Train, evaluate, package, one after the other, on a small run on disk."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from reconciler.domain.data import RowQuery
from reconciler.domain.evidence import Comparison, NoBaseline
from reconciler.domain.known import Measured, Missing
from reconciler.domain.names import Digest
from reconciler.domain.releases import Build
from reconciler.errors import ReconcilerError
from reconciler.pipeline.archive import pack, sha256_of, unpack
from reconciler.pipeline.artifact import open_artifact
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import read_evidence
from reconciler.pipeline.package import package
from reconciler.pipeline.score import measure_rows, predict_rows
from reconciler.pipeline.train import train
from tests.runs import HOUR, START, a_context, flights, take_snapshot


def run(context: StageContext) -> Build:
    train(context)
    evaluate(context)
    package(context)
    return read_build(context.path("candidate.json").read_text())


def comparison_of(context: StageContext) -> Any:
    return read_evidence({"evaluation.json": context.path("evaluation.json").read_text()}).comparison


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> StageContext:
    """A first candidate: trained, measured and packaged."""
    context = a_context(tmp_path_factory.mktemp("first"))
    take_snapshot(context)
    run(context)
    return context


def released(context: StageContext) -> tuple[Build, dict[Digest, Path]]:
    build = read_build(context.path("candidate.json").read_text())
    return build, {build.artifact.sha256: context.path("model.zip")}


def challenge(first: StageContext, root: Path, **spec: Any) -> StageContext:
    """A second candidate that is compared with the first, on newer rows."""
    champion, files = released(first)
    context = a_context(root, champion=champion, files=files, **spec)
    take_snapshot(context, flights(1700, seed=3), flights(500, start=START + 1730 * HOUR, seed=4))
    return context


def test_the_candidate_is_what_was_packaged(first: StageContext) -> None:
    build = read_build(first.path("candidate.json").read_text())
    content = first.path("model.zip").read_bytes()
    assert build.artifact.size == len(content)
    assert build.made_from == first.made_from
    assert (build.data.train_rows, build.data.holdout_rows) == (1500, 600)
    assert set(unpack(content, "x")) == {
        "model.skops", "profile.json", "outcomes.json", "contract.json", "training.json", "samples.json",
        "environment.json", "data.json", "MANIFEST.json",
    }  # fmt: skip


def test_the_package_holds_the_lock_and_the_licence(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    dataset = context.dataset.model_copy(update={"spec": context.dataset.spec.model_copy(update={"licence": "CC0-1.0"})})
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/lock.txt").write_text("scikit-learn==1.9.1 --hash=sha256:0\n")
    take_snapshot(context)
    for stage in (train, evaluate, package):
        stage(replace(context, dataset=dataset))
    held = unpack(context.path("model.zip").read_bytes(), "x")
    assert held["requirements.lock"] == b"scikit-learn==1.9.1 --hash=sha256:0\n"
    assert json.loads(held["data.json"]) == {"dataset": "flights", "licence": "CC0-1.0"}


def test_the_package_answers_its_own_samples(first: StageContext) -> None:
    opened = open_artifact(first.path("model.zip"))
    samples = json.loads(unpack(first.path("model.zip").read_bytes(), "x")["samples.json"])
    rows = pl.DataFrame(samples["inputs"], schema={"distance": pl.Float64, "carrier": pl.String})
    assert opened.predict(rows).tolist() == samples["predictions"]
    assert opened.reference.rows == 1500
    assert opened.contract.classes == ("< 15", ">= 15")


def test_metrics_are_flat_numbers_and_evidence_has_intervals(first: StageContext) -> None:
    flat = json.loads(first.path("metrics.json").read_text())
    found = read_evidence({"evaluation.json": first.path("evaluation.json").read_text()})
    assert isinstance(found.metrics, dict)
    assert {name: measured.value for name, measured in found.metrics.items()} == flat
    assert all(m.low <= m.value <= m.high and m.rows == 600 for m in found.metrics.values())
    assert found.comparison == NoBaseline()


def test_what_dvclive_logged_has_no_time_in_it(first: StageContext) -> None:
    texts = {p.name: p.read_text() for p in first.path("live").rglob("*") if p.is_file()}
    assert {"metrics.json", "params.yaml", "rocAuc.tsv"} <= set(texts)
    assert json.loads(texts["metrics.json"])["holdout"].keys() == {"rocAuc", "brier"}
    assert "timestamp" not in "".join(texts.values())


@pytest.mark.parametrize(
    ("task", "target", "metrics", "shape"),
    [
        ("regression", {}, ["mae", "r2"], (500,)),
        (
            "multiclass",
            {"classes": [{"name": "a", "below": 0}, {"name": "b", "below": 15}, {"name": "c"}]},
            ["macroF1"],
            (500, 3),
        ),
    ],
)
def test_other_tasks_run_through(tmp_path: Path, task: str, target: Any, metrics: list[str], shape: tuple[int, ...]) -> None:
    context = a_context(tmp_path, task=task, target=target, metrics=metrics)
    take_snapshot(context)
    run(context)
    assert open_artifact(context.path("model.zip")).predict(flights(500)).shape == shape
    assert json.loads(context.path("metrics.json").read_text()).keys() == set(metrics)


def test_the_champion_is_rescored_on_the_same_rows(first: StageContext, tmp_path: Path) -> None:
    context = challenge(first, tmp_path)
    build = run(context)
    compared = comparison_of(context)
    assert isinstance(compared, Comparison)
    champion = released(first)[0]
    assert compared.champion == champion.digest != build.digest
    gain = compared.gains["rocAuc"]
    holdout = pl.read_parquet(context.path("snapshot/holdout.parquet"))
    again = predict_rows(open_artifact(first.path("model.zip")), holdout, context.model, context.dataset)
    assert gain.champion == pytest.approx(roc_auc_score(again.truth, again.prediction))
    assert gain.rows == 500
    assert gain.gain == pytest.approx(gain.challenger - gain.champion)


def test_a_champion_against_itself_gains_nothing(first: StageContext, tmp_path: Path) -> None:
    champion, files = released(first)
    context = a_context(tmp_path, champion=champion, files=files)
    take_snapshot(context)
    run(context)
    assert {gain.gain for gain in comparison_of(context).gains.values()} == {0.0}


def test_rows_that_the_champion_was_trained_on_are_no_holdout(first: StageContext, tmp_path: Path) -> None:
    context = challenge(first, tmp_path)
    seen = flights(500, start=START + 1200 * HOUR)
    take_snapshot(context, holdout=seen)
    train(context)
    evaluate(context)
    missing = comparison_of(context)
    assert isinstance(missing, Missing)
    assert missing.code == "holdoutSeenByChampion"
    assert "176 of 500 rows" in missing.why


def test_only_unseen_rows_are_compared_when_enough_are_left(first: StageContext, tmp_path: Path) -> None:
    context = challenge(first, tmp_path)
    take_snapshot(context, holdout=flights(500, start=START + 1424 * HOUR))
    train(context)
    evaluate(context)
    assert comparison_of(context).gains["rocAuc"].rows == 400


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"target": {"atLeast": 30}}, "predicts arr_delay as < 15, >= 15, the candidate arr_delay as < 30, >= 30"),
        ({"task": "regression", "target": {}, "metrics": ["mae"]}, "the candidate arr_delay as a number"),
    ],
)
def test_a_champion_that_answers_another_question_is_not_compared(
    first: StageContext, tmp_path: Path, spec: dict[str, Any], words: str
) -> None:
    context = challenge(first, tmp_path, **spec)
    run(context)
    missing = comparison_of(context)
    assert isinstance(missing, Missing)
    assert missing.code == "championNotComparable"
    assert words in missing.why


@dataclass(frozen=True)
class Source:
    """What the source has."""

    rows: pl.DataFrame

    def read(self, query: RowQuery) -> pl.DataFrame:
        found = self.rows.filter((pl.col("scheduled") >= query.start) & (pl.col("scheduled") < query.end))
        return found.select(query.time_column, *query.columns)


@pytest.mark.parametrize(("change", "compared"), [(0, True), (1, False)])
def test_a_champion_that_knows_a_dropped_column_gets_it_from_the_source(
    first: StageContext, tmp_path: Path, change: int, compared: bool
) -> None:
    holdout = flights(500, start=START + 1730 * HOUR, seed=4)
    context = challenge(first, tmp_path, features={"numeric": ["distance"]})
    context = replace(context, data=Source(holdout.with_columns(pl.col("arr_delay") + change)))
    take_snapshot(context, flights(1700, seed=3).drop("carrier"), holdout.drop("carrier"))
    run(context)
    found = comparison_of(context)
    assert isinstance(found, Comparison) is compared
    assert compared or "it needs carrier, which the snapshot lacks" in found.why


def test_a_champion_that_cannot_be_fetched_or_was_altered_is_missing(first: StageContext, tmp_path: Path) -> None:
    context = challenge(first, tmp_path)
    files = released(first)[1]
    train(context)
    altered = tmp_path / "altered.zip"
    altered.write_bytes(first.path("model.zip").read_bytes() + b"x")
    for stored in ({}, dict.fromkeys(files, altered)):
        evaluate(replace(context, artifacts=replace(context.artifacts, files=stored)))  # type: ignore[type-var]
        assert comparison_of(context).code == "championNotComparable"


def test_stages_say_what_is_absent(tmp_path: Path) -> None:
    context = a_context(tmp_path)
    with pytest.raises(ReconcilerError, match=r"runs/flight-delay/snapshot/train.parquet does not exist"):
        train(context)
    take_snapshot(context)
    with pytest.raises(ReconcilerError, match=r"contract.json does not exist"):
        evaluate(context)


def test_labels_of_one_class_cannot_be_learnt(tmp_path: Path) -> None:
    context = a_context(tmp_path, target={"atLeast": 9999})
    take_snapshot(context)
    with pytest.raises(ReconcilerError, match="all 1500 training labels are of one class, < 9999"):
        train(context)


def repacked(path: Path, name: str, content: bytes) -> bytes:
    return pack({**unpack(path.read_bytes(), "x"), name: content})


@pytest.mark.parametrize("name", ["model.skops", "profile.json", "contract.json", "extra.txt"])
def test_an_altered_package_is_refused(first: StageContext, tmp_path: Path, name: str) -> None:
    (tmp_path / "model.zip").write_bytes(repacked(first.path("model.zip"), name, b"{}"))
    with pytest.raises(ReconcilerError, match=r"model.zip was altered"):
        open_artifact(tmp_path / "model.zip")


def test_a_package_of_another_scikit_learn_is_refused_before_it_is_loaded(first: StageContext, tmp_path: Path) -> None:
    files = dict(unpack(first.path("model.zip").read_bytes(), "x"))
    files |= {"environment.json": b'{"scikit-learn": "1.2.3"}', "model.skops": b"never looked at"}
    files["MANIFEST.json"] = json.dumps({"sha256": {k: sha256_of(v) for k, v in files.items() if k != "MANIFEST.json"}}).encode()
    (tmp_path / "model.zip").write_bytes(pack(files))
    with pytest.raises(ReconcilerError, match=r"made with scikit-learn 1.2.3, this environment has"):
        open_artifact(tmp_path / "model.zip")


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read"), (b"junk", "not a readable archive"), (pack({}), "it lacks")]
)
def test_what_is_no_package_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / "model.zip").write_bytes(content)
    with pytest.raises(ReconcilerError, match=words):
        open_artifact(tmp_path / "model.zip")


def test_the_released_model_is_measured_on_labelled_rows(first: StageContext) -> None:
    opened = open_artifact(first.path("model.zip"))
    rows = flights(400, seed=9).with_columns(pl.when(pl.int_range(pl.len()) < 300).then(pl.col("arr_delay")))
    predicted = predict_rows(opened, rows, first.model, first.dataset)
    assert predicted.truth.shape == predicted.prediction.shape == (300,)
    assert np.all((predicted.prediction >= 0) & (predicted.prediction <= 1))
    point, interval = (measure_rows(predicted, "rocAuc", resamples=resamples) for resamples in (0, 2000))
    assert isinstance(point, Measured)
    assert isinstance(interval, Measured)
    assert (point.rows, point.low, point.high) == (300, -np.inf, np.inf)
    assert interval.value == pytest.approx(point.value, abs=1e-12)
    assert interval.low < point.value < interval.high


def test_a_model_whose_task_changed_is_not_scored(first: StageContext) -> None:
    opened = open_artifact(first.path("model.zip"))
    other = a_context(first.root, task="regression", target={}, metrics=["mae"])
    with pytest.raises(ReconcilerError, match=r"predicts arr_delay \(binary\)"):
        predict_rows(opened, flights(50), other.model, other.dataset)
