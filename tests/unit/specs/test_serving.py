"""What a model may ask of its runtime: the table of strategies, and what goes with a router."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from reconciler.rules.rollouts.ab_test import Segments
from reconciler.specs.checks.serving import check_prometheus, check_serving
from reconciler.specs.document import Document
from reconciler.specs.loaded import Loaded
from reconciler.specs.places import place_of
from reconciler.specs.policies import RolloutPolicy
from reconciler.specs.serving import STRATEGIES, Router, Runtime, able
from reconciler.specs.settings import Settings
from tests.builders import a_model
from tests.cases import each

EVERY = {"direct", "canary", "blueGreen", "shadow", "abTest", "bandit"}
GATEWAY = {"router": "gateway"}
ROLLOUT = {"runtime": "rollout", "router": "istio"}
TEXT = """\
metadata: {name: m}
spec:
  rollout: standard
  serve:
    runtime: RUNTIME
    router: ROUTER
    gateway: g
    hosts: [a.b]
    autoscaling: {maximum: 2}
    callers: [c]
    port: 8080
"""


SHIPPED = {
    policy.spec.type: policy
    for path in sorted((Path(__file__).parents[3] / "policies/rollout").glob("*.yaml"))
    if (policy := RolloutPolicy.model_validate(yaml.safe_load(path.read_text())))
}


def changed(kind, **changes):
    """A shipped policy with other fields in its `spec:`."""
    policy = SHIPPED[kind]
    return policy.model_copy(update={"spec": policy.spec.model_copy(update=changes)})


def segments(count, length=1):
    return Segments(column="c", values=tuple("x" * length for _ in range(count)))


def problems(strategy="direct", name="m", policy=None, prometheus="http://p:9090", others=(), **serve):
    """What is wrong with a model whose rollout policy has this type, as `line: message (hint)`."""
    place = place_of(f"models/{name}/model.yaml")
    document = Document(place=place, text=TEXT, data={}, spec=a_model(name, rollout="standard", serve=serve))
    plain = {"abTest": {"segments": None}, "bandit": {"releases": 2}}.get(strategy, {})
    found = SimpleNamespace(spec=policy or changed(strategy, **plain))
    loaded = replace(Loaded.of([], {}), rollouts={"standard": found}, models={name: document}, names={"model": frozenset(others)})
    told = [*check_serving(document, loaded), *check_prometheus(loaded, Settings(prometheus=prometheus))]
    return [f"{one.line}: {one.message} ({one.hint})" for one in told]


def test_every_strategy_can_be_done_somehow_and_no_other_is_in_the_table():
    assert set().union(*STRATEGIES.values()) == EVERY
    assert all("direct" in strategies for strategies in STRATEGIES.values())


@each("strategy", sorted(EVERY))
@each(("runtime", "router"), STRATEGIES)
def test_exactly_what_the_table_lacks_is_refused(runtime, router, strategy):
    found = problems(strategy, runtime=runtime.value, router=router.value, replicas=20)
    assert bool(found) is (strategy not in STRATEGIES[runtime, router])
    assert all(line.startswith("3: ") for line in found)


def test_an_http_route_takes_so_much():
    hosts = {"gateway": "g", "hosts": ["a.b"] * 16}
    assert problems("abTest", policy=changed("abTest", segments=segments(64, 4096)), **GATEWAY, **hosts) == []
    assert problems("abTest", policy=changed("abTest", segments=segments(65, 4097)), router="istio") == []


@pytest.mark.parametrize("serve", [{"gateway": "edge/g", "callers": ["edge"]}, {"gateway": "g"}])
def test_a_gateway_may_be_near_or_let_in(serve):
    assert problems(router="gateway", **serve) == []


def test_a_refusal_says_what_can_do_it():
    assert problems("shadow", runtime="rollout", router="gateway") == [
        '3: "standard" is a rollout of type shadow, which runtime rollout cannot do with router gateway (it is possible by '
        "runtime deployment with router istio, runtime deployment with router gateway, runtime rollout with router istio: "
        "see spec.serve)"
    ]
    assert able("bandit") == (
        (Runtime.DEPLOYMENT, Router.ISTIO),
        (Runtime.DEPLOYMENT, Router.GATEWAY),
        (Runtime.KSERVE, Router.NONE),
    )


@each(
    ("serve", "said"),
    [
        ({"runtime": "kserve", "router": "istio"}, "6: runtime kserve routes by itself"),
        ({"gateway": "g"}, "7: needs a router"),
        (
            {"router": "istio", "gateway": "edge/g"},
            "7: edge/g is in another namespace, and the network policy lets 0 of these in",
        ),
        ({"router": "istio", "hosts": ["a.b"]}, "8: no gateway answers to them"),
        ({"replicas": 3, "autoscaling": {"maximum": 2}}, "9: replicas 3 is the least number of pods, and 2 the most"),
        ({"replicas": 0, "autoscaling": {"maximum": 2}}, "9: replicas 0 is the least number of pods, and 2 the most"),
        ({"router": "gateway", "gateway": "g", "hosts": ["a.b"] * 17}, "8: 17 host names, and an HTTPRoute takes at most 16"),
        ({"runtime": "kserve", "port": 8012}, "11: 8012 is a port of Knative, which runs in the same pods"),
        ({"router": "istio", "port": 15020}, "11: 15020 is a port of Istio, which runs in the same pods"),
        ({"runtime": "kserve", "callers": ["c"]}, "10: a network policy lets them in, and runtime kserve has none"),
    ],
)
def test_what_does_not_fit_is_told_at_its_line(serve, said):
    (found,) = problems(**serve)
    assert found.startswith(said)


@each(
    ("kind", "changes", "serve", "said"),
    [
        ("abTest", {"segments": Segments(column="c", values=("x",))}, ROLLOUT, "Argo Rollouts compares one header only"),
        ("abTest", {"segments": segments(65)}, GATEWAY, "names 65 segments, and an HTTPRoute takes at most 64"),
        (
            "abTest",
            {"segments": segments(1, 4097)},
            GATEWAY,
            "names a segment of 4097 bytes, and an HTTPRoute takes at most 4096",
        ),
        ("bandit", {"releases": 3}, {"runtime": "kserve"}, "lets 3 releases share the requests, and KServe keeps 2"),
    ],
)
def test_what_a_runtime_cannot_do_of_a_strategy_is_refused(kind, changes, serve, said):
    (found,) = problems(kind, policy=changed(kind, **changes), **serve)
    assert found.startswith("3: ")
    assert said in found


@each(("replicas", "wrong"), [(0, True), (1, True), (19, True), (20, False)])
def test_shares_by_numbers_of_pods_need_pods_enough(replicas, wrong):
    found = problems("canary", runtime="rollout", replicas=replicas)
    assert bool(found) is wrong
    if replicas == 19:
        assert "begins with 5 %, and without a router one of 19 pods has 5.26 % of the requests" in found[0]
        assert "set spec.serve.replicas to 20 or more, or name a router" in found[0]


def test_argo_rollouts_must_know_prometheus():
    (found,) = problems("canary", prometheus=None, **ROLLOUT)
    assert found.startswith("5: Argo Rollouts asks Prometheus how a release does, and the settings name none")
    assert problems("direct", prometheus=None, **ROLLOUT) == []


def test_the_second_service_is_no_other_models_first():
    (found,) = problems(others={"m-canary"}, **ROLLOUT)
    assert found.startswith('5: "m-canary" is a model too')
    assert problems(others={"m-canary"}) == problems(others={"m-other"}, **ROLLOUT) == []


def test_what_fits_is_fine():
    more = {"replicas": 2, "autoscaling": {"maximum": 2}, "callers": ["ns"]}
    whole = {"router": "istio", "gateway": "ns/g", "hosts": ["a.b"], **more}
    assert problems("canary", **whole) == []


@pytest.mark.parametrize(("length", "wrong"), [(47, False), (48, True)])
def test_kserve_adds_to_the_name(length, wrong):
    assert bool(problems(name="m" * length, runtime="kserve")) is wrong
    assert problems(name="m" * length) == []
