"""An open pull request is kept true and waited for, or closed when what it says no longer holds."""

from reconciler.domain.decisions import Hold, Promote, Withdraw
from reconciler.domain.facts import History, LabelFacts
from reconciler.domain.known import Missing
from reconciler.plan.decide import decide
from tests.builders import DAY, NOW, a_candidate, an_open_change, evidence, facts
from tests.unit.plan.situations import a_situation

MANY = LabelFacts(delay=DAY, new=25_000, newest=NOW - DAY)
CANDIDATE = a_candidate()
DIGEST = CANDIDATE.build.digest


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
