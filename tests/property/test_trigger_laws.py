"""Laws of the triggers: counting and negation are Kleene's, the unseen never fires, and more drift never silences anything."""

import math
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.known import Measured, Missing
from reconciler.domain.live import Point
from reconciler.domain.needs import BusinessNeed, Lookback, PromqlNeed, ScoreNeed
from reconciler.rules.combine import all_of, any_of, at_least, negation
from reconciler.rules.triggers import Trigger
from tests.builders import DAY, NOW, facts
from tests.cases import each
from tests.property.streams import LIVE_TRIGGERS, a_moving_world, silenced, streams

ANSWERS = st.sampled_from(Answer)
LISTS = st.lists(ANSWERS, min_size=1, max_size=6)
ORDER = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}
WEEK = Lookback(length=7 * DAY)
TRIGGER = TypeAdapter(Trigger)


def said(answers: list[Answer]) -> list[Judgement]:
    return [Judgement(rule="told", answer=answer, code=answer.lower(), message=answer) for answer in answers]


@given(LISTS)
def test_one_of_all_is_any_and_all_of_them_is_all(answers):
    parts = said(answers)
    assert at_least(1, parts).answer is any_of(parts).answer
    assert at_least(len(parts), parts).answer is all_of(parts).answer


@given(LISTS, st.integers(1, 6))
def test_asking_for_more_is_never_easier(answers, count):
    parts = said(answers)
    assert ORDER[at_least(count, parts).answer] >= ORDER[at_least(count + 1, parts).answer]


@given(LISTS, st.data())
def test_at_least_is_the_answer_of_every_world_that_may_be(answers, data):
    """It is certain exactly where all ways to settle the UNKNOWNs agree at the two ends."""
    count = data.draw(st.integers(1, len(answers)))
    ends = [
        at_least(count, said([end if answer is Answer.UNKNOWN else answer for answer in answers])).answer
        for end in (Answer.YES, Answer.NO)
    ]
    assert at_least(count, said(answers)).answer is (ends[0] if ends[0] is ends[1] else Answer.UNKNOWN)


@given(LISTS, st.data())
def test_not_k_of_n_is_more_than_n_less_k_of_the_nots(answers, data):
    count, parts = data.draw(st.integers(1, len(answers))), said(answers)
    assert negation(at_least(count, parts)).answer is at_least(len(parts) - count + 1, [negation(part) for part in parts]).answer


@given(LISTS)
def test_not_not_says_the_same_and_has_no_parts(answers):
    whole = any_of(said(answers))
    assert negation(negation(whole)).answer is whole.answer
    assert list(negation(whole).leaves()) == [negation(whole)]
    assert negation(whole).message


@given(LISTS, st.data())
def test_every_answer_has_a_reason_that_says_the_same(answers, data):
    parts = said(answers)
    for whole in (any_of(parts), all_of(parts), at_least(data.draw(st.integers(1, len(parts))), parts)):
        reasons = list(whole.reasons())
        assert reasons
        assert {reason.answer for reason in reasons} == {whole.answer}


@given(streams())
def test_every_trigger_answers_whatever_the_stream_and_says_why(live):
    for rule in LIVE_TRIGGERS:
        judgement = rule.judge(facts(live=live), NOW)
        assert judgement.message
        assert judgement.code
        assert bool(judgement.remedy) is (judgement.answer is not Answer.YES)
        assert judgement == rule.judge(facts(live=live), NOW)


@given(streams())
def test_what_cannot_be_seen_is_unknown_and_so_is_its_negation(live):
    for rule in LIVE_TRIGGERS:
        for blind in (silenced(live), LiveFacts()):
            judgement = rule.judge(facts(live=blind), NOW)
            assert judgement.answer is Answer.UNKNOWN, rule
            assert negation(judgement).answer is Answer.UNKNOWN


@given(st.sampled_from([math.nan, math.inf, -math.inf]), st.integers(0, 3))
def test_what_is_not_a_number_never_fires(value, place):
    points = tuple(Point(at=NOW, value=value if n == place else 5.0) for n in range(4))
    burning = {PromqlNeed(query=f"bad[{text}]"): (Point(at=NOW, value=value),) for text in ("1h", "5m", "6h", "30m")}
    week = {BusinessNeed(metric="revenue", window=Lookback(length=7 * DAY, index=n)): value for n in range(2)}
    for rule in LIVE_TRIGGERS:
        series = {need: points for need in rule.needs() if isinstance(need, PromqlNeed) and need.over} | burning
        live = LiveFacts(series=series | {PromqlNeed(query="up"): (Point(at=NOW, value=value),)}, business=week)
        assert rule.judge(facts(live=live), NOW).answer is Answer.UNKNOWN


KINDS = (
    {"type": "dataDrift"},
    {"type": "dataDrift", "weightedByImportance": True, "shareOfFeatures": 0.6},
    {"type": "dataDrift", "features": ["hour"], "consecutive": 2},
    {"type": "predictionDrift"},
    {"type": "labelDrift", "consecutive": 2},
    {"any": [{"type": "predictionDrift"}, {"all": [{"type": "dataDrift"}, {"type": "labelDrift"}]}]},
    {"atLeast": 2, "of": [{"type": "dataDrift"}, {"type": "predictionDrift"}, {"type": "labelDrift"}]},
)


@given(st.integers(0, 9), st.lists(st.integers(0, 20), min_size=3, max_size=3), st.sampled_from(KINDS))
def test_more_drift_never_silences_a_trigger_without_not(target, levels, written):
    """Psi grows with the move, so whoever fires at the lesser move fires at the greater."""
    rule = TRIGGER.validate_python(written)
    answers = [rule.judge(a_moving_world(target, level), NOW).answer for level in sorted(levels)]
    assert all(ORDER[less] <= ORDER[more] for less, more in pairwise(answers))


@each("written", KINDS)
def test_the_law_is_not_empty(written):
    rule = TRIGGER.validate_python(written)
    assert rule.judge(a_moving_world(0, 0), NOW).answer is Answer.NO
    assert rule.judge(a_moving_world(0, 20), NOW).answer is Answer.YES


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_a_worse_score_never_silences_a_drop(one, other, drop):
    """Of a metric of which more is better, and of a loss."""
    for metric, worse in (("rocAuc", min), ("brier", max)):
        rule = TRIGGER.validate_python({"type": "performance", "metric": metric, "drop": drop, "window": "7d"})
        known = facts(live=LiveFacts(baseline={metric: a_score(0.7)}))
        answers = [
            rule.judge(replace(known, scores={ScoreNeed(metric=metric, window=WEEK): a_score(value)}), NOW).answer
            for value in (one, worse(one, other))
        ]
        assert ORDER[answers[0]] <= ORDER[answers[1]]


def a_score(value: float):
    return Measured(value=value, low=value, high=value, rows=1000)


@given(streams(), st.data())
def test_learning_more_never_turns_a_combination_from_yes_to_no(live, data):
    """Of the rules that fire, forgetting any facts leaves UNKNOWN at worst."""
    rule = TRIGGER.validate_python({"atLeast": 2, "of": list(LIVE_TRIGGERS[:12])})
    seen = facts(live=live, scores={ScoreNeed(metric="rocAuc", window=WEEK): a_score(0.5)})
    forgot = data.draw(st.sampled_from(["rows", "baseline", "outcomes"]))
    gone = Missing(code="gone", why="it is gone")
    less = rule.judge(replace(seen, live=replace(live, **{forgot: gone})), NOW).answer
    if rule.judge(seen, NOW).answer is Answer.YES:
        assert less is not Answer.NO
