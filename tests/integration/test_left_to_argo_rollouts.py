"""What Argo CD is told to ignore, by jq itself: all that Argo Rollouts changes, and nothing of what it needs from Git."""

import json
import shutil
import subprocess

import pytest
import yaml

from reconciler.render.argocd import DIFFERENCES
from reconciler.render.environment import load_templates
from reconciler.render.models import render_model
from tests.builders import shipped_templates
from tests.golden import served

pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not on the path")
TEMPLATES = load_templates(shipped_templates())
PORT = {"port": {"number": 80}}
STABLE, CANARY = ({"host": name, **PORT} for name in ("flight-delay", "flight-delay-canary"))


def route(case: str) -> dict:
    files = render_model(TEMPLATES, served.CASES[case])
    [found] = [text for path, text in files.items() if path.endswith(("virtualservice.yaml", "httproute.yaml"))]
    return yaml.safe_load(found)


def compared(thing: dict) -> dict:
    """What is left of it when Argo CD compares."""
    [paths] = [one["jqPathExpressions"] for one in DIFFERENCES if one["kind"] == thing["kind"]]
    program = " | ".join(f"del({path})" for path in paths)
    said = subprocess.run(["jq", program], input=json.dumps(thing), capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def moved(thing: dict) -> dict:
    """As Argo Rollouts leaves it half-way: other weights, and routes of its own before the one from Git."""
    made = json.loads(json.dumps(thing))
    match made["spec"]:
        case {"http": http}:
            shares = [{"destination": STABLE, "weight": 80}, {"destination": CANARY, "weight": 20}]
            http[-1]["route"] = shares[: len(http[-1]["route"])]
            http[:0] = [{"name": name, "match": [{"uri": {"prefix": "/"}}], "route": shares} for name in ("units", "mirror")]
        case {"rules": rules}:
            for backend, weight in zip(rules[0]["backendRefs"], (80, 20), strict=False):
                backend["weight"] = weight
            rules.append({"matches": [{"headers": [{"name": "x", "value": "1"}]}], "backendRefs": rules[0]["backendRefs"][-1:]})
    return made


@pytest.mark.parametrize(
    "case", ["rollout-istio-canary", "rollout-istio-abTest", "rollout-gateway-canary", "rollout-gateway-abTest"]
)
def test_what_argo_rollouts_changes_is_no_difference(case):
    assert moved(route(case)) != route(case)
    assert compared(moved(route(case))) == compared(route(case))


@pytest.mark.parametrize("router", ["istio", "gateway"])
def test_a_service_that_a_new_strategy_needs_is_one(router):
    assert compared(route(f"rollout-{router}-direct")) != compared(route(f"rollout-{router}-canary"))


@pytest.mark.parametrize("router", ["istio", "gateway"])
def test_of_other_runtimes_everything_is_compared(router):
    made = route(f"deployment-{router}-canary")
    assert compared(made) == made


def test_a_route_that_has_lost_everything_is_compared_too():
    for kind in ("VirtualService", "HTTPRoute"):
        bare = {"kind": kind, "metadata": {"labels": {"perennial/runtime": "rollout"}}, "spec": {}}
        assert compared(bare) == bare
