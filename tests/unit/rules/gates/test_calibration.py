"""Gate `calibration`: only what is off beyond chance refuses, alone or beside the champion; too few rows are no answer."""

import math
from dataclasses import replace

import pytest

from reconciler.domain.evidence import NoBaseline
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Measured, Missing
from reconciler.domain.measured import calibration as measured
from reconciler.rules.gates.calibration import Calibration
from tests.builders import NOW, a_candidate, a_release, evidence, facts
from tests.cases import each

GONE = Missing(code="gone", why="it is gone")


def number(value: float, width: float = 0.02, rows: int = 1000) -> Measured:
    return Measured(value=value, low=value - width, high=value + width, rows=rows)


def gained(error: float = 0.0, brier: float = 0.0) -> measured.CalibrationGain:
    return measured.CalibrationGain(champion=a_release().digest, error=number(error), brier=number(brier))


FEW = number(-0.5, rows=199)


def judge(written, error=None, gain=None, **changes):
    candidate = measured.Calibrated(rows=1000, brier=number(0.15), error=error or number(0.03), bins=())
    found = measured.Calibration(candidate=candidate, gain=gain or gained())
    seen = facts(candidate=a_candidate(evidence=evidence(calibration=found)), **changes)
    return Calibration.model_validate({"type": "calibration"} | written).judge(seen, NOW)


@each(
    ("written", "seen", "answer", "code"),
    [
        ({}, {}, Answer.YES, "calibrated"),
        ({}, {"error": number(0.069)}, Answer.YES, "calibrated"),
        ({}, {"error": number(0.071)}, Answer.NO, "miscalibrated"),
        ({"errorAtMost": 0.06}, {"error": number(0.071)}, Answer.YES, "calibrated"),
        ({"brierAtMost": 0.2}, {"error": number(0.9)}, Answer.YES, "calibrated"),
        ({"brierAtMost": 0.12}, {}, Answer.NO, "miscalibrated"),
        ({"brierAtMost": 0.2, "errorAtMost": 0.05}, {"error": number(0.071)}, Answer.NO, "miscalibrated"),
        ({"errorMargin": 0.01}, {"gain": gained(error=-0.029)}, Answer.YES, "calibrated"),
        ({"errorMargin": 0.01}, {"gain": gained(error=-0.031)}, Answer.NO, "worseCalibrated"),
        ({"brierMargin": 0.01}, {"gain": gained(error=-0.031)}, Answer.YES, "calibrated"),
        ({"brierMargin": 0.01}, {"gain": gained(brier=-0.031)}, Answer.NO, "worseCalibrated"),
        ({"brierMargin": 0.01}, {"gain": NoBaseline(), "releases": {}}, Answer.YES, "noBaseline"),
        ({"brierMargin": 0.01, "errorAtMost": 0.0}, {"gain": NoBaseline(), "releases": {}}, Answer.NO, "miscalibrated"),
        ({"brierMargin": 0.01}, {"gain": NoBaseline()}, Answer.UNKNOWN, "staleBaseline"),
        ({"brierMargin": 0.01}, {"releases": {"production": a_release("another")}}, Answer.UNKNOWN, "staleBaseline"),
        ({"brierMargin": 0.01}, {"gain": GONE}, Answer.UNKNOWN, "inconclusive"),
        ({}, {"gain": GONE}, Answer.YES, "calibrated"),
        ({}, {"error": number(0.5, rows=199)}, Answer.UNKNOWN, "insufficientData"),
        ({"minimumRows": 199}, {"error": number(0.5, rows=199)}, Answer.NO, "miscalibrated"),
        ({}, {"error": number(math.nan)}, Answer.UNKNOWN, "notANumber"),
        ({}, {"error": number(0.01, width=math.inf)}, Answer.UNKNOWN, "notANumber"),
        ({"errorMargin": 0.01}, {"gain": replace(gained(), error=FEW)}, Answer.UNKNOWN, "insufficientData"),
    ],
)
def test_what_is_off_beyond_chance_decides(written, seen, answer, code):
    judgement = judge(written, **seen)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_the_message_has_all_the_numbers():
    judgement = judge({"errorAtMost": 0.05, "brierMargin": 0.001}, gain=gained(brier=-0.03))
    assert judgement.message == (
        "calibration error 0.03 (0.01 to 0.05) over 1000 rows, at most 0.05 wanted; "
        "Brier score more than the live model's by 0.03 (0.01 to 0.05) over 1000 rows, at most 0.001 wanted"
    )


@pytest.mark.parametrize(
    ("found", "code"), [({"calibration": GONE}, "gone"), ({}, "notMeasured")], ids=["missing", "never measured"]
)
def test_without_a_measurement_there_is_no_answer(found, code):
    judgement = Calibration(type="calibration").judge(facts(candidate=a_candidate(evidence=evidence(**found))), NOW)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, code)
