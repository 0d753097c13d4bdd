"""Every command of the workflows, run in a team's repository in GitHub's order: due, train, review, merge, undo."""

import json
import shlex
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.adapters.clock import SystemClock
from tests.repositories import git
from tests.runs import flights
from tests.teams import BIN, ROOT, a_team, commit, environment
from tests.workflows import Runner, steps

HOSTILE = '"; touch pwned; # $(touch pwned) `touch pwned` ${{ github.token }}\n::set-output name=models::["x"]'
DISPATCH = {"action": "perennial-alert", "client_payload": {"version": "4", "alerts": [{"status": "firing"}]}}
EXPRESSIONS = {
    "inputs.model": "alpha",
    "inputs.asOf": "",
    "inputs.environment": "staging",
    "inputs.reason": HOSTILE,
    "matrix.model": "alpha",
    "github.token": "",
    "github.event.pull_request.number": "1",
    "github.event.pull_request.head.repo.full_name == github.repository && github.token || ''": "",
    "steps.app.outputs.token || github.token": "",
    "vars.PERENNIAL_OIDC_AUDIENCE": "",
    "secrets.PERENNIAL_DVC_CONFIG": "",
    "vars.PERENNIAL_REGISTRY_USERNAME": "",
    "secrets.PERENNIAL_REGISTRY_PASSWORD": "",
    "secrets.PERENNIAL_ARGOCD_TOKEN": "",
    "vars.ARGOCD_SERVER": "",
    "vars.PERENNIAL_WAIT": "10m",
    "secrets.PERENNIAL_DVC_CONFIG_READ": "",
    "needs.specs.result": "success",
    "needs.plan.result": "success",
    "needs.gate.result": "success",
}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its rows end now, because the workflows live by the clock."""
    root = a_team(tmp_path_factory.mktemp("workflows") / "team", "alpha")
    start = SystemClock().now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=2400)
    flights(2400, start=start).write_csv(root / "data/alpha.csv")
    shutil.copytree(ROOT / "schemas", root / "schemas")
    (root / "Makefile").write_text(f"setup:\n\tmkdir -p .venv && ln -sfn {BIN} .venv/bin\n")
    with (root / ".gitignore").open("a") as ignored:
        ignored.write("/.venv\n")
    commit(root, "Rows until now")
    return root


@pytest.fixture(scope="module")
def runner(team: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    scratch = tmp_path_factory.mktemp("runner")
    (scratch / "event.json").write_text(json.dumps(DISPATCH))
    actions = {"GITHUB_EVENT_PATH": str(scratch / "event.json"), "GITHUB_ACTOR": "ann", "GITHUB_ACTIONS": "true"}
    return Runner(place=team, scratch=scratch, environment=environment() | actions, known=EXPRESSIONS)


def on_the_change(team: Path, branch: str) -> None:
    """What a runner checks out for a pull request: the merge into main, which no branch names."""
    git(team, "switch", "--quiet", "--detach", "main")
    git(team, "merge", "--quiet", "--no-ff", "-m", "Merge", branch)


@pytest.mark.timeout(900)  # twenty processes, and a training
def test_the_whole_way_of_a_model(team: Path, runner: Runner) -> None:
    runner.run("reconcile", "due")
    assert json.loads(runner.outputs["models"]) == ["alpha"]
    assert runner.outputs["any"] == "true"
    assert list((team / "alerts").glob("*.json"))

    runner.run("reconcile", "model")
    assert "perennial/alpha/staging" in git(team, "branch", "--list", "perennial/*")
    runner.run("reconcile", "publish")

    on_the_change(team, "perennial/alpha/staging")
    runner.run("validate", "specs")
    runner.run("validate", "plan")
    plan = (team / "plan.md").read_text()
    assert "## Rendered manifests" in plan
    assert "+++ staging/manifests/alpha/" in plan
    shutil.copy(team / "plan.md", runner.scratch / "plan.md")
    assert "#1: the comment plan was written" in runner.run("validate", "comment")
    runner.run("validate", "validated")

    assert "all 11 links hold" in runner.run("gate", "gate")
    runner.run("gate", "gated")

    git(team, "switch", "--quiet", "main")
    git(team, "merge", "--quiet", "--no-ff", "-m", "Merge pull request 1", "perennial/alpha/staging")
    runner.run("release", "release")
    assert "alpha#staging#1" in git(team, "tag", "--list")

    runner.run("rollback", "rollback")
    assert not (team / "models/alpha/releases/staging.yaml").exists()
    message = git(team, "log", "-1", "--format=%B", "main")
    assert "Asked for by ann." in message
    assert "${{ github.token }} ::set-output" in message, "kept as text, on one line"
    assert not list(team.rglob("pwned"))


def test_a_change_that_breaks_something_fails_its_job(team: Path, runner: Runner) -> None:
    git(team, "switch", "--quiet", "--detach", "main")
    path = team / "models/alpha/model.yaml"
    before = path.read_text()
    path.write_text(before.replace("task: binary", "task: 'binary\n\n\n      ::set-output name=x::y'"))
    said = runner.run("validate", "specs", codes={"validate -o github": 3})
    path.write_text(before)
    assert "::error file=models/alpha/model.yaml,line=" in said
    assert not [line for line in said.splitlines() if line.lstrip().startswith("::set-output")]

    for result in ("failure", "skipped", "cancelled", ""):
        runner.known = EXPRESSIONS | {"needs.plan.result": result, "needs.gate.result": result}
        runner.run("validate", "validated", codes={"test": 1})
        runner.run("gate", "gated", codes={"test": 1})
    runner.known = EXPRESSIONS


def test_no_command_of_the_workflows_was_left_out() -> None:
    told = Path(__file__).read_text()
    for where, step in steps():
        workflow, job_id, _ = where.split("/")
        if step.get("run", "").startswith("perennial"):
            assert f'runner.run("{workflow}", "{job_id}"' in told, shlex.split(step["run"])
