"""The finished package in real processes of real environments: each gate passes the sound one and refuses the spoiled one."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import TypeAdapter

from reconciler.adapters.training.program import SupervisedPrograms
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.measured.serving import Memory
from reconciler.domain.releases import Build
from reconciler.pipeline.archive import pack, sha256_of, unpack
from reconciler.pipeline.artifact import MANIFEST, SAMPLES
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import VERIFICATION, read_evidence
from reconciler.pipeline.package import package
from reconciler.pipeline.train import train
from reconciler.pipeline.verify import verify
from reconciler.rules.gates import Gate
from tests.builders import NOW, a_candidate, a_release, evidence, facts
from tests.programs import AWK_TRAIN, a_program, training
from tests.runs import a_context, take_snapshot
from tests.venvs import CODE, PACKAGES, a_venv

INFRA, PARITY = {"type": "infra"}, {"type": "parity"}
PROGRAMS = SupervisedPrograms(os.environ, lambda _: None)  # noqa: TID251 - PATH, to find programs


def made(context: StageContext) -> StageContext:
    for stage in (train, evaluate, package):
        stage(context)
    return context


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> StageContext:
    """A small boosted model, packaged; only to be looked at."""
    context = replace(a_context(tmp_path_factory.mktemp("sound")), programs=PROGRAMS)
    take_snapshot(context)
    return made(context)


def served_by(context: StageContext, python: Path) -> StageContext:
    """The model with this `spec.serve.python`."""
    body = context.model.spec.model_copy(update={"serve": context.model.spec.serve.model_copy(update={"python": "serving"})})
    return replace(context, model=context.model.model_copy(update={"spec": body}), interpreter=python)


def copied(context: StageContext, where: Path) -> StageContext:
    """The same run in a folder of its own, to be spoiled."""
    shutil.copytree(context.root, where)
    return replace(context, root=where)


def judged(context: StageContext, *gates: Mapping[str, Any], live: Build | None = None) -> list[Judgement]:
    """What the gates say after the stage verify found out what they ask for."""
    verify(replace(context, gates=tuple(TypeAdapter(Gate).validate_python(gate) for gate in gates)))
    return judged_again(context, *gates, live=live)


def judged_again(context: StageContext, *gates: Mapping[str, Any], live: Build | None = None) -> list[Judgement]:
    """What they say of what was found out before."""
    found = read_evidence({VERIFICATION: context.path(VERIFICATION).read_text()})
    told = {name: getattr(found, name) for name in ("infra", "parity", "latency", "memory")}
    releases = {"production": replace(a_release(), build=live)} if live else {}
    seen = facts(candidate=a_candidate(evidence=evidence(**told)), releases=releases)
    return [TypeAdapter(Gate).validate_python(gate).judge(seen, NOW) for gate in gates]


def said(judgement: Judgement) -> tuple[Answer, str]:
    return judgement.answer, judgement.code


def test_a_sound_package_passes_where_it_was_trained(sound: StageContext) -> None:
    answers = judged(sound, INFRA, PARITY, {"type": "latency", "p95": "30s"})
    assert [said(one) for one in answers] == [(Answer.YES, "served"), (Answer.YES, "answersAgree"), (Answer.YES, "fastEnough")]
    assert json.loads(sound.path(VERIFICATION).read_text())["interpreter"] == ""


def test_it_passes_in_another_environment_like_it(sound: StageContext, tmp_path: Path) -> None:
    like = served_by(sound, a_venv(tmp_path / "serving", CODE, PACKAGES))
    assert [said(one) for one in judged(like, INFRA)] == [(Answer.YES, "served")]
    assert json.loads(sound.path(VERIFICATION).read_text())["interpreter"] == "serving"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scikit_learn", "answer", "code"),
    [("", Answer.YES, "served"), ("==1.8.0", Answer.NO, "versionsDiffer")],
    ids=["same", "1.8"],
)
def test_a_small_environment_with_a_real_scikit_learn(
    sound: StageContext, tmp_path: Path, scikit_learn: str, answer: Answer, code: str
) -> None:
    """Installed from the package index: what loading needs, in the versions that are here, but for scikit-learn."""
    python = a_venv(tmp_path / "serving", CODE)
    same = [f"{name}=={version(name)}" for name in ("numpy", "skops", "polars", "pydantic")]
    wanted = f"scikit-learn{scikit_learn or '==' + version('scikit-learn')}"
    uv = [Path(sys.executable).parent / "uv", "pip", "install", "--quiet", "--python", python, wanted, *same]
    subprocess.run(uv, check=True)
    (judgement,) = judged(served_by(sound, python), INFRA)
    assert said(judgement) == (answer, code), judgement.message


def test_an_environment_that_claims_another_scikit_learn_is_refused_with_both_versions(
    sound: StageContext, tmp_path: Path
) -> None:
    older = served_by(sound, a_venv(tmp_path / "serving", CODE, PACKAGES, scikit_learn="1.2.2"))
    (judgement,) = judged(older, INFRA)
    assert said(judgement) == (Answer.NO, "versionsDiffer")
    assert judgement.message.endswith(", the serving environment has 1.2.2")


@pytest.mark.parametrize(
    ("sees", "code", "words"),
    [
        ((), "versionsDiffer", "made with numpy"),
        ((PACKAGES,), "notInstalled", "No module named 'reconciler"),
    ],
    ids=["an empty environment", "one without Perennial"],
)
def test_an_environment_that_lacks_something_is_refused(
    sound: StageContext, tmp_path: Path, sees: tuple[Path, ...], code: str, words: str
) -> None:
    (judgement,) = judged(served_by(sound, a_venv(tmp_path / "serving", *sees)), INFRA)
    assert said(judgement) == (Answer.NO, code)
    assert words in judgement.message
    assert str(tmp_path) not in sound.path(VERIFICATION).read_text()


def test_an_interpreter_that_is_not_there_is_no_answer(sound: StageContext, tmp_path: Path) -> None:
    (judgement,) = judged(served_by(sound, tmp_path / "absent"), INFRA)
    assert said(judgement) == (Answer.UNKNOWN, "cannotBeMeasured")
    assert judgement.message == "spec.serve.python: there is no serving on this machine"


def test_a_package_whose_model_may_not_be_loaded_is_refused(sound: StageContext, tmp_path: Path) -> None:
    spoiled = copied(sound, tmp_path / "spoiled")
    repacked(spoiled, "model.skops", lambda content: content.replace(b"OrdinalEncoder", b"OrdinalDecoder"))
    (judgement,) = judged(spoiled, INFRA)
    assert said(judgement) == (Answer.NO, "cannotBeLoaded")


def repacked(context: StageContext, name: str, change: Any) -> None:
    """One file of the package changed, and the manifest with it."""
    files = {part: content for part, content in unpack(context.path("model.zip").read_bytes(), "it").items() if part != MANIFEST}
    files[name] = change(files[name])
    manifest = {"sha256": {part: sha256_of(content) for part, content in files.items()}}
    context.path("model.zip").write_bytes(pack({**files, MANIFEST: json.dumps(manifest).encode()}))


def test_serving_code_that_fills_gaps_answers_otherwise_than_training(sound: StageContext, tmp_path: Path) -> None:
    """The environment has an own copy of the code, in which what is missing becomes a nought."""
    shutil.copytree(CODE / "reconciler", tmp_path / "code/reconciler", ignore=shutil.ignore_patterns("__pycache__"))
    requests = tmp_path / "code/reconciler/pipeline/requests.py"
    requests.write_text(requests.read_text().replace("values, kind = [row[name]", "values, kind = [row[name] or 0"))
    filling = served_by(sound, a_venv(tmp_path / "serving", tmp_path / "code", PACKAGES))
    (judgement,) = judged(filling, PARITY)
    assert said(judgement) == (Answer.NO, "answersDiffer")
    assert "distance: " in judgement.message
    assert "'None' became '0.0'" in judgement.message


def test_samples_that_another_model_answered_are_found(sound: StageContext, tmp_path: Path) -> None:
    spoiled = copied(sound, tmp_path / "spoiled")
    repacked(spoiled, SAMPLES, lambda text: json.dumps({**json.loads(text), "predictions": [0.5] * 5}).encode())
    (judgement,) = judged(spoiled, PARITY)
    assert said(judgement) == (Answer.NO, "answersDiffer")
    assert "package the samples again" in judgement.remedy


BESIDE_OTHERS = """\
awk -F, 'BEGIN { print "prediction" } NR > 1 { sum += $1; row[NR] = $1 }
  END { for (i = 2; i <= NR; i++) print row[i] - sum / (NR - 1) }' $PERENNIAL_ROWS > $PERENNIAL_PREDICTIONS
"""


def test_a_model_that_looks_at_the_other_rows_of_a_request_is_found(tmp_path: Path) -> None:
    files = {"train.sh": AWK_TRAIN, "predict.sh": BESIDE_OTHERS}
    spec = training("train.sh", "predict.sh", runner="sh")
    context = a_program(tmp_path, files, spec=spec, task="regression", target={}, metrics=["mae"])
    take_snapshot(context)
    (judgement,) = judged(made(context), PARITY)
    assert said(judgement) == (Answer.NO, "answersDiffer")
    assert "does not depend on the other rows" in judgement.remedy


def test_too_few_rows_are_no_answer(sound: StageContext, tmp_path: Path) -> None:
    short = copied(sound, tmp_path / "short")
    holdout = short.path("snapshot/holdout.parquet")
    pl.read_parquet(holdout).head(20).write_parquet(holdout)
    answers = judged(short, PARITY, {"type": "latency", "rows": 21}, {"type": "memory", "rows": 21})
    assert [said(one) for one in answers] == [(Answer.UNKNOWN, "insufficientData")] * 3


@pytest.mark.slow
def test_a_slow_model_is_refused_by_itself_and_beside_the_live_one(sound: StageContext, tmp_path: Path) -> None:
    live = read_build(sound.path("candidate.json").read_text())
    files = {live.artifact.sha256: sound.path("model.zip")}
    forest = {"holdout": "14d", "estimator": "randomForest", "parameters": {"n_estimators": 150, "max_leaf_nodes": 3}}
    slow = replace(a_context(tmp_path, champion=live, files=files, training=forest), programs=PROGRAMS)
    take_snapshot(slow)
    beside = {"type": "latency", "atMostTimesLive": 1.5}
    answers = judged(made(slow), beside, {"type": "latency", "p95": "100us"}, live=live)
    assert [said(one) for one in answers] == [(Answer.NO, "tooSlow")] * 2
    again = judged(replace(sound, champion=live, artifacts=slow.artifacts), {"type": "latency", "atMostTimesLive": 10}, live=live)
    assert [said(one) for one in again] == [(Answer.YES, "fastEnough")]


WIDE = """
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.kernel_approximation import RBFSampler
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import make_pipeline

def build(spec, seed):
    columns = make_column_transformer((SimpleImputer(), spec["features"]["numeric"]))
    wide = RBFSampler(n_components=12_000, random_state=seed)
    return make_pipeline(columns, wide, SGDClassifier("log_loss", max_iter=5, tol=None))
"""


@pytest.mark.slow
def test_a_model_that_takes_too_much_memory_is_refused(sound: StageContext, tmp_path: Path) -> None:
    """It widens each of 600 rows to 12,000 numbers; the bound is 32 MiB above what the sound one takes."""
    usual = {"type": "memory", "atMost": "4Gi", "rows": 600}
    assert [said(one) for one in judged(sound, usual)] == [(Answer.YES, "fits")]
    weighed = read_evidence({VERIFICATION: sound.path(VERIFICATION).read_text()}).memory["600"]  # type: ignore[index]
    assert isinstance(weighed, Memory)
    tight = usual | {"atMost": f"{int(weighed.peak.high) // 2**20 + 32}Mi"}
    assert [said(one) for one in judged_again(sound, tight)] == [(Answer.YES, "fits")]
    wide = replace(a_context(tmp_path, training={"holdout": "14d", "estimator": "custom"}), programs=PROGRAMS)
    (tmp_path / "models/flight-delay").mkdir(parents=True)
    (tmp_path / "models/flight-delay/pipeline.py").write_text(WIDE)
    take_snapshot(wide)
    assert [said(one) for one in judged(made(wide), tight)] == [(Answer.NO, "tooMuchMemory")]
