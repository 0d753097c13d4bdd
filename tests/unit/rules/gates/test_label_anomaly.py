"""Gate labelAnomaly: by much, beyond chance and far from its siblings, all three; and whose opinion counts."""

from reconciler.domain.evidence import NOT_MEASURED, NoBaseline
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.measured.data import LabelCheck, LabelTest, NewerRows, Suspect
from reconciler.rules.gates.label_anomaly import LabelAnomaly
from tests.builders import NOW, a_candidate, a_release, evidence, facts
from tests.cases import each

LIVE = NewerRows(champion=a_release().digest, rows=4_000)
OLD = NewerRows(champion=a_release("old").digest, rows=4_000)


def odd(test="contradicted", **changes):
    values = {"by": "crossFit", "segment": "day 2013-03-08", "rows": 800, "observed": 0.2, "expected": 0.02, "excess": 0.18}
    return Suspect(**{"test": LabelTest(test)} | values | {"p_value": 1e-9, "distance": 20.0} | changes)


def judged(*suspects, rows=10_000, segments=90, live=LIVE, releases=None, quantity=False, **gate):
    found = LabelCheck(rows=rows, quantity=quantity, segments=segments, live=live, suspects=suspects)
    seen = facts(candidate=a_candidate(evidence=evidence(labels=found)), **({} if releases is None else {"releases": releases}))
    return LabelAnomaly.model_validate({"type": "labelAnomaly"} | gate).judge(seen, NOW)


NO, YES, UNKNOWN = Answer.NO, Answer.YES, Answer.UNKNOWN


@each(
    ("suspect", "gate", "answer", "code"),
    [
        (odd(), {}, NO, "labelsContradicted"),
        (odd(excess=0.019), {}, YES, "labelsSound"),
        (odd(excess=0.019), {"contradictions": 0.01}, YES, "labelsSound"),
        (odd(excess=0.019, expected=0.01), {"contradictions": 0.01}, NO, "labelsContradicted"),
        (odd(excess=0.1, expected=0.11), {}, YES, "labelsSound"),
        (odd(p_value=0.01), {}, YES, "labelsSound"),
        (odd(distance=5.9), {}, YES, "labelsSound"),
        (odd(distance=5.9), {"distance": 5}, NO, "labelsContradicted"),
        (odd(distance=0.0, observed=0.5, excess=0.48), {}, NO, "labelsContradicted"),
        (odd(distance=0.0, observed=0.49, excess=0.47), {}, YES, "labelsSound"),
        (odd(), {"accept": ["day 2013-03-08"]}, YES, "labelsSound"),
        (odd(), {"accept": ["day 2013-03-09"]}, NO, "labelsContradicted"),
        (odd("rate", excess=0.25), {}, NO, "labelRateChanged"),
        (odd("rate", excess=0.24), {}, YES, "labelsSound"),
        (odd("rate", excess=0.9, distance=14.9), {}, YES, "labelsSound"),
        (odd("rate", excess=0.25), {"rate": 0.3}, YES, "labelsSound"),
        (odd("constant", excess=0.25, distance=0.0), {}, NO, "labelsConstant"),
        (odd("constant", excess=0.24), {}, YES, "labelsSound"),
        (odd("inverted", excess=0.1), {}, NO, "labelsInverted"),
        (odd("inverted", excess=0.09), {}, YES, "labelsSound"),
        (odd("burst", excess=0.05), {}, NO, "rowsRepeated"),
        (odd("burst", excess=0.05), {"burst": 0.06}, YES, "labelsSound"),
    ],
)
def test_a_segment_is_odd_by_much_beyond_chance_and_far_away(suspect, gate, answer, code):
    judgement = judged(suspect, **gate)
    assert (judgement.answer, judgement.code) == (answer, code)
    assert judgement.remedy or answer is YES


def test_of_a_quantity_bounds_are_wider():
    assert judged(odd(distance=11.9), quantity=True).answer is YES
    assert judged(odd(distance=12.0), quantity=True).answer is NO
    assert judged(odd("rate", excess=0.99), quantity=True).answer is YES
    assert judged(odd("rate", excess=1.0), quantity=True).answer is NO


@each(
    ("told", "answer", "code"),
    [
        ({}, YES, "labelsSound"),
        ({"rows": 499}, UNKNOWN, "insufficientData"),
        ({"rows": 499, "minimumRows": 400}, YES, "labelsSound"),
        ({"segments": 0}, UNKNOWN, "insufficientData"),
        ({"live": NoBaseline(), "releases": {}}, YES, "labelsSound"),
        ({"live": NoBaseline()}, UNKNOWN, "staleBaseline"),
        ({"live": OLD}, UNKNOWN, "staleBaseline"),
        ({"live": Missing(code="championNotComparable", why="gone")}, UNKNOWN, "championNotComparable"),
    ],
)
def test_without_rows_or_todays_champion_there_is_no_yes(told, answer, code):
    judgement = judged(**told)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_rows_speak_for_themselves_whoever_is_live_but_an_old_champion_is_not_heard():
    assert judged(odd(), live=OLD).code == "labelsContradicted"
    assert judged(odd(), rows=100).code == "labelsContradicted"
    assert judged(odd(by="champion")).code == "labelsContradicted"
    assert judged(odd(by="champion"), live=OLD).code == "staleBaseline"


def test_the_message_names_the_least_likely_and_both_numbers():
    others = [odd("rate", segment=f"carrier={name}", excess=0.5, p_value=1e-4) for name in ("AA", "B6", "UA")]
    judgement = judged(*others, odd())
    assert judgement.code == "labelsContradicted"
    assert judgement.message.startswith(
        "4 of 90 segments have odd labels, 0 wanted: day 2013-03-08: labels of 800 rows contradict 0.2 of the sure answers, "
        "0.02 expected (crossFit, 20.0 spreads from its siblings); carrier=AA"
    )
    assert judgement.message.endswith("; and 1 more")
    assert 'accept: ["day 2013-03-08"]' in judgement.remedy


def test_what_was_not_measured_is_no_answer_and_is_asked_for():
    seen = facts(candidate=a_candidate(evidence=evidence(labels=NOT_MEASURED)))
    assert LabelAnomaly(type="labelAnomaly").judge(seen, NOW).code == "notMeasured"
    assert LabelAnomaly(type="labelAnomaly").asks() == {"labels"}
