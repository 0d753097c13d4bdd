"""All rollouts are accepted and refused alike by code and by their JSON Schema."""

from pydantic import TypeAdapter

from reconciler.rules.rollouts import Rollout
from tests.written import not_accepted, not_refused

ERRORS = {"type": "errors"}
CANARY = {"type": "canary", "steps": [{"weight": 5}], "analysis": [ERRORS]}
GREEN = {"type": "blueGreen", "analysis": [ERRORS]}
SHADOW = {"type": "shadow", "analysis": [ERRORS]}
TEST = {"type": "abTest", "unit": "customerId", "metric": "revenue", "gain": 0.5}
BANDIT = {"type": "bandit", "metric": "revenue", "margin": 1}
RULES: TypeAdapter[Rollout] = TypeAdapter(Rollout)
ACCEPTED = [
    {"type": "direct"},
    CANARY,
    CANARY | {"steps": [{"weight": 99, "pause": "1m", "prove": ["errors"]}], "confidence": 0.8, "otherwise": "abort"},
    GREEN | {"mirror": 1, "preview": "1h", "keep": "2d"},
    SHADOW | {"sample": 1, "cap": 1, "atLeast": "2d", "analysis": [{"type": "answers"}]},
    TEST | {"segments": {"column": "country", "values": ["DE"]}, "analysis": [{"type": "errors"}]},
    TEST | {"decide": "fixedHorizon", "better": "lower", "weight": 1, "run": "1d", "plannedRows": 1},
    BANDIT | {"releases": 20, "floor": 1, "every": "30m", "better": "lower"},
]
REFUSED = [
    {"type": "direct", "confidence": 0.9},
    {"type": "canary", "steps": [{"weight": 5}]},
    CANARY | {"steps": []},
    CANARY | {"steps": [{"weight": 0}]},
    CANARY | {"steps": [{"weight": 100}]},
    CANARY | {"steps": [{"weight": 5, "prove": []}]},
    CANARY | {"steps": [{"weight": 5, "prove": ["answers"]}]},
    CANARY | {"steps": [{"weight": 5, "prove": None}]},
    CANARY | {"analysis": []},
    CANARY | {"analysis": [{"type": "answers"}]},
    CANARY | {"confidence": 1},
    CANARY | {"confidence": 0.5},
    CANARY | {"plannedRows": 0},
    CANARY | {"otherwise": "advance"},
    GREEN | {"mirror": 0},
    GREEN | {"analysis": [{"type": "businessMetric", "metric": "x", "margin": 1}]},
    SHADOW | {"sample": 0},
    SHADOW | {"sample": 1.5},
    SHADOW | {"cap": 0},
    TEST | {"gain": 0},
    TEST | {"segments": {"column": "country", "values": []}},
    TEST | {"segments": None},
    TEST | {"decide": "peeking"},
    BANDIT | {"releases": 1},
    BANDIT | {"floor": 0},
]


def test_code_and_schema_accept():
    assert not_accepted(RULES, ACCEPTED) == []


def test_code_and_schema_refuse():
    assert not_refused(RULES, REFUSED) == []
