"""Gate explainability."""

import math

import pytest

from reconciler.domain.evidence import NoBaseline
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.measured.importance import Beside, Importance, Leaning, Ranged
from reconciler.rules.gates.explainability import Explainability
from tests.builders import NOW, a_candidate, a_release, evidence, facts
from tests.cases import each

GONE = Missing(code="championNotComparable", why="champion b1ae cannot be rescored")


def about(value, spread=0.02):
    return Ranged(value=value, low=value - spread, high=value + spread)


def a_leaning(live, candidate, spread=0.02):
    return Leaning(live=about(live, spread), candidate=about(candidate, spread), shift=about(candidate - live, spread))


def an_importance(*, rows=10_000, champion=None, shares=None, spread=0.02, **features):
    """Of features by name: what the live model and the candidate give them."""
    leanings = {name: a_leaning(*pair, spread) for name, pair in features.items()}
    beside = Beside(champion=(champion or a_release()).digest, features=leanings)
    own = {name: one.candidate for name, one in leanings.items()} if shares is None else shares
    return Importance(rows=rows, shares=own, beside=beside)


def judged(importance, releases=None, **fields):
    seen = {"candidate": a_candidate(evidence=evidence(importance=importance))}
    if releases is not None:
        seen["releases"] = releases
    return Explainability(type="explainability", **fields).judge(facts(**seen), NOW)


ALIKE = {"a": (0.5, 0.45), "b": (0.3, 0.3), "c": (0.2, 0.25)}


@each(
    ("importance", "fields", "answer", "code"),
    [
        (an_importance(**ALIKE), {}, Answer.YES, "familiar"),
        (an_importance(**ALIKE, rows=499), {}, Answer.UNKNOWN, "insufficientData"),
        (an_importance(**ALIKE, champion=a_release("older")), {}, Answer.UNKNOWN, "staleBaseline"),
        (an_importance(**ALIKE, spread=0.31), {}, Answer.UNKNOWN, "inconclusive"),
        (an_importance(**ALIKE, spread=math.nan), {}, Answer.UNKNOWN, "inconclusive"),
        (an_importance(a=(0.0, 0.0), spread=0.0), {}, Answer.UNKNOWN, "noImportance"),
        (an_importance(a=(math.nan, math.nan)), {}, Answer.UNKNOWN, "noImportance"),
        (an_importance(a=(0.01, 0.9)), {}, Answer.UNKNOWN, "inconclusive"),  # the live model leans on nothing for sure
        (Missing(code="cannotBeMeasured", why="it raised"), {}, Answer.UNKNOWN, "cannotBeMeasured"),
        # one feature's share moves
        (an_importance(a=(0.8, 0.45), b=(0.2, 0.55)), {}, Answer.NO, "shifted"),
        (an_importance(a=(0.2, 0.55), b=(0.8, 0.45)), {}, Answer.NO, "shifted"),
        (an_importance(a=(0.8, 0.49), b=(0.2, 0.51)), {}, Answer.UNKNOWN, "inconclusive"),
        (an_importance(a=(0.8, 0.45), b=(0.2, 0.55)), {"at_most_shift": 0.4}, Answer.YES, "familiar"),
        # other features at the top
        (an_importance(a=(0.4, 0.1), b=(0.3, 0.3), c=(0.2, 0.2), d=(0.1, 0.4)), {"top": 2}, Answer.NO, "otherFeatures"),
        (an_importance(a=(0.4, 0.22), b=(0.3, 0.3), c=(0.2, 0.24), d=(0.1, 0.24)), {"top": 2}, Answer.YES, "familiar"),
        (an_importance(a=(0.5, 0.5), b=(0.5, 0.5), c=(0.01, 0.0), d=(0.0, 0.1)), {"top": 3}, Answer.YES, "familiar"),
        # one feature alone
        (an_importance(a=(0.9, 0.9), b=(0.1, 0.1)), {"dominance": 0.8}, Answer.NO, "dominated"),
        (an_importance(a=(0.8, 0.81), b=(0.2, 0.19)), {"dominance": 0.8}, Answer.UNKNOWN, "inconclusive"),
        (an_importance(a=(0.8, 0.79), b=(0.2, 0.21)), {"dominance": 0.8}, Answer.YES, "familiar"),
    ],
)
def test_the_candidate_leans_on_what_the_live_model_leans_on(importance, fields, answer, code):
    judgement = judged(importance, **fields)
    assert (judgement.answer, judgement.code) == (answer, code)
    assert judgement.message
    assert bool(judgement.remedy) == (answer is not Answer.YES)


def test_both_numbers_are_told():
    said = judged(an_importance(a=(0.8, 0.45), b=(0.2, 0.55)), dominance=0.9)
    assert said.message == "the share of a moved most, from 80% to 45% (-0.37 to -0.33), by 0.30 at most wanted"
    passed = judged(an_importance(**ALIKE), dominance=0.6).message
    assert passed.startswith("a has 45% (43% to 47%) of the importance, 60% at most wanted; 3 of the live model's 3 top features")


@pytest.mark.parametrize(
    ("beside", "live", "answer", "code"),
    [
        (NoBaseline(), False, Answer.YES, "noBaseline"),
        (NoBaseline(), True, Answer.UNKNOWN, "staleBaseline"),
        (GONE, True, Answer.UNKNOWN, "inconclusive"),
    ],
)
def test_without_a_live_model_only_its_own_shares_count(beside, live, answer, code):
    importance = Importance(rows=10_000, shares={"a": about(0.9), "b": about(0.1)}, beside=beside)
    releases = {"production": a_release()} if live else {}
    assert (judged(importance, releases).answer, judged(importance, releases).code) == (answer, code)
    assert judged(importance, releases, dominance=0.8).code == "dominated"
