"""The shipped dvc.yaml, run by the real DVC in a repository of one small model with a CSV file."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from reconciler.domain.evidence import NoBaseline, Quality
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.evidence_json import read_evidence
from reconciler.specs.policies import GatePolicy, RetrainPolicy, RolloutPolicy
from tests.builders import a_dataset, a_model, a_policy
from tests.repositories import ENVIRONMENT, git
from tests.runs import SMALL, flights

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
QUIET = {"DVC_NO_ANALYTICS": "1", "GX_ANALYTICS_ENABLED": "false", "DVC_STUDIO_OFFLINE": "1", "OMP_WAIT_POLICY": "passive"}


def dvc(where: Path, *args: str) -> str:
    """What a person would type; the venv's `perennial` is what dvc.yaml finds."""
    environment = {**ENVIRONMENT, **QUIET, "PATH": f"{BIN}{os.pathsep}{ENVIRONMENT['PATH']}"}
    done = subprocess.run([str(BIN / "dvc"), *args], cwd=where, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"dvc {args}: {done.stdout}\n{done.stderr}"
    return done.stdout


def write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(document, sort_keys=False))


def as_written(spec: object) -> object:
    return spec.model_dump(mode="json", by_alias=True, exclude_unset=True)  # type: ignore[attr-defined]


def parameters(repository: Path, **changes: object) -> None:
    entry = {"asOf": "2013-05-01", "champion": "none", "continues": "none", "dataset": "flights", "seed": 0} | changes
    write(repository / "params.yaml", {"models": {"tiny": entry}})


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One model, trained once by `dvc repro` and committed."""
    root = tmp_path_factory.mktemp("team")
    for name in ("dvc.yaml", ".dvcignore", ".gitignore", ".dvc/config", ".dvc/.gitignore", "requirements/lock.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for name in ("pipeline", "statistics"):
        shutil.copytree(ROOT / "reconciler" / name, root / "reconciler" / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", root / "templates")
    source = {"type": "file", "path": "data/flights.csv", "format": "csv"}
    write(root / "datasets/flights.yaml", as_written(a_dataset(source=source)))
    training = {"holdout": "14d", "parameters": SMALL}
    write(root / "models/tiny/model.yaml", as_written(a_model("tiny", training=training, bootstrap=2000)))
    for kind, folder, name in (
        (RetrainPolicy, "retrain", "standard"),
        (GatePolicy, "gates", "standard"),
        (RolloutPolicy, "rollout", "direct"),
    ):
        write(root / "policies" / folder / f"{name}.yaml", as_written(a_policy(kind, name)))
    parameters(root)
    (root / "data").mkdir()
    flights(2400).write_csv(root / "data/flights.csv")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Start")
    dvc(root, "repro", "verify@tiny")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Train")
    return root


def test_a_run_leaves_small_files_in_git_and_large_ones_in_the_cache(repository: Path) -> None:
    tracked = git(repository, "ls-files", "runs", "dvc.lock").splitlines()
    small = ("candidate", "contract", "definition", "evaluation", "metrics", "profile", "snapshot", "validation")
    assert {f"runs/tiny/{name}.json" for name in small} | {"dvc.lock", "runs/tiny/live/metrics.json"} <= set(tracked)
    assert not [path for path in tracked if path.endswith((".zip", ".skops", ".parquet", ".csv", ".tsv", ".gitignore"))]
    assert git(repository, "status", "--porcelain") == ""


def test_what_was_made_can_be_read_as_build_and_evidence(repository: Path) -> None:
    runs = repository / "runs/tiny"
    build = read_build((runs / "candidate.json").read_text())
    assert build.artifact.size == (runs / "model.zip").stat().st_size
    assert f"md5: {build.artifact.md5}" in (repository / "dvc.lock").read_text()
    found = read_evidence({path.name: path.read_text() for path in runs.glob("*.json")})
    assert isinstance(found.quality, Quality)
    assert isinstance(found.metrics, dict)
    assert found.comparison == NoBaseline()


def test_a_second_repro_has_nothing_to_do(repository: Path) -> None:
    said = dvc(repository, "repro", "verify@tiny")
    assert said.count("didn't change, skipping") == 6
    assert "Data and pipelines are up to date." in said


def stale(repository: Path) -> set[str]:
    return set(json.loads(dvc(repository, "status", "--json")))


def test_only_what_matters_makes_a_stage_stale(repository: Path) -> None:
    parameters(repository, champion="sha256:" + "0" * 64)
    assert stale(repository) == {"evaluate@tiny", "verify@tiny"}
    parameters(repository, seed=1)
    assert stale(repository) == {"train@tiny", "evaluate@tiny", "package@tiny"}
    parameters(repository, asOf="2013-05-02")
    assert stale(repository) == {"snapshot@tiny"}
    git(repository, "checkout", "--quiet", "params.yaml")
    hold = repository / "models/tiny/hold.yaml"
    hold.write_text("reason: a release says nothing of how it is made\n")
    (repository / "models/tiny/CARD.md").write_text("# tiny\n")
    assert stale(repository) == set()
    (repository / "models/tiny/pipeline.py").write_text("def build(spec, seed): ...\n")
    assert stale(repository) == {"train@tiny", "package@tiny", "verify@tiny"}
    git(repository, "clean", "--quiet", "--force", "models")


@pytest.mark.slow
def test_metrics_and_plots_compare_two_runs(repository: Path) -> None:
    model = repository / "models/tiny/model.yaml"
    model.write_text(model.read_text().replace("max_iter: 5", "max_iter: 9"))
    dvc(repository, "repro", "verify@tiny")
    changed = json.loads(dvc(repository, "metrics", "diff", "--json"))
    assert changed["runs/tiny/metrics.json"].keys() == {"rocAuc", "brier"}
    assert "holdout.rocAuc" in changed["runs/tiny/live/metrics.json"]
    shown = json.loads(dvc(repository, "metrics", "show", "--json"))
    assert shown[""]["data"]["runs/tiny/metrics.json"]["data"].keys() == {"rocAuc", "brier"}
    page = dvc(repository, "plots", "show")
    assert "index.html" in page
    html = (repository / "dvc_plots/index.html").read_text()
    assert "confusion.csv" in html
    assert "ranking.csv" in html
    git(repository, "checkout", "--quiet", ".")
    assert git(repository, "status", "--porcelain") == ""
