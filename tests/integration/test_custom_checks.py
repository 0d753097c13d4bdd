"""A team's own checks in real processes: what they say is heard within bounds, and nothing of them is left."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from reconciler.adapters.training.program import SupervisedPrograms
from reconciler.domain.decisions import Hold
from reconciler.domain.judgements import Answer, Judgement
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evaluate import evaluate
from reconciler.pipeline.evidence_json import VERIFICATION, read_evidence
from reconciler.pipeline.package import package
from reconciler.pipeline.train import train
from reconciler.pipeline.verify import verify
from reconciler.render.markdown import prose
from reconciler.report.explain_text import explain_text
from reconciler.rules.gates import Gate
from tests.builders import NOW, a_candidate, evidence, facts
from tests.processes import assert_gone
from tests.runs import a_context, take_snapshot

SECRET = "hunter2-hunter2"


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> StageContext:
    """A packaged model; only to be looked at."""
    programs = SupervisedPrograms({**os.environ, "API_TOKEN": SECRET}, lambda _: None)  # noqa: TID251
    made = replace(a_context(tmp_path_factory.mktemp("checked")), programs=programs)
    take_snapshot(made)
    for stage in (train, evaluate, package):
        stage(made)
    return made


def judged(context: StageContext, **check: Any) -> Judgement:
    """What the gate says of what the check said."""
    gate = TypeAdapter(Gate).validate_python({"type": "custom", "name": "mine"} | check)
    verify(replace(context, gates=(gate,)))
    found = read_evidence({VERIFICATION: context.path(VERIFICATION).read_text()})
    return gate.judge(facts(candidate=a_candidate(evidence=evidence(custom=found.custom))), NOW)


def python(code: str, **check: Any) -> dict[str, Any]:
    """A check that is this Python."""
    return {"command": [sys.executable, "-c", code], **check}


PRINTS = "print({!r})".format


@pytest.mark.parametrize(
    ("check", "answer", "code", "words"),
    [
        (python(PRINTS('{"answer": "YES", "message": "all 14 kept"}')), Answer.YES, "passed", "all 14 kept"),
        (python(PRINTS('{"answer": "NO", "message": "3 broken", "code": "limits"}')), Answer.NO, "limits", "3 broken"),
        (python(PRINTS('{"answer": "UNKNOWN", "message": "no data"}')), Answer.UNKNOWN, "cannotTell", "no data"),
        (python("pass"), Answer.UNKNOWN, "garbled", "it said nothing"),
        (python("print('{}{}')"), Answer.UNKNOWN, "garbled", "one JSON document"),
        (python("raise SystemExit('out of coffee')"), Answer.UNKNOWN, "failed", "it exited with 1: out of coffee"),
        (python("import os; os.kill(os.getpid(), 9)"), Answer.UNKNOWN, "failed", "it exited with -9"),
        (python(PRINTS('{"answer": "YES", "message": "x"}') + "; exit(3)"), Answer.UNKNOWN, "failed", "it exited with 3"),
        (python("print('x' * 10_000_000)"), Answer.UNKNOWN, "garbled", "it said more than 65,536 characters"),
        (python("import time; time.sleep(60)", timeout="1s"), Answer.UNKNOWN, "timedOut", "ran for 1 s, 1 s are allowed"),
        (python("b = b'x' * 3**18; import time; time.sleep(60)", memory="100Mi"), Answer.UNKNOWN, "tooMuchMemory", "100 MiB"),
        ({"command": ["no-such-program"]}, Answer.UNKNOWN, "failed", "it cannot be started: No such file"),
    ],
)  # fmt: skip
def test_what_a_command_says_is_heard_and_what_it_does_not_say_is_no_answer(
    context: StageContext, check: dict[str, Any], answer: Answer, code: str, words: str
) -> None:
    judgement = judged(context, **check)
    assert (judgement.answer, judgement.code, words in judgement.message) == (answer, code, True), judgement.message


LOOKS = """
import json, os, pathlib
given = json.loads(pathlib.Path(os.environ["PERENNIAL_GIVEN"]).read_text())
assert given["package"] == os.environ["PERENNIAL_PACKAGE"]
from reconciler.pipeline.artifact import open_artifact
package = open_artifact(pathlib.Path(given["package"]))
auc = given["evidence"]["evaluation"]["metrics"]["rocAuc"]["value"]
secrets = [name for name, value in os.environ.items() if "hunter2" in value]
seen = [package.contract.model, given["model"], len(given["samples"]["inputs"]), round(auc, 1), secrets, os.getcwd()]
print(json.dumps({"answer": "YES", "message": json.dumps(seen)}))
"""


def test_a_command_is_given_the_package_the_evidence_and_samples_and_no_secret(context: StageContext) -> None:
    seen = json.loads(judged(context, **python(LOOKS)).message)
    assert seen == ["flight-delay", "flight-delay", 5, 0.8, [], str(context.root)]


LEAVES = """
import subprocess, sys
child = subprocess.Popen(["sleep", "600"], start_new_session=True)
open("pid", "w").write(str(child.pid))
print('{"answer": "YES", "message": "done"}')
"""


def test_what_it_leaves_running_neither_delays_the_answer_nor_stays(context: StageContext) -> None:
    assert judged(context, **python(LEAVES, timeout="30s")).answer is Answer.YES
    assert_gone(int((context.root / "pid").read_text()))


HOSTILE = r"\x1b[2J\x07 [click](javascript:alert) <script>| @everyone \u202e"


def test_hostile_words_reach_neither_terminal_nor_pull_request(context: StageContext) -> None:
    said = python(f"import json; print(json.dumps({{'answer': 'NO', 'message': '{HOSTILE}' * 3, 'remedy': '{HOSTILE}'}}))")
    judgement = judged(context, **said)
    shown = explain_text(Hold(model="m", code="c", message="x", judgements=(judgement,)))
    assert not set("\x1b\x07\u202e") & set(shown + judgement.message + judgement.remedy)
    cell = prose(judgement.message)
    assert "[click](" not in cell
    assert "<script" not in cell
    assert " | " not in cell.replace("\\|", "")
    assert "\x1b" not in context.path(VERIFICATION).read_text()


CHECKS = """
def kept(given):
    return {"answer": "YES", "message": f"{len(given['samples']['inputs'])} samples seen"}

def broken(given):
    raise KeyError("no such\\nfeature")

def wordless(given):
    print("a print is no answer")

def strange(given):
    return {"answer": "YES", "message": object()}

def leaving(given):
    raise SystemExit(7)
"""


@pytest.mark.parametrize(
    ("function", "answer", "code", "words"),
    [
        ("kept", Answer.YES, "passed", "5 samples seen"),
        ("broken", Answer.UNKNOWN, "failed", "it raised KeyError: "),
        ("wordless", Answer.UNKNOWN, "garbled", "it said a JSON NoneType"),
        ("strange", Answer.UNKNOWN, "failed", "it raised TypeError: Object of type object is not JSON"),
        ("leaving", Answer.UNKNOWN, "failed", "it raised SystemExit: 7"),
        ("absent", Answer.UNKNOWN, "failed", "it raised AttributeError"),
    ],
)
def test_what_a_function_returns_is_heard(context: StageContext, function: str, answer: Answer, code: str, words: str) -> None:
    path = context.root / "policies/gates/checks.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CHECKS)
    judgement = judged(context, function=f"policies.gates.checks:{function}")
    assert (judgement.answer, judgement.code, words in judgement.message) == (answer, code, True), judgement.message


def test_a_function_whose_file_is_not_there_is_no_answer(context: StageContext) -> None:
    judgement = judged(context, function="policies.gates.nothing:judge")
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "cannotBeMeasured")
    assert str(Path.cwd()) not in judgement.message
