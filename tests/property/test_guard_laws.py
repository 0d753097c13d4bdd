"""Laws of the guards: whatever is seen, only YES of every one of them lets a retrain through."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.decisions import Decision, Retrain
from reconciler.domain.facts import LiveFacts, ModelFacts
from reconciler.domain.judgements import Answer, Judgement, yes
from reconciler.plan.decide import decide
from reconciler.plan.situation import judge_guards
from reconciler.rules.base import Exemptible
from tests.builders import DAY, NOW, a_release
from tests.examples import examples
from tests.property.guarded import GONE, MATURITY, ON_STREAM, QUALITY, RULES, WRITTEN, calm, guarded_facts
from tests.unit.plan.situations import a_situation

QUICK = examples(1)
MANUAL = {"type": "manual"}
FIRED = yes("manual", "requested", "ann asked")


def decided(seen: ModelFacts, *guards: dict[str, Any]) -> Decision:
    return decide(a_situation(seen, triggers=MANUAL, guards=guards))


def judged(seen: ModelFacts, *guards: dict[str, Any]) -> tuple[Judgement, ...]:
    return judge_guards(a_situation(seen, triggers=MANUAL, guards=guards), FIRED)


COSTLY = {"backoff", "budget", "concurrency", "dataQuality", "freeze", "hold"}
"""Guards that no trigger is exempt from, and that stop a second measurement too."""


@QUICK
@given(guarded_facts())
def test_no_guard_that_is_unknown_or_no_lets_a_retrain_through(seen: ModelFacts) -> None:
    """Only to measure a candidate again need guards against noise not agree; but not even then may one be in doubt."""
    for guards in ([written] for written in WRITTEN):
        decision = decided(seen, *guards)
        if isinstance(decision, Retrain):
            answers = {said.rule: said.answer for said in judged(seen, *guards)}
            assert Answer.UNKNOWN not in answers.values()
            if decision.code == "baselineMoved":
                answers = {rule: answer for rule, answer in answers.items() if rule in COSTLY}
            assert set(answers.values()) <= {Answer.YES}


@QUICK
@given(guarded_facts())
def test_where_nothing_else_stands_in_the_way_a_guard_alone_decides(seen: ModelFacts) -> None:
    free = replace(seen, hold=None, deployed={}, changes=(), candidate=None)
    for written in WRITTEN:
        answers = {said.answer for said in judged(free, written)}
        assert isinstance(decided(free, written), Retrain) is (answers == {Answer.YES}), written


@QUICK
@given(guarded_facts())
def test_all_guards_together_let_through_only_what_each_would(seen: ModelFacts) -> None:
    free = replace(seen, hold=None, deployed={}, changes=(), candidate=None)
    together = isinstance(decided(free, *WRITTEN), Retrain)
    assert together is all(isinstance(decided(free, written), Retrain) for written in WRITTEN)


def test_with_nothing_against_it_all_guards_let_a_retrain_through() -> None:
    """So that the laws above speak of something."""
    assert [said for said in judged(calm(), *WRITTEN) if said.answer is not Answer.YES] == []
    assert isinstance(decided(calm(), *WRITTEN), Retrain)


BLIND = LiveFacts(rows=GONE, lag=GONE, quality={QUALITY: GONE}, maturity={MATURITY: GONE})


@pytest.mark.parametrize("live", [LiveFacts(), BLIND], ids=["nobody asked", "nothing can be seen"])
@pytest.mark.parametrize("written", ON_STREAM, ids=[written["type"] for written in ON_STREAM])
def test_an_unseen_stream_is_unknown_and_holds(written: dict[str, Any], live: LiveFacts) -> None:
    unseen = calm(live=live, labels=GONE)
    assert judged(unseen, written)[0].answer is Answer.UNKNOWN
    assert not isinstance(decided(unseen, written), Retrain)


@QUICK
@given(guarded_facts())
def test_every_guard_says_why_and_what_would_help(seen: ModelFacts) -> None:
    for rule in RULES.values():
        said = rule.judge(seen, NOW)
        assert said.message
        assert said.code
        assert bool(said.remedy) is (said.answer is not Answer.YES), said


@QUICK
@given(guarded_facts(), st.sampled_from([written for written in WRITTEN if written["type"] not in {"backoff", "hold"}]))
def test_an_exemption_reaches_only_guards_that_can_be_exempted(seen: ModelFacts, written: dict[str, Any]) -> None:
    free = replace(seen, hold=None, deployed={}, changes=(), candidate=None, releases={"production": a_release()})
    rule = RULES[repr(written)]
    if isinstance(rule, Exemptible):
        said = judged(free, written | {"exempt": ["manual"]})
        assert said[0].code == "exempt"
        assert isinstance(decided(free, written | {"exempt": ["manual"]}), Retrain) is (said[1].answer is Answer.YES)
    else:
        assert "exempt" not in type(rule).model_fields


@QUICK
@given(guarded_facts(), st.timedeltas(timedelta(0), 40 * DAY))
def test_what_waits_for_time_alone_comes_to_an_end(seen: ModelFacts, later: timedelta) -> None:
    """Guards that count from the past say YES for good once they do, while nothing new happens."""
    for written in WRITTEN:
        if written["type"] in {"cooldown", "backoff", "rateLimit"}:
            rule = RULES[repr(written)]
            if rule.judge(seen, NOW).answer is Answer.YES:
                assert rule.judge(seen, NOW + later).answer is Answer.YES
            assert rule.judge(seen, NOW + 90 * DAY).answer is not Answer.NO
