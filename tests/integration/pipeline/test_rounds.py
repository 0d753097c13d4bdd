"""Training in portions that are kept: the bytes of one go, whatever is killed in between and whatever became of the files."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.pipeline import rounds
from reconciler.pipeline.canonical import load
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.stored import read_data
from reconciler.pipeline.train import train
from reconciler.pipeline.unfinished import _key
from reconciler.specs.training import Estimator
from tests.repositories import ENVIRONMENT
from tests.runs import a_context, take_snapshot

BOOSTING = {"estimator": "histGradientBoosting", "parameters": {"max_iter": 12, "max_leaf_nodes": 7, "max_features": 0.5}}
FOREST = {"estimator": "randomForest", "parameters": {"n_estimators": 12, "max_depth": 4}}
EARLY = {"estimator": "histGradientBoosting", "parameters": {"max_iter": 500, "early_stopping": True, "n_iter_no_change": 3}}
KINDS = {"boosting": BOOSTING, "forest": FOREST, "stops early": EARLY}


def a_run(root: Path, kind: str, kept: Path | None = None, every: int | None = 5) -> StageContext:
    """A run with a snapshot; without `every` there are no checkpoints."""
    portions = {} if every is None else {"checkpoint": {"every": every}}
    context = replace(a_context(root, training={"holdout": "14d", **KINDS[kind], **portions}), unfinished=kept)
    take_snapshot(context)
    return context


def model(context: StageContext) -> bytes:
    return context.path("fitted/model.skops").read_bytes()


def kept_by(context: StageContext) -> list[str]:
    """How many rounds each checkpoint of the run holds."""
    assert context.unfinished
    folder = context.unfinished / _key(context, read_data(context)) / "rounds"
    return [file.name.split("-")[0].lstrip("0") for file in sorted(folder.glob("*.skops"))]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """The bytes of a training in one go."""
    made: dict[str, bytes] = {}

    def of(kind: str) -> bytes:
        if kind not in made:
            context = a_run(tmp_path_factory.mktemp("whole"), kind, every=None)
            train(context)
            made[kind] = model(context)
        return made[kind]

    return of


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("every", [1, 5, 12, 100])
def test_portions_give_the_bytes_of_one_go(tmp_path: Path, whole: Callable[[str], bytes], kind: str, every: int) -> None:
    if kind == "stops early" and every == 1:
        pytest.skip("dozens of portions")
    context = a_run(tmp_path / "run", kind, tmp_path / "kept", every)
    train(context)
    assert model(context) == whole(kind)
    assert not list((tmp_path / "kept").iterdir())


def test_one_that_stops_early_at_the_end_of_a_portion_is_not_driven_on(tmp_path: Path, whole: Callable[[str], bytes]) -> None:
    stopped = load(whole("stops early"), Estimator.HIST_GRADIENT_BOOSTING).steps[-1][1].n_iter_
    context = a_run(tmp_path / "run", "stops early", every=stopped)
    train(context)
    assert model(context) == whole("stops early")


VICTIM = """
import os, signal, sys
from pathlib import Path
from reconciler.pipeline import rounds
from reconciler.pipeline.train import train
from tests.integration.pipeline.test_rounds import a_run
root, kept, kind = sys.argv[1:]
keep = rounds.Checkpoints.keep
def dying(self, fitted, done):
    keep(self, fitted, done)
    if done == 10:
        os.kill(os.getpid(), signal.SIGKILL)
rounds.Checkpoints.keep = dying
train(a_run(Path(root), kind, Path(kept)))
"""


@pytest.mark.parametrize(
    ("kind", "damage"),
    [
        ("boosting", "all are garbage"),
        pytest.param("boosting", "none", marks=pytest.mark.slow),
        pytest.param("forest", "the newest is cut short", marks=pytest.mark.slow),
        pytest.param("forest", "none", marks=pytest.mark.slow),
        pytest.param("boosting", "the newest is cut short", marks=pytest.mark.slow),
        pytest.param("forest", "all are garbage", marks=pytest.mark.slow),
    ],
)
def test_after_a_kill_it_goes_on_and_gives_the_same_bytes(
    tmp_path: Path, whole: Callable[[str], bytes], kind: str, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [sys.executable, "-c", VICTIM, str(tmp_path / "killed"), str(tmp_path / "kept"), kind]
    assert subprocess.run(command, env=ENVIRONMENT, check=False).returncode == -signal.SIGKILL
    again = a_run(tmp_path / "again", kind, tmp_path / "kept")
    assert kept_by(again) == ["5", "10"]
    files = sorted((tmp_path / "kept").glob("*/rounds/*.skops"))
    for file in {"none": [], "all are garbage": files}.get(damage, files[-1:]):
        file.write_bytes(file.read_bytes()[:-1] if damage.endswith("short") else b"garbage")

    begun: list[int] = []
    newest = rounds.Checkpoints.newest

    def seen(self: rounds.Checkpoints) -> Any:
        found = newest(self)
        begun.append(rounds._rounds(found) if found else 0)
        return found

    monkeypatch.setattr(rounds.Checkpoints, "newest", seen)
    train(again)
    assert begun == [{"none": 10, "the newest is cut short": 5}.get(damage, 0)]
    assert model(again) == whole(kind)
    assert not list((tmp_path / "kept").iterdir())


def test_another_spec_does_not_go_on_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", VICTIM, str(tmp_path / "killed"), str(tmp_path / "kept"), "boosting"]
    subprocess.run(command, env=ENVIRONMENT, check=False)
    context = a_run(tmp_path / "other", "boosting", tmp_path / "kept")
    other = replace(context, made_from=replace(context.made_from, spec=context.made_from.code))
    assert kept_by(other) == []
    assert kept_by(replace(context, parameters=context.parameters.model_copy(update={"seed": 1}))) == []
    assert kept_by(context) == ["5", "10"]


def test_the_folders_of_a_model_do_not_pile_up_and_those_of_others_stay(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for number, name in enumerate([*(f"flight-delay-{n:012x}" for n in range(5)), "flight-delay-two-0123456789ab"]):
        (kept / name).mkdir(parents=True)
        os.utime(kept / name, (number, number))
    train(a_run(tmp_path / "run", "boosting", kept))
    assert sorted(one.name for one in kept.iterdir()) == [
        "flight-delay-000000000003",
        "flight-delay-000000000004",
        "flight-delay-two-0123456789ab",
    ]


def test_two_trainings_of_the_same_do_not_share_a_folder(tmp_path: Path) -> None:
    from reconciler.pipeline.unfinished import unfinished

    context = a_run(tmp_path / "run", "boosting", tmp_path / "kept")
    data = read_data(context)
    with unfinished(context, data) as first, unfinished(context, data) as second:
        assert first != second
        assert second.parent != first.parent
