"""Everything that is rendered, on a real API server: it takes every field, warns of nothing, and leaves nothing to change."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from reconciler.render.environment import load_templates
from reconciler.render.manifests import render_environment
from reconciler.render.models import render_model
from reconciler.render.planned import strategy_of
from reconciler.render.served import Served
from reconciler.specs.policies import RolloutPolicy
from reconciler.specs.serving import STRATEGIES, Resources, Router, Runtime
from tests.builders import shipped_templates
from tests.golden import served, test_manifests
from tests.integration.api_server.server import ApiServer
from tests.property.test_hostile_specs import WORST

TEMPLATES = load_templates(shipped_templates())
PAIRS = list(STRATEGIES)
ENVIRONMENTS = {name: render_environment(specs, environment) for name, (specs, environment) in test_manifests.CASES.items()}
POLICIES = Path(__file__).parents[3] / "policies/rollout"
OF_KSERVE = {"minReplicas", "maxReplicas", "canaryTrafficPercent"}
AMOUNTS = Resources(cpu="2000m", memory="4096Mi")


def objects(files: Mapping[str, str]) -> list[dict]:
    return [yaml.load(text, yaml.CSafeLoader) for path, text in files.items() if path.endswith(".yaml")]


def variants(runtime: Runtime, router: Router) -> Iterator[Served]:
    """Every strategy of the pair: at rest and on its way, with its shares moved on; as little as can be, and all there is."""
    more = served.FULL | {"resources": AMOUNTS} | (served.OUTSIDE if router is not Router.NONE else {})
    if runtime is Runtime.KSERVE:
        more.pop("callers")
    for strategy in sorted(STRATEGIES[runtime, router]):
        for extras in ({}, more):
            case = served.served(runtime, router, strategy, **extras)
            yield replace(case, underway=None, release=served.LIVE)
            yield case
            yield replace(case, underway=None)
            if case.underway:
                shares = [replace(arm, weight=(100 if arm is case.arms[-1] else 0)) for arm in case.arms]
                yield replace(case, underway=replace(case.underway, live=shares[0], candidates=tuple(shares[1:])))


def differences(wanted: object, live: object, path: str = "") -> Iterator[str]:
    """Where the server holds something else than Git says: Argo CD would call the object out of sync for ever."""
    if isinstance(wanted, dict) and isinstance(live, dict):
        for key, value in wanted.items():
            yield from differences(value, live.get(key), f"{path}.{key}")
    elif isinstance(wanted, list) and isinstance(live, list) and len(wanted) == len(live):
        for index, (one, other) in enumerate(zip(wanted, live, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif wanted != live or type(wanted) is not type(live):
        yield f"{path}: {wanted!r} became {live!r}"


def state_of(stored: dict) -> int | str:
    """What changes with each change; where the server counts those of the spec, controllers may change the rest meanwhile."""
    return stored["metadata"].get("generation") or stored["metadata"]["resourceVersion"]


def sync(api: ApiServer, namespace: str, files: Mapping[str, str]) -> dict[tuple[str, str, str], dict]:
    """As Argo CD does it: the texts as they are, read by Go; and once more, which changes nothing. Objects by what they are."""
    found = {}
    for path, text in files.items():
        if not path.endswith(".yaml"):
            continue
        thing = yaml.load(text, yaml.CSafeLoader)
        elsewhere = thing["metadata"].pop("namespace", None)
        first, again = (api.apply(thing, namespace, "" if elsewhere else text) for _ in range(2))
        assert list(differences(thing, again)) == [], path
        assert state_of(again) == state_of(first), path
        found[thing["apiVersion"], thing["kind"], thing["metadata"]["name"]] = thing
    return found


@pytest.mark.parametrize(("runtime", "router"), PAIRS)
def test_a_model_moves_from_anything_to_anything_else(api, namespace, runtime, router):
    """Each on top of the one before, there and back; what is no longer rendered is deleted last, as `PruneLast` has it."""
    way = [render_model(TEMPLATES, case) for case in variants(runtime, router)]
    before: dict[tuple[str, str, str], dict] = {}
    for files in (*way, *way[-2::-3]):
        now = sync(api, namespace, files)
        for gone in before.keys() - now.keys():
            api.delete(before[gone], namespace)
        before = now
    assert api.warnings == []


def test_a_model_moves_from_runtime_to_runtime(api, namespace):
    for runtime, router in (*PAIRS, *reversed(PAIRS)):
        sync(api, namespace, render_model(TEMPLATES, served.served(runtime, router, "direct", **served.FULL)))
    assert api.warnings == []


@pytest.mark.parametrize("case", ENVIRONMENTS)
def test_a_whole_environment_with_what_tells_argo_cd_of_it(api, namespace, case):
    sync(api, namespace, ENVIRONMENTS[case])
    assert api.warnings == []


@pytest.mark.parametrize("policy", ["canary", "blue-green", "shadow", "ab-test"])
def test_a_shipped_policy_with_all_that_it_asks_prometheus(api, namespace, policy):
    rollout = RolloutPolicy.model_validate(yaml.safe_load((POLICIES / f"{policy}.yaml").read_text())).spec
    case = replace(served.CASES["rollout-istio-canary"], strategy=strategy_of(rollout))
    sync(api, namespace, render_model(TEMPLATES, case))
    assert api.warnings == []


@pytest.mark.parametrize(
    "case", ["deployment-istio-abTest-segments", "deployment-gateway-abTest-segments", "rollout-istio-canary"]
)
def test_the_worst_of_texts_that_a_spec_may_hold_is_stored_as_it_is(api, namespace, case):
    made = served.CASES[case]
    artifact = replace(made.release.build.artifact, path=WORST)
    release = replace(made.release, build=replace(made.release.build, artifact=artifact))
    units = made.strategy.units and replace(made.strategy.units, segments=("one", WORST))
    strategy = replace(made.strategy, units=units)
    hostile = replace(made, release=release, strategy=strategy, prometheus=f"https://{WORST}")
    under = made.underway and replace(made.underway, candidates=(replace(made.underway.candidates[-1], release=release),))
    things = sync(api, namespace, render_model(TEMPLATES, replace(hostile, underway=under)))
    assert repr(WORST)[1:-1] in str(things)
    assert api.warnings == []


@pytest.mark.parametrize("case", served.CASES)
def test_pods_are_of_the_strictest_standard(api, namespace, case):
    """Whoever makes them: the server judges pods only, and of its own kinds those that make them."""
    pods = [pod for thing in objects(render_model(TEMPLATES, served.CASES[case])) if (pod := pod_of(thing))]
    assert pods
    for pod in pods:
        api.apply(pod, namespace, dryRun="All")
    assert api.warnings == []


def pod_of(thing: dict) -> dict | None:
    match thing:
        case {"spec": {"template": {"metadata": metadata, "spec": spec}}}:
            pass
        case {"spec": {"predictor": {"labels": labels, "annotations": annotations, **rest}}}:
            metadata = {"labels": labels, "annotations": annotations}
            spec = {key: value for key, value in rest.items() if key not in OF_KSERVE}
        case _:
            return None
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {**metadata, "name": "pod"}, "spec": spec}
