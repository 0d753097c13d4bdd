"""Runtime `rollout`: a Rollout of Argo Rollouts, which goes the steps of a strategy by itself and takes a bad release back. Pure.

Its pods carry the reference of their release in annotations of their own. A ConfigMap of one name would give the new
release to the old one's pods when these start again half-way.
"""

from collections.abc import Iterator, Mapping, Sequence

from reconciler.render.environment import Templates
from reconciler.render.routing import Backend, Routes, render_routes
from reconciler.render.served import Served, part_of
from reconciler.render.strategy import Step, Strategy
from reconciler.render.surroundings import render_autoscaler, render_surroundings
from reconciler.specs.serving import Router

SCALED = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}
GATEWAY_PLUGIN = "argoproj-labs/gatewayAPI"
MIRROR, SEGMENTS = "mirror", "segments"
"""Names of the routes that the controller adds to a VirtualService and takes away again."""


def render_rollout(templates: Templates, served: Served) -> dict[str, str]:
    """`rollout.yaml`, its Services and routes, and `analysistemplate.yaml` where the strategy checks anything."""
    strategy = served.strategy
    values = served.values(
        served.release,
        scraped=True,
        strategy=strategy.type,
        steps=list(_steps(served)),
        routing=_routing(served),
        analysis=_analysis(served),
        promoted=not any(step.pause == 0 for step in strategy.steps),
        keep=strategy.keep,
    )
    files = {"rollout.yaml": templates.render("templates/rollout/rollout.yaml.j2", {**values, "scraped": False})}
    for suffix in ("", *_SECOND.get(strategy.type, ("-canary",))):
        path = "templates/deployment/service.yaml.j2"
        files[f"service{suffix}.yaml"] = templates.render(path, {**values, "name": f"{served.model}{suffix}"})
    if strategy.checks:
        files["analysistemplate.yaml"] = _analysis_template(templates, served)
    files |= render_autoscaler(templates, served, {**values, "scraped": False}, SCALED)
    return files | render_routes(templates, served, _routes(served)) | render_surroundings(templates, served)


_SECOND: Mapping[str, Sequence[str]] = {"direct": (), "blueGreen": ("-preview",)}
"""What the Service beside the model's own is called; it has the pods of the new release."""


def _analysis_template(templates: Templates, served: Served) -> str:
    checks = [
        {name: getattr(check, name) for name in ("name", "query", "condition", "interval", "count", "failures")}
        for check in served.strategy.checks
    ]
    more = {"checks": checks, "prometheus": served.prometheus, "namespace": served.namespace}
    return templates.render("templates/rollout/analysistemplate.yaml.j2", served.values(served.release, **more))


def _analysis(served: Served) -> dict[str, object] | None:
    """The reference to the AnalysisTemplate, with the release that it is about."""
    if not served.strategy.checks:
        return None
    release = {"name": "release", "value": part_of(served.release)}
    return {"templates": [{"templateName": served.model}], "args": [release]}


def _routes(served: Served) -> Routes:
    """The shares that Argo Rollouts begins with, and changes."""
    stable = Backend(service=served.model, weight=100)
    if served.strategy.type in _SECOND:
        return Routes(backends=[stable])
    return Routes(backends=[stable, Backend(service=f"{served.model}-canary", weight=0)])


def _routing(served: Served) -> dict[str, object] | None:
    """Which route Argo Rollouts changes; none where it shares by numbers of pods, or not at all."""
    if served.strategy.type in _SECOND:
        return None
    managed = {"shadow": MIRROR, "abTest": SEGMENTS}.get(served.strategy.type)
    routes = {"managedRoutes": [{"name": managed}]} if managed else {}
    match served.serve.router:
        case Router.ISTIO:
            return {**routes, "istio": {"virtualService": {"name": served.model, "routes": ["primary"]}}}
        case Router.GATEWAY:
            return {**routes, "plugins": {GATEWAY_PLUGIN: {"httpRoute": served.model, "namespace": served.namespace}}}
        case Router.NONE:
            return None


def _steps(served: Served) -> Iterator[dict[str, object]]:
    """The strategy's steps as Argo Rollouts calls them."""
    strategy = served.strategy
    if strategy.type in _SECOND:
        return
    before, after = _aside(strategy)
    yield from before
    for step in strategy.steps:
        yield from _step(step, _analysis(served))
    yield from after


def _step(step: Step, analysis: Mapping[str, object] | None) -> Iterator[dict[str, object]]:
    if step.weight is not None:
        yield {"setWeight": step.weight}
    if step.pause is not None:
        yield {"pause": {"duration": f"{step.pause}s"} if step.pause else {}}
    if step.analyse and analysis:
        yield {"analysis": dict(analysis)}


def _aside(strategy: Strategy) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Before and after the steps of a strategy that gives the challenger no share of all requests, but copies or segments."""
    pods: dict[str, object] = {"setCanaryScale": {"weight": strategy.share}}
    match strategy.type:
        case "shadow":
            everything = [{"path": {"prefix": "/"}}]
            mirror = {"name": MIRROR, "percentage": strategy.share, "match": everything}
            return [pods, {"setMirrorRoute": mirror}], [{"setMirrorRoute": {"name": MIRROR}}]
        case "abTest":
            headers = [{"headerName": name, "headerValue": {"exact": value}} for name, value in sorted(strategy.segments.items())]
            return [pods, {"setHeaderRoute": {"name": SEGMENTS, "match": headers}}], [{"setHeaderRoute": {"name": SEGMENTS}}]
        case _:
            return [], []
