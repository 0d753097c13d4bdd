"""A released model that is trained further: on new rows alone, to the same bytes, and never one that does not fit."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reconciler.domain.names import Digest
from reconciler.domain.releases import Build, Lineage
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import open_artifact
from reconciler.pipeline.build_json import build_text, read_build
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.package import package
from reconciler.pipeline.snapshot import snapshot
from reconciler.pipeline.stored import read_data
from reconciler.pipeline.train import train
from tests.builders import a_build, a_dataset, a_model
from tests.runs import FolderStore
from tests.snapshots import FIRST, FrameData, a_run, hourly

DAY = timedelta(days=1)
TRAINING = {"estimator": "sgd", "holdout": "14d", "incremental": {"fullEvery": "60d"}}


def run(root: Path, day: int, *, after: Build | None = None, store: Path | None = None, **changes: Any) -> StageContext:
    """What one run makes of the first so many days, all stages through; with `after` it goes on with that release."""
    files = FolderStore(files={Digest(after.artifact.sha256): store} if after and store else {})
    context = replace(
        a_run(root, as_of=FIRST + day * DAY, rows=hourly(120)),
        model=a_model(training=TRAINING | changes),
        continues=after,
        artifacts=files,
    )
    context.path("x").parent.mkdir(parents=True, exist_ok=True)
    snapshot(context)
    train(context)
    evaluate(context)
    context.path("validation.json").write_text('{"evaluated": 0, "failures": []}\n')
    package(context)
    return context


def build(context: StageContext) -> Build:
    return read_build(context.path("candidate.json").read_text())


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> StageContext:
    return run(tmp_path_factory.mktemp("full"), 60)


@pytest.fixture(scope="module")
def second(full: StageContext, tmp_path_factory: pytest.TempPathFactory) -> StageContext:
    return run(tmp_path_factory.mktemp("second"), 75, after=build(full), store=full.path("model.zip"))


def test_it_sees_the_rows_that_the_release_has_not_seen_and_no_other(full: StageContext, second: StageContext) -> None:
    before, after = build(full).data, build(second).data
    assert after.train_from == before.train_until
    assert after.train_until == before.train_until + 15 * DAY
    assert before.train_rows > 2 * after.train_rows > 0


def test_its_lineage_names_the_release_and_the_full_training(full: StageContext, second: StageContext, tmp_path: Path) -> None:
    assert build(full).data.lineage is None
    assert build(second).data.lineage == Lineage(continues=build(full).digest, since=FIRST + 60 * DAY)
    third = run(tmp_path, 90, after=build(second), store=second.path("model.zip"))
    assert build(third).data.lineage == Lineage(continues=build(second).digest, since=FIRST + 60 * DAY)
    assert json.loads(third.path("training.json").read_text())["continues"] == build(second).digest
    assert read_build(build_text(build(third))) == build(third)
    assert '"lineage"' not in full.path("candidate.json").read_text()


def test_only_its_last_step_has_changed_and_it_answers_otherwise(full: StageContext, second: StageContext) -> None:
    from reconciler.pipeline.canonical import load

    old, new = (
        load(open_artifact(one.path("model.zip")).fitted["model.skops"], one.model.spec.training.estimator)
        for one in (full, second)
    )
    rows = hourly(5)
    from reconciler.pipeline.columns import features_of

    taken = features_of(rows, full.model.spec.features)
    np.testing.assert_array_equal(old[:-1].transform(taken), new[:-1].transform(taken))
    assert new.steps[-1][1].t_ == old.steps[-1][1].t_ + build(second).data.train_rows
    assert not np.array_equal(old.predict_proba(taken), new.predict_proba(taken))


def test_the_same_again_gives_the_same_bytes(full: StageContext, second: StageContext, tmp_path: Path) -> None:
    again = run(tmp_path, 75, after=build(full), store=full.path("model.zip"))
    assert again.path("model.zip").read_bytes() == second.path("model.zip").read_bytes()
    assert build(again).digest == build(second).digest


def test_going_on_with_another_release_is_another_digest_of_the_data(full: StageContext, tmp_path: Path) -> None:
    other = replace(build(full), artifact=a_build("another").artifact)
    context = replace(a_run(tmp_path, as_of=FIRST + 75 * DAY, rows=hourly(120)), model=a_model(training=TRAINING))
    digests = []
    for release in (build(full), other):
        snapshot(replace(context, continues=release))
        digests.append(read_data(context).digest)
    assert digests[0] != digests[1]


def test_a_custom_pipeline_is_trained_further_by_its_last_step(tmp_path: Path) -> None:
    code = (
        "from sklearn.naive_bayes import GaussianNB\nfrom sklearn.pipeline import make_pipeline\n"
        "from sklearn.impute import SimpleImputer\nfrom sklearn.compose import ColumnTransformer\n"
        "def build(spec, seed):\n"
        "    numbers = ColumnTransformer([('n', SimpleImputer(), spec['features']['numeric'])])\n"
        "    return make_pipeline(numbers, GaussianNB())\n"
    )
    for root in ("full", "next"):
        (tmp_path / root / "models/flight-delay").mkdir(parents=True)
        (tmp_path / root / "models/flight-delay/pipeline.py").write_text(code)
    first = run(tmp_path / "full", 60, estimator="custom")
    after = run(tmp_path / "next", 75, estimator="custom", after=build(first), store=first.path("model.zip"))
    assert build(after).data.lineage


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"features": {"numeric": ["distance"], "categorical": []}}, "it has other features"),
        ({"target": {"atLeast": 5}}, "it has other classes"),
    ],
)
def test_a_release_of_another_question_is_not_gone_on_with(
    full: StageContext, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    release = build(full)
    files = FolderStore(files={Digest(release.artifact.sha256): full.path("model.zip")})
    context = a_run(tmp_path, as_of=FIRST + 75 * DAY, rows=hourly(120))
    context = replace(context, model=a_model(training=TRAINING, **change), continues=release, artifacts=files)
    snapshot(context)
    with pytest.raises(ReconcilerError, match=message) as caught:
        train(context)
    assert "continues in params.yaml to none" in caught.value.help


def test_what_cannot_be_trained_further_says_so_when_it_is_trained_anew(tmp_path: Path) -> None:
    code = "from sklearn.dummy import DummyClassifier\ndef build(spec, seed):\n    return DummyClassifier()\n"
    (tmp_path / "models/flight-delay").mkdir(parents=True)
    (tmp_path / "models/flight-delay/pipeline.py").write_text(code)
    with pytest.raises(ReconcilerError, match="DummyClassifier, the last step of its pipeline, has no partial_fit"):
        run(tmp_path, 60, estimator="custom")


def test_a_spec_that_does_not_ask_for_it_is_not_gone_on_with(full: StageContext, tmp_path: Path) -> None:
    context = a_run(tmp_path, as_of=FIRST + 75 * DAY, rows=hourly(120))
    with pytest.raises(ReconcilerError, match=r"its spec has no training\.incremental"):
        snapshot(replace(context, continues=build(full)))


def test_no_new_rows_are_too_few(full: StageContext, tmp_path: Path) -> None:
    context = replace(a_run(tmp_path, as_of=FIRST + 60 * DAY, rows=hourly(120)), model=a_model(training=TRAINING))
    with pytest.raises(ReconcilerError, match="0 labelled rows to train on"):
        snapshot(replace(context, continues=build(full)))


def test_the_usual_dataset_has_a_delay() -> None:
    """Else the embargo between what was learnt and what is judged would not be seen in the numbers above."""
    assert a_dataset().spec.label.delay == DAY
    assert isinstance(FrameData(hourly(1)), FrameData)
