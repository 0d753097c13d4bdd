"""A reviewed override sets gates aside: only those, only for a while, only for what it is about, and never a stop sign."""

from dataclasses import replace

import pytest

from reconciler.domain.decisions import Hold, Promote
from reconciler.domain.events import EventKind
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.overrides import GateOverride
from reconciler.domain.releases import HoldNote, digest_of
from reconciler.plan.decide import decide
from reconciler.plan.record import record_steps
from reconciler.plan.situation import judge_gates
from tests.builders import DAY, NOW, a_candidate, a_release, evidence, facts
from tests.cases import each
from tests.unit.plan.situations import a_situation

GONE = Missing(code="championNotComparable", why="champion abc cannot be rescored: model.zip was made with scikit-learn 1.8.2")
BLOCKED = a_candidate(evidence=evidence(comparison=GONE))
OVERRIDE = GateOverride(
    gates=("beatsLive",),
    candidate=None,
    champion=a_release().digest,
    owner="Ada Lovelace",
    reason="1.0.0 loads nowhere any more",
    since=NOW - DAY,
    until=NOW + 7 * DAY,
)


def situation(override=OVERRIDE, **changes):
    return a_situation(facts(**{"candidate": BLOCKED, "override": override} | changes))


def uses(seen):
    """What is to be written down of overrides that were used."""
    return [step.event for step in record_steps(seen) if step.event.kind is EventKind.GATE_OVERRIDDEN]


def test_without_an_override_a_champion_that_does_not_load_blocks():
    decision = decide(situation(None))
    assert isinstance(decision, Hold)
    (blocked,) = [part for part in judge_gates(situation(None)).parts if part.answer is not Answer.YES]
    assert (blocked.rule, blocked.code) == ("beatsLive", "championNotComparable")
    assert "perennial override flight-delay --gate beatsLive" in blocked.remedy


def test_with_one_the_candidate_is_proposed_and_everybody_is_told_who_decided():
    decision = decide(situation())
    assert isinstance(decision, Promote)
    assert decision.message.endswith("passed 2 of 3 gates; an override sets beatsLive aside")
    (aside,) = [part for part in decision.judgements[0].parts if part.code == "overridden"]
    assert aside.answer is Answer.YES
    assert aside.message == (
        "set aside by Ada Lovelace until 2013-06-08T12:00:00Z: 1.0.0 loads nowhere any more; "
        f"by itself it says UNKNOWN championNotComparable: {GONE.why}"
    )


def test_it_may_be_about_one_candidate():
    about = replace(OVERRIDE, champion=None, candidate=BLOCKED.build.digest)
    assert isinstance(decide(situation(about)), Promote)


@each(
    ("change", "why"),
    [
        ({"until": NOW}, "it ended at 2013-06-01T12:00:00Z"),
        ({"since": NOW + DAY}, "it begins at 2013-06-02T12:00:00Z"),
        ({"champion": digest_of("other")}, "it is about champion "),
        ({"champion": None, "candidate": digest_of("other")}, "it is about candidate "),
    ],
)
def test_one_that_is_over_or_about_something_else_changes_nothing_and_is_told(change, why):
    judged, without = judge_gates(situation(replace(OVERRIDE, **change))), judge_gates(situation(None))
    assert [(part.answer, part.code) for part in judged.parts] == [(part.answer, part.code) for part in without.parts]
    assert f"models/flight-delay/override.yaml does not count: {why}" in judged.parts[-1].message
    assert judged.answer is Answer.UNKNOWN


def test_nothing_is_live_so_it_is_about_no_champion():
    judged = judge_gates(situation(releases={}))
    assert judged.answer is Answer.UNKNOWN
    assert judged.parts[-1].message.endswith("and nothing is live")


def test_gates_that_it_does_not_name_count_as_ever():
    poor = a_candidate(evidence=evidence(comparison=GONE, metrics={}))
    judged = judge_gates(situation(candidate=poor))
    assert {part.rule: part.answer for part in judged.parts} == {
        "dataQuality": Answer.YES,
        "floor": Answer.UNKNOWN,
        "beatsLive": Answer.YES,
    }
    assert isinstance(decide(situation(candidate=poor)), Hold)


def test_a_gate_that_passes_by_itself_stays_as_it_is():
    passing = situation(candidate=a_candidate())
    assert judge_gates(passing) == judge_gates(situation(None, candidate=a_candidate()))
    assert uses(passing) == []


@pytest.mark.parametrize(
    ("stop", "code"),
    [
        ({"hold": HoldNote(reason="audit", owner="ann", until=None)}, "held"),
        ({"quarantine": {BLOCKED.build.digest: "it harmed people"}}, "fresh"),
        ({"declined": {BLOCKED.build.digest: 7}}, "fresh"),
    ],
)
def test_it_lifts_no_hold_no_quarantine_and_no_refusal_of_a_person(stop, code):
    decision = decide(situation(**stop))
    assert isinstance(decision, Hold)
    assert decision.code == code


def test_its_use_is_written_down_once():
    (event,) = uses(situation())
    assert event.details["owner"] == "Ada Lovelace"
    assert event.details["gates"] == "beatsLive"
    assert event.details["digest"] == BLOCKED.build.digest
    known = replace(facts().history, events=frozenset({event.id}))
    assert uses(replace(situation(history=known), now=NOW + DAY)) == []


def test_one_that_does_not_count_is_not_written_down():
    assert uses(situation(replace(OVERRIDE, until=NOW))) == []
