"""Trouble with one model's data or training, or with the disk: the other models go on, and nothing is lost."""

import json
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.loops import T2, Loop, a_loop, reopened
from tests.repositories import ENVIRONMENT, git

PERENNIAL = [sys.executable, "-m", "reconciler.cli.main"]
TREE = str(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Alpha and beta are released to staging and production."""
    loop = a_loop(tmp_path_factory.mktemp("made") / "repo", "alpha", "beta", environments=["production"])
    loop.promote()
    return loop


@pytest.fixture
def loop(made: Loop, tmp_path: Path) -> Loop:
    return reopened(made, tmp_path / "repo")


def breaking(change: Callable[[str], str]) -> Callable[[Path], object]:
    return lambda path: path.write_text(change(path.read_text()))


TROUBLES = {
    "file gone": Path.unlink,
    "label gone": breaking(lambda text: text.replace("arr_delay", "other", 1)),
    "time gone": breaking(lambda text: text.replace("scheduled", "other", 1)),
    "garbage": breaking(lambda _: "\x00\xff,\n1\n'\"\n"),
    "garbage rows": breaking(lambda text: text + "no time,no number,,,\n"),
    "empty": breaking(lambda _: ""),
    "header only": breaking(lambda text: text.splitlines()[0] + "\n"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_broken_dataset_stops_only_its_own_model(loop: Loop, trouble: Callable[[Path], object]) -> None:
    trouble(loop.root / "data/alpha.csv")
    decisions = {decision.model: decision for decision in loop.plan(T2).decisions}
    assert decisions["alpha"].code == "fresh"
    assert decisions["alpha"].message.startswith("no trigger fires")
    assert decisions["beta"].code == "newLabels"
    loop.settle(T2)
    assert loop.kinds("beta")[-2:] == ["trained", "proposed"]
    assert loop.kinds("alpha") == ["trained", "proposed", "promoted"]


def test_a_failed_training_is_recorded_once_and_backed_off(loop: Loop) -> None:
    before = loop.refs()
    broken = reopened(loop)
    broken = replace(broken, trainer=replace(broken.trainer, broken={"alpha": "12 rows, at least 2,000 wanted"}))
    passes = broken.settle(T2)
    assert [made.outcome.exit_code for made in passes if made.outcome.exit_code] == [5]
    assert [order.model for order in broken.trainer.orders] == ["alpha", "beta"]
    assert broken.kinds("alpha")[-1] == "trainingFailed"
    assert "train@alpha: 12 rows" in broken.ledger("alpha")[-1].message
    assert broken.settle(T2)[-1].outcome.exit_code == 0
    assert len(broken.trainer.orders) == 2
    unmoved = [ref for ref in before if "alpha" in ref or ref in ("refs/heads/main", "refs/heads/env/production")]
    assert {ref: before[ref] for ref in unmoved} == {ref: broken.refs()[ref] for ref in unmoved}


def test_a_change_of_the_code_lifts_the_backoff_at_once(loop: Loop) -> None:
    broken = replace(loop, trainer=replace(loop.trainer, broken={"alpha": "no luck"}))
    for text in (b"x = 1\n", b"x = 2\n"):  # two failures of one moment are two lines
        broken.commit("Change the code", **{"models/alpha/pipeline.py": text})
        broken.settle(T2, "alpha")
        broken.settle(T2, "alpha")
    assert broken.kinds("alpha")[-2:] == ["trainingFailed", "trainingFailed"]
    loop.commit("Mend it", **{"models/alpha/pipeline.py": b"x = 3\n"})
    loop.settle(T2)
    assert loop.kinds("alpha")[-2:] == ["trained", "proposed"]


def test_a_training_that_leaves_garbage_has_failed(loop: Loop) -> None:
    class Garbling(type(loop.trainer)):  # type: ignore[misc]
        def train(self, order):
            result = super().train(order)
            path = f"runs/{order.model}/candidate.json"
            files = dict(result.files)
            files[path] = {"alpha": "\x00{", "beta": files[path].replace('"beta"', '"gamma"')}[order.model]
            return replace(result, files=files)

    garbling = replace(loop, trainer=Garbling(repository=loop.repository))
    garbling.settle(T2)
    garbling.settle(T2)
    assert [order.model for order in garbling.trainer.orders] == ["alpha", "beta"]
    assert garbling.ledger("alpha")[-1].message.startswith("package@alpha: candidate.json cannot be understood")
    assert garbling.ledger("beta")[-1].kind == "trainingFailed"


def limited(loop: Loop, largest: int, *args: str) -> subprocess.CompletedProcess[str]:
    """Perennial where no file may grow beyond so many bytes: as on a full disk, at a place of our choice."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    environment = {**ENVIRONMENT, "PYTHONPATH": TREE, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*PERENNIAL, *args], cwd=loop.root, env=environment, preexec_fn=limit, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_full_disk_is_told_and_loses_nothing(made: Loop, tmp_path: Path) -> None:
    waiting = reopened(made, tmp_path / "waiting")
    waiting.settle(T2)
    number = str(max(pull.number for pull in waiting.pulls()))
    alone = reopened(waiting, tmp_path / "alone")
    alone.merge(int(number), T2)
    command = ("pr", "merge", number, "--as-of", "2013-04-01")
    for largest in (0, 1500, 2500):
        loop = reopened(waiting, tmp_path / str(largest))
        told = limited(loop, largest, *command)
        assert told.returncode in (0, 5), told.stderr
        assert "Traceback" not in told.stderr
        assert told.returncode == 0 or "error: " in told.stderr or "✗" in told.stdout
        again = limited(loop, 1 << 30, *command)
        assert (again.returncode, again.stderr) == (0, "")
        assert loop.refs() == alone.refs()
        assert git(loop.root, "status", "--porcelain") == ""


def test_a_plan_is_the_same_bytes_wherever_and_however_often_it_is_made(loop: Loop, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--mirror", str(loop.root), str(clone / ".git"))
    git(clone, "config", "core.bare", "false")
    git(clone, "reset", "--quiet", "--hard", "main")
    shutil.copytree(loop.root / "data", clone / "data")
    said = []
    for where, seed in ((loop.root, "0"), (loop.root, "1"), (clone, "2")):
        environment = {**ENVIRONMENT, "PYTHONPATH": TREE, "PYTHONHASHSEED": seed}
        command = [*PERENNIAL, "plan", "-o", "json", "--as-of", "2013-04-01"]
        done = subprocess.run(command, cwd=where, env=environment, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
        said.append(done.stdout)
    assert len(set(said)) == 1
    assert [decision["model"] for decision in json.loads(said[0])["decisions"]] == ["alpha", "beta"]
