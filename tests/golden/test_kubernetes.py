"""What is rendered is what Kubernetes and Argo CD take: core kinds by their schemas, the Application by its CRD."""

import json
import os
from functools import cache
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import referencing
import yaml

from reconciler.render.manifests import render_environment
from tests.golden.test_manifests import CASES

VERSIONS = ("v1.25.0", "v1.37.0")
OBJECTS = [
    pytest.param(yaml.safe_load(text), id=f"{case}-{path}")
    for case, (specs, environment) in CASES.items()
    for path, text in render_environment(specs, environment).items()
    if path.endswith(".yaml")
]


@cache
def closed_schemas(version: str) -> referencing.Registry:
    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"{version}-local-strict"
    definitions = json.loads((folder / "_definitions.json").read_text())
    return referencing.Resource.from_contents(definitions) @ referencing.Registry()


@cache
def validator(version: str, kind: str, api_version: str) -> jsonschema.Draft202012Validator:
    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"{version}-local-strict"
    schema = json.loads((folder / f"{kind.lower()}-{api_version.replace('/', '-')}.json").read_text())
    return jsonschema.Draft202012Validator(schema, registry=closed_schemas(version))


@cache
def application_schema() -> dict:
    crds = os.environ.get("PERENNIAL_CRDS")  # noqa: TID251 (where the schemas are is the machine's business)
    if not crds:
        pytest.skip("PERENNIAL_CRDS names no folder of CustomResourceDefinitions")
    crd = yaml.safe_load((Path(crds) / "applications.argoproj.io.yaml").read_text())
    return next(version for version in crd["spec"]["versions"] if version["name"] == "v1alpha1")["schema"]["openAPIV3Schema"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("thing", [param for param in OBJECTS if param.values[0]["kind"] != "Application"])
def test_a_core_kind_keeps_its_schema(version, thing):
    errors = list(validator(version, thing["kind"], thing["apiVersion"]).iter_errors(thing))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("thing", [param for param in OBJECTS if param.values[0]["kind"] == "Application"])
def test_an_application_keeps_its_schema(thing):
    errors = list(jsonschema.Draft202012Validator(closed(application_schema())).iter_errors(thing))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize("thing", OBJECTS)
def test_an_object_is_of_a_namespace_and_its_name_fits(thing):
    assert thing["kind"] in {"ConfigMap", "Deployment", "Service", "Application"}
    assert len(thing["metadata"]["name"]) <= 63


def closed(schema: object) -> object:
    """The schema, with every object refusing what it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    shut = (
        {"additionalProperties": False}
        if isinstance(schema.get("properties"), dict)
        and not schema.keys() & {"additionalProperties", "x-kubernetes-preserve-unknown-fields"}
        else {}
    )
    return {**{key: closed(value) for key, value in schema.items()}, **shut}
