"""JSON Schema and code accept and refuse the same documents, however a valid one is damaged."""

import copy
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import read_document
from reconciler.specs.places import Place
from reconciler.specs.schemas import SCHEMAS, schema_of
from reconciler.specs.syntax import parse
from tests.cases import each
from tests.specs import ROOT, a_release_document, as_text

DIGEST = "sha256:" + "d" * 64
FRAME = {"apiVersion": "perennial/v1", "metadata": {"name": "flight-delay", "owner": "ann", "description": "x"}}
FILES = {
    "dataset": "datasets/flights.yaml",
    "gate-policy": "policies/gates/strict.yaml",
    "model": "models/flight-delay/model.yaml",
    "params": "params.yaml",
    "retrain-policy": "policies/retrain/standard.yaml",
    "rollout-policy": "policies/rollout/direct.yaml",
}
DOCUMENTS: dict[str, Any] = {
    **{schema: parse(path, ROOT[path].encode())[1] for schema, path in FILES.items()},
    "release": a_release_document(),
    "hold": FRAME | {"kind": "Hold", "spec": {"reason": "audit", "owner": "ann", "until": "2013-05-01T06:00:00Z"}},
    "quarantine": FRAME | {"kind": "Quarantine", "spec": {"digests": [{"digest": DIGEST, "reason": "bad"}]}},
    "override": FRAME
    | {
        "kind": "Override",
        "spec": {
            "gates": ["rocAuc"],
            "champion": DIGEST,
            "owner": "ann",
            "reason": "x",
            "from": "2013-01-01",
            "until": "2013-01-20",
        },
    },
}
DOCUMENTS["model"]["spec"] |= {
    "observe": "score",
    "bootstrap": 2000,
    "serve": {"image": "shop/serve:1", "port": 8080, "replicas": 2, "resources": {"cpu": "1", "memory": "1Gi"}},
}
DOCUMENTS["gate-policy"]["spec"]["gates"] += [
    {"type": "dataQuality"},
    {"type": "beatsLive", "metric": "brier", "mode": "nonInferiority", "margin": 0.01, "confidence": 0.9},
]
TRIGGERS: tuple[dict[str, Any], ...] = (
    {"all": [{"type": "maxAge", "age": "30d"}, {"type": "specChanged"}]},
    {"type": "dataDrift", "statistic": "psi", "above": 0.2, "shareOfFeatures": 0.3, "window": "7d", "consecutive": 2},
    {"not": {"type": "dataQuality", "window": "7d", "checks": ["nullSpike"], "consecutive": 2}},
    {
        "atLeast": 2,
        "of": [{"type": "newRows", "rows": 3}, {"not": {"type": "specChanged", "parts": ["spec"]}}],
    },
    {"type": "dataDrift", "features": ["x"], "weightedByImportance": True, "slice": {"column": "x", "value": "x"}},
    {"type": "dataDrift", "statistic": "domainClassifier", "above": 0.5, "window": "7d", "consecutive": 2, "minimumRows": 3},
    {"type": "predictionDrift", "statistic": "ks", "above": 1, "window": "7d", "consecutive": 2, "minimumRows": 2000},
    {"type": "labelDrift"},
    {"type": "conceptDrift", "detector": "kswin", "sensitivity": 0.5, "minimumRows": 3},
    {"type": "conceptDrift", "detector": "ddm"},
    {"type": "performance", "metric": "rocAuc", "drop": 0.5, "window": "7d"},
    {"type": "performance", "metric": "rocAuc", "dropShare": 0.5, "window": "7d"},
    {"type": "businessMetric", "metric": "x", "below": 3, "window": "7d", "consecutive": 2},
    {"type": "sloBurnRate", "errorRatio": "x[$window]", "objective": 0.5, "windows": [{"long": "7d", "short": "1h", "rate": 3}]},
    {"type": "promql", "query": "x", "above": 3, "over": "7d", "step": "1h"},
    {"type": "alert", "file": "x", "name": "x", "labels": {"x": "x"}},
)
"""Each in a document of its own: validating a long list again for each damage takes long."""
for number, trigger in enumerate(TRIGGERS):
    DOCUMENTS[f"retrain-policy {number}"] = FRAME | {"kind": "RetrainPolicy", "spec": {"triggers": trigger}}
GUARDS = {"triggers": {"type": "specChanged"}, "guards": [{"type": "hold"}, {"type": "oneChangeOpen"}]}
DOCUMENTS["retrain-policy guards"] = FRAME | {"kind": "RetrainPolicy", "spec": GUARDS}
GROUPS: tuple[dict[str, Any], ...] = (
    {"type": "slices", "columns": ["x", ["x", "x"]], "margin": 0.5, "noRegression": {"x": ["x"]}, "atLeast": 0.5},
    {"type": "fairness", "column": "x", "groups": ["x"], "threshold": 0.5, "selectionRateRatio": 0.5},
    {"type": "validationGap", "metric": "rocAuc", "shareAtMost": 0.5, "minimumRows": 3},
    {"type": "beatsLive", "metric": "rocAuc", "guardrails": [{"metric": "brier", "margin": 0.5}]},
)
for number, gate in enumerate(GROUPS):
    DOCUMENTS[f"gate-policy {number}"] = FRAME | {"kind": "GatePolicy", "spec": {"gates": [gate]}}
CHECKS: tuple[dict[str, Any], ...] = (
    {"type": "errors", "margin": 0.5},
    {"type": "latency", "quantile": 0.5, "atMostTimes": 1.5},
    {"type": "predictions", "margin": 0.5},
    {"type": "metric", "metric": "brier", "margin": 0.5},
    {"type": "saturation", "resource": "cpu", "above": 0.5, "forShare": 0.5, "minimumMinutes": 3},
)
BUSINESS = {"type": "businessMetric", "metric": "x", "better": "lower", "margin": 0.5}
PATIENT = {"confidence": 0.9, "plannedRows": 2000, "minimumRows": 3, "within": "7d", "otherwise": "abort"}
STEPS = [{"weight": 3, "pause": "1h", "prove": ["errors"]}, {"weight": 50}]
ROLLOUTS: tuple[dict[str, Any], ...] = (
    {"type": "canary", "steps": STEPS, "analysis": [*CHECKS, BUSINESS]},
    {
        "type": "blueGreen",
        "mirror": 0.5,
        "preview": "1h",
        "keep": "1h",
        "analysis": [{"type": "answers", "atMost": 0.5}],
        **PATIENT,
    },
    {"type": "shadow", "sample": 0.5, "cap": 3, "atLeast": "1h", "analysis": [{"type": "answers", "tolerance": 0}]},
    {"type": "abTest", "unit": "x", "metric": "x", "gain": 0.5, "segments": {"column": "x", "values": ["x"]}, "analysis": []},
    {
        "type": "abTest",
        "unit": "x",
        "metric": "x",
        "gain": 0.5,
        "weight": 3,
        "better": "lower",
        "decide": "fixedHorizon",
        "run": "1h",
    },
    {
        "type": "bandit",
        "releases": 3,
        "floor": 3,
        "metric": "x",
        "better": "lower",
        "margin": 0.5,
        "every": "1h",
        "analysis": [BUSINESS],
    },
)
for number, rollout in enumerate(ROLLOUTS):
    DOCUMENTS[f"rollout-policy {number}"] = FRAME | {"kind": "RolloutPolicy", "spec": rollout}
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 3, 2000, 10**7, 0.0, 0.5, 1.0, 1.5, -0.5, 2000.0),
    *("", "x", "psi", "7d", "0d", "7 d", "2013-01-01", "2013-13-01", "rocAuc", "binary", DIGEST, "1.2.3", "Upper", "a" * 60),
    *([], ["x"], ["x", 1], [[]], {}, {"x": 1}, {"type": "hold"}, {"type": "specChanged"}, {"any": []}, {"type": "nothing"}),
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of every value inside."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, child in items for found in [(*path, key), *places(child, (*path, key))]]


def damage(document: Any, path: tuple[str | int, ...], how: str, value: Any) -> Any:
    """A copy with one change at the path."""
    whole = copy.deepcopy(document)
    *parents, last = path
    parent = whole
    for part in parents:
        parent = parent[part]
    if how == "delete":
        del parent[last]
    elif how == "rename" and isinstance(last, str):
        parent[f"{last}s"] = parent.pop(last)
    elif how == "add" and isinstance(parent[last], dict):
        parent[last]["unknown"] = value
    elif how == "repeat" and isinstance(parent[last], list):
        parent[last] = parent[last] * 2
    else:
        parent[last] = value
    return whole


def code_accepts(document_name: str, document: Any) -> bool:
    schema = document_name.partition(" ")[0]
    try:
        read_document(Place(path="a.yaml", schema=schema, name=""), as_text(document).encode())
    except InvalidSpecsError:
        return False
    return True


STEP = 1 if settings.get_current_profile_name() == "thorough" else 11
"""Every damage by `make soak`, some else: validating takes long."""


@cache
def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(schema_of(SCHEMAS[schema]))


def schema_accepts(document_name: str, document: Any) -> bool:
    accepts: bool = validator(document_name.partition(" ")[0]).is_valid(document)
    return accepts


def test_every_schema_has_a_document():
    assert {name.partition(" ")[0] for name in DOCUMENTS} == set(SCHEMAS)


@each("name", sorted(DOCUMENTS))
def test_both_accept_the_valid_document(name):
    assert list(validator(name.partition(" ")[0]).iter_errors(DOCUMENTS[name])) == []
    assert code_accepts(name, DOCUMENTS[name])


@each("name", sorted(DOCUMENTS))
def test_they_agree_on_every_key_deleted_renamed_or_added(name):
    document = DOCUMENTS[name]
    damages = {
        repr(damaged): (damaged, path, how)  # where a value cannot be damaged so, several ways come to the same
        for path in places(document)
        for how in ("delete", "rename", "add", "repeat")
        for damaged in [damage(document, path, how, 1)]
    }
    for damaged, path, how in list(damages.values())[::STEP]:
        assert code_accepts(name, damaged) == schema_accepts(name, damaged), (path, how)


@given(st.data())
def test_they_agree_after_any_damage(data):
    name = data.draw(st.sampled_from(sorted(DOCUMENTS)))
    document = DOCUMENTS[name]
    for _ in range(data.draw(st.integers(1, 2))):
        if not (left := places(document)):
            break
        path = data.draw(st.sampled_from(left))
        how = data.draw(st.sampled_from(["replace", "replace", "delete", "rename", "add", "repeat"]))
        document = damage(document, path, how, data.draw(st.sampled_from(VALUES)))
    assert code_accepts(name, document) == schema_accepts(name, document)
