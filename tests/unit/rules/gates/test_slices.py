"""Gate `slices`: one bad slice refuses, chance in many does not; small ones are not judged, listed ones strictly."""

import math

import pytest
from pydantic import ValidationError

from reconciler.domain.evidence import NoBaseline
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.measured.slices import Sliced, SliceGain, SliceGains, SliceValue
from reconciler.rules.gates.slices import Slices
from tests.builders import NOW, a_candidate, a_release, evidence, facts
from tests.cases import each

GONE = Missing(code="gone", why="it is gone")
ONE_CLASS = Missing(code="oneClass", why="all 300 rows are of one class, 2 needed")


def rule(**written) -> Slices:
    return Slices.model_validate({"type": "slices"} | written)


def number(value: float, rows: int = 1000, width: float = 0.0196) -> SliceValue:
    """A metric whose standard error is 0.01."""
    return SliceValue(value=value, low=value - width, high=value + width, rows=rows, rarest=rows // 2)


def gain(value: float, rows: int = 1000, error: float = 0.01, rarest: int = 500) -> SliceGain:
    lower = value - 1.645 * error
    return SliceGain(
        champion=0.7, challenger=0.7 + value, gain=value, lower=lower, error=error, rows=rows, rarest=min(rows, rarest)
    )


def cut(gains, measured=None, columns=("carrier",), metric="rocAuc") -> Sliced:
    """Slices a, b, ... with these gains, or the whole thing in place of them."""
    values = dict(zip("abcdefghij", gains, strict=False)) if isinstance(gains, list) else {}
    known = (
        {name: number(0.7) for name in values or "ab"} if measured is None else dict(zip("abcdefghij", measured, strict=False))
    )
    given = SliceGains(champion=a_release().digest, gains=values) if values else gains
    return Sliced(columns=columns, metric=metric, rows=dict.fromkeys(known, 1000), measured=known, gains=given)


def judge(gate: Slices, *cuts: Sliced, **changes):
    found = {"slices": cuts, "primary": "rocAuc"} | {name: changes.pop(name) for name in ("slices", "primary") if name in changes}
    return gate.judge(facts(candidate=a_candidate(evidence=evidence(**found)), **changes), NOW)


STRICT = {"margin": 0.03, "noRegression": {"carrier": ["a"]}}
STRICT_B = {"margin": 0.03, "noRegression": {"carrier": ["b"]}}
FINE = [gain(0.01), gain(-0.01), gain(0.0)]


@each(
    ("written", "gains", "answer", "code"),
    [
        # Of three slices chance takes one down by 2.13 standard errors, so all but a gain below -0.0213 pass.
        ({}, FINE, Answer.YES, "slicesKept"),
        ({}, [*FINE, gain(-0.021)], Answer.YES, "slicesKept"),
        ({}, [*FINE, gain(-0.023)], Answer.NO, "sliceRegressed"),
        ({}, [gain(-0.017)], Answer.NO, "sliceRegressed"),
        ({"margin": 0.05}, [*FINE, gain(-0.033)], Answer.YES, "slicesKept"),
        ({"margin": 0.05}, [*FINE, gain(-0.034)], Answer.NO, "sliceRegressed"),
        ({}, [*FINE, gain(-0.9, rows=99)], Answer.YES, "slicesKept"),
        ({"minimumRows": 99}, [*FINE, gain(-0.9, rows=99)], Answer.NO, "sliceRegressed"),
        # Of a slice of 100 rows the error is not certain: chance takes one of four down by 2.38 of it.
        ({}, [*FINE, gain(-0.0235, rows=100)], Answer.YES, "slicesKept"),
        ({}, [*FINE, gain(-0.0243, rows=100)], Answer.NO, "sliceRegressed"),
        ({}, [*FINE, gain(-0.9, rarest=9)], Answer.YES, "slicesKept"),
        ({}, [gain(-0.9, rarest=9)], Answer.UNKNOWN, "insufficientData"),
        ({}, [gain(0.0, error=0.0), gain(0.0, error=0.0)], Answer.YES, "slicesKept"),
        ({}, [gain(-0.001, error=0.0)], Answer.NO, "sliceRegressed"),
        ({}, [*FINE, ONE_CLASS], Answer.YES, "slicesKept"),
        ({}, [gain(0.5, rows=99), ONE_CLASS], Answer.UNKNOWN, "insufficientData"),
        ({}, [*FINE, GONE], Answer.UNKNOWN, "inconclusive"),
        ({}, [*FINE, gain(math.nan)], Answer.UNKNOWN, "inconclusive"),
        ({}, GONE, Answer.UNKNOWN, "inconclusive"),
        ({}, NoBaseline(), Answer.UNKNOWN, "staleBaseline"),
        (STRICT, FINE, Answer.YES, "slicesKept"),
        ({"margin": 0.03, "noRegression": {"carrier": ["a", "b"]}}, [gain(0.0), gain(-0.015)], Answer.NO, "sliceRegressed"),
        (STRICT, [gain(0.0), gain(-0.015)], Answer.YES, "slicesKept"),
        ({"margin": 0.03, "noRegression": {"carrier": ["z"]}}, FINE, Answer.UNKNOWN, "insufficientData"),
        (
            STRICT_B,
            [gain(0.0), gain(0.1, rows=99)],
            Answer.UNKNOWN,
            "insufficientData",
        ),
        (STRICT_B, [gain(-0.5), gain(0.1, rows=99)], Answer.NO, "sliceRegressed"),
    ],
)
def test_no_slice_may_be_worse_beyond_chance(written, gains, answer, code):
    judgement = judge(rule(**written), cut(gains))
    assert (judgement.answer, judgement.code) == (answer, code)


@each(
    ("written", "measured", "answer", "code"),
    [
        ({"atLeast": 0.71}, [0.7, 0.7], Answer.YES, "noBaseline"),
        ({"atLeast": 0.72}, [0.7, 0.7], Answer.NO, "sliceBelowFloor"),
        ({"atLeast": 0.72}, [0.74, 0.701, 0.8], Answer.YES, "noBaseline"),
        ({"atLeast": 0.72}, [0.74, 0.69, 0.8], Answer.NO, "sliceBelowFloor"),
        ({"atMost": 0.681}, [0.7, 0.6], Answer.YES, "noBaseline"),
        ({"atMost": 0.68}, [0.7, 0.6], Answer.NO, "sliceBelowFloor"),
    ],
)
def test_the_floor_holds_in_every_slice(written, measured, answer, code):
    """Of two slices the better end lies 1.96 standard errors, of three 2.13 away; no release is live."""
    judgement = judge(rule(**written), cut(NoBaseline(), [number(value) for value in measured]), releases={})
    assert (judgement.answer, judgement.code) == (answer, "slicesKept" if answer is Answer.YES else code)


def test_without_a_release_and_a_floor_there_is_no_baseline():
    judgement = judge(rule(), cut(NoBaseline()), releases={})
    assert (judgement.answer, judgement.code) == (Answer.YES, "noBaseline")


@each(
    ("written", "answer"),
    [
        ({"columns": ["carrier"]}, Answer.YES),
        ({"columns": ["origin"]}, Answer.NO),
        ({"columns": [["carrier", "origin"]]}, Answer.UNKNOWN),
        ({"columns": ["carrier"], "metric": "brier"}, Answer.UNKNOWN),
        ({}, Answer.NO),
    ],
)
def test_only_the_cuts_of_the_gate_are_judged(written, answer):
    cuts = (cut(FINE), cut([gain(-0.5)], columns=("origin",)))
    assert judge(rule(**written), *cuts).answer is answer


@each(
    ("changes", "code"),
    [
        ({"slices": GONE}, "gone"),
        ({"primary": GONE}, "gone"),
        ({"primary": "brier"}, "notMeasured"),
        ({"slices": ()}, "notMeasured"),
    ],
)
def test_what_was_not_measured_is_unknown(changes, code):
    judgement = judge(rule(), cut(FINE), **changes)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, code)


def test_the_message_names_the_worst():
    message = judge(rule(margin=0.001), cut([gain(0.0), gain(-0.1), gain(0.2, rows=7)])).message
    assert message == (
        "rocAuc beside the live model in 2 slices (1 more have too few rows), margin 0.001 or what their rows can tell: "
        "worse in carrier=b -0.1 on 1000 rows, lower bound -0.1164, above -0.03614 wanted"
    )


def test_keys_name_the_cut_and_the_metric():
    assert rule().asks() == {"slices/*/primary"}
    crossed = rule(columns=["carrier", ["carrier", "origin"]], metric="brier", margin=0.3)
    assert crossed.asks() == {"slices/carrier/brier", "slices/carrier+origin/brier"}


def test_strict_slices_need_a_margin():
    with pytest.raises(ValidationError, match="noRegression needs a margin"):
        rule(noRegression={"carrier": ["a"]})
