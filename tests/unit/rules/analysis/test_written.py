"""All checks are accepted and refused alike by code and by their JSON Schema."""

from pydantic import TypeAdapter

from reconciler.rules.analysis import MirrorCheck, UserCheck
from tests.written import not_accepted, not_refused

USER: TypeAdapter[UserCheck] = TypeAdapter(UserCheck)
MIRROR: TypeAdapter[MirrorCheck] = TypeAdapter(MirrorCheck)
ACCEPTED = [
    {"type": "latency", "quantile": 0.99, "atMostTimes": 1.01},
    {"type": "metric", "metric": "accuracy", "margin": 0.01},
    {"type": "businessMetric", "metric": "revenue", "margin": 5, "better": "lower"},
    {"type": "saturation", "resource": "memory", "above": 0.95, "forShare": 0, "minimumMinutes": 1},
]
REFUSED = [
    {"type": "errors", "margin": 0},
    {"type": "latency", "atMostTimes": 1},
    {"type": "metric", "metric": "rocAuc", "margin": 0.01},
    {"type": "metric", "metric": "brier"},
    {"type": "saturation", "above": 0.85},
]
MIRROR_ACCEPTED = [
    {"type": "answers", "tolerance": 0, "atMost": 0.99},
]
MIRROR_REFUSED = [
    {"type": "answers", "atMost": 1},
]


def test_code_and_schema_accept():
    assert not_accepted(USER, ACCEPTED) == []
    assert not_accepted(MIRROR, MIRROR_ACCEPTED) == []


def test_code_and_schema_refuse():
    assert not_refused(USER, REFUSED) == []
    assert not_refused(MIRROR, MIRROR_REFUSED) == []
