"""`pr`, `release` and `render` on a real repository, from the review to the rendered branch."""

import shutil

import pytest
import yaml

from reconciler.adapters.forges.local import LocalForge
from reconciler.domain.changes import Marker, Proposal
from reconciler.domain.names import Digest
from tests.commands import perennial
from tests.loops import a_loop
from tests.repositories import AT, branch, git

T1 = ("--as-of", "2013-03-01")
NAMED = {"approvedBy", "draft", "labels", "number", "state", "title"}
KEYS = NAMED | {"base", "body", "branch", "digest", "environment", "merged", "model", "tip"}
HOSTILE = "x\x1b[2J\x07\x9b31m\u202egnp.exe"


def test_pull_requests_are_listed(loop):
    listed = perennial(loop.root, "pr", "list")
    assert (listed.code, listed.err) == (0, "")
    assert listed.out.startswith("#1    open    ")
    assert listed.out.endswith("Promote alpha 1.0.0 to staging\n")
    (pull,) = perennial(loop.root, "pr", "list", "-o", "json").json
    assert set(pull) == KEYS
    assert (pull["number"], pull["state"], pull["model"], pull["environment"]) == (1, "open", "alpha", "staging")
    assert perennial(loop.root, "pr", "view", "1", "-o", "json").json == pull


def test_a_pull_request_is_shown_as_a_reviewer_reads_it(loop):
    shown = perennial(loop.root, "pr", "view", "1")
    head, branches, _, *body = shown.out.split("\n")
    assert head == "#1 Promote alpha 1.0.0 to staging  [open]"
    assert branches == "perennial/alpha/staging -> main"
    assert "## Verdict: NO_BASELINE" in body
    assert shown.is_harmless
    assert "\\u200b" not in shown.out


def test_merging_writes_tags_records_and_renders(loop):
    told = perennial(loop.root, "pr", "merge", "1", *T1)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("merged #1 Promote alpha 1.0.0 to staging\n✓ ")
    assert {"refs/tags/alpha@v1.0.0", "refs/tags/alpha#staging#1"} <= set(loop.refs())
    assert loop.kinds("alpha")[-1] == "promoted"
    assert (loop.root / "models/alpha/releases/staging.yaml").is_file()
    on_branch = git(loop.root, "ls-tree", "-r", "--name-only", "env/staging").splitlines()
    assert "manifests/alpha/deployment.yaml" in on_branch
    rendered = perennial(loop.root, "render", "--environment", "staging", "-o", "json").json["environments"]["staging"]
    assert sorted(rendered) == sorted(on_branch)
    for path, text in rendered.items():
        assert git(loop.root, "show", f"env/staging:{path}") == text.strip()


def test_a_merge_names_whom_git_knows_here_or_who_is_named(loop):
    git(loop.root, "config", "user.name", "Bob")
    git(loop.root, "config", "user.email", "bob@example.com")
    perennial(loop.root, "pr", "merge", "1", *T1)
    assert git(loop.root, "log", "-1", "--format=%B", "main").endswith("\n\nMerged-by: Bob <bob@example.com>")
    loop.settle()
    perennial(loop.root, "pr", "merge", "2", "--by", "Ann Lee", *T1)
    assert git(loop.root, "log", "-1", "--format=%B", "main").endswith("\n\nMerged-by: Ann Lee")


def test_merging_again_changes_nothing_and_is_no_error(loop):
    perennial(loop.root, "pr", "merge", "1", *T1)
    before = loop.refs()
    told = perennial(loop.root, "pr", "merge", "1", *T1, "-o", "json")
    assert (told.code, told.json["state"]) == (0, "merged")
    assert told.json["merged"] == before["refs/heads/main"]
    assert loop.refs() == before
    assert perennial(loop.root, "pr", "list").out == "no pull request is open\n"
    assert "merged" in perennial(loop.root, "pr", "list", "--all").out


def test_closing_declines_the_digest_for_good(loop):
    told = perennial(loop.root, "pr", "close", "1", "--comment", "the data is odd", *T1)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("closed #1 Promote alpha")
    assert LocalForge(loop.repository).comments(1)[0].text == "the data is odd"
    assert loop.kinds("alpha")[-1] == "declined"
    again = perennial(loop.root, "pr", "close", "1", *T1, "-o", "json")
    assert (again.code, again.json["state"], again.json["tip"]) == (0, "closed", None)
    settled = perennial(loop.root, "reconcile", "--until-settled", *T1, "-o", "json")
    assert settled.code == 0
    assert perennial(loop.root, "pr", "list", "-o", "json").json == []


@pytest.mark.parametrize("action", ["view", "merge", "close"])
def test_an_unknown_number_is_refused_with_where_to_look(loop, action):
    before = loop.refs()
    told = perennial(loop.root, "pr", action, "7", "-o", "json")
    assert told.code == 5
    assert told.json["error"]["type"] == "PermanentActError"
    assert told.json["error"]["message"] == "there is no pull request #7; there are 1"
    assert told.json["error"]["help"] == "perennial pr list --all"
    assert loop.refs() == before


@pytest.mark.parametrize("number", ["one", "-1", "1.0", "", "99999999999999999999"])
def test_what_is_no_number_is_refused(loop, number):
    told = perennial(loop.root, "pr", "view", number)
    assert told.code in (2, 5)
    assert told.is_harmless


def test_a_closed_one_cannot_be_merged_nor_a_merged_one_closed(loop):
    perennial(loop.root, "pr", "close", "1", *T1)
    told = perennial(loop.root, "pr", "merge", "1", *T1)
    assert (told.code, told.out) == (6, "")
    assert told.err == "error: pull request #1 is closed\n  try: perennial reconcile\n"


def test_a_merged_one_cannot_be_closed(loop):
    perennial(loop.root, "pr", "merge", "1", *T1)
    told = perennial(loop.root, "pr", "close", "1", *T1)
    assert told.code == 6
    assert "#1 is merged already" in told.err


def test_one_whose_branch_is_gone_is_a_conflict(loop):
    git(loop.root, "branch", "-D", "perennial/alpha/staging")
    told = perennial(loop.root, "pr", "merge", "1", *T1)
    assert told.code == 6
    assert "has no branch perennial/alpha/staging any more" in told.err
    assert perennial(loop.root, "reconcile", *T1).code == 0


@pytest.mark.parametrize("output", ["text", "json"])
def test_hostile_pull_requests_do_not_steer_the_terminal(loop, output):
    marker = Marker(model=HOSTILE, environment=HOSTILE, digest=Digest("sha256:" + HOSTILE), content=Digest(HOSTILE))
    branch(loop.repository, "stranger", {"README.md": b"hello"})
    body = f"{HOSTILE}\n\tcode\n\n{marker.to_comment()}"
    LocalForge(loop.repository).propose(Proposal(branch="stranger", base="main", title=HOSTILE, body=body), AT)

    for command in (("pr", "list"), ("pr", "view", "2"), ("status",), ("plan",)):
        told = perennial(loop.root, *command, "-o", output)
        assert told.code == 0, told
        assert told.is_harmless
    assert "gnp.exe" in perennial(loop.root, "pr", "view", "2", "-o", output).out


def test_a_release_made_by_hand_is_tagged_recorded_and_rendered(loop):
    git(loop.root, "merge", "--no-ff", "-m", "Merge by hand", "perennial/alpha/staging")
    told = perennial(loop.root, "release", *T1, "-o", "json")
    assert told.code == 0
    assert set(told.json) == {"changed", "exitCode", "steps"}
    assert {one["step"]["type"] for one in told.json["steps"]} >= {"tag", "record", "publish"}
    assert {one["status"] for one in told.json["steps"]} == {"done"}
    assert "refs/heads/env/staging" in loop.refs()
    assert perennial(loop.root, "release", *T1).out == "Nothing to do.\n"


def test_a_release_proposes_and_trains_nothing(tmp_path):
    untrained = a_loop(tmp_path / "repository")
    assert perennial(untrained.root, "release", *T1).code == 0
    assert not any("perennial/alpha" in ref for ref in untrained.refs())


def test_reverting_the_merge_is_rolled_back_by_the_next_release(loop):
    perennial(loop.root, "pr", "merge", "1", *T1)
    git(loop.root, "revert", "--no-edit", "-m", "1", "main")
    assert perennial(loop.root, "release", "--as-of", "2013-03-02").code == 0
    assert loop.kinds("alpha")[-1] == "rolledBack"
    assert "manifests/alpha" not in git(loop.root, "ls-tree", "-r", "--name-only", "env/staging")
    assert perennial(loop.root, "pr", "list").out == "no pull request is open\n"


def test_rendering_to_a_folder_removes_only_what_it_wrote(loop, tmp_path):
    perennial(loop.root, "pr", "merge", "1", *T1)
    out = tmp_path / "out"
    first = perennial(loop.root, "render", "--out", str(out), "-o", "json").json
    assert "staging/manifests/alpha/deployment.yaml" in first["written"]
    manifest = yaml.safe_load((out / "staging/manifests/alpha/configmap.yaml").read_text())
    assert manifest["data"]["version"] == "1.0.0"
    assert perennial(loop.root, "render", "--out", str(out), "-o", "json").json == {"removed": [], "written": []}
    shutil.rmtree(loop.root / "models/alpha/releases")
    told = perennial(loop.root, "render", "--out", str(out))
    assert f"- {out}/staging/manifests/alpha/deployment.yaml" in told.out
    assert told.out.endswith(", 5 removed.\n")
