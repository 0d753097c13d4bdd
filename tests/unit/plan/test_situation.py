"""What decide looks at: where a candidate goes next, what bars it, who lets whom pass, and the stages of a plan."""

from dataclasses import replace
from typing import Any

import pytest

from reconciler.domain.events import EventKind
from reconciler.domain.facts import History, LabelFacts
from reconciler.domain.judgements import Answer, Judgement, no, yes
from reconciler.domain.known import Missing
from reconciler.domain.releases import Release
from reconciler.domain.steps import Close, Propose, Publish, Record, Tag, Train
from reconciler.plan.plan import Plan
from reconciler.plan.situation import barred, judge_gates, judge_guards, judge_trigger, next_environment
from reconciler.plan.stages import Stage, stage_of, steps_of
from reconciler.rules.combine import all_of, negation
from tests.builders import DAY, NOW, a_candidate, a_fingerprint, a_release, a_revision, an_event, facts
from tests.unit.plan.situations import a_situation

CANDIDATE = a_candidate()
DIGEST = CANDIDATE.build.digest
MANY = LabelFacts(delay=DAY, new=25_000, newest=NOW - DAY)


def live(*environments: str) -> dict[str, Release]:
    """The candidate runs in these environments."""
    return {name: Release(environment=name, version="1.1.0", build=CANDIDATE.build) for name in environments}


@pytest.mark.parametrize(
    ("releases", "ran", "wanted"),
    [
        ({}, [], "staging"),
        ({"production": a_release()}, [], "staging"),
        (live("staging"), [], "production"),
        (live("staging") | {"production": a_release()}, ["staging"], "production"),
        (live("production"), [], "staging"),
        (live("staging", "production"), [], None),
        ({}, ["staging"], None),
        (live("staging"), ["staging", "production"], None),
        ({}, ["production"], "staging"),
    ],
    ids=[
        *("nothing runs", "something else runs", "the first has it", "the first has it, another runs", "only the last has it"),
        *("all have it", "the first rolled it back", "the last rolled it back", "the first comes first all the same"),
    ],
)
def test_a_candidate_goes_to_the_first_environment_that_lacks_it_and_never_past_a_roll_back(
    releases: dict[str, Release], ran: list[str], wanted: str | None
) -> None:
    history = History(released=frozenset((name, DIGEST) for name in ran))
    assert next_environment(a_situation(facts(candidate=CANDIDATE, releases=releases, history=history))) == wanted


@pytest.mark.parametrize("candidate", [None, Missing(code="candidateUnreadable", why="x")])
def test_without_a_candidate_there_is_nowhere_to_go_and_nothing_to_judge(candidate: Any) -> None:
    situation = a_situation(facts(candidate=candidate))
    assert next_environment(situation) is None
    assert judge_gates(situation) is None
    assert situation.candidate is None


def test_a_candidate_that_runs_everywhere_is_not_judged_again() -> None:
    assert judge_gates(a_situation(facts(candidate=CANDIDATE, releases=live("staging", "production")))) is None


def test_a_digest_is_barred_by_a_quarantine_before_a_person() -> None:
    seen = facts(quarantine={DIGEST: "answered nonsense"}, declined={DIGEST: 4})
    assert barred(a_situation(seen), DIGEST) == ("quarantined", "its digest is quarantined: answered nonsense")
    seen = replace(seen, quarantine={})
    assert barred(a_situation(seen), DIGEST) == ("declined", "pull request #4 with its digest was closed without a merge")
    assert barred(a_situation(replace(seen, declined={a_release().digest: 4})), DIGEST) is None


def test_a_model_that_was_never_trained_has_a_reason_of_its_own() -> None:
    said = judge_trigger(a_situation(facts(releases={})))
    assert (said.rule, said.answer, said.code) == ("firstRelease", Answer.YES, "neverTrained")


def test_a_candidate_that_cannot_be_read_is_no_reason_to_train() -> None:
    said = judge_trigger(a_situation(facts(releases={}, candidate=Missing(code="candidateUnreadable", why="x"))))
    assert said.rule != "firstRelease"


def guards(trigger: Judgement, *policy: dict[str, Any], **seen: Any) -> dict[str, str]:
    return {said.rule: said.code for said in judge_guards(a_situation(facts(**seen), guards=policy), trigger)}


COOLDOWN = {"type": "cooldown", "period": "20d"}
EXEMPT = COOLDOWN | {"exempt": ["specChanged"]}


def test_backoff_is_on_guard_in_every_policy_and_last() -> None:
    fired = yes("newLabels", "enough", "25,000 new labels")
    assert list(guards(fired)) == ["backoff"]
    assert list(guards(fired, COOLDOWN, {"type": "minimumNewLabels", "rows": 1})) == ["cooldown", "minimumNewLabels", "backoff"]


def any_of(*parts: Judgement) -> Judgement:
    """A combination that fires."""
    return Judgement(rule="any", answer=Answer.YES, code="fires", message="", parts=parts)


CHANGED, SAME = yes("specChanged", "changed", "spec"), no("specChanged", "same", "spec")
ENOUGH, FEW = yes("newLabels", "enough", "25,000"), no("newLabels", "few", "12")


@pytest.mark.parametrize(
    ("trigger", "exempt"),
    [
        (CHANGED, True),
        (SAME, False),
        (ENOUGH, False),
        (any_of(FEW, CHANGED), True),
        (any_of(ENOUGH, SAME), False),
        (any_of(all_of([CHANGED, FEW]), ENOUGH), False),
        (any_of(negation(SAME), FEW), False),
    ],
    ids=[
        "it fired",
        "it did not fire",
        "another fired",
        "it fired within a combination",
        "only the other did within one",
        "it fired within a combination that did not",
        "not of it fired",
    ],
)
def test_a_guard_lets_only_the_trigger_that_fired_pass(trigger: Judgement, exempt: bool) -> None:
    assert (guards(trigger, EXEMPT)["cooldown"] == "exempt") is exempt


def test_no_exemption_reaches_backoff() -> None:
    failing = History(failures=3, last_failed_at=NOW, failed_from=a_fingerprint())
    said = guards(yes("specChanged", "changed", "spec"), EXEMPT, history=failing)
    assert said["cooldown"] == "exempt"
    assert said["backoff"] != "exempt"


TRAIN = Train(
    model="m",
    as_of=NOW,
    base=a_revision(),
    branch="b",
    replaces=None,
    files={},
    made_from=a_fingerprint(),
    reason="r",
)
PROPOSE = Propose(
    model="m",
    environment="e",
    digest=DIGEST,
    base=a_revision(),
    branch="b",
    replaces=None,
    files={},
    commit_message="c",
    title="t",
    body="b",
    event=an_event(),
)
PUBLISH = Publish(environment="e", branch="b", replaces=None, files={}, message="m")
TAG = Tag(model="m", name="m@v1.0.0", target=a_revision(), message="m", at=NOW)
CLOSE = Close(model="m", number=1, comment="c")
STEPS = (TRAIN, PROPOSE, PUBLISH, TAG, CLOSE, *(Record(event=an_event(id=kind, kind=kind)) for kind in EventKind))


def test_every_step_has_its_stage_and_only_one() -> None:
    plan = Plan(revision=a_revision(), at=NOW, decisions=(), steps=STEPS)
    by_stage = [step for stage in Stage for step in steps_of(plan, stage)]
    assert len(by_stage) == len(STEPS)
    assert all(stage_of(step) in Stage for step in STEPS)


def test_what_is_past_is_written_down_before_anything_new_and_refusals_when_all_are_trained() -> None:
    order = [Stage.WITHDRAW, Stage.PUBLISH, Stage.TRAIN, Stage.PROPOSE]
    rest = [Stage.TAKE_BACK, Stage.MERGE_BACK, Stage.HEAR, Stage.PACKAGE, Stage.SHARE, Stage.MERGE, Stage.TELL]
    assert sorted(Stage) == sorted([*order, *rest])
    assert [stage_of(step) for step in (CLOSE, PUBLISH, TRAIN, PROPOSE)] == order
    records = {step.event.kind: stage_of(step) for step in STEPS if isinstance(step, Record)}
    assert {kind for kind, stage in records.items() if stage is Stage.PROPOSE} == {EventKind.REFUSED}
    assert {kind for kind, stage in records.items() if stage is Stage.HEAR} == {EventKind.OVERRIDDEN}
    assert {kind for kind, stage in records.items() if stage is Stage.TAKE_BACK} == {EventKind.TAKEN_BACK}
    assert set(records.values()) == {Stage.TAKE_BACK, Stage.HEAR, Stage.PUBLISH, Stage.PROPOSE}


def test_a_stage_keeps_the_order_of_the_plan() -> None:
    plan = Plan(revision=a_revision(), at=NOW, decisions=(), steps=(TAG, TRAIN, PUBLISH))
    assert steps_of(plan, Stage.PUBLISH) == (TAG, PUBLISH)
    assert steps_of(plan, Stage.WITHDRAW) == ()
