"""Who gets which share of a model's requests, as objects of Istio or of the Gateway API. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reconciler.render.buckets import HeaderMatch, Match
from reconciler.render.environment import Templates
from reconciler.render.served import Served
from reconciler.render.weights import weights_text
from reconciler.specs.serving import Router

PORT = 80
"""Where the Services of a model listen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A Service that gets `weight` percent of the requests."""

    service: str
    weight: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Shares that make 100 percent. Beside them, `aside` gets a copy of the `mirrored` share, or the requests that match."""

    backends: Sequence[Backend]
    aside: Backend | None = None
    mirrored: Fraction = Fraction(0)
    matches: Sequence[Match] = ()


def render_routes(templates: Templates, served: Served, routes: Routes) -> dict[str, str]:
    """`virtualservice.yaml` or `httproute.yaml`, or nothing."""
    match served.serve.router:
        case Router.ISTIO:
            return _istio(templates, served, routes)
        case Router.GATEWAY:
            shares = _shares(routes, _backend_ref) | {"parents": [_parent(served)], "hosts": list(served.serve.hosts)}
            values = served.values(served.release, **shares, weights=_weights(served), wave=served.last_wave)
            return {"httproute.yaml": templates.render("templates/gateway/httproute.yaml.j2", values)}
        case Router.NONE:
            return {}


def _istio(templates: Templates, served: Served, routes: Routes) -> dict[str, str]:
    gateway = served.serve.gateway
    values = served.values(
        served.release,
        **_shares(routes, _destination),
        hosts=[served.model, *served.serve.hosts],
        gateways=["mesh", *([gateway] if gateway else [])],
        weights=_weights(served),
        wave=served.last_wave,
    )
    return {"virtualservice.yaml": templates.render("templates/istio/virtualservice.yaml.j2", values)}


def _weights(served: Served) -> str:
    """Only while a rollout is under way."""
    return weights_text(served.arms) if served.underway else ""


def _shares(routes: Routes, form: Callable[[Backend], Mapping[str, object]]) -> dict[str, object]:
    """The routes in plain values, each backend in the form that the router knows."""
    mirrored = routes.mirrored if routes.aside else Fraction(0)
    return {
        "backends": [{"destination": form(one), "weight": one.weight} for one in routes.backends],
        "aside": form(routes.aside) if routes.aside else None,
        "mirrored": {"numerator": mirrored.numerator, "denominator": mirrored.denominator} if mirrored else None,
        "percent": _percent(mirrored),
        "matches": [[_header(one) for one in match] for match in routes.matches],
    }


def _percent(share: Fraction) -> int | float:
    """A whole number where it is one, as the API server writes it."""
    percent = 100 * share
    return percent.numerator if percent.denominator == 1 else float(percent)


def _header(match: HeaderMatch) -> dict[str, object]:
    return {"name": match.name, "value": match.value, "expression": match.is_expression}


def _destination(backend: Backend) -> dict[str, object]:
    return {"host": backend.service, "port": {"number": PORT}}


def _backend_ref(backend: Backend) -> dict[str, object]:
    return {"name": backend.service, "port": PORT}


def _parent(served: Served) -> dict[str, object]:
    """The Gateway that lets requests in; without one the route is that of the mesh, and its parent the model's own Service."""
    if served.serve.gateway is None:
        return {"group": "", "kind": "Service", "name": served.model, "port": PORT}
    namespace, _, name = served.serve.gateway.rpartition("/")
    return {"name": name, **({"namespace": namespace} if namespace else {})}
