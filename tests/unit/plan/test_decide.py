"""The ladder, rung by rung: facts in, one decision with its code out."""

from dataclasses import replace

from reconciler.domain.decisions import Hold, Promote, Retrain, Rung
from reconciler.domain.facts import History, LabelFacts
from reconciler.domain.judgements import no
from reconciler.domain.names import short
from reconciler.domain.proofs import Proof
from reconciler.domain.releases import HoldNote
from reconciler.plan.decide import decide
from reconciler.plan.record import record_steps
from tests.builders import DAY, NOW, PROVEN, a_candidate, a_release, an_open_change, evidence, facts, first_evidence
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
