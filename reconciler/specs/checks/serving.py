"""Checks of `spec.serve`: the runtime and the router can do what the rollout policy asks, and the rest fits to them."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.specs.document import Document
from reconciler.specs.guide import shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.model import Model
from reconciler.specs.serving import STRATEGIES, Router, Runtime, able

KSERVE_NAME = 47
"""KServe makes revisions of 16 more characters of it, and 63 are the most."""


def check_serving(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """Everything about how one model is served."""
    spec = document.spec.spec
    serve = spec.serve
    if (serve.runtime, serve.router) not in STRATEGIES:
        message = f"runtime {serve.runtime} routes by itself, so router {serve.router} would be in its way"
        yield document.problem(("spec", "serve", "router"), message, "leave spec.serve.router out")
    elif policy := loaded.rollouts.get(spec.rollout):
        yield from _strategy(document, policy.spec.spec.type)
    yield from _routing(document)
    yield from _pods(document)


def _strategy(document: Document[Model], strategy: str) -> Iterator[Problem]:
    """The policy's rollout is one that this runtime can do with this router."""
    serve = document.spec.spec.serve
    if strategy in STRATEGIES[serve.runtime, serve.router]:
        return
    message = (
        f"{shown(document.spec.spec.rollout)} is a rollout of type {strategy}, "
        f"which runtime {serve.runtime} cannot do {_with(serve.router)}"
    )
    choices = [f"runtime {runtime} {_with(router)}" for runtime, router in able(strategy)]
    yield document.problem(("spec", "rollout"), message, f"it is possible by {', '.join(choices)}: see spec.serve")


def _with(router: Router) -> str:
    return "without a router" if router is Router.NONE else f"with router {router}"


def _routing(document: Document[Model]) -> Iterator[Problem]:
    """A Gateway needs a router, and host names need a Gateway that answers to them."""
    serve = document.spec.spec.serve
    if serve.gateway is not None and serve.router is Router.NONE:
        yield document.problem(("spec", "serve", "gateway"), "needs a router", "set spec.serve.router to istio or gateway")
    if serve.hosts and serve.gateway is None:
        yield document.problem(("spec", "serve", "hosts"), "no gateway answers to them", "name it in spec.serve.gateway")


def _pods(document: Document[Model]) -> Iterator[Problem]:
    """Numbers of pods make a range, and the names that the runtime makes fit."""
    serve, name = document.spec.spec.serve, document.place.name
    if serve.autoscaling is not None and not 1 <= serve.replicas <= serve.autoscaling.maximum:
        message = f"replicas {serve.replicas} is the least number of pods, and {serve.autoscaling.maximum} the most"
        yield document.problem(("spec", "serve", "autoscaling"), message, "choose 1 <= replicas <= autoscaling.maximum")
    if serve.runtime is Runtime.KSERVE and len(name) > KSERVE_NAME:
        message = f"has {len(name)} characters, and runtime kserve takes at most {KSERVE_NAME}"
        yield document.problem(("metadata", "name"), message, "choose another runtime, or a shorter name")
