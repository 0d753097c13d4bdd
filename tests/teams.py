"""A small repository as a team has it: the shipped pipeline, run by the real DVC, with a CSV file per model."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from reconciler.specs.policies import GatePolicy, RetrainPolicy, RolloutPolicy
from tests.builders import a_dataset, a_model, a_policy
from tests.repositories import ENVIRONMENT, git
from tests.runs import SMALL, flights

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SHIPPED = ("dvc.yaml", ".dvcignore", ".gitignore", ".dvc/config", ".dvc/.gitignore", "requirements/lock.txt")
QUIET = {"DVC_NO_ANALYTICS": "1", "GX_ANALYTICS_ENABLED": "false", "DVC_STUDIO_OFFLINE": "1", "OMP_WAIT_POLICY": "passive"}
VALIDATE = "perennial stage validate ${key}"
SPEC_CHANGED = {"type": "specChanged"}
FLOOR = {"type": "floor", "metric": "rocAuc", "atLeast": 0.6}


def environment() -> dict[str, str]:
    """With the virtual environment's programs first, as dvc.yaml needs them."""
    return {**ENVIRONMENT, **QUIET, "PATH": f"{BIN}{os.pathsep}{ENVIRONMENT['PATH']}"}


def write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, sort_keys=False))


def as_written(spec: object) -> Any:
    return spec.model_dump(mode="json", by_alias=True, exclude_unset=True)  # type: ignore[attr-defined]


def a_team(root: Path, *models: str, rows: int = 2400, checks: bool = False) -> Path:
    """The repository with one commit; nothing is trained yet. Hourly rows start in January 2013.

    Without `checks` the stage `validate` finds nothing wrong at once, because importing Great Expectations takes seconds.
    """
    for name in SHIPPED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    if not checks:
        pipeline = (root / "dvc.yaml").read_text()
        (root / "dvc.yaml").write_text(pipeline.replace(VALIDATE, "cp unchecked.json runs/${key}/validation.json"))
        (root / "unchecked.json").write_text('{"evaluated": 0, "failures": []}\n')
    for name in ("pipeline", "statistics"):
        shutil.copytree(ROOT / "reconciler" / name, root / "reconciler" / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", root / "templates")
    (root / "data").mkdir()
    for name in models:
        dataset = as_written(a_dataset(source={"type": "file", "path": f"data/{name}.csv", "format": "csv"}))
        write(root / f"datasets/{name}.yaml", dataset | {"metadata": {"name": name}})
        spec = a_model(name, dataset=name, training={"holdout": "14d", "parameters": SMALL}, bootstrap=2000)
        write(root / f"models/{name}/model.yaml", as_written(spec))
        flights(rows).write_csv(root / f"data/{name}.csv")
    write(root / "policies/retrain/standard.yaml", as_written(a_policy(RetrainPolicy, triggers=SPEC_CHANGED)))
    write(root / "policies/gates/standard.yaml", as_written(a_policy(GatePolicy, gates=[FLOOR])))
    write(root / "policies/rollout/direct.yaml", as_written(a_policy(RolloutPolicy, "direct")))
    entry = {"asOf": "2013-04-01", "champion": "none", "continues": "none", "seed": 0}
    entries = {name: entry | {"dataset": name} for name in models}
    write(root / "params.yaml", {"models": entries})
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "Start")
    return root


def commit(root: Path, message: str) -> None:
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", message)


def perennial(root: Path, *args: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a person would type; the answer has its exit code."""
    command = [str(BIN / "perennial"), *args]
    return subprocess.run(command, cwd=root, env=environment() | variables, capture_output=True, text=True, check=False)


def killed(root: Path, seconds: float, *args: str, group: bool = True) -> bool:
    """The same, killed after so many seconds: the whole process group, or only the main process. False: it ended before."""
    with subprocess.Popen(
        [str(BIN / "perennial"), *args],
        cwd=root,
        env=environment(),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            (os.killpg if group else os.kill)(process.pid, signal.SIGKILL)
            return True
        return False


def killed_in_stage(root: Path, stage: str, *args: str) -> None:
    """The same, killed as soon as the training's log says that the stage runs."""
    command = [str(BIN / "perennial"), *args]
    with subprocess.Popen(command, cwd=root, env=environment(), start_new_session=True, stderr=subprocess.DEVNULL) as process:
        while f"Running stage '{stage}'" not in log_of_training(root):
            assert process.poll() is None, f"it ended before {stage} ran"
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)


def log_of_training(root: Path) -> str:
    """What the training that runs has said so far."""
    logs = sorted((root / ".git/perennial/worktrees").glob("*.log"))
    return logs[0].read_text() if logs else ""


def refs(root: Path) -> dict[str, str]:
    """All refs and what they hold."""
    return dict(line.split(" ") for line in git(root, "for-each-ref", "--format=%(refname) %(objectname)").splitlines())


def refs_but_interruptions(root: Path) -> dict[str, str]:
    """All refs and what they hold, the ledger by its lines and without those that tell of interrupted trainings.

    A run that was killed and run again differs from an undisturbed one in those lines alone.
    """
    found = refs(root)
    if found.pop("refs/heads/perennial/ledger", None):
        for name in git(root, "ls-tree", "--name-only", "perennial/ledger").splitlines():
            lines = [json.loads(line) for line in git(root, "show", f"perennial/ledger:{name}").splitlines()]
            told = [{**line, "previous": "", "digest": ""} for line in lines if line["kind"] != "trainingInterrupted"]
            found[name] = json.dumps(told)
    return found
