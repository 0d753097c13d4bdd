"""What is rendered is what Kubernetes takes: core kinds by their schemas, custom kinds by their definitions."""

import json
import os
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import referencing
import yaml

from reconciler.render.crds import manifest_problems
from reconciler.render.environment import load_templates
from reconciler.render.manifests import render_environment
from reconciler.render.models import render_model
from tests.builders import shipped_templates
from tests.golden import served
from tests.golden.test_manifests import CASES

VERSIONS = ("v1.30.0", "v1.37.0")
"""The oldest is the first that knows a pause before a container is stopped."""
TEMPLATES = load_templates(shipped_templates())
CASE_FILES = {name: render_environment(specs, environment) for name, (specs, environment) in CASES.items()} | {
    name: render_model(TEMPLATES, case) for name, case in served.CASES.items()
}
SHARED = Path(__file__).parents[3] / "shared/crds"


def objects(case: str) -> Iterator[dict]:
    return (yaml.load(text, yaml.CSafeLoader) for path, text in CASE_FILES[case].items() if path.endswith(".yaml"))


def is_core(thing: dict) -> bool:
    group = thing["apiVersion"].rpartition("/")[0]
    return group in {"", "apps", "autoscaling", "policy", "networking.k8s.io"}


@cache
def closed_schemas(version: str) -> referencing.Registry:
    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"{version}-local-strict"
    definitions = json.loads((folder / "_definitions.json").read_text())
    return referencing.Resource.from_contents(definitions) @ referencing.Registry()


@cache
def validator(version: str, kind: str, api_version: str) -> jsonschema.Draft202012Validator:
    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"{version}-local-strict"
    name = api_version.removesuffix(".k8s.io").replace(".k8s.io/", "-").replace("/", "-")
    schema = json.loads((folder / f"{kind.lower()}-{name}.json").read_text())
    return jsonschema.Draft202012Validator(schema, registry=closed_schemas(version))


@cache
def definitions() -> tuple[str, ...]:
    named = os.environ.get("PERENNIAL_CRDS")  # noqa: TID251 (where the definitions are is the machine's business)
    folder = Path(named) if named else SHARED
    if not folder.is_dir():
        pytest.skip(f"neither PERENNIAL_CRDS nor {SHARED.name} holds CustomResourceDefinitions")
    return tuple(path.read_text() for path in sorted(folder.glob("*.yaml")))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", CASE_FILES)
def test_core_kinds_keep_their_schemas(version, case):
    for thing in filter(is_core, objects(case)):
        errors = list(validator(version, thing["kind"], thing["apiVersion"]).iter_errors(thing))
        assert [error.message for error in errors] == [], thing["kind"]


def test_custom_kinds_keep_their_definitions():
    every = {f"{case}/{path}": text for case, made in CASE_FILES.items() for path, text in made.items()}
    assert [str(problem) for problem in manifest_problems(every, dict(enumerate(definitions())))] == []


@pytest.mark.parametrize("case", CASE_FILES)
def test_an_object_is_of_a_namespace_and_its_name_fits(case):
    for thing in objects(case):
        assert thing["kind"] in NAMESPACED
        assert len(thing["metadata"]["name"]) <= 63


NAMESPACED = {
    *("ConfigMap", "Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor"),
    *("PodMonitor", "Rollout", "AnalysisTemplate", "InferenceService", "VirtualService", "HTTPRoute"),
    *("Application", "ApplicationSet", "AppProject"),
}
