"""Laws of the rules: Kleene's logic, UNKNOWN never passes, and more drift never silences a trigger."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from reconciler.domain.evidence import NOT_MEASURED, Evidence, NoBaseline, Quality
from reconciler.domain.facts import History, LabelFacts, LiveFacts
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.known import Measured, Missing
from reconciler.domain.live import Separation
from reconciler.domain.needs import DomainNeed, Lookback
from reconciler.rules.base import Rule
from reconciler.rules.combine import all_of, any_of, conjunction, disjunction, judge_all
from reconciler.rules.gates import Gate
from reconciler.rules.guards import Guard
from reconciler.rules.triggers import Trigger
from reconciler.rules.triggers.data_drift import DataDrift
from tests.builders import DAY, NOW, a_build, a_candidate, a_comparison, a_gain, a_profile, evidence, facts
from tests.cases import each
from tests.property.streams import LIVE_TRIGGERS, streams

ANSWERS = st.sampled_from(Answer)
LISTS = st.lists(ANSWERS, min_size=1, max_size=6)
ORDER = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}
NOT = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}


class Says(Rule):
    """A rule that says what it is told to."""

    answer: Answer

    def judge(self, facts, now):
        return says(self.answer)


def says(answer: Answer) -> Judgement:
    return Judgement(rule="told", answer=answer, code=answer.lower(), message=answer)


@given(LISTS)
def test_and_is_the_least_and_or_the_greatest(answers):
    assert conjunction(answers) is min(answers, key=ORDER.__getitem__)
    assert disjunction(answers) is max(answers, key=ORDER.__getitem__)


@given(LISTS)
def test_de_morgan_holds(answers):
    assert NOT[conjunction(answers)] is disjunction([NOT[answer] for answer in answers])


@given(LISTS, st.data())
def test_learning_more_never_turns_yes_into_no(answers, data):
    """Replacing an UNKNOWN by an answer may only sharpen the whole: a YES or NO that was certain stays."""
    sharper = [data.draw(ANSWERS) if answer is Answer.UNKNOWN else answer for answer in answers]
    for combine in (conjunction, disjunction):
        if combine(answers) is not Answer.UNKNOWN:
            assert combine(sharper) is combine(answers)


@given(LISTS)
def test_combinations_keep_their_parts_and_say_why(answers):
    for combined in (any_of([says(answer) for answer in answers]), all_of([says(answer) for answer in answers])):
        assert [part.answer for part in combined.parts] == answers
        assert combined.message
        assert combined.code


@given(st.lists(ANSWERS, max_size=6))
def test_gates_pass_only_when_there_are_some_and_all_say_yes(answers):
    judgement = judge_all([Says(answer=answer) for answer in answers], facts(), NOW)
    assert (judgement.answer is Answer.YES) == (bool(answers) and set(answers) == {Answer.YES})


GONE = Missing(code="gone", why="it is gone")
ROWS = st.integers(0, 2000)
FLOATS = st.floats(allow_nan=True, allow_infinity=True)
PROFILES = st.just(GONE) | st.lists(ROWS, min_size=10, max_size=10).map(lambda counts: a_profile(*counts))
SCORES = st.just(GONE) | st.builds(Measured, value=FLOATS, low=FLOATS, high=FLOATS, rows=ROWS)
GAINS = st.builds(
    lambda gain, lower, rows: a_comparison(a_gain(gain=gain, quantiles={0.05: lower}, rows=rows)),
    gain=FLOATS,
    lower=FLOATS,
    rows=ROWS,
)
EVIDENCE = st.builds(
    evidence,
    quality=st.just(GONE) | st.builds(Quality, evaluated=ROWS, failures=st.sampled_from([(), ("bad",)])),
    metrics=st.just(GONE) | st.just({}) | SCORES.filter(lambda score: score is not GONE).map(lambda score: {"rocAuc": score}),
    comparison=st.just(GONE) | st.just(NoBaseline()) | GAINS,
)
FACTS = st.builds(
    facts,
    candidate=st.none() | st.just(GONE) | EVIDENCE.map(lambda found: a_candidate(evidence=found)),
    labels=st.just(GONE) | ROWS.map(lambda new: LabelFacts(delay=DAY, new=new, newest=None)),
    reference=PROFILES,
    profiles=PROFILES.map(lambda profile: {Lookback(length=7 * DAY): profile}),
    live=streams(),
    history=st.builds(History, last_trained_at=st.none() | st.just(NOW - DAY), failures=st.integers(0, 3)),
)
FREEZE = {"type": "freeze", "windows": [{"from": "2013-05-01", "until": "2013-07-01", "reason": "audit"}]}
GATES = [
    TypeAdapter(Gate).validate_python(written)
    for written in (
        {"type": "dataQuality"},
        {"type": "floor", "metric": "rocAuc", "atLeast": 0.7},
        {"type": "beatsLive", "metric": "rocAuc"},
        {"type": "reproducibility"},
        {"type": "schema", "allow": ["newFeature"]},
        {"type": "volume", "minimumRowsPerDay": 10},
        {"type": "leakage", "accept": ["distance"]},
        {"type": "labelAnomaly"},
        {"type": "validationGap"},
        {"type": "calibration", "errorAtMost": 0.05, "brierMargin": 0.01},
        {"type": "slices"},
        {"type": "fairness"},
        {"type": "modelSize"},
        {"type": "cost", "perTraining": 5},
        {"type": "infra"},
        {"type": "parity"},
        {"type": "latency"},
        {"type": "memory"},
        {"type": "custom", "name": "smoke", "command": ["sh", "smoke.sh"]},
        {"type": "robustness"},
        {"type": "explainability", "dominance": 0.8},
    )
]
NOTHING_MEASURED = Evidence(quality=NOT_MEASURED, metrics=NOT_MEASURED, comparison=NOT_MEASURED)
RULES = [
    TypeAdapter(Trigger).validate_python(
        {"any": [{"type": "schedule", "cron": "0 3 * * 1"}, {"type": "dataDrift"}, {"type": "maxAge", "age": "7d"}]}
    ),
    TypeAdapter(Trigger).validate_python({"type": "performance", "metric": "rocAuc", "below": 0.7, "window": "7d"}),
    TypeAdapter(Guard).validate_python({"type": "minimumNewLabels", "rows": 100}),
    TypeAdapter(Guard).validate_python({"type": "cooldown", "period": "2d"}),
    TypeAdapter(Guard).validate_python({"type": "backoff"}),
    TypeAdapter(Guard).validate_python({"type": "minimumNewRows", "rows": 100}),
    TypeAdapter(Guard).validate_python({"type": "labelLag", "p95": "2d"}),
    TypeAdapter(Guard).validate_python({"type": "labelMaturity"}),
    TypeAdapter(Guard).validate_python({"type": "dataQuality"}),
    TypeAdapter(Guard).validate_python({"type": "budget", "perMonth": 50, "fleet": True}),
    TypeAdapter(Guard).validate_python({"type": "rateLimit", "atMost": 3, "per": "7d"}),
    TypeAdapter(Guard).validate_python({"type": "concurrency", "atMost": 1}),
    TypeAdapter(Guard).validate_python(FREEZE),
    TypeAdapter(Guard).validate_python({"type": "trainingWindow", "from": "22:00", "until": "06:00"}),
    TypeAdapter(Guard).validate_python({"type": "returnOnInvestment", "metric": "rocAuc", "valuePerUnit": 100}),
    *LIVE_TRIGGERS,
    TypeAdapter(Trigger).validate_python(
        {"all": [{"not": {"type": "manual"}}, {"atLeast": 1, "of": [{"type": "conceptDrift"}]}]}
    ),
    *GATES,
]


@given(FACTS)
def test_every_rule_answers_whatever_the_facts_and_says_why(seen):
    for rule in RULES:
        judgement = rule.judge(seen, NOW)
        assert judgement.message
        assert judgement.code
        assert judgement == rule.judge(seen, NOW)


@given(FACTS)
def test_no_gate_passes_on_what_is_missing_or_not_a_number(seen):
    quality, floor, beats = (rule.judge(seen, NOW).answer for rule in GATES[:3])
    found = getattr(seen.candidate, "evidence", None)
    score = getattr(found, "metrics", GONE)
    if found is None:
        assert {quality, floor, beats} == {Answer.UNKNOWN}
    elif score is GONE or not score or not math.isfinite(score["rocAuc"].value) or score["rocAuc"].rows < 200:
        assert floor is Answer.UNKNOWN
    if found is not None and (found.comparison is GONE or isinstance(found.comparison, NoBaseline)):
        assert beats is Answer.UNKNOWN


def test_every_gate_is_here():
    assert {type(gate) for gate in GATES} == set(get_args(get_args(Gate)[0]))


@each("gate", GATES)
def test_what_was_never_measured_passes_no_gate(gate):
    build = a_build("candidate")
    empty = replace(build, artifact=replace(build.artifact, size=0))
    judgement = gate.judge(facts(candidate=a_candidate(evidence=NOTHING_MEASURED, build=empty)), NOW)
    assert judgement.answer is Answer.UNKNOWN
    assert judgement.remedy


@given(st.integers(0, 9), st.lists(st.integers(0, 20), min_size=2, max_size=2), st.floats(0.01, 0.5))
def test_more_drift_never_silences_the_trigger(target, levels, cut):
    """Rows move from all bins to one of them; whoever fires at the lesser move fires at the greater."""
    rule = DataDrift(type="dataDrift", above=cut, window=timedelta(days=7))
    answers = [rule.judge(_moved(target, level), NOW).answer for level in sorted(levels)]
    assert ORDER[answers[0]] <= ORDER[answers[1]]


SHARES = st.floats(0, 1)


@given(st.lists(SHARES, min_size=2, max_size=2), st.lists(SHARES, min_size=2, max_size=2), SHARES, ROWS)
def test_rows_told_apart_better_never_silence_the_trigger(aucs, p_values, cut, rows):
    """A higher AUC, and a smaller chance of it; whoever fires at the lesser fires at the greater."""
    rule, window = DataDrift(type="dataDrift", statistic="domainClassifier", above=cut), Lookback(length=7 * DAY)
    pairs = zip(sorted(aucs), sorted(p_values, reverse=True), strict=True)
    found = [Separation(auc=auc, p_value=p_value, reference_rows=rows, rows=rows) for auc, p_value in pairs]
    lesser, greater = (rule.judge(facts(live=LiveFacts(domain={DomainNeed(window=window): one})), NOW).answer for one in found)
    assert ORDER[lesser] <= ORDER[greater]
    assert (Answer.UNKNOWN in (lesser, greater)) == (rows < rule.minimum_rows)


def _moved(target: int, level: int):
    counts = [1000 - 50 * level] * 10
    counts[target] += 10 * 50 * level
    return facts(reference=a_profile(*[1000] * 10), profiles={Lookback(length=7 * DAY): a_profile(*counts)})


@given(st.integers(-2000, 5000))
def test_a_cooldown_that_is_over_stays_over(minutes):
    rule = RULES[3]
    seen = facts(history=History(last_trained_at=NOW))
    later = NOW + timedelta(minutes=minutes)
    if rule.judge(seen, later).answer is Answer.YES:
        assert rule.judge(seen, later + DAY).answer is Answer.YES
