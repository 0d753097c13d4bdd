"""All triggers are accepted and refused alike by code and by their JSON Schema."""

from pydantic import TypeAdapter

from reconciler.rules.triggers import Trigger
from tests.written import not_accepted, not_refused

SCHEDULE = {"type": "schedule", "cron": "0 3 * * 1"}
DRIFT = {"type": "dataDrift", "statistic": "psi", "above": 0.2, "shareOfFeatures": 0.3, "window": "7d", "consecutive": 2}
TOGETHER = {"type": "dataDrift", "statistic": "domainClassifier"}
SCORE = {"type": "performance", "metric": "rocAuc", "window": "7d"}
SLICE = {"column": "origin", "value": "JFK"}
REVENUE = {"type": "businessMetric", "metric": "revenue"}
BURN = {"type": "sloBurnRate", "errorRatio": "bad[$window]", "objective": 0.99}
ALERT = {"type": "alert", "file": "alerts/*.json", "name": "Stale"}
RULES: TypeAdapter[Trigger] = TypeAdapter(Trigger)
ACCEPTED = [
    SCHEDULE,
    SCHEDULE | {"timezone": "America/New_York", "cron": "*/15 6-22/2 1,15 JAN-MAR MON"},
    {"type": "newLabels", "rows": 20000},
    {"type": "maxAge", "age": "30d"},
    {"type": "dataDrift"},
    DRIFT | {"above": 1},
    SCORE | {"below": 0.68, "consecutive": 3, "confidence": 0.95},
    SCORE | {"metric": "rmse", "above": 20, "minimumRows": 1},
    {"type": "specChanged"},
    {"any": [SCHEDULE, {"all": [DRIFT, {"any": [SCHEDULE]}]}]},
    {"not": SCHEDULE},
    {"atLeast": 1, "of": [SCHEDULE]},
    {"atLeast": 2, "of": [{"not": {"any": [DRIFT]}}, SCHEDULE, {"atLeast": 1, "of": [SCHEDULE]}]},
    {"atLeast": 20, "of": [SCHEDULE] * 20},
    {"type": "newRows", "rows": 1},
    DRIFT | {"features": ["a", "b"], "weightedByImportance": True, "slice": SLICE},
    TOGETHER,
    TOGETHER | {"above": 0.7, "window": "1d", "consecutive": 2, "minimumRows": 500},
    {"type": "predictionDrift"},
    {"type": "labelDrift", "statistic": "ks", "above": 0, "window": "1d", "consecutive": 2, "minimumRows": 9},
    {"type": "conceptDrift"},
    {"type": "conceptDrift", "detector": "kswin", "sensitivity": 0.01, "minimumRows": 1},
    {"type": "conceptDrift", "detector": "ddm"},
    SCORE | {"drop": 0},
    SCORE | {"dropShare": 0.05, "confidence": 0.95},
    REVENUE | {"above": -10, "window": "1d", "consecutive": 2},
    BURN,
    BURN | {"windows": [{"long": "3d", "short": "6h", "rate": 1}]},
    {"type": "dataQuality"},
    {"type": "dataQuality", "window": "1d", "checks": ["nullSpike", "labelPattern"], "consecutive": 3},
    {"type": "specChanged", "parts": ["code", "environment"]},
    {"type": "promql", "query": "up", "below": 1},
    {"type": "promql", "query": "up", "above": 1, "over": "30m", "step": "5m"},
    ALERT,
    ALERT | {"labels": {"severity": "page"}},
    {"type": "manual"},
]
REFUSED = [
    {"any": []},
    {"all": [SCHEDULE], "any": [SCHEDULE]},
    {"any": [SCHEDULE], "type": "schedule"},
    {"any": SCHEDULE},
    [],
    {"type": "Schedule", "cron": "0 3 * * 1"},
    SCHEDULE | {"cron": "R 3 * * 1"},
    SCHEDULE | {"cron": "0 24 * * 1"},
    SCHEDULE | {"timezone": "Europe Berlin"},
    SCHEDULE | {"every": "7d"},
    {"type": "newLabels", "rows": 1.5},
    {"type": "newLabels", "rows": "20"},
    {"type": "newLabels", "rows": True},
    {"type": "maxAge", "age": "0d"},
    DRIFT | {"statistic": "kolmogorov"},
    DRIFT | {"shareOfFeatures": 0},
    DRIFT | {"shareOfFeatures": 1.1},
    DRIFT | {"consecutive": 0},
    DRIFT | {"share_of_features": 0.3},
    SCORE,
    SCORE | {"below": 0.5, "above": 0.6},
    SCORE | {"below": None},
    SCORE | {"below": None, "above": 0.6},
    SCORE | {"below": 0.5, "metric": "auc"},
    SCORE | {"below": 0.5, "confidence": 0.9},
    {"not": [SCHEDULE]},
    {"not": None},
    {"not": SCHEDULE, "type": "schedule"},
    {"negated": SCHEDULE},
    {"atLeast": 0, "of": [SCHEDULE]},
    {"atLeast": 2, "of": [SCHEDULE]},
    {"atLeast": 19, "of": [SCHEDULE] * 18},
    {"atLeast": 21, "of": [SCHEDULE] * 21},
    {"atLeast": 1, "of": []},
    {"atLeast": 1},
    {"of": [SCHEDULE]},
    {"atLeast": 1, "of": [SCHEDULE], "any": [SCHEDULE]},
    DRIFT | {"features": []},
    DRIFT | {"features": "distance"},
    DRIFT | {"slice": {"column": "origin"}},
    DRIFT | {"slice": SLICE | {"value": 5}},
    DRIFT | {"statistic": "domainClassifier"},
    TOGETHER | {"shareOfFeatures": 0.3},
    TOGETHER | {"features": ["a"]},
    TOGETHER | {"weightedByImportance": False},
    TOGETHER | {"slice": SLICE},
    TOGETHER | {"type": "predictionDrift"},
    TOGETHER | {"type": "labelDrift"},
    {"type": "predictionDrift", "shareOfFeatures": 0.3},
    {"type": "labelDrift", "slice": SLICE},
    {"type": "conceptDrift", "detector": "eddm"},
    {"type": "conceptDrift", "sensitivity": 1},
    {"type": "conceptDrift", "sensitivity": None},
    {"type": "conceptDrift", "detector": "ddm", "sensitivity": 0.1},
    {"type": "conceptDrift", "detector": "pageHinkley", "sensitivity": 0.1},
    SCORE | {"drop": 0.1, "dropShare": 0.1},
    SCORE | {"drop": -0.1},
    SCORE | {"drop": None, "below": 1},
    REVENUE,
    REVENUE | {"above": 1, "metric": ""},
    BURN | {"errorRatio": "up"},
    BURN | {"objective": 1},
    BURN | {"windows": []},
    BURN | {"windows": [{"long": "3d", "short": "6h", "rate": 0}]},
    {"type": "dataQuality", "checks": []},
    {"type": "dataQuality", "checks": ["nulls"]},
    {"type": "specChanged", "parts": []},
    {"type": "specChanged", "parts": ["data"]},
    {"type": "promql", "query": "up"},
    {"type": "promql", "query": "up", "above": 1, "step": "1m"},
    {"type": "promql", "query": "up", "above": 1, "over": None},
    ALERT | {"labels": {"severity": 1}},
    ALERT | {"name": ""},
    {"type": "manual", "by": "ada"},
]


def test_code_and_schema_accept():
    assert not_accepted(RULES, ACCEPTED) == []


def test_code_and_schema_refuse():
    assert not_refused(RULES, REFUSED) == []
