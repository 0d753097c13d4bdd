"""Gate `beatsLive`: four verdicts, and only a bound beyond chance on enough rows against today's champion passes."""

import math
from dataclasses import replace

import pytest
from pydantic import ValidationError

from reconciler.domain.evidence import NoBaseline
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.rules.gates.beats_live import BeatsLive
from tests.builders import NOW, a_candidate, a_comparison, a_gain, a_release, evidence, facts
from tests.cases import each


def rule(**changes) -> BeatsLive:
    return BeatsLive(**{"type": "beatsLive", "metric": "rocAuc"} | changes)


def judge(gate: BeatsLive, comparison, **changes):
    return gate.judge(facts(candidate=a_candidate(evidence=evidence(comparison=comparison)), **changes), NOW)


def gained(gain: float, **changes):
    return a_comparison(a_gain(gain=gain, **changes))


@each(
    ("changes", "comparison", "answer", "code"),
    [
        # The bound of the usual gain lies 1.645 * 0.005 = 0.0082 below it.
        ({}, gained(0.0083), Answer.YES, "blessed"),
        ({}, gained(0.0082), Answer.NO, "rejected"),
        ({}, gained(-0.02), Answer.NO, "rejected"),
        ({"confidence": 0.995}, gained(0.0083), Answer.NO, "rejected"),
        ({"confidence": 0.995}, gained(0.0130), Answer.YES, "blessed"),
        ({"min_gain": 0.01}, gained(0.0180), Answer.NO, "rejected"),
        ({"min_gain": 0.01}, gained(0.0190), Answer.YES, "blessed"),
        ({"mode": "nonInferiority", "margin": 0.01}, gained(-0.0017), Answer.YES, "blessed"),
        ({"mode": "nonInferiority", "margin": 0.01}, gained(-0.0019), Answer.NO, "rejected"),
        ({"mode": "nonInferiority"}, gained(0.0), Answer.NO, "rejected"),
        ({}, gained(0.5, rows=499), Answer.UNKNOWN, "inconclusive"),
        ({"minimum_rows": 499}, gained(0.5, rows=499), Answer.YES, "blessed"),
        ({}, gained(0.5, quantiles={0.05: math.nan}), Answer.UNKNOWN, "inconclusive"),
        ({}, gained(0.5, quantiles={}), Answer.UNKNOWN, "inconclusive"),
        ({}, gained(0.5, champion=math.nan), Answer.UNKNOWN, "inconclusive"),
        ({}, gained(0.5, challenger=math.inf), Answer.UNKNOWN, "inconclusive"),
        ({"metric": "brier"}, gained(0.5), Answer.UNKNOWN, "inconclusive"),
        ({}, Missing(code="unread", why="evaluation.json is not there"), Answer.UNKNOWN, "inconclusive"),
    ],
)
def test_the_bound_decides(changes, comparison, answer, code):
    judgement = judge(rule(**changes), comparison)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_a_gain_that_is_exactly_the_bound_is_not_beyond_it():
    exactly = a_comparison(replace(a_gain(), quantiles={0.05: 0.0}))
    assert judge(rule(), exactly).code == "rejected"


@each(
    ("comparison", "releases", "answer", "code"),
    [
        (NoBaseline(), {}, Answer.YES, "noBaseline"),
        (NoBaseline(), {"staging": a_release(environment="staging")}, Answer.YES, "noBaseline"),
        (NoBaseline(), {"production": a_release()}, Answer.UNKNOWN, "staleBaseline"),
        (gained(0.5), {"production": a_release("another")}, Answer.UNKNOWN, "staleBaseline"),
        (gained(0.5), {}, Answer.UNKNOWN, "staleBaseline"),
    ],
)
def test_only_a_comparison_with_what_is_live_counts(comparison, releases, answer, code):
    judgement = judge(rule(), comparison, releases=releases)
    assert (judgement.answer, judgement.code) == (answer, code)


@pytest.mark.parametrize("candidate", [None, Missing(code="candidateUnreadable", why="broken")])
def test_without_a_candidate_there_is_no_answer(candidate):
    judgement = rule().judge(facts(candidate=candidate), NOW)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "inconclusive")


def test_the_message_has_all_the_numbers():
    message = judge(rule(min_gain=0.01), gained(0.02)).message
    assert message == (
        "rocAuc 0.7 live, 0.72 candidate on 10000 rows; gain +0.02, lower bound +0.01178 at confidence 0.95, above +0.01 wanted"
    )


GUARDED = [{"metric": "brier", "margin": 0.002}, {"metric": "logLoss"}]


@each(
    ("gains", "answer", "code"),
    [
        # The lower bounds lie 0.0082 below the gains; wanted are more than 0 of rocAuc, -0.002 of brier, 0 of logLoss.
        ({"rocAuc": 0.009, "brier": 0.007, "logLoss": 0.009}, Answer.YES, "blessed"),
        ({"rocAuc": 0.007, "brier": 0.007, "logLoss": 0.009}, Answer.NO, "rejected"),
        ({"rocAuc": 0.009, "brier": 0.006, "logLoss": 0.009}, Answer.NO, "rejected"),
        ({"rocAuc": 0.009, "brier": 0.007, "logLoss": 0.007}, Answer.NO, "rejected"),
        ({"rocAuc": 0.009, "brier": 0.007}, Answer.UNKNOWN, "inconclusive"),
        ({"rocAuc": 0.009, "brier": math.nan, "logLoss": 0.009}, Answer.UNKNOWN, "inconclusive"),
        ({"brier": 0.007, "logLoss": 0.007}, Answer.NO, "rejected"),
    ],
)
def test_guardrails_must_not_get_worse(gains, answer, code):
    gate = BeatsLive.model_validate({"type": "beatsLive", "metric": "rocAuc", "guardrails": GUARDED})
    judgement = judge(gate, a_comparison(*(a_gain(metric, gain=gain) for metric, gain in gains.items())))
    assert (judgement.answer, judgement.code) == (answer, code)
    assert [metric in judgement.message for metric in ("rocAuc", "brier", "logLoss")] == [True] * 3


def test_a_superior_primary_metric_may_have_non_inferior_guardrails():
    gate = BeatsLive.model_validate({"type": "beatsLive", "metric": "rocAuc", "minGain": 0.01, "guardrails": GUARDED[:1]})
    assert judge(gate, a_comparison(a_gain(gain=0.02), a_gain("brier", gain=0.01))).message == (
        "rocAuc 0.7 live, 0.72 candidate on 10000 rows; gain +0.02, lower bound +0.01178 at confidence 0.95, above +0.01 wanted; "
        "brier 0.7 live, 0.71 candidate on 10000 rows; gain +0.01, lower bound +0.001775 at confidence 0.95, above -0.002 wanted"
    )


@each(
    ("changes", "said"),
    [
        ({"margin": 0.1}, "margin means nothing with mode superiority"),
        ({"mode": "nonInferiority", "min_gain": 0.1}, "minGain means nothing with mode nonInferiority"),
        ({"confidence": 0.8}, "expected one of 0.9, 0.95"),
        ({"metric": "magic"}, "expected one of rocAuc"),
        ({"min_gain": -0.1}, "greater than or equal to 0"),
        ({"mode": "hope"}, "superiority"),
        ({"guardrails": ["brier"]}, "valid dictionary"),
    ],
)
def test_nonsense_is_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        rule(**changes)
