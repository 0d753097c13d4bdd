"""All guards are accepted and refused alike by code and by their JSON Schema."""

from pydantic import TypeAdapter

from reconciler.rules.guards import Guard
from tests.written import not_accepted, not_refused

FREEZE = {"type": "freeze", "windows": [{"from": "2026-12-20", "until": "2027-01-03", "reason": "holidays"}]}
NIGHT = {"type": "trainingWindow", "from": "22:00", "until": "06:00"}
PAYS = {"type": "returnOnInvestment", "metric": "rocAuc", "valuePerUnit": 20000}
RULES: TypeAdapter[Guard] = TypeAdapter(Guard)
ACCEPTED = [
    {"type": "cooldown", "period": "24h", "exempt": ["specChanged"]},
    {"type": "minimumNewLabels", "rows": 2000},
    {"type": "hold"},
    {"type": "oneChangeOpen"},
    {"type": "backoff"},
    {"type": "backoff", "first": "30m", "longest": "12h", "jitter": 0},
    {"type": "minimumNewRows", "rows": 5000, "exempt": ["manual"]},
    {"type": "labelLag", "median": "2d"},
    {"type": "labelLag", "median": "2d", "p95": "5d"},
    {"type": "labelMaturity"},
    {"type": "labelMaturity", "share": 0.9, "window": "14d", "minimumRows": 100},
    {"type": "dataQuality"},
    {"type": "dataQuality", "window": "1d", "ignore": ["newColumn", "volume"]},
    {"type": "budget", "perMonth": 50},
    {"type": "budget", "perMonth": 0, "currency": "EUR", "fleet": True},
    {"type": "rateLimit", "atMost": 3, "per": "7d", "fleet": True},
    {"type": "concurrency", "atMost": 2},
    FREEZE,
    NIGHT,
    NIGHT | {"timezone": "Europe/Berlin", "days": ["MON", "SUN"], "exempt": ["manual"]},
    PAYS,
    PAYS | {"minimumRatio": 0, "minimumHistory": 1},
]
REFUSED = [
    {"type": "cooldown"},
    {"type": "cooldown", "period": 24},
    {"type": "hold", "exempt": ["schedule"]},
    {"first": "30m"},
    {"type": "backoff", "first": "0m"},
    {"type": "backoff", "jitter": 1.5},
    {"type": "backoff", "exempt": ["manual"]},
    {"type": "minimumNewRows", "rows": 0},
    {"type": "labelLag"},
    {"type": "labelLag", "median": None, "p95": "5d"},
    {"type": "labelMaturity", "share": 0},
    {"type": "dataQuality", "ignore": []},
    {"type": "dataQuality", "ignore": ["smell"]},
    {"type": "dataQuality", "exempt": ["manual"]},
    {"type": "budget"},
    {"type": "budget", "perMonth": -1},
    {"type": "budget", "perMonth": "50"},
    {"type": "budget", "perMonth": 50, "currency": "dollars"},
    {"type": "budget", "perMonth": 50, "fleet": 1},
    {"type": "rateLimit", "atMost": 0, "per": "7d"},
    {"type": "rateLimit", "atMost": 3},
    {"type": "concurrency", "atMost": 0},
    {"type": "freeze"},
    {"type": "freeze", "windows": []},
    {"type": "freeze", "windows": [{"from": "2026-12-20", "until": "2027-01-03"}]},
    {"type": "freeze", "windows": [{"from": "2026-12-20", "until": "2027-01-03", "reason": ""}]},
    NIGHT | {"from": "6:00"},
    NIGHT | {"until": 360},
    NIGHT | {"days": []},
    NIGHT | {"days": ["Monday"]},
    PAYS | {"metric": "auc"},
    PAYS | {"valuePerUnit": 0},
    PAYS | {"minimumRatio": -1},
]


def test_code_and_schema_accept():
    assert not_accepted(RULES, ACCEPTED) == []


def test_code_and_schema_refuse():
    assert not_refused(RULES, REFUSED) == []
