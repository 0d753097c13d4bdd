"""Runtime `deployment`: plain objects of Kubernetes, and while two releases share the requests, the pods of both. Pure.

`direct` has one Deployment, which Kubernetes rolls over by itself. With any other strategy every release has a Deployment
of its own, named after its digest: nothing starts anew when the share changes, and going back is a change of the share.
"""

from reconciler.render.buckets import matches_of
from reconciler.render.environment import Templates
from reconciler.render.routing import Backend, Routes, render_routes
from reconciler.render.served import Arm, Served, part_of
from reconciler.render.surroundings import render_autoscaler, render_surroundings

SCALED = {"apiVersion": "apps/v1", "kind": "Deployment"}


def render_deployment(templates: Templates, served: Served) -> dict[str, str]:
    """`{configmap,deployment,service,...}.yaml` by file name; those of one release among several have its digest in the name."""
    own = _whole(templates, served) if served.strategy.type == "direct" else _split(templates, served)
    return own | render_surroundings(templates, served)


def _whole(templates: Templates, served: Served) -> dict[str, str]:
    """One set of objects, whichever release runs."""
    values = served.values(served.release)
    files = _release(templates, served, values, "") | _service(templates, {**values, "scraped": True}, "")
    return files | render_routes(templates, served, Routes(backends=[Backend(service=served.model, weight=100)]))


def _split(templates: Templates, served: Served) -> dict[str, str]:
    """Every release by itself, then how they share the requests."""
    files: dict[str, str] = {}
    for arm in served.arms:
        part = part_of(arm.release)
        own = served.values(arm.release, name=f"{served.model}-{part}", split=True)
        files |= _release(templates, served, own, f"-{part}")
        files |= _service(templates, own, f"-{part}")
    files |= _service(templates, served.values(served.release, scraped=True), "")
    return files | render_routes(templates, served, _routes(served))


def _routes(served: Served) -> Routes:
    """Who gets what at this moment: shares, or copies for the release that has none, or units in their buckets."""
    backends = [_backend(served, arm) for arm in served.arms]
    strategy, idle = served.strategy, [one for one in backends if one.weight == 0]
    if served.underway is None:
        return Routes(backends=backends)
    if strategy.mirror and len(idle) == 1:
        return Routes(backends=[one for one in backends if one.weight], aside=idle[0], mirrored=strategy.mirror)
    if strategy.units is not None:
        live = Backend(service=backends[0].service, weight=100)
        return Routes(backends=[live], aside=backends[-1], matches=matches_of(strategy.units, backends[-1].weight))
    return Routes(backends=backends)


def _backend(served: Served, arm: Arm) -> Backend:
    """Every release has a Service of its own: with a new one come its pods, and with the last of its share both go."""
    return Backend(service=f"{served.model}-{part_of(arm.release)}", weight=arm.weight)


def _release(templates: Templates, served: Served, values: dict[str, object], suffix: str) -> dict[str, str]:
    """What each release has of its own."""
    kinds = ("configmap", "deployment")
    files = {f"{kind}{suffix}.yaml": templates.render(f"templates/deployment/{kind}.yaml.j2", values) for kind in kinds}
    return files | render_autoscaler(templates, served, values, SCALED, suffix)


def _service(templates: Templates, values: dict[str, object], suffix: str) -> dict[str, str]:
    return {f"service{suffix}.yaml": templates.render("templates/deployment/service.yaml.j2", values)}
