"""One model explained: on which rung it stands, and what would change the answer."""

import json
from dataclasses import replace
from itertools import permutations
from typing import Any

from reconciler.domain.clusters import Health
from reconciler.domain.decisions import Decision, Hold, Retrain, Rung
from reconciler.domain.evidence import NoBaseline
from reconciler.domain.facts import History, LabelFacts
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.releases import HoldNote
from reconciler.plan import decide
from reconciler.plan.limits import limit
from reconciler.report.explain_text import LADDER, explain_json, explain_text, remedies_of
from reconciler.specs.settings import Settings
from tests.builders import DAY, NOW, a_candidate, a_release, a_revision, an_open_change, evidence, facts
from tests.cases import each
from tests.rollouts import a_canary, a_changeover
from tests.unit.plan.situations import a_situation
from tests.unwell import a_deployed, a_fallback

HOLD = Hold(model="flight-delay", code="fresh", message="no trigger fires")
DIGEST = a_candidate().build.digest
MANY = LabelFacts(delay=DAY, new=25_000, newest=NOW - DAY)
STRICT = [{"type": "floor", "metric": "rocAuc", "atLeast": 0.99}]
UNMEASURED = a_candidate(evidence=evidence(metrics=Missing(code="noEvidence", why="no evaluation.json")))
STAGED = replace(a_release("candidate", environment="staging", version="1.1.0"), build=a_candidate().build)

UNWELL: dict[str, Any] = {
    "introduced": {"production": a_revision("promotion")},
    "deployed": {"production": a_deployed()},
    "fallbacks": {"production": a_fallback()},
}
PUT_BACK = History(events=frozenset({f"rolledBack/production/{a_revision('promotion')}"}))
STANDING: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "a hold": ("heldByAPerson/held", {"hold": HoldNote(reason="r", owner="o", until=None)}, {}),
    "a release that is degraded": ("liveIsUnwell/degraded", UNWELL, {}),
    "a release that was put back and is not there yet": (
        "liveIsUnwell/restoring",
        UNWELL | {"deployed": {"production": a_deployed(health=Health.PROGRESSING)}, "history": PUT_BACK},
        {},
    ),
    "a ledger that was altered": ("ledgerIsBroken/ledgerBroken", {"history": History(broken="a.jsonl:2: altered")}, {}),
    "a candidate that was compared with nothing": (
        "baselineMoved/baselineMoved",
        {"candidate": a_candidate(evidence=evidence(comparison=NoBaseline()))},
        {},
    ),
    "a candidate that was compared with an older champion": (
        "baselineMoved/baselineMoved",
        {"candidate": a_candidate(), "releases": {"production": a_release("another")}},
        {},
    ),
    "a candidate of which the gates want to know more": (
        "moreIsAsked/moreIsAsked",
        {"candidate": a_candidate()},
        {"gates": [{"type": "reproducibility"}]},
    ),
    "a rollout that begins": ("rolloutMoves/begin", {"rollouts": {"production": a_changeover(0)}}, {"rollout": a_canary()}),
    "a rollout that waits": (
        "rolloutIsUnderWay/pausing",
        {"rollouts": {"production": a_changeover(5, since=DAY / 48)}},
        {"rollout": a_canary()},
    ),
    "a release that goes on": (
        "releaseGoesOn/gatesPassed",
        {"candidate": a_candidate(), "releases": {"production": a_release(), "staging": STAGED}},
        {},
    ),
    "an open change": ("changeIsOpen/changeOpen", {"candidate": a_candidate(), "changes": (an_open_change(),)}, {}),
    "a change that people pushed to": (
        "changeIsOpen/changeEdited",
        {"candidate": a_candidate(), "changes": (an_open_change(edited=True),)},
        {},
    ),
    "a change that nobody can judge": (
        "changeIsOpen/changeInDoubt",
        {"candidate": UNMEASURED, "changes": (an_open_change(),)},
        {},
    ),
    "a change that the gates refuse by now": (
        "changeIsOpen/gatesRefuse",
        {"candidate": a_candidate(), "changes": (an_open_change(),)},
        {"gates": STRICT},
    ),
    "a change of an older candidate": (
        "changeIsOpen/overtaken",
        {"candidate": a_candidate("newer"), "changes": (an_open_change(),)},
        {},
    ),
    "a change whose digest is quarantined": (
        "changeIsOpen/quarantined",
        {"candidate": a_candidate(), "changes": (an_open_change(),), "quarantine": {DIGEST: "bad"}},
        {},
    ),
    "a change whose digest was declined before": (
        "changeIsOpen/declined",
        {"candidate": a_candidate(), "changes": (an_open_change(),), "declined": {DIGEST: 3}},
        {},
    ),
    "a candidate that is garbage": (
        "candidateCannotBeRead/candidateUnreadable",
        {"candidate": Missing(code="candidateUnreadable", why="garbage")},
        {},
    ),
    "a candidate that passed": ("candidateWaits/gatesPassed", {"candidate": a_candidate()}, {}),
    "a trigger that fires": ("retrainIsDue/newLabels", {"labels": MANY}, {}),
    "a guard that objects": ("retrainIsDue/guarded", {"labels": MANY}, {"guards": [{"type": "cooldown", "period": "20d"}]}),
    "a quiet model": ("nothingIsDue/fresh", {}, {}),
}


@each("name", STANDING)
def test_a_decision_stands_on_the_rung_that_made_it(name):
    expected, seen, policies = STANDING[name]
    decision = decide.decide(a_situation(facts(**seen), **policies))

    assert f"{decision.rung}/{decision.code}" == expected
    assert f"▸ {LADDER[decision.rung]}" in explain_text(decision)
    assert json.loads(explain_json(decision))["rung"] == expected.partition("/")[0]


def test_every_rung_has_a_standing_case_and_words_of_its_own():
    assert {Rung(expected.partition("/")[0]) for expected, *_ in STANDING.values()} == set(Rung)
    assert len(set(LADDER.values())) == len(LADDER)


def test_the_ladder_is_shown_in_the_order_in_which_it_is_read():
    assert list(LADDER) == list(Rung) == [*(rung for rung, _ in decide.LADDER), Rung.NOTHING_IS_DUE]
    lines = explain_text(HOLD).splitlines()
    shown = [line.strip(" ▸") for line in lines if line.strip(" ▸") in LADDER.values()]
    assert shown == list(LADDER.values())
    assert sum("▸" in line for line in lines) == 1


def test_a_training_that_the_fleets_limit_holds_back_stands_where_it_stood():
    due = replace(decide.decide(a_situation(facts(labels=MANY))), rung=Rung.RETRAIN_IS_DUE)
    moved = Retrain(model="b", as_of=NOW, code="baselineMoved", message="m", rung=Rung.BASELINE_MOVED)
    held = limit([due, moved], Settings(max_trainings_per_pass=1))[1]

    assert (type(held), held.code, held.rung) == (Hold, "queued", Rung.BASELINE_MOVED)


def test_the_higher_rung_decides_whatever_stands_below():
    seen = [STANDING[name][1] for name in ("a hold", "an open change", "a trigger that fires")]
    for order in permutations(seen):
        together: dict[str, Any] = {}
        for one in order:
            together |= one
        assert decide.decide(a_situation(facts(**together))).rung is Rung.HELD_BY_A_PERSON


def judged(*parts: Judgement) -> Decision:
    return replace(
        HOLD, judgements=(Judgement(rule="any", answer=Answer.NO, code="c", message="m", remedy="not told", parts=parts),)
    )


def test_remedies_are_those_of_single_rules_in_the_order_of_the_policy():
    deep = Judgement(
        rule="all", answer=Answer.NO, code="c", message="m", parts=(unknown("b", "c", "m", "wait"), yes("c", "c", "m"))
    )
    decision = judged(no("a", "c", "m", "more labels"), deep, no("d", "c", "m", "less drift"))

    assert remedies_of(decision) == [
        ("a", Answer.NO, "more labels"),
        ("b", Answer.UNKNOWN, "wait"),
        ("d", Answer.NO, "less drift"),
    ]
    assert json.loads(explain_json(decision))["remedies"][1] == {"rule": "b", "answer": "UNKNOWN", "remedy": "wait"}
    lines = explain_text(decision).splitlines()
    assert lines[lines.index("What would have to change") + 1 :] == [
        "  → a (NO): more labels",
        "  → b (UNKNOWN): wait",
        "  → d (NO): less drift",
    ]


def test_without_a_remedy_it_says_so():
    assert "No rule knows of a remedy." in explain_text(HOLD)
    assert json.loads(explain_json(HOLD))["remedies"] == []


@each("hostile", ["\x1b[2J", "\x9b31m", "\x07", "\u202egnp.exe", "a\r\nfake: line"])
@each("color", [False, True])
def test_nothing_that_a_rule_says_steers_the_terminal(hostile, color):
    decision = replace(judged(no(hostile, hostile, hostile, hostile)), model=hostile, code=hostile, message=hostile)
    text = explain_text(decision, color=color)

    assert hostile not in text.replace("\x1b[0m", "").replace("\x1b[2m", "")
    assert not set("\x9b\x07\u202e\r") & set(text)
    assert explain_json(decision).isascii()
    assert not any(line.startswith("fake") for line in text.splitlines())
