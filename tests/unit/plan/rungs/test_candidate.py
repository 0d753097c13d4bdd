"""A candidate that waits is promoted by gates that all say YES, measured again, or left, and it is said why."""

from dataclasses import replace

import pytest

from reconciler.domain.decisions import Hold, Promote, Retrain
from reconciler.domain.evidence import NoBaseline, Quality
from reconciler.domain.facts import History, LabelFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.names import short
from reconciler.plan.decide import decide
from tests.builders import DAY, NOW, a_candidate, a_comparison, a_fingerprint, a_gain, a_release, evidence, facts
from tests.cases import each
from tests.unit.plan.situations import a_situation

MANY = LabelFacts(delay=DAY, new=25_000, newest=NOW - DAY)
CANDIDATE = a_candidate()
DIGEST = CANDIDATE.build.digest


def test_a_candidate_that_passes_goes_to_the_first_environment() -> None:
    decision = decide(a_situation(facts(candidate=CANDIDATE)))
    assert isinstance(decision, Promote)
    assert (decision.environment, decision.digest, decision.code) == ("staging", DIGEST, "gatesPassed")


def test_then_to_the_next_environment() -> None:
    staged = {"production": a_release(), "staging": a_release("candidate", environment="staging", as_of=NOW - DAY)}
    decision = decide(a_situation(facts(candidate=CANDIDATE, releases=staged)))
    assert isinstance(decision, Promote)
    assert decision.environment == "production"


def test_a_candidate_that_runs_everywhere_asks_for_nothing() -> None:
    live = a_release("candidate", as_of=NOW - DAY)
    everywhere = {name: replace(live, environment=name) for name in ("staging", "production")}
    assert decide(a_situation(facts(candidate=CANDIDATE, releases=everywhere))).code == "fresh"


@each(
    "spoiled",
    [
        {"quality": Quality(evaluated=3, failures=("carrier: 7 of 100 rows are null",))},
        {"quality": Missing(code="noEvidence", why="the candidate has no validation.json")},
        {"metrics": Missing(code="noEvidence", why="the candidate has no evaluation.json")},
        {"comparison": a_comparison(a_gain(gain=-0.02))},
        {"comparison": a_comparison(a_gain(rows=10))},
    ],
)
def test_nothing_is_promoted_past_a_gate_that_is_not_yes(spoiled: dict[str, object]) -> None:
    decision = decide(a_situation(facts(candidate=a_candidate(evidence=evidence(**spoiled)))))
    assert isinstance(decision, Hold)
    assert decision.judgements[0].answer is not Answer.YES


def test_nothing_is_promoted_without_gates() -> None:
    decision = decide(a_situation(facts(candidate=CANDIDATE), gates=[]))
    assert decision.code == "fresh"
    assert decision.judgements[0].code == "noGates"


def test_a_refused_candidate_does_not_stop_a_later_retrain() -> None:
    refused = a_candidate(evidence=evidence(comparison=a_comparison(a_gain(gain=-0.02))))
    assert isinstance(decide(a_situation(facts(candidate=refused, labels=MANY))), Retrain)


@pytest.mark.parametrize(
    "bar",
    [
        {"declined": {DIGEST: 4}},
        {"quarantine": {DIGEST: "answered nonsense"}},
        {"history": History(released=frozenset({("staging", DIGEST)}))},
    ],
    ids=["declined", "quarantined", "rolled back"],
)
def test_a_barred_digest_is_never_proposed(bar: dict[str, object]) -> None:
    assert decide(a_situation(facts(candidate=CANDIDATE, **bar))).code == "fresh"


@pytest.mark.parametrize(
    ("bar", "why"),
    [
        ({"declined": {DIGEST: 4}}, "pull request #4 with its digest was closed without a merge"),
        ({"quarantine": {DIGEST: "answered nonsense"}}, "its digest is quarantined: answered nonsense"),
    ],
    ids=["declined", "quarantined"],
)
def test_it_is_said_why_a_candidate_that_passes_is_not_proposed(bar: dict[str, object], why: str) -> None:
    decision = decide(a_situation(facts(candidate=CANDIDATE, **bar)))
    assert decision.message.startswith(f"{short(DIGEST)} is not proposed: {why}; no trigger fires")


def test_a_refused_candidate_needs_no_other_reason() -> None:
    refused = a_candidate(evidence=evidence(comparison=a_comparison(a_gain(gain=-0.02))))
    decision = decide(a_situation(facts(candidate=refused, declined={refused.build.digest: 4})))
    assert "is not proposed" not in decision.message


def test_a_candidate_of_an_older_spec_gives_way_to_the_new_one() -> None:
    decision = decide(a_situation(facts(candidate=CANDIDATE, fingerprint=a_fingerprint(spec="edited"))))
    assert isinstance(decision, Retrain)
    assert decision.code == "specChanged"


def test_a_moved_baseline_is_measured_again_on_the_same_data() -> None:
    new_champion = a_release("another", version="1.1.0")
    decision = decide(a_situation(facts(candidate=CANDIDATE, releases={"production": new_champion})))
    assert isinstance(decision, Retrain)
    assert (decision.code, decision.as_of) == ("baselineMoved", CANDIDATE.build.data.as_of)


def test_a_first_candidate_is_measured_again_when_a_release_appeared() -> None:
    first = a_candidate(evidence=evidence(comparison=NoBaseline()))
    assert decide(a_situation(facts(candidate=first))).code == "baselineMoved"


def test_what_the_gates_ask_beyond_what_was_measured_is_measured_on_the_same_data() -> None:
    asking = [{"type": "reproducibility"}]
    decision = decide(a_situation(facts(candidate=CANDIDATE), gates=asking))
    assert isinstance(decision, Retrain)
    assert (decision.code, decision.as_of) == ("moreIsAsked", CANDIDATE.build.data.as_of)
    assert decision.message == "the gates ask for reproducibility, which was not measured"


def test_what_was_asked_is_not_asked_again_even_if_it_could_not_be_measured() -> None:
    asked = a_candidate(evidence=evidence(asked=("reproducibility",)))
    decision = decide(a_situation(facts(candidate=asked), gates=[{"type": "reproducibility"}]))
    assert not isinstance(decision, Retrain)


def test_an_unreadable_candidate_is_a_persons_business() -> None:
    decision = decide(a_situation(facts(candidate=Missing(code="candidateUnreadable", why="garbage"), labels=MANY)))
    assert (type(decision), decision.code) == (Hold, "candidateUnreadable")


@pytest.mark.parametrize(("tried", "measures"), [("", False), ("../serving/bin/python", True)])
def test_a_package_that_was_tried_elsewhere_than_the_spec_says_is_tried_again(tried, measures) -> None:
    seen = facts(candidate=replace(CANDIDATE, evidence=evidence(interpreter=tried, asked=("infra",))))
    decision = decide(a_situation(seen, gates=[{"type": "infra"}]))
    assert (decision.code == "moreIsAsked") == measures
    assert not measures or decision.message == ("the package was tried in ../serving/bin/python, spec.serve.python is not given")
