"""JSON Schema and code accept and refuse the same documents, however a valid one is damaged."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.errors import InvalidSpecsError
from reconciler.specs.load import read_document
from reconciler.specs.places import Place
from reconciler.specs.schemas import SCHEMAS, schema_of
from reconciler.specs.syntax import parse
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
}
DOCUMENTS["model"]["spec"] |= {
    "observe": "score",
    "bootstrap": 2000,
    "serve": {"image": "shop/serve:1", "port": 8080, "replicas": 2, "resources": {"cpu": "1", "memory": "1Gi"}},
}
DOCUMENTS["retrain-policy"]["spec"]["triggers"]["any"] += [
    {"all": [{"type": "maxAge", "age": "30d"}, {"type": "specChanged"}]},
    {"type": "dataDrift", "statistic": "psi", "above": 0.2, "shareOfFeatures": 0.3, "window": "7d", "consecutive": 2},
]
DOCUMENTS["retrain-policy"]["spec"]["guards"] += [{"type": "hold"}, {"type": "oneChangeOpen"}]
DOCUMENTS["gate-policy"]["spec"]["gates"] += [
    {"type": "dataQuality"},
    {"type": "beatsLive", "metric": "brier", "mode": "nonInferiority", "margin": 0.01, "confidence": 0.9},
]
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


def code_accepts(schema: str, document: Any) -> bool:
    try:
        read_document(Place(path="a.yaml", schema=schema, name=""), as_text(document).encode())
    except InvalidSpecsError:
        return False
    return True


VALIDATORS = {schema: Draft202012Validator(schema_of(kind)) for schema, kind in SCHEMAS.items()}


@pytest.mark.parametrize("schema", sorted(SCHEMAS))
def test_both_accept_the_valid_document(schema):
    Draft202012Validator.check_schema(schema_of(SCHEMAS[schema]))
    assert list(VALIDATORS[schema].iter_errors(DOCUMENTS[schema])) == []
    assert code_accepts(schema, DOCUMENTS[schema])


@pytest.mark.parametrize("schema", sorted(SCHEMAS))
def test_they_agree_on_every_key_deleted_renamed_or_added(schema):
    document = DOCUMENTS[schema]
    for path in places(document):
        for how in ("delete", "rename", "add", "repeat"):
            damaged = damage(document, path, how, 1)
            assert code_accepts(schema, damaged) == VALIDATORS[schema].is_valid(damaged), (path, how)


@given(st.data())
def test_they_agree_after_any_damage(data):
    schema = data.draw(st.sampled_from(sorted(SCHEMAS)))
    document = DOCUMENTS[schema]
    for _ in range(data.draw(st.integers(1, 2))):
        if not (left := places(document)):
            break
        path = data.draw(st.sampled_from(left))
        how = data.draw(st.sampled_from(["replace", "replace", "delete", "rename", "add", "repeat"]))
        document = damage(document, path, how, data.draw(st.sampled_from(VALUES)))
    assert code_accepts(schema, document) == VALIDATORS[schema].is_valid(document)
