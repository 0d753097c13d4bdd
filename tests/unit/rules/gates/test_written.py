"""All gates are accepted and refused alike by code and by their JSON Schema."""

from pydantic import TypeAdapter

from reconciler.rules.gates import Gate
from tests.written import not_accepted, not_refused

FLOOR = {"type": "floor", "metric": "brier"}
SLICES = {"type": "slices", "columns": ["carrier", ["carrier", "origin"]]}
GAP = {"type": "validationGap"}
BEATS = {"type": "beatsLive", "metric": "rocAuc"}
ROBUST = {"type": "robustness", "metric": "rocAuc"}
NOISE = {"kind": "noise"}
RULES: TypeAdapter[Gate] = TypeAdapter(Gate)
ACCEPTED = [
    {"type": "dataQuality"},
    {"type": "dataQuality", "severity": "warning"},
    {"type": "schema"},
    {"type": "schema", "allow": ["newFeature", "emptiedFeature"], "newCategories": 0, "minimumRows": 50},
    {"type": "volume"},
    {"type": "leakage"},
    {"type": "labelAnomaly"},
    {"type": "labelAnomaly", "contradictions": 0.1, "rate": 1, "burst": 0, "distance": 9, "accept": ["carrier=AA"]},
    {"type": "leakage", "sharedRows": 0, "alone": 1, "tooGood": 0.9, "accept": ["a"], "minimumRows": 50},
    {"type": "volume", "minimumRowsPerDay": 5, "atLeastShare": 0, "atMostShare": 9, "emptyDays": 1, "minimumDays": 1},
    FLOOR | {"atMost": 0.2, "confidence": 0.95},
    FLOOR | {"atLeast": -1},
    BEATS,
    BEATS | {"minGain": 0.01, "confidence": 0.99, "minimumRows": 100},
    BEATS | {"mode": "nonInferiority", "margin": 0.01},
    BEATS | {"guardrails": [{"metric": "brier"}, {"metric": "logLoss", "margin": 0.01}]},
    GAP,
    {"type": "calibration"},
    {"type": "slices"},
    {"type": "fairness"},
    {"type": "fairness", "column": "sex", "groups": ["f", "m"], "selectionRateRatio": 0.9, "meanErrorDifference": 2},
    SLICES | {"metric": "brier", "atMost": 0.2, "margin": 0, "noRegression": {"carrier": ["AA"]}},
    {"type": "calibration", "errorAtMost": 0.03, "brierAtMost": 0.2, "errorMargin": 0.01, "brierMargin": 0},
    GAP | {"metric": "brier", "shareAtMost": 0.2},
    {"type": "modelSize"},
    {"type": "modelSize", "atMost": "50Mi", "atMostTimesLive": 1.5},
    {"type": "infra"},
    {"type": "infra", "versions": "lock"},
    {"type": "parity", "tolerance": 0, "minimumRows": 1},
    {"type": "latency"},
    {"type": "latency", "rows": 1000, "p50": "500us", "p95": "2s", "atMostTimesLive": 1.5},
    {"type": "memory", "atMost": "1Gi", "rows": 1},
    {"type": "custom", "name": "smoke", "command": ["sh", "smoke.sh"], "timeout": "90s", "memory": "1Gi"},
    {"type": "custom", "name": "smoke", "function": "models.flight-delay.checks:judge"},
    {"type": "cost", "perTraining": 0, "longest": "2h", "currency": "EUR"},
    {"type": "cost", "perThousandPredictions": 0.01, "servingHour": 0.2},
    {"type": "robustness"},
    {"type": "explainability"},
    {"type": "explainability", "top": 3, "overlapAtLeast": 1, "atMostShift": 0.1, "dominance": 0.5},
    ROBUST | {"perturbations": [NOISE | {"strength": 0.2, "atMostDrop": 0.01, "features": ["a"], "oneByOne": True}]},
    ROBUST | {"perturbations": [{"kind": "missing", "share": 1, "atMostDropShare": 0}], "invariantTo": ["b"]},
]
REFUSED = [
    {"type": "dataQuality", "severity": "error"},
    {"type": "schema", "allow": ["anything"]},
    {"type": "schema", "newCategories": 1.1},
    {"type": "volume", "atLeastShare": 1.1},
    {"type": "leakage", "alone": 0.5},
    {"type": "labelAnomaly", "distance": 0},
    {"type": "labelAnomaly", "accept": "carrier=AA"},
    {"type": "leakage", "accept": [""]},
    {"type": "volume", "atMostShare": 0.9},
    {"type": "volume", "minimumRowsPerDay": None},
    FLOOR,
    FLOOR | {"atLeast": 0.1, "atMost": 0.2},
    FLOOR | {"atMost": "0.2"},
    {"type": "modelSize", "atMost": 52428800},
    {"type": "modelSize", "atMost": "50MB"},
    {"type": "modelSize", "atMostTimesLive": 0},
    {"type": "infra", "versions": "major"},
    {"type": "parity", "tolerance": -1},
    {"type": "latency", "p95": 20},
    {"type": "latency", "p95": "0ms"},
    {"type": "latency", "p95": None},
    {"type": "latency", "rows": 0},
    {"type": "memory", "atMost": "512MB"},
    {"type": "custom", "name": "smoke"},
    {"type": "custom", "command": ["sh"]},
    {"type": "custom", "name": "smoke", "command": []},
    {"type": "custom", "name": "smoke", "command": "sh smoke.sh"},
    {"type": "custom", "name": "smoke", "command": ["sh"], "function": "a:b"},
    {"type": "custom", "name": "smoke", "function": "../evil:judge"},
    {"type": "cost"},
    {"type": "cost", "perTraining": None},
    {"type": "cost", "perThousandPredictions": 1},
    {"type": "cost", "perTraining": 1, "servingHour": 1},
    BEATS | {"margin": 0.01},
    BEATS | {"mode": "superiority", "margin": 0.01},
    BEATS | {"mode": "nonInferiority", "minGain": 0.01},
    BEATS | {"confidence": 0.5},
    ROBUST | {"perturbations": []},
    ROBUST | {"perturbations": [{"kind": "missing", "strength": 1}]},
    ROBUST | {"perturbations": [NOISE | {"atMostDrop": 0.1, "atMostDropShare": 0.1}]},
    ROBUST | {"invariantTo": []},
    ROBUST | {"metric": None},
    {"type": "explainability", "dominance": None},
    {"type": "explainability", "atMostShift": 0},
    BEATS | {"minGain": -0.01},
    BEATS | {"guardrails": ["brier"]},
    BEATS | {"guardrails": [{"metric": "brier", "margin": -1}]},
    GAP | {"atMost": 0.1, "shareAtMost": 0.1},
    GAP | {"atMost": None},
    GAP | {"metric": "auc"},
    {"type": "calibration", "errorAtMost": -0.1},
    SLICES | {"columns": [["carrier"]]},
    SLICES | {"noRegression": {}},
    {"type": "fairness", "groups": ["f", "m"]},
    {"type": "fairness", "column": "sex", "groups": None},
    {"type": "fairness", "threshold": 0},
    {"type": "fairness", "selectionRateRatio": 1.2},
    SLICES | {"margin": 0.1, "noRegression": {"carrier": []}},
    SLICES | {"atLeast": 0.1, "atMost": 0.2},
]


def test_code_and_schema_accept():
    assert not_accepted(RULES, ACCEPTED) == []


def test_code_and_schema_refuse():
    assert not_refused(RULES, REFUSED) == []
