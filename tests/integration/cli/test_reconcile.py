"""`reconcile` on a real repository with a real, small DVC pipeline: what it does, tells and answers."""

import shutil
from pathlib import Path

from tests.commands import perennial
from tests.loops import a_loop
from tests.repositories import MAIN_REF, git, put

T1 = ("--as-of", "2013-03-01")
FAILING = {
    ".dvc/config": b"[core]\n    analytics = false\n",
    ".dvc/.gitignore": b"/config.local\n/tmp\n/cache\n",
    "dvc.yaml": b"stages:\n  verify:\n    foreach: ${models}\n    do: {cmd: python fail.py, outs: ['runs/${key}/model.zip']}\n",
    "fail.py": b"import sys\nprint('\\x1b[2Jno rows \\x9b31m', flush=True)\nsys.exit('the table is empty')\n",
}


def test_a_second_reconcile_writes_nothing(loop):
    before = loop.refs()
    for arguments in ((), ("--until-settled",), ("--model", "alpha"), ("-o", "json")):
        told = perennial(loop.root, "reconcile", *T1, *arguments)
        assert (told.code, told.err) == (0, "")
    assert loop.refs() == before


def test_each_pass_is_json_with_its_plan_and_outcome(loop):
    perennial(loop.root, "pr", "merge", "1", *T1)
    told = perennial(loop.root, "reconcile", "--until-settled", *T1, "-o", "json")
    assert told.code == 0
    passes = told.json["passes"]
    assert all(set(one) == {"plan", "outcome"} for one in passes)
    assert all(set(one["outcome"]) == {"changed", "exitCode", "steps"} for one in passes)
    done = [step["step"]["type"] for one in passes for step in one["outcome"]["steps"]]
    assert done == ["propose"]
    assert passes[-1]["outcome"] == {"changed": False, "exitCode": 0, "steps": []}


def test_what_is_done_is_told_in_words(loop):
    perennial(loop.root, "pr", "merge", "1", *T1)
    told = perennial(loop.root, "reconcile", *T1)
    assert "→ propose “Promote alpha 1.0.0 to production” from perennial/alpha/production" in told.out
    assert "✓ propose “Promote alpha 1.0.0 to production”" in told.out
    assert "+ models/alpha/releases/production.yaml" in told.out


def test_what_became_of_a_stage_is_told_before_the_next_plan(loop):
    perennial(loop.root, "pr", "merge", "1", *T1)
    told = perennial(loop.root, "reconcile", "--until-settled", *T1)
    done, next_plan = told.out.index("1 done."), told.out.rindex("Plan for ")
    assert told.out.index("→ propose") < done < next_plan


def test_what_is_committed_counts_and_not_the_working_tree(loop):
    (loop.root / "models/alpha/model.yaml").write_text("kind: [\n")
    assert perennial(loop.root, "plan", *T1).code == 3
    assert perennial(loop.root, "reconcile", *T1).code == 0


def test_invalid_specs_on_main_stop_everything_and_say_where(loop):
    put(
        loop.repository,
        MAIN_REF,
        {"policies/gates/standard.yaml": b"apiVersion: perennial/v1\nkind: GatePolicy\nspec: {gates: 7}\n"},
    )
    before = loop.refs()
    told = perennial(loop.root, "reconcile", *T1)
    assert told.code == 3
    assert "policies/gates/standard.yaml:3:15 spec.gates: " in told.err
    assert loop.refs() == before
    assert perennial(loop.root, "reconcile", *T1, "-o", "json").json["error"]["exitCode"] == 3


def test_a_failed_training_is_told_recorded_and_answered_with_5(tmp_path):
    loop = a_loop(tmp_path / "repository")
    loop.commit("Add a pipeline that fails", **FAILING)
    told = perennial(loop.root, "reconcile", *T1)

    assert told.code == 5
    assert told.is_harmless
    assert "✗ train alpha on what is known at 2013-03-01" in told.out
    assert "~ params.yaml" in told.out
    assert "the table is empty" in told.out
    assert loop.kinds("alpha") == ["trainingFailed"]
    assert "refs/heads/perennial/alpha/candidate" not in loop.refs()
    again = perennial(loop.root, "reconcile", *T1, "-o", "json")
    assert again.code == 0
    assert [one["code"] for made in again.json["passes"] for one in made["plan"]["decisions"]] == ["guarded"]


def test_a_ledger_that_cannot_be_read_holds_its_model_and_names_the_line(loop):
    ref = "refs/heads/perennial/ledger"
    put(loop.repository, ref, {"alpha.jsonl": b'{"id": "1"}\nnonsense \x1b[2J\n'})
    before = loop.refs()
    told = perennial(loop.root, "reconcile", *T1)
    assert (told.code, loop.refs()) == (0, before)
    assert "perennial/ledger alpha.jsonl:1: not a ledger line" in told.out
    assert "(ledgerBroken)" in " ".join(told.out.split())
    assert told.is_harmless
    asked = perennial(loop.root, "retrain", "alpha", "--reason", "why not", "--by", "ann")
    assert (asked.code, loop.refs()) == (5, before)
    assert "try: git log -p perennial/ledger -- alpha.jsonl" in asked.err


def test_a_repository_that_may_not_be_written_is_an_error_and_no_traceback(loop):
    perennial(loop.root, "pr", "merge", "1", *T1)
    objects = Path(shutil.move(loop.root / ".git/objects", loop.root / ".git/elsewhere"))
    told = perennial(loop.root, "reconcile", *T1)
    assert told.code in (4, 5)
    assert told.is_harmless
    shutil.move(objects, loop.root / ".git/objects")
    assert perennial(loop.root, "reconcile", *T1).code == 0


def test_a_model_on_hold_is_left_alone_until_the_hold_is_lifted(loop):
    perennial(loop.root, "pr", "merge", "1", *T1)
    written = perennial(loop.root, "hold", "alpha", "--reason", "audit \x1b[2J", "--owner", "ann")
    assert written.code == 0
    git(loop.root, "add", "models/alpha/hold.yaml")
    git(loop.root, "commit", "-m", "Hold alpha")
    before = loop.refs()
    told = perennial(loop.root, "reconcile", *T1)
    assert told.code == 0
    assert told.is_harmless
    assert "held by ann: audit" in told.out
    assert loop.refs() == before

    assert perennial(loop.root, "hold", "alpha", "--lift").code == 0
    git(loop.root, "commit", "-a", "-m", "Lift the hold")
    assert "1 promote" in perennial(loop.root, "reconcile", *T1).out
