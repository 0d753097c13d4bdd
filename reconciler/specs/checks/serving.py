"""Checks of `spec.serve`: the runtime and the router can do what the rollout policy asks, and the rest fits to them."""

import math
from collections.abc import Iterator, Sequence

from reconciler.errors import Problem
from reconciler.rules.progressive import RolloutRule
from reconciler.rules.rollouts.ab_test import AbTest, Segments
from reconciler.rules.rollouts.bandit import Bandit
from reconciler.rules.rollouts.canary import Canary
from reconciler.specs.document import Document
from reconciler.specs.guide import shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.model import Model
from reconciler.specs.serving import CANARY, STRATEGIES, Router, Runtime, Serve, able
from reconciler.specs.settings import Settings

KSERVE_NAME = 47
"""KServe makes revisions of 16 more characters of it, and 63 are the most."""
ROUTE_HOSTS, ROUTE_MATCHES, ROUTE_VALUE = 16, 64, 4096
"""The most that an HTTPRoute takes: host names, matches of one rule, and bytes of a header's value."""
KNATIVE_PORTS = frozenset({8008, 8012, 8013, 8022, 8112, 9090, 9091})
"""Those of the container that Knative puts beside the model's."""
ISTIO_PORTS = range(15000, 15100)
"""Among these are those of Istio's sidecar."""


def check_serving(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """Everything about how one model is served."""
    spec = document.spec.spec
    serve = spec.serve
    if (serve.runtime, serve.router) not in STRATEGIES:
        message = f"runtime {serve.runtime} routes by itself, so router {serve.router} would be in its way"
        yield document.problem(("spec", "serve", "router"), message, "leave spec.serve.router out")
    elif policy := loaded.rollouts.get(spec.rollout):
        yield from _strategy(document, policy.spec.spec)
    yield from _routing(document)
    yield from _pods(document)
    yield from _names(document, loaded)


def _strategy(document: Document[Model], rollout: RolloutRule) -> Iterator[Problem]:
    """The policy's rollout is one that this runtime can do with this router."""
    serve, strategy = document.spec.spec.serve, rollout.type
    if strategy in STRATEGIES[serve.runtime, serve.router]:
        yield from _details(document, rollout)
        return
    message = (
        f"{shown(document.spec.spec.rollout)} is a rollout of type {strategy}, "
        f"which runtime {serve.runtime} cannot do {_with(serve.router)}"
    )
    choices = [f"runtime {runtime} {_with(router)}" for runtime, router in able(strategy)]
    yield document.problem(("spec", "rollout"), message, f"it is possible by {', '.join(choices)}: see spec.serve")


def _names(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """Argo Rollouts' second Service is no other model's first."""
    second = f"{document.place.name}{CANARY}"
    if document.spec.spec.serve.runtime is Runtime.ROLLOUT and second in loaded.names.get("model", ()):
        message = f"{shown(second)} is a model too, and the name of the Service for what is on its way to {document.place.name}"
        yield document.problem(("spec", "serve", "runtime"), message, "give one of the two another name")


def _details(document: Document[Model], rollout: RolloutRule) -> Iterator[Problem]:
    """What a runtime cannot do of a strategy that it can do."""
    name, serve = document.spec.spec.rollout, document.spec.spec.serve
    match rollout, serve.runtime:
        case Canary(steps=steps), Runtime.ROLLOUT if serve.router is Router.NONE:
            yield from _by_pods(document, steps[0].weight)
        case AbTest(segments=Segments()), Runtime.ROLLOUT:
            message = f"{shown(name)} has segments, and Argo Rollouts compares one header only"
            yield document.problem(("spec", "rollout"), message, "leave segments out, or take spec.serve.runtime deployment")
        case AbTest(segments=Segments(values=values)), _ if serve.router is Router.GATEWAY:
            yield from _by_matches(document, values)
        case Bandit(releases=releases), Runtime.KSERVE if releases > 2:
            message = f"{shown(name)} lets {releases} releases share the requests, and KServe keeps 2"
            yield document.problem(("spec", "rollout"), message, "set its releases to 2, or take spec.serve.runtime deployment")


def _by_matches(document: Document[Model], values: Sequence[str]) -> Iterator[Problem]:
    """An HTTPRoute has a match for each segment."""
    name, hint = document.spec.spec.rollout, "name fewer or shorter segments, or take spec.serve.router istio"
    if len(values) > ROUTE_MATCHES:
        message = f"{shown(name)} names {len(values)} segments, and an HTTPRoute takes at most {ROUTE_MATCHES}"
        yield document.problem(("spec", "rollout"), message, hint)
    if (longest := max(len(value.encode()) for value in values)) > ROUTE_VALUE:
        message = f"{shown(name)} names a segment of {longest} bytes, and an HTTPRoute takes at most {ROUTE_VALUE}"
        yield document.problem(("spec", "rollout"), message, hint)


def _by_pods(document: Document[Model], weight: int) -> Iterator[Problem]:
    """Without a router a share is a number of pods, and the first step must be one pod at least."""
    name, replicas = document.spec.spec.rollout, document.spec.spec.serve.replicas
    if replicas * weight >= 100:
        return
    share = f"one of {replicas} pods has {100 / replicas:.3g} % of the requests" if replicas else "there are 0 pods"
    message = f"{shown(name)} begins with {weight} %, and without a router {share}"
    hint = f"set spec.serve.replicas to {math.ceil(100 / weight)} or more, or name a router"
    yield document.problem(("spec", "rollout"), message, hint)


def check_prometheus(loaded: Loaded, settings: Settings) -> Iterator[Problem]:
    """Argo Rollouts asks Prometheus by itself, so it must know where that is."""
    for document in loaded.models.values():
        spec = document.spec.spec
        policy = loaded.rollouts.get(spec.rollout)
        asks = spec.serve.runtime is Runtime.ROLLOUT and policy is not None and policy.spec.spec.type != "direct"
        if asks and settings.prometheus is None:
            message = "Argo Rollouts asks Prometheus how a release does, and the settings name none"
            yield document.problem(("spec", "serve", "runtime"), message, "set prometheus in [tool.perennial] of pyproject.toml")


def _with(router: Router) -> str:
    return "without a router" if router is Router.NONE else f"with router {router}"


def _routing(document: Document[Model]) -> Iterator[Problem]:
    """A Gateway needs a router, and host names need a Gateway that answers to them."""
    serve = document.spec.spec.serve
    if serve.gateway is not None and serve.router is Router.NONE:
        yield document.problem(("spec", "serve", "gateway"), "needs a router", "set spec.serve.router to istio or gateway")
    if serve.gateway is not None and "/" in serve.gateway and not serve.callers:
        namespace = serve.gateway.partition("/")[0]
        message = f"{serve.gateway} is in another namespace, and the network policy lets 0 of these in, 1 needed"
        hint = f"name the namespace of its pods in spec.serve.callers, most often [{namespace}]"
        yield document.problem(("spec", "serve", "gateway"), message, hint)
    if serve.hosts and serve.gateway is None:
        yield document.problem(("spec", "serve", "hosts"), "no gateway answers to them", "name it in spec.serve.gateway")
    if serve.router is Router.GATEWAY and len(serve.hosts) > ROUTE_HOSTS:
        message = f"{len(serve.hosts)} host names, and an HTTPRoute takes at most {ROUTE_HOSTS}"
        yield document.problem(("spec", "serve", "hosts"), message, "name fewer, or take spec.serve.router istio")


def _pods(document: Document[Model]) -> Iterator[Problem]:
    """Numbers of pods make a range, and the names that the runtime makes fit."""
    serve, name = document.spec.spec.serve, document.place.name
    if serve.autoscaling is not None and not 1 <= serve.replicas <= serve.autoscaling.maximum:
        message = f"replicas {serve.replicas} is the least number of pods, and {serve.autoscaling.maximum} the most"
        yield document.problem(("spec", "serve", "autoscaling"), message, "choose 1 <= replicas <= autoscaling.maximum")
    if (owner := _owner_of_port(serve)) is not None:
        message = f"{serve.port} is a port of {owner}, which runs in the same pods"
        yield document.problem(("spec", "serve", "port"), message, "choose another port, such as 8080")
    if serve.runtime is Runtime.KSERVE and serve.callers:
        message = "a network policy lets them in, and runtime kserve has none: KServe's own pods stand in front"
        yield document.problem(("spec", "serve", "callers"), message, "leave spec.serve.callers out")
    if serve.runtime is Runtime.KSERVE and len(name) > KSERVE_NAME:
        message = f"has {len(name)} characters, and runtime kserve takes at most {KSERVE_NAME}"
        yield document.problem(("metadata", "name"), message, "choose another runtime, or a shorter name")


def _owner_of_port(serve: Serve) -> str | None:
    """Who else listens there."""
    if serve.runtime is Runtime.KSERVE and serve.port in KNATIVE_PORTS:
        return "Knative"
    return "Istio" if serve.router is Router.ISTIO and serve.port in ISTIO_PORTS else None
