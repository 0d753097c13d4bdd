"""Every rule is accepted and refused alike by code and by its JSON Schema, and needs no heavy import."""

import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from reconciler.rules.gates import Gate
from reconciler.rules.guards import Guard
from reconciler.rules.triggers import Trigger

UNIONS = {"trigger": TypeAdapter(Trigger), "guard": TypeAdapter(Guard), "gate": TypeAdapter(Gate)}
SCHEMAS = {name: Draft202012Validator(union.json_schema()) for name, union in UNIONS.items()}

SCHEDULE = {"type": "schedule", "cron": "0 3 * * 1"}
DRIFT = {"type": "dataDrift", "statistic": "psi", "above": 0.2, "shareOfFeatures": 0.3, "window": "7d", "consecutive": 2}
TOGETHER = {"type": "dataDrift", "statistic": "domainClassifier"}
SCORE = {"type": "performance", "metric": "rocAuc", "window": "7d"}
SLICE = {"column": "origin", "value": "JFK"}
REVENUE = {"type": "businessMetric", "metric": "revenue"}
BURN = {"type": "sloBurnRate", "errorRatio": "bad[$window]", "objective": 0.99}
ALERT = {"type": "alert", "file": "alerts/*.json", "name": "Stale"}
FLOOR = {"type": "floor", "metric": "brier"}
SLICES = {"type": "slices", "columns": ["carrier", ["carrier", "origin"]]}
GAP = {"type": "validationGap"}
BEATS = {"type": "beatsLive", "metric": "rocAuc"}
ROBUST = {"type": "robustness", "metric": "rocAuc"}
NOISE = {"kind": "noise"}
FREEZE = {"type": "freeze", "windows": [{"from": "2026-12-20", "until": "2027-01-03", "reason": "holidays"}]}
NIGHT = {"type": "trainingWindow", "from": "22:00", "until": "06:00"}
PAYS = {"type": "returnOnInvestment", "metric": "rocAuc", "valuePerUnit": 20000}

ACCEPTED = [
    ("trigger", SCHEDULE),
    ("trigger", SCHEDULE | {"timezone": "America/New_York", "cron": "*/15 6-22/2 1,15 JAN-MAR MON"}),
    ("trigger", {"type": "newLabels", "rows": 20000}),
    ("trigger", {"type": "maxAge", "age": "30d"}),
    ("trigger", {"type": "dataDrift"}),
    ("trigger", DRIFT | {"above": 1}),
    ("trigger", SCORE | {"below": 0.68, "consecutive": 3, "confidence": 0.95}),
    ("trigger", SCORE | {"metric": "rmse", "above": 20, "minimumRows": 1}),
    ("trigger", {"type": "specChanged"}),
    ("trigger", {"any": [SCHEDULE, {"all": [DRIFT, {"any": [SCHEDULE]}]}]}),
    ("trigger", {"not": SCHEDULE}),
    ("trigger", {"atLeast": 1, "of": [SCHEDULE]}),
    ("trigger", {"atLeast": 2, "of": [{"not": {"any": [DRIFT]}}, SCHEDULE, {"atLeast": 1, "of": [SCHEDULE]}]}),
    ("trigger", {"atLeast": 20, "of": [SCHEDULE] * 20}),
    ("trigger", {"type": "newRows", "rows": 1}),
    ("trigger", DRIFT | {"features": ["a", "b"], "weightedByImportance": True, "slice": SLICE}),
    ("trigger", TOGETHER),
    ("trigger", TOGETHER | {"above": 0.7, "window": "1d", "consecutive": 2, "minimumRows": 500}),
    ("trigger", {"type": "predictionDrift"}),
    ("trigger", {"type": "labelDrift", "statistic": "ks", "above": 0, "window": "1d", "consecutive": 2, "minimumRows": 9}),
    ("trigger", {"type": "conceptDrift"}),
    ("trigger", {"type": "conceptDrift", "detector": "kswin", "sensitivity": 0.01, "minimumRows": 1}),
    ("trigger", {"type": "conceptDrift", "detector": "ddm"}),
    ("trigger", SCORE | {"drop": 0}),
    ("trigger", SCORE | {"dropShare": 0.05, "confidence": 0.95}),
    ("trigger", REVENUE | {"above": -10, "window": "1d", "consecutive": 2}),
    ("trigger", BURN),
    ("trigger", BURN | {"windows": [{"long": "3d", "short": "6h", "rate": 1}]}),
    ("trigger", {"type": "dataQuality"}),
    ("trigger", {"type": "dataQuality", "window": "1d", "checks": ["nullSpike", "labelPattern"], "consecutive": 3}),
    ("trigger", {"type": "specChanged", "parts": ["code", "environment"]}),
    ("trigger", {"type": "promql", "query": "up", "below": 1}),
    ("trigger", {"type": "promql", "query": "up", "above": 1, "over": "30m", "step": "5m"}),
    ("trigger", ALERT),
    ("trigger", ALERT | {"labels": {"severity": "page"}}),
    ("trigger", {"type": "manual"}),
    ("guard", {"type": "cooldown", "period": "24h", "exempt": ["specChanged"]}),
    ("guard", {"type": "minimumNewLabels", "rows": 2000}),
    ("guard", {"type": "hold"}),
    ("guard", {"type": "oneChangeOpen"}),
    ("guard", {"type": "backoff"}),
    ("guard", {"type": "backoff", "first": "30m", "longest": "12h", "jitter": 0}),
    ("guard", {"type": "minimumNewRows", "rows": 5000, "exempt": ["manual"]}),
    ("guard", {"type": "labelLag", "median": "2d"}),
    ("guard", {"type": "labelLag", "median": "2d", "p95": "5d"}),
    ("guard", {"type": "labelMaturity"}),
    ("guard", {"type": "labelMaturity", "share": 0.9, "window": "14d", "minimumRows": 100}),
    ("guard", {"type": "dataQuality"}),
    ("guard", {"type": "dataQuality", "window": "1d", "ignore": ["newColumn", "volume"]}),
    ("guard", {"type": "budget", "perMonth": 50}),
    ("guard", {"type": "budget", "perMonth": 0, "currency": "EUR", "fleet": True}),
    ("guard", {"type": "rateLimit", "atMost": 3, "per": "7d", "fleet": True}),
    ("guard", {"type": "concurrency", "atMost": 2}),
    ("guard", FREEZE),
    ("guard", NIGHT),
    ("guard", NIGHT | {"timezone": "Europe/Berlin", "days": ["MON", "SUN"], "exempt": ["manual"]}),
    ("guard", PAYS),
    ("guard", PAYS | {"minimumRatio": 0, "minimumHistory": 1}),
    ("gate", {"type": "dataQuality"}),
    ("gate", {"type": "dataQuality", "severity": "warning"}),
    ("gate", {"type": "schema"}),
    ("gate", {"type": "schema", "allow": ["newFeature", "emptiedFeature"], "newCategories": 0, "minimumRows": 50}),
    ("gate", {"type": "volume"}),
    ("gate", {"type": "leakage"}),
    ("gate", {"type": "leakage", "sharedRows": 0, "alone": 1, "tooGood": 0.9, "accept": ["a"], "minimumRows": 50}),
    ("gate", {"type": "volume", "minimumRowsPerDay": 5, "atLeastShare": 0, "atMostShare": 9, "emptyDays": 1, "minimumDays": 1}),
    ("gate", FLOOR | {"atMost": 0.2, "confidence": 0.95}),
    ("gate", FLOOR | {"atLeast": -1}),
    ("gate", BEATS),
    ("gate", BEATS | {"minGain": 0.01, "confidence": 0.99, "minimumRows": 100}),
    ("gate", BEATS | {"mode": "nonInferiority", "margin": 0.01}),
    ("gate", BEATS | {"guardrails": [{"metric": "brier"}, {"metric": "logLoss", "margin": 0.01}]}),
    ("gate", GAP),
    ("gate", {"type": "calibration"}),
    ("gate", {"type": "slices"}),
    ("gate", {"type": "fairness"}),
    ("gate", {"type": "fairness", "column": "sex", "groups": ["f", "m"], "selectionRateRatio": 0.9, "meanErrorDifference": 2}),
    ("gate", SLICES | {"metric": "brier", "atMost": 0.2, "margin": 0, "noRegression": {"carrier": ["AA"]}}),
    ("gate", {"type": "calibration", "errorAtMost": 0.03, "brierAtMost": 0.2, "errorMargin": 0.01, "brierMargin": 0}),
    ("gate", GAP | {"metric": "brier", "shareAtMost": 0.2}),
    ("gate", {"type": "modelSize"}),
    ("gate", {"type": "modelSize", "atMost": "50Mi", "atMostTimesLive": 1.5}),
    ("gate", {"type": "cost", "perTraining": 0, "longest": "2h", "currency": "EUR"}),
    ("gate", {"type": "cost", "perThousandPredictions": 0.01, "servingHour": 0.2}),
    ("gate", {"type": "robustness"}),
    ("gate", {"type": "explainability"}),
    ("gate", {"type": "explainability", "top": 3, "overlapAtLeast": 1, "atMostShift": 0.1, "dominance": 0.5}),
    ("gate", ROBUST | {"perturbations": [NOISE | {"strength": 0.2, "atMostDrop": 0.01, "features": ["a"], "oneByOne": True}]}),
    ("gate", ROBUST | {"perturbations": [{"kind": "missing", "share": 1, "atMostDropShare": 0}], "invariantTo": ["b"]}),
]
REFUSED = [
    ("trigger", {"any": []}),
    ("trigger", {"all": [SCHEDULE], "any": [SCHEDULE]}),
    ("trigger", {"any": [SCHEDULE], "type": "schedule"}),
    ("trigger", {"any": SCHEDULE}),
    ("trigger", []),
    ("trigger", {"type": "Schedule", "cron": "0 3 * * 1"}),
    ("trigger", SCHEDULE | {"cron": "R 3 * * 1"}),
    ("trigger", SCHEDULE | {"cron": "0 24 * * 1"}),
    ("trigger", SCHEDULE | {"timezone": "Europe Berlin"}),
    ("trigger", SCHEDULE | {"every": "7d"}),
    ("trigger", {"type": "newLabels", "rows": 1.5}),
    ("trigger", {"type": "newLabels", "rows": "20"}),
    ("trigger", {"type": "newLabels", "rows": True}),
    ("trigger", {"type": "maxAge", "age": "0d"}),
    ("trigger", DRIFT | {"statistic": "kolmogorov"}),
    ("trigger", DRIFT | {"shareOfFeatures": 0}),
    ("trigger", DRIFT | {"shareOfFeatures": 1.1}),
    ("trigger", DRIFT | {"consecutive": 0}),
    ("trigger", DRIFT | {"share_of_features": 0.3}),
    ("trigger", SCORE),
    ("trigger", SCORE | {"below": 0.5, "above": 0.6}),
    ("trigger", SCORE | {"below": None}),
    ("trigger", SCORE | {"below": None, "above": 0.6}),
    ("trigger", SCORE | {"below": 0.5, "metric": "auc"}),
    ("trigger", SCORE | {"below": 0.5, "confidence": 0.9}),
    ("trigger", {"not": [SCHEDULE]}),
    ("trigger", {"not": None}),
    ("trigger", {"not": SCHEDULE, "type": "schedule"}),
    ("trigger", {"negated": SCHEDULE}),
    ("trigger", {"atLeast": 0, "of": [SCHEDULE]}),
    ("trigger", {"atLeast": 2, "of": [SCHEDULE]}),
    ("trigger", {"atLeast": 19, "of": [SCHEDULE] * 18}),
    ("trigger", {"atLeast": 21, "of": [SCHEDULE] * 21}),
    ("trigger", {"atLeast": 1, "of": []}),
    ("trigger", {"atLeast": 1}),
    ("trigger", {"of": [SCHEDULE]}),
    ("trigger", {"atLeast": 1, "of": [SCHEDULE], "any": [SCHEDULE]}),
    ("trigger", DRIFT | {"features": []}),
    ("trigger", DRIFT | {"features": "distance"}),
    ("trigger", DRIFT | {"slice": {"column": "origin"}}),
    ("trigger", DRIFT | {"slice": SLICE | {"value": 5}}),
    ("trigger", DRIFT | {"statistic": "domainClassifier"}),
    ("trigger", TOGETHER | {"shareOfFeatures": 0.3}),
    ("trigger", TOGETHER | {"features": ["a"]}),
    ("trigger", TOGETHER | {"weightedByImportance": False}),
    ("trigger", TOGETHER | {"slice": SLICE}),
    ("trigger", TOGETHER | {"type": "predictionDrift"}),
    ("trigger", TOGETHER | {"type": "labelDrift"}),
    ("trigger", {"type": "predictionDrift", "shareOfFeatures": 0.3}),
    ("trigger", {"type": "labelDrift", "slice": SLICE}),
    ("trigger", {"type": "conceptDrift", "detector": "eddm"}),
    ("trigger", {"type": "conceptDrift", "sensitivity": 1}),
    ("trigger", {"type": "conceptDrift", "sensitivity": None}),
    ("trigger", {"type": "conceptDrift", "detector": "ddm", "sensitivity": 0.1}),
    ("trigger", {"type": "conceptDrift", "detector": "pageHinkley", "sensitivity": 0.1}),
    ("trigger", SCORE | {"drop": 0.1, "dropShare": 0.1}),
    ("trigger", SCORE | {"drop": -0.1}),
    ("trigger", SCORE | {"drop": None, "below": 1}),
    ("trigger", REVENUE),
    ("trigger", REVENUE | {"above": 1, "metric": ""}),
    ("trigger", BURN | {"errorRatio": "up"}),
    ("trigger", BURN | {"objective": 1}),
    ("trigger", BURN | {"windows": []}),
    ("trigger", BURN | {"windows": [{"long": "3d", "short": "6h", "rate": 0}]}),
    ("trigger", {"type": "dataQuality", "checks": []}),
    ("trigger", {"type": "dataQuality", "checks": ["nulls"]}),
    ("trigger", {"type": "specChanged", "parts": []}),
    ("trigger", {"type": "specChanged", "parts": ["data"]}),
    ("trigger", {"type": "promql", "query": "up"}),
    ("trigger", {"type": "promql", "query": "up", "above": 1, "step": "1m"}),
    ("trigger", {"type": "promql", "query": "up", "above": 1, "over": None}),
    ("trigger", ALERT | {"labels": {"severity": 1}}),
    ("trigger", ALERT | {"name": ""}),
    ("trigger", {"type": "manual", "by": "ada"}),
    ("guard", {"type": "cooldown"}),
    ("guard", {"type": "cooldown", "period": 24}),
    ("guard", {"type": "hold", "exempt": ["schedule"]}),
    ("guard", {"first": "30m"}),
    ("guard", {"type": "backoff", "first": "0m"}),
    ("guard", {"type": "backoff", "jitter": 1.5}),
    ("guard", {"type": "backoff", "exempt": ["manual"]}),
    ("guard", {"type": "minimumNewRows", "rows": 0}),
    ("guard", {"type": "labelLag"}),
    ("guard", {"type": "labelLag", "median": None, "p95": "5d"}),
    ("guard", {"type": "labelMaturity", "share": 0}),
    ("guard", {"type": "dataQuality", "ignore": []}),
    ("guard", {"type": "dataQuality", "ignore": ["smell"]}),
    ("guard", {"type": "dataQuality", "exempt": ["manual"]}),
    ("guard", {"type": "budget"}),
    ("guard", {"type": "budget", "perMonth": -1}),
    ("guard", {"type": "budget", "perMonth": "50"}),
    ("guard", {"type": "budget", "perMonth": 50, "currency": "dollars"}),
    ("guard", {"type": "budget", "perMonth": 50, "fleet": 1}),
    ("guard", {"type": "rateLimit", "atMost": 0, "per": "7d"}),
    ("guard", {"type": "rateLimit", "atMost": 3}),
    ("guard", {"type": "concurrency", "atMost": 0}),
    ("guard", {"type": "freeze"}),
    ("guard", {"type": "freeze", "windows": []}),
    ("guard", {"type": "freeze", "windows": [{"from": "2026-12-20", "until": "2027-01-03"}]}),
    ("guard", {"type": "freeze", "windows": [{"from": "2026-12-20", "until": "2027-01-03", "reason": ""}]}),
    ("guard", NIGHT | {"from": "6:00"}),
    ("guard", NIGHT | {"until": 360}),
    ("guard", NIGHT | {"days": []}),
    ("guard", NIGHT | {"days": ["Monday"]}),
    ("guard", PAYS | {"metric": "auc"}),
    ("guard", PAYS | {"valuePerUnit": 0}),
    ("guard", PAYS | {"minimumRatio": -1}),
    ("gate", {"type": "dataQuality", "severity": "error"}),
    ("gate", {"type": "schema", "allow": ["anything"]}),
    ("gate", {"type": "schema", "newCategories": 1.1}),
    ("gate", {"type": "volume", "atLeastShare": 1.1}),
    ("gate", {"type": "leakage", "alone": 0.5}),
    ("gate", {"type": "leakage", "accept": [""]}),
    ("gate", {"type": "volume", "atMostShare": 0.9}),
    ("gate", {"type": "volume", "minimumRowsPerDay": None}),
    ("gate", FLOOR),
    ("gate", FLOOR | {"atLeast": 0.1, "atMost": 0.2}),
    ("gate", FLOOR | {"atMost": "0.2"}),
    ("gate", {"type": "modelSize", "atMost": 52428800}),
    ("gate", {"type": "modelSize", "atMost": "50MB"}),
    ("gate", {"type": "modelSize", "atMostTimesLive": 0}),
    ("gate", {"type": "cost"}),
    ("gate", {"type": "cost", "perTraining": None}),
    ("gate", {"type": "cost", "perThousandPredictions": 1}),
    ("gate", {"type": "cost", "perTraining": 1, "servingHour": 1}),
    ("gate", BEATS | {"margin": 0.01}),
    ("gate", BEATS | {"mode": "superiority", "margin": 0.01}),
    ("gate", BEATS | {"mode": "nonInferiority", "minGain": 0.01}),
    ("gate", BEATS | {"confidence": 0.5}),
    ("gate", ROBUST | {"perturbations": []}),
    ("gate", ROBUST | {"perturbations": [{"kind": "missing", "strength": 1}]}),
    ("gate", ROBUST | {"perturbations": [NOISE | {"atMostDrop": 0.1, "atMostDropShare": 0.1}]}),
    ("gate", ROBUST | {"invariantTo": []}),
    ("gate", ROBUST | {"metric": None}),
    ("gate", {"type": "explainability", "dominance": None}),
    ("gate", {"type": "explainability", "atMostShift": 0}),
    ("gate", BEATS | {"minGain": -0.01}),
    ("gate", BEATS | {"guardrails": ["brier"]}),
    ("gate", BEATS | {"guardrails": [{"metric": "brier", "margin": -1}]}),
    ("gate", GAP | {"atMost": 0.1, "shareAtMost": 0.1}),
    ("gate", GAP | {"atMost": None}),
    ("gate", GAP | {"metric": "auc"}),
    ("gate", {"type": "calibration", "errorAtMost": -0.1}),
    ("gate", SLICES | {"columns": [["carrier"]]}),
    ("gate", SLICES | {"noRegression": {}}),
    ("gate", {"type": "fairness", "groups": ["f", "m"]}),
    ("gate", {"type": "fairness", "column": "sex", "groups": None}),
    ("gate", {"type": "fairness", "threshold": 0}),
    ("gate", {"type": "fairness", "selectionRateRatio": 1.2}),
    ("gate", SLICES | {"margin": 0.1, "noRegression": {"carrier": []}}),
    ("gate", SLICES | {"atLeast": 0.1, "atMost": 0.2}),
]


@pytest.mark.parametrize(("family", "written"), ACCEPTED)
def test_code_and_schema_accept(family, written):
    rule = UNIONS[family].validate_python(written)
    assert SCHEMAS[family].is_valid(written)
    assert (
        UNIONS[family].validate_python(UNIONS[family].dump_python(rule, mode="json", by_alias=True, exclude_unset=True)) == rule
    )


@pytest.mark.parametrize(("family", "written"), REFUSED)
def test_code_and_schema_refuse(family, written):
    with pytest.raises(ValidationError):
        UNIONS[family].validate_python(written)
    assert not SCHEMAS[family].is_valid(written)


def test_rules_import_neither_numpy_nor_scipy():
    code = "import sys, reconciler.rules.triggers, reconciler.rules.guards, reconciler.rules.gates; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"numpy", "scipy", "polars", "sklearn", "croniter"}.isdisjoint(modules)
