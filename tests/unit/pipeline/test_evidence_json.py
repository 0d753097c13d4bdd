"""Evidence from files: what was written comes back; what cannot be read is Missing, never an exception, never a number."""

import json
from typing import Any

import pytest

from reconciler.domain.evidence import Comparison, NoBaseline, Quality
from reconciler.domain.known import Measured, Missing
from reconciler.pipeline.evidence_json import evidence_text, read_evidence
from tests.builders import a_comparison, a_gain
from tests.cases import each

METRICS = {"rocAuc": Measured(value=0.7, low=0.68, high=0.72, rows=900)}
VALID = json.dumps({"evaluated": 3, "failures": ["carrier is null 4 times"]})


@pytest.mark.parametrize("comparison", [a_comparison(a_gain(), a_gain("brier")), NoBaseline(), Missing(code="c", why="w")])
def test_evidence_survives_the_journey(comparison: Comparison | NoBaseline | Missing) -> None:
    texts = {
        "runs/m/evaluation.json": evidence_text({"metrics": METRICS, "comparison": comparison}),
        "runs/m/validation.json": VALID,
    }
    found = read_evidence(texts)
    assert found.metrics == METRICS
    assert found.comparison == comparison
    assert found.quality == Quality(evaluated=3, failures=("carrier is null 4 times",))


def test_more_in_validation_does_no_harm() -> None:
    text = json.dumps({"evaluated": 0, "failures": [], "seconds": 3, "details": {}})
    assert read_evidence({"validation.json": text}).quality == Quality(evaluated=0, failures=())


def test_absent_files_are_missing() -> None:
    found = read_evidence({})
    assert [getattr(fact, "code", None) for fact in (found.quality, found.metrics, found.comparison)] == ["noEvidence"] * 3


@each("text", ["", "[]", "null", "{", "[" * 100_000, '"x"', "{}"])
def test_garbled_files_are_missing(text: str) -> None:
    found = read_evidence({"validation.json": text, "evaluation.json": text})
    facts = (found.quality, found.metrics, found.comparison)
    assert [getattr(fact, "code", None) for fact in facts] == ["unreadableEvidence"] * 3


@each("number", ["NaN", "Infinity", '"0.9"', "null", "true", "[]"])
def test_what_is_not_a_number_is_missing(number: str) -> None:
    good = evidence_text({"metrics": METRICS, "comparison": a_comparison()})
    found = read_evidence({"evaluation.json": good.replace('"value": 0.7', f'"value": {number}')})
    assert isinstance(found.metrics, Missing)
    assert isinstance(found.comparison, Comparison)
    found = read_evidence({"evaluation.json": good.replace('"challenger": 0.72', f'"challenger": {number}')})
    assert isinstance(found.comparison, Missing)


@each(
    "comparison",
    [
        {"type": "noBaseline", "champion": "x"},
        {"champion": "sha256:1"},
        {"type": "comparison", "champion": "sha256:1", "evaluationSet": "sha256:1", "gains": {}},
        {"type": "missing"},
        {"type": "nothing"},
        {},
        3,
    ],
)
def test_a_comparison_that_says_nothing_clear_is_missing(comparison: Any) -> None:
    found = read_evidence({"evaluation.json": json.dumps({"metrics": {}, "comparison": comparison})})
    assert isinstance(found.comparison, Missing)


@each("level", ["0", "1", "2", "-0.1", "x", "NaN"])
def test_quantiles_lie_between_zero_and_one(level: str) -> None:
    text = evidence_text({"metrics": {}, "comparison": a_comparison()}).replace('"0.05":', f'"{level}":')
    assert isinstance(read_evidence({"evaluation.json": text}).comparison, Missing)


@pytest.mark.parametrize("validation", [{"evaluated": -1, "failures": []}, {"evaluated": 1}, {"evaluated": 1, "failures": [3]}])
def test_a_garbled_validation_is_missing(validation: dict[str, Any]) -> None:
    assert isinstance(read_evidence({"validation.json": json.dumps(validation)}).quality, Missing)
