"""The ladder, rung by rung: facts in, one decision with its code out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from reconciler.domain.decisions import Hold, Promote, Retrain, Rung, Withdraw
from reconciler.domain.evidence import NoBaseline, Quality
from reconciler.domain.facts import History, LabelFacts
from reconciler.domain.judgements import Answer, no
from reconciler.domain.known import Missing
from reconciler.domain.names import short
from reconciler.domain.proofs import Proof
from reconciler.domain.releases import HoldNote
from reconciler.plan.decide import decide
from reconciler.plan.record import record_steps
from tests.builders import (
    DAY,
    NOW,
    PROVEN,
    a_candidate,
    a_comparison,
    a_fingerprint,
    a_gain,
    a_release,
    an_open_change,
    evidence,
    facts,
    first_evidence,
)
from tests.unit.plan.situations import a_situation

MANY = LabelFacts(delay=DAY, new=25_000, newest=NOW - DAY)
CANDIDATE = a_candidate()
DIGEST = CANDIDATE.build.digest


def test_nothing_due_is_held_as_fresh() -> None:
    decision = decide(a_situation())
    assert isinstance(decision, Hold)
    assert decision.code == "fresh"


def test_new_labels_retrain_as_of_now() -> None:
    decision = decide(a_situation(facts(labels=MANY)))
    assert isinstance(decision, Retrain)
    assert (decision.as_of, decision.code) == (NOW, "newLabels")
    assert "25,000" in decision.message or "25000" in decision.message


def test_a_model_that_was_never_trained_is_trained_whatever_its_triggers_say() -> None:
    decision = decide(a_situation(facts(releases={}, history=History())))
    assert isinstance(decision, Retrain)
    assert decision.code == "firstRelease"


def test_a_refused_first_candidate_is_not_trained_again_without_a_trigger() -> None:
    poor = first_evidence(metrics={"rocAuc": replace(evidence().metrics["rocAuc"], value=0.5)})  # type: ignore[index]
    decision = decide(a_situation(facts(releases={}, candidate=a_candidate(evidence=poor))))
    assert isinstance(decision, Hold)
    assert decision.code == "fresh"


def test_a_hold_stops_even_what_is_due() -> None:
    note = HoldNote(reason="audit", owner="ada", until=NOW + DAY)
    decision = decide(a_situation(facts(hold=note, labels=MANY)))
    assert isinstance(decision, Hold)
    assert (decision.code, decision.message) == ("held", "held by ada until 2013-06-02T12:00:00Z: audit")


def test_a_hold_that_has_ended_stops_nothing() -> None:
    note = HoldNote(reason="audit", owner="ada", until=NOW)
    assert isinstance(decide(a_situation(facts(hold=note, labels=MANY))), Retrain)


def test_a_hold_without_an_end_stays() -> None:
    assert decide(a_situation(facts(hold=HoldNote(reason="r", owner="o", until=None), labels=MANY))).code == "held"


def test_a_broken_ledger_stops_all_but_a_persons_own_stop_sign_and_writes_no_line() -> None:
    broken = History(broken="perennial/ledger flight-delay.jsonl:2: altered")
    seen = facts(history=broken, labels=MANY, candidate=CANDIDATE, changes=(an_open_change(),), declined={DIGEST: 3})
    decision = decide(a_situation(seen))
    assert isinstance(decision, Hold)
    assert (decision.code, decision.message) == ("ledgerBroken", "perennial/ledger flight-delay.jsonl:2: altered")
    assert record_steps(a_situation(seen)) == []
    assert decide(a_situation(replace(seen, hold=HoldNote(reason="r", owner="o", until=None)))).code == "held"


STAGED = {"staging": replace(a_release("candidate", as_of=NOW - DAY), environment="staging"), "production": a_release()}
DOUBT = {"staging": Proof(statement=None, links=(no("statement", "saysOtherwise", "it says 1.2.0"),)), "production": PROVEN}


def test_a_digest_that_runs_unproven_goes_no_further() -> None:
    assert isinstance(decide(a_situation(facts(releases=STAGED, candidate=CANDIDATE))), Promote)
    decision = decide(a_situation(facts(releases=STAGED, proofs=DOUBT, candidate=CANDIDATE)))
    assert isinstance(decision, Hold)
    assert (decision.code, decision.rung) == ("unproven", Rung.CANDIDATE_WAITS)
    assert decision.message == f"{short(DIGEST)} is not proposed: staging runs {short(DIGEST)} unproven: statement: it says 1.2.0"


def test_a_pull_request_for_a_digest_that_runs_unproven_waits() -> None:
    change = an_open_change(environment="production")
    decision = decide(a_situation(facts(releases=STAGED, proofs=DOUBT, candidate=CANDIDATE, changes=(change,))))
    assert isinstance(decision, Hold)
    assert decision.code == "unproven"
    assert decision.message.startswith("pull request #7 must not be merged now: staging runs ")


def test_when_nothing_is_due_what_is_withheld_is_told_and_a_trigger_still_fires() -> None:
    seen = facts(proofs={"production": DOUBT["staging"]})
    assert decide(a_situation(seen)).message.startswith(
        "what main wants in production is not published: statement: it says 1.2.0; no trigger fires"
    )
    assert isinstance(decide(a_situation(replace(seen, labels=MANY))), Retrain)


@pytest.mark.parametrize(
    ("guard", "word"),
    [({"type": "cooldown", "period": "20d"}, "cooldown"), ({"type": "minimumNewLabels", "rows": 30_000}, "minimumNewLabels")],
)
def test_a_guard_that_objects_holds_what_is_due(guard: dict[str, object], word: str) -> None:
    decision = decide(a_situation(facts(labels=MANY), guards=[guard]))
    assert isinstance(decision, Hold)
    assert decision.code == "guarded"
    assert decision.message.startswith("due (newLabels:")
    assert f"{word} says NO" in decision.message


def test_a_guard_in_doubt_holds_too() -> None:
    unseen = facts(labels=Missing(code="rowsUnreadable", why="no such file"), fingerprint=a_fingerprint(spec="other"))
    decision = decide(a_situation(unseen, guards=[{"type": "minimumNewLabels", "rows": 10}]))
    assert decision.code == "guarded"
    assert "minimumNewLabels says UNKNOWN" in decision.message


def test_the_reason_is_what_made_the_trigger_fire() -> None:
    """The spec changed too, but its list did not fire."""
    triggers = {"any": [{"all": [{"type": "specChanged"}, {"type": "manual"}]}, {"type": "newLabels", "rows": 20_000}]}
    decision = decide(a_situation(facts(labels=MANY, fingerprint=a_fingerprint(spec="other")), triggers=triggers))
    assert isinstance(decision, Retrain)
    assert decision.code == "newLabels"


def test_what_did_not_happen_may_be_the_reason() -> None:
    decision = decide(a_situation(facts(), triggers={"not": {"type": "manual"}}))
    assert isinstance(decision, Retrain)
    assert (decision.code, decision.message) == ("not", "manual says NO: 0 requests, last trained 2013-05-22T12:00:00Z")


def test_an_exempt_trigger_passes_its_guard_at_once() -> None:
    edited = facts(fingerprint=a_fingerprint(spec="other"))
    guard = {"type": "cooldown", "period": "20d", "exempt": ["specChanged"]}
    decision = decide(a_situation(edited, guards=[guard]))
    assert isinstance(decision, Retrain)
    assert next(said for said in decision.judgements if said.rule == "cooldown").code == "exempt"


def test_failures_are_backed_off_without_any_guard_in_the_policy() -> None:
    failing = History(failures=1, last_failed_at=NOW - timedelta(minutes=59), failed_from=a_fingerprint())
    decision = decide(a_situation(facts(labels=MANY, history=failing)))
    assert decision.code == "guarded"
    assert "backoff" in decision.message


def test_a_trigger_in_doubt_does_not_fire_but_is_told() -> None:
    decision = decide(a_situation(facts(labels=Missing(code="rowsUnreadable", why="no such file"))))
    assert decision.code == "fresh"
    assert "cannot tell: newLabels" in decision.message


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


@pytest.mark.parametrize(
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


class TestAnOpenChange:
    def test_is_kept_true_and_waited_for(self) -> None:
        decision = decide(a_situation(facts(candidate=CANDIDATE, changes=(an_open_change(),), labels=MANY)))
        assert isinstance(decision, Promote)
        assert (decision.code, decision.environment) == ("changeOpen", "staging")

    def test_that_people_pushed_to_is_theirs(self) -> None:
        decision = decide(a_situation(facts(candidate=CANDIDATE, changes=(an_open_change(edited=True),))))
        assert (type(decision), decision.code) == (Hold, "changeEdited")

    def test_is_closed_when_its_digest_is_quarantined(self) -> None:
        seen = facts(candidate=CANDIDATE, changes=(an_open_change(),), quarantine={DIGEST: "bad"})
        decision = decide(a_situation(seen))
        assert isinstance(decision, Withdraw)
        assert (decision.number, decision.code) == (7, "quarantined")

    def test_is_closed_when_it_is_not_the_candidates(self) -> None:
        decision = decide(a_situation(facts(candidate=a_candidate("newer"), changes=(an_open_change(),))))
        assert (type(decision), decision.code) == (Withdraw, "overtaken")

    def test_is_closed_when_its_evidence_fails_the_gates_of_today(self) -> None:
        stricter = [{"type": "floor", "metric": "rocAuc", "atLeast": 0.99}]
        decision = decide(a_situation(facts(candidate=CANDIDATE, changes=(an_open_change(),)), gates=stricter))
        assert (type(decision), decision.code) == (Withdraw, "gatesRefuse")

    def test_is_closed_when_an_earlier_environment_rolled_its_digest_back(self) -> None:
        history = History(released=frozenset({("staging", DIGEST)}))
        decision = decide(a_situation(facts(candidate=CANDIDATE, changes=(an_open_change(),), history=history)))
        assert (type(decision), decision.code) == (Withdraw, "rolledBack")

    def test_waits_when_an_earlier_environment_was_put_before_it(self) -> None:
        decision = decide(a_situation(facts(candidate=CANDIDATE, changes=(an_open_change(environment="production"),))))
        assert (type(decision), decision.code) == (Hold, "changeOutOfTurn")
        assert "staging comes before production" in decision.message

    def test_in_doubt_is_left_open_but_not_promoted(self) -> None:
        doubtful = a_candidate(evidence=evidence(metrics=Missing(code="noEvidence", why="no evaluation.json")))
        decision = decide(a_situation(facts(candidate=doubtful, changes=(an_open_change(),))))
        assert (type(decision), decision.code) == (Hold, "changeInDoubt")


@pytest.mark.parametrize(("tried", "measures"), [("", False), ("../serving/bin/python", True)])
def test_a_package_that_was_tried_elsewhere_than_the_spec_says_is_tried_again(tried, measures) -> None:
    seen = facts(candidate=replace(CANDIDATE, evidence=evidence(interpreter=tried, asked=("infra",))))
    decision = decide(a_situation(seen, gates=[{"type": "infra"}]))
    assert (decision.code == "moreIsAsked") == measures
    assert not measures or decision.message == ("the package was tried in ../serving/bin/python, spec.serve.python is not given")
