"""What a model may ask of its runtime: the table of strategies, and what goes with a router."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from reconciler.specs.checks.serving import check_serving
from reconciler.specs.document import Document
from reconciler.specs.loaded import Loaded
from reconciler.specs.places import place_of
from reconciler.specs.serving import STRATEGIES, Router, Runtime, able
from tests.builders import a_model

EVERY = {"direct", "canary", "blueGreen", "shadow", "abTest", "bandit"}
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
"""


def problems(strategy="direct", name="m", **serve):
    """What is wrong with a model whose rollout policy has this type, as `line: message (hint)`."""
    place = place_of(f"models/{name}/model.yaml")
    document = Document(place=place, text=TEXT, data={}, spec=a_model(name, rollout="standard", serve=serve))
    policy = SimpleNamespace(spec=SimpleNamespace(spec=SimpleNamespace(type=strategy)))
    loaded = replace(Loaded.of([], {}), rollouts={"standard": policy})
    return [f"{one.line}: {one.message} ({one.hint})" for one in check_serving(document, loaded)]


def test_every_strategy_can_be_done_somehow_and_no_other_is_in_the_table():
    assert set().union(*STRATEGIES.values()) == EVERY
    assert all("direct" in strategies for strategies in STRATEGIES.values())


@pytest.mark.parametrize("strategy", sorted(EVERY))
@pytest.mark.parametrize(("runtime", "router"), STRATEGIES)
def test_exactly_what_the_table_lacks_is_refused(runtime, router, strategy):
    found = problems(strategy, runtime=runtime.value, router=router.value)
    assert bool(found) is (strategy not in STRATEGIES[runtime, router])
    assert all(line.startswith("3: ") for line in found)


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


@pytest.mark.parametrize(
    ("serve", "said"),
    [
        ({"runtime": "kserve", "router": "istio"}, "6: runtime kserve routes by itself"),
        ({"gateway": "g"}, "7: needs a router"),
        ({"router": "istio", "hosts": ["a.b"]}, "8: no gateway answers to them"),
        ({"replicas": 3, "autoscaling": {"maximum": 2}}, "9: replicas 3 is the least number of pods, and 2 the most"),
        ({"replicas": 0, "autoscaling": {"maximum": 2}}, "9: replicas 0 is the least number of pods, and 2 the most"),
    ],
)
def test_what_does_not_fit_is_told_at_its_line(serve, said):
    (found,) = problems(**serve)
    assert found.startswith(said)


def test_what_fits_is_fine():
    whole = {"router": "istio", "gateway": "ns/g", "hosts": ["a.b"], "replicas": 2, "autoscaling": {"maximum": 2}}
    assert problems("canary", **whole) == []


@pytest.mark.parametrize(("length", "wrong"), [(47, False), (48, True)])
def test_kserve_adds_to_the_name(length, wrong):
    assert bool(problems(name="m" * length, runtime="kserve")) is wrong
    assert problems(name="m" * length) == []
