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
SCORE = {"type": "performance", "metric": "rocAuc", "window": "7d"}
FLOOR = {"type": "floor", "metric": "brier"}
BEATS = {"type": "beatsLive", "metric": "rocAuc"}

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
    ("guard", {"type": "cooldown", "period": "24h", "exempt": ["specChanged"]}),
    ("guard", {"type": "minimumNewLabels", "rows": 2000}),
    ("guard", {"type": "hold"}),
    ("guard", {"type": "oneChangeOpen"}),
    ("gate", {"type": "dataQuality"}),
    ("gate", FLOOR | {"atMost": 0.2, "confidence": 0.95}),
    ("gate", FLOOR | {"atLeast": -1}),
    ("gate", BEATS),
    ("gate", BEATS | {"minGain": 0.01, "confidence": 0.99, "minimumRows": 100}),
    ("gate", BEATS | {"mode": "nonInferiority", "margin": 0.01}),
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
    ("guard", {"type": "cooldown"}),
    ("guard", {"type": "cooldown", "period": 24}),
    ("guard", {"type": "backoff"}),
    ("guard", {"type": "hold", "exempt": ["schedule"]}),
    ("gate", FLOOR),
    ("gate", FLOOR | {"atLeast": 0.1, "atMost": 0.2}),
    ("gate", FLOOR | {"atMost": "0.2"}),
    ("gate", BEATS | {"margin": 0.01}),
    ("gate", BEATS | {"mode": "superiority", "margin": 0.01}),
    ("gate", BEATS | {"mode": "nonInferiority", "minGain": 0.01}),
    ("gate", BEATS | {"confidence": 0.5}),
    ("gate", BEATS | {"minGain": -0.01}),
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
