"""Decisions, judgements, steps and events in words."""

from dataclasses import replace
from typing import get_args

import pytest

from reconciler.domain.decisions import Advance, Decision, Hold, Promote, Retrain, RollBack, Withdraw
from reconciler.domain.events import Event, EventKind
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.names import Digest
from reconciler.domain.notices import (
    CheckReport,
    Comment,
    Conclusion,
    Dashboard,
    DeploymentRecord,
    DeploymentState,
    Notice,
    Status,
    StatusState,
)
from reconciler.domain.packages import Package
from reconciler.domain.sharing import Output
from reconciler.domain.steps import (
    Close,
    Describe,
    Merge,
    Propose,
    ProposeHold,
    ProposeRollback,
    Publish,
    PublishPackage,
    Record,
    Share,
    Sign,
    Step,
    Tag,
    TakeBack,
    Tell,
    Train,
)
from reconciler.report.terminal import draw
from reconciler.report.words import EVENT_WORDS, decision_word, file_lines, judgement_lines, notice_line, step_line
from tests.builders import DAY, NOW, a_build, a_fingerprint, a_revision
from tests.cases import each
from tests.commands import STEERING

DIGEST = Digest("sha256:" + "ab" * 32)
LIVE = Digest("sha256:" + "cd" * 32)
HOSTILE = "x\x1b[2J\n✓ fake\u202e\x9b"
EVENT = Event(id="1", at=NOW, model="m", kind=EventKind.PROMOTED, message="staging runs 1.0.0", details={})
FILES = {"b.yaml": "b\n", "a.yaml": "a\n"}
TRAIN = Train(
    model="m",
    as_of=NOW - DAY,
    base=a_revision(),
    branch="perennial/m/candidate",
    replaces=None,
    files=FILES,
    made_from=a_fingerprint(),
    reason="newLabels",
)
PROPOSE = Propose(
    model="m",
    environment="staging",
    digest=DIGEST,
    base=a_revision(),
    branch="perennial/m/staging",
    replaces=None,
    files=FILES,
    commit_message="Promote",
    title="Promote m 1.0.0 to staging",
    body="why",
    event=EVENT,
)
PUBLISH = Publish(environment="staging", branch="env/staging", replaces=None, files=FILES, message="Render")
COMMENT = Comment(number=3, key="answer/9", body="Because.")
NOTICES: dict[str, Notice] = {
    f"perennial/gates: pending on {a_revision()[:12]}": Status(
        revision=a_revision(), context="perennial/gates", state=StatusState.PENDING, description=""
    ),
    f"perennial/report: failure on {a_revision()[:12]}": CheckReport(
        revision=a_revision(), name="perennial/report", conclusion=Conclusion.FAILURE, title="", summary=""
    ),
    "answer/9 on #3": COMMENT,
    "the deployment of m 1.0.0 to staging": DeploymentRecord(
        environment="staging", revision=a_revision(), model="m", version="1.0.0", state=DeploymentState.SUCCESS
    ),
    "the issue “Perennial dashboard”": Dashboard(title="Perennial dashboard", body=""),
}
STEPS: dict[str, Step] = {
    "train m on what is known at 2013-05-31T12:00:00Z, commit to perennial/m/candidate": TRAIN,
    "publish the package of abababababab (1,000 bytes)": PublishPackage(
        model="m", digest=DIGEST, package=Package(model="m", artifact=a_build().artifact), released=True
    ),
    "push to DVC's remote, of abababababab: runs/m/model.zip": Share(
        model="m", digest=DIGEST, outputs=(Output(path="runs/m/model.zip", md5="0" * 32),)
    ),
    "propose “Promote m 1.0.0 to staging” from perennial/m/staging": PROPOSE,
    "mark pull request #3 as a draft, labelled perennial, tier/low": Describe(
        model="m", number=3, branch="perennial/m/staging", title="", body="", labels=("perennial", "tier/low"), draft=True
    ),
    "merge pull request #3 into staging": Merge(
        model="m", environment="staging", number=3, expected=a_revision("tip"), base=a_revision(), files={}
    ),
    "propose “Hold m” from perennial/m/hold": ProposeHold(
        model="m",
        base=a_revision(),
        branch="perennial/m/hold",
        replaces=None,
        path="models/m/hold.yaml",
        text="",
        title="Hold m",
        body="",
        answer=COMMENT,
    ),
    "propose to roll staging back from perennial/m/rollback-staging": ProposeRollback(
        model="m", environment="staging", branch="perennial/m/rollback-staging", replaces=None, why="", answer=COMMENT
    ),
    "propose “Roll m in staging back to 1.0.0” from perennial/m/rollback-staging": TakeBack(
        model="m",
        environment="staging",
        digest=DIGEST,
        content=DIGEST,
        base=a_revision(),
        branch="perennial/m/rollback-staging",
        replaces=None,
        files={"b.yaml": None, "a.yaml": "a"},
        commit_message="",
        title="Roll m in staging back to 1.0.0",
        body="",
    ),
    "tell answer/9 on #3": Tell(model="m", notice=COMMENT),
    "close pull request #3: overtaken": Close(model="m", number=3, comment="overtaken"),
    f"tag m@v1.0.0 at {a_revision()[:12]}": Tag(model="m", name="m@v1.0.0", target=a_revision(), message="m 1.0.0", at=NOW),
    "publish 2 files as env/staging": PUBLISH,
    "record promoted: staging runs 1.0.0": Record(event=EVENT),
}
DECISIONS: dict[str, Decision] = {
    "HOLD": Hold(model="m", code="fresh", message=""),
    "RETRAIN": Retrain(model="m", as_of=NOW, code="newLabels", message=""),
    "PROMOTE abababababab to staging": Promote(model="m", environment="staging", digest=DIGEST, code="gatesPassed", message=""),
    "ADVANCE staging to 95 % cdcdcdcdcdcd, 5 % abababababab": Advance(
        model="m", environment="staging", weights={LIVE: 95, DIGEST: 5}, code="begin", message=""
    ),
    "ROLL BACK abababababab in staging": RollBack(model="m", environment="staging", digest=DIGEST, code="degraded", message=""),
    "WITHDRAW #7": Withdraw(model="m", number=7, code="overtaken", message=""),
}


@each("words", STEPS)
def test_a_step_is_one_sentence(words):
    assert step_line(STEPS[words]) == words


def test_a_notice_is_told_in_a_few_words():
    assert {notice_line(notice): notice for notice in NOTICES.values()} == NOTICES
    assert {type(notice) for notice in NOTICES.values()} == set(get_args(Notice))


@each("words", DECISIONS)
def test_a_decision_is_one_word_and_what_it_is_about(words):
    assert decision_word(DECISIONS[words])[0] == words


def test_every_step_decision_and_event_has_words():
    assert {type(step) for step in STEPS.values()} == set(get_args(Step))
    assert {type(decision) for decision in DECISIONS.values()} == set(get_args(Decision))
    assert set(EVENT_WORDS) == set(EventKind)
    assert len({word for word, _ in EVENT_WORDS.values()}) == len(EventKind)


@pytest.mark.parametrize(
    ("step", "present", "lines"),
    [
        (TRAIN, (), ["  + a.yaml", "  + b.yaml"]),
        (PROPOSE, ("b.yaml", "other.yaml"), ["  + a.yaml", "  ~ b.yaml"]),
        (
            replace(PROPOSE, sign=Sign(path="c.intoto.jsonl", statement="{}\n")),
            ("b.yaml",),
            ["  + a.yaml", "  ~ b.yaml", "  + c.intoto.jsonl signed when the step is done"],
        ),
        (PUBLISH, ("a.yaml",), ["  + a.yaml", "  + b.yaml"]),
        (replace(PUBLISH, replaces=a_revision()), (), ["  ~ a.yaml", "  ~ b.yaml"]),
        (STEPS["close pull request #3: overtaken"], (), []),
        (Record(event=EVENT), ("a.yaml",), []),
        (replace(TRAIN, files={}), (), []),
    ],
    ids=[
        "new files",
        "one is changed",
        "one is signed",
        "a new branch",
        "a branch that is there",
        "a close",
        "a record",
        "no files",
    ],
)
def test_files_are_sorted_and_marked_as_new_or_changed(step, present, lines):
    assert [one for one in draw(file_lines(step, present, "  ")).splitlines() if one] == lines


def test_a_judgement_is_a_tree_of_what_it_was_made_from():
    inner = Judgement(
        rule="all", answer=Answer.UNKNOWN, code="c", message="1 of 2", parts=(yes("a", "c", "one"), unknown("b", "c", "two"))
    )
    outer = Judgement(rule="any", answer=Answer.UNKNOWN, code="c", message="0 of 2", parts=(inner, no("d", "c", "three")))
    assert draw(judgement_lines(outer, "  ")).splitlines() == [
        "  ? any UNKNOWN 0 of 2",
        "    ? all UNKNOWN 1 of 2",
        "      ✓ a YES one",
        "      ? b UNKNOWN two",
        "    ✗ d NO three",
    ]


def test_what_rules_and_steps_say_is_text():
    judgement = no(HOSTILE, "c", HOSTILE)
    text = draw([*judgement_lines(judgement), *file_lines(replace(TRAIN, files={HOSTILE: ""}), (), "")])
    assert not STEERING & set(text)
    assert not any(one.startswith("✓") for one in text.splitlines())
