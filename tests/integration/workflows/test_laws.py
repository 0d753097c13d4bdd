"""What is true of every workflow, whatever it does: pinned actions, least permissions, no untrusted text in a shell."""

import re

import pytest

from reconciler.cli.main import COMMANDS
from tests.workflows import jobs, steps, workflows

PINNED = {
    "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1",
    "actions/setup-python": "5fda3b95a4ea91299a34e894583c3862153e4b97",
    "actions/create-github-app-token": "1b10c78c7865c340bc4f6099eb2f838309f1e8c3",
    "actions/upload-artifact": "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
    "actions/download-artifact": "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
    "actions/cache": "27d5ce7f107fe9357f9df03efb73ab90386fccae",
}
"""The only actions that run here, by the commit of a release that was looked at."""
SETS_UP = ("make setup", 'make -C "$RUNNER_TEMP/base" setup', 'echo "', "git worktree add", "cat plan.md", "test ", "make test")
"""What a step may be but one `perennial` command."""
AGGREGATES = {("validate", "validated"), ("gate", "gated")}
FROM_OUTSIDE = ("pull_request", "merge_group")


def triggers(workflow):
    return workflow[True] or {}  # `on` is True in YAML 1.1


def from_outside():
    return [name for name, workflow in workflows().items() if set(triggers(workflow)) & set(FROM_OUTSIDE)]


def test_all_workflows_are_there():
    assert set(workflows()) == {"ci", "validate", "gate", "reconcile", "release", "rollback"}


@pytest.mark.parametrize(("where", "step"), list(steps()), ids=[where for where, _ in steps()])
def test_a_step_is_a_pinned_action_or_one_plain_command(where, step):
    if "uses" in step:
        action, _, commit = step["uses"].partition("@")
        assert PINNED[action] == commit
        if action == "actions/checkout":
            assert step["with"]["persist-credentials"] is False
        return
    script = step["run"]
    assert "${{" not in script, "an expression in a script is replaced before the shell reads it"
    assert script.startswith(("perennial ", *SETS_UP))
    assert "\n" not in script.strip()
    if script.startswith("perennial "):
        assert script.split()[1] in COMMANDS


@pytest.mark.parametrize(("workflow", "job_id", "job"), list(jobs()), ids=[f"{name}/{one}" for name, one, _ in jobs()])
def test_a_job_has_its_own_permissions_an_end_and_a_fixed_machine(workflow, job_id, job):
    assert "permissions" in job
    assert job["timeout-minutes"] <= 360
    assert re.fullmatch(r"ubuntu-\d\d\.04", job["runs-on"])
    assert workflows()[workflow]["permissions"] == {}


@pytest.mark.parametrize("name", from_outside())
def test_what_runs_a_change_may_not_write_and_knows_no_secret_but_one_that_reads(name):
    workflow = workflows()[name]
    assert "pull_request_target" not in triggers(workflow)
    assert "workflow_run" not in triggers(workflow)
    for job_id, job in workflow["jobs"].items():
        granted = {scope for scope, level in job["permissions"].items() if level == "write"} - {"id-token"}
        runs_it = not any("base.sha" in str(step.get("with", {}).get("ref")) for step in job["steps"])
        if granted:
            assert not runs_it, f"{job_id} runs what the change brings"
            assert "head.repo.full_name == github.repository" in job["if"]
        secrets = set(re.findall(r"secrets\.(\w+)", str(job)))
        assert secrets <= {"PERENNIAL_DVC_CONFIG_READ"}


def test_the_checks_that_are_required_run_always_and_look_at_all_that_must_pass():
    for name, job_id in AGGREGATES:
        workflow = workflows()[name]
        assert set(FROM_OUTSIDE) <= set(triggers(workflow)), "a merge queue waits for it, too"
        assert not any("paths" in str(trigger) or "branches" in str(trigger) for trigger in triggers(workflow).values())
        job = workflow["jobs"][job_id]
        assert job["if"] == "always()"
        (step,) = job["steps"]
        results = set(re.findall(r"needs\.(\w+)\.result", str(step["env"])))
        assert results == set(job["needs"] if isinstance(job["needs"], list) else [job["needs"]])
        assert step["run"].count(" = success") == len(results)
        for needed in results:
            assert "if" not in workflow["jobs"][needed], "what is skipped has not passed"


def test_two_jobs_never_work_on_one_model():
    job = workflows()["reconcile"]["jobs"]["model"]
    assert job["concurrency"] == {"group": "perennial-${{ matrix.model }}", "cancel-in-progress": False}
    assert job["strategy"]["fail-fast"] is False
