"""Runtime `rollout`: a Rollout of Argo Rollouts, which goes the steps of a strategy by itself and takes a bad release back. Pure.

Its pods carry the reference of their release in annotations of their own. A ConfigMap of one name would give the new
release to the old one's pods when these start again half-way.
"""

import math
from collections.abc import Iterator
from fractions import Fraction

from reconciler.render.buckets import BUCKET, below
from reconciler.render.environment import Templates
from reconciler.render.routing import Backend, Routes, render_routes
from reconciler.render.served import Served, part_of
from reconciler.render.strategy import Step
from reconciler.render.surroundings import render_autoscaler, render_surroundings
from reconciler.specs.serving import CANARY, Router

SCALED = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}
GATEWAY_PLUGIN = "argoproj-labs/gatewayAPI"
LEAST_WINDOW = 600
"""Seconds that are looked at where a step has no pause."""
MIRROR, UNITS = "mirror", "units"
"""Names of the routes that the controller adds to a VirtualService and takes away again."""


def render_rollout(templates: Templates, served: Served) -> dict[str, str]:
    """`rollout.yaml`, its Services and routes, and `analysistemplate.yaml` where the strategy checks anything."""
    values = served.values(served.release, strategy=served.strategy.type, steps=list(_steps(served)), routing=_routing(served))
    files = {"rollout.yaml": templates.render("templates/rollout/rollout.yaml.j2", values)}
    for suffix in ("",) if served.strategy.type == "direct" else ("", CANARY):
        service = {**values, "name": f"{served.model}{suffix}"}
        files[f"service{suffix}.yaml"] = templates.render("templates/deployment/service.yaml.j2", service)
    if served.strategy.checks:
        files["analysistemplate.yaml"] = _analysis_template(templates, served)
    files |= render_autoscaler(templates, served, values, SCALED)
    return files | render_routes(templates, served, _routes(served)) | render_surroundings(templates, served)


def _analysis_template(templates: Templates, served: Served) -> str:
    checks = [{name: getattr(check, name) for name in ("name", "query", "good", "bad")} for check in served.strategy.checks]
    more = {"checks": checks, "prometheus": served.prometheus}
    return templates.render("templates/rollout/analysistemplate.yaml.j2", served.values(served.release, **more))


def _analysis(served: Served, step: Step) -> dict[str, object]:
    """The reference to the AnalysisTemplate, with the release and the time that it is about."""
    release = {"name": "release", "value": part_of(served.release)}
    window = {"name": "window", "value": f"{step.pause or LEAST_WINDOW}s"}
    return {"templates": [{"templateName": served.model}], "args": [release, window]}


def _routes(served: Served) -> Routes:
    """The shares that Argo Rollouts begins with, and changes."""
    stable = Backend(service=served.model, weight=100)
    canary = Backend(service=f"{served.model}{CANARY}")
    return Routes(backends=[stable] if served.strategy.type == "direct" else [stable, canary])


def _routing(served: Served) -> dict[str, object] | None:
    """Which route Argo Rollouts changes; none where it shares by numbers of pods, or not at all."""
    if served.strategy.type == "direct":
        return None
    added = [name for name, wanted in ((MIRROR, served.strategy.mirror), (UNITS, served.strategy.units)) if wanted]
    managed = {"managedRoutes": [{"name": name} for name in added]} if added else {}
    match served.serve.router:
        case Router.ISTIO:
            return {**managed, "istio": {"virtualService": {"name": served.model, "routes": ["primary"]}}}
        case Router.GATEWAY:
            return {**managed, "plugins": {GATEWAY_PLUGIN: {"httpRoute": served.model, "namespace": served.namespace}}}
        case Router.NONE:
            return None


def _steps(served: Served) -> Iterator[dict[str, object]]:
    """The strategy's steps as Argo Rollouts calls them."""
    strategy = served.strategy
    if strategy.mirror:
        # Copies for pods enough to answer them; a blue-green's take all requests later, so there are as many as before.
        percent = 100 if any(step.weight for step in strategy.steps) else _percent(strategy.mirror)
        yield {"setCanaryScale": {"weight": percent}}
        everything = [{"path": {"prefix": "/"}}]
        yield {"setMirrorRoute": {"name": MIRROR, "percentage": _percent(strategy.mirror), "match": everything}}
    if strategy.units is not None:
        bucket = {"headerName": BUCKET, "headerValue": {"regex": below(strategy.units.weight)}}
        yield {"setCanaryScale": {"weight": strategy.units.weight}}
        yield {"setHeaderRoute": {"name": UNITS, "match": [bucket]}}
    for step in strategy.steps:
        if step.weight is not None and strategy.mirror:
            yield {"setMirrorRoute": {"name": MIRROR}}
        yield from _step(step, served)
    if strategy.units is not None:
        yield {"setHeaderRoute": {"name": UNITS}}
    if strategy.mirror and not any(step.weight for step in strategy.steps):
        yield {"setMirrorRoute": {"name": MIRROR}}


def _percent(share: Fraction) -> int:
    """At least one: Argo Rollouts takes whole percents only."""
    return math.ceil(100 * share)


def _step(step: Step, served: Served) -> Iterator[dict[str, object]]:
    if step.weight is not None:
        yield {"setWeight": step.weight}
    if step.pause is not None:
        yield {"pause": {"duration": f"{step.pause}s"} if step.pause else {}}
    if step.analyse and served.strategy.checks:
        yield {"analysis": _analysis(served, step)}
