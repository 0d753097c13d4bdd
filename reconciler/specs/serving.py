"""`spec.serve` of a model: what its server runs on, who routes its requests, and which rollouts these can do."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from reconciler.rules.fields import Name, Written


class Runtime(StrEnum):
    """What keeps the pods of a model running."""

    DEPLOYMENT = "deployment"
    """A Deployment of Kubernetes itself; Perennial moves the traffic, commit by commit."""
    KSERVE = "kserve"
    """An InferenceService of KServe, which routes by itself; Perennial moves the traffic."""
    ROLLOUT = "rollout"
    """A Rollout of Argo Rollouts, which moves the traffic by itself, step by step."""


class Router(StrEnum):
    """Who shares the requests among releases."""

    NONE = "none"
    """Nobody: the Service of Kubernetes, which knows no shares."""
    ISTIO = "istio"
    """VirtualService of Istio."""
    GATEWAY = "gateway"
    """HTTPRoute of the Gateway API."""


GATEWAY_PATTERN = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
HOST_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$"
IMAGE_PATTERN = (
    r"^[A-Za-z0-9][A-Za-z0-9._-]*(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"
    r"(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$"
)
"""Perhaps a registry, a path in lower case, perhaps a tag, perhaps a digest."""
Host = Annotated[str, Field(pattern=HOST_PATTERN, max_length=253)]

_ALL = frozenset({"direct", "canary", "blueGreen", "shadow", "abTest", "bandit"})

STRATEGIES: Mapping[tuple[Runtime, Router], frozenset[str]] = {
    (Runtime.DEPLOYMENT, Router.NONE): frozenset({"direct"}),
    (Runtime.DEPLOYMENT, Router.ISTIO): _ALL,
    (Runtime.DEPLOYMENT, Router.GATEWAY): _ALL,
    (Runtime.KSERVE, Router.NONE): frozenset({"direct", "canary", "bandit"}),
    (Runtime.ROLLOUT, Router.NONE): frozenset({"direct", "canary"}),
    (Runtime.ROLLOUT, Router.ISTIO): _ALL - {"bandit"},
    (Runtime.ROLLOUT, Router.GATEWAY): frozenset({"direct", "canary", "abTest"}),
}
"""The one table of what goes together: a rollout's `type:` by runtime and router. A pair that is absent cannot be at all.

`shadow` and `blueGreen` copy requests, which needs a router: KServe cannot, nor can Argo Rollouts by the Gateway API. `bandit`
moves weights at any time, and a Rollout's go step by step only.
"""


CANARY = "-canary"
"""How the second Service of a model ends that Argo Rollouts serves: that of the pods of the new release."""


def able(strategy: str) -> tuple[tuple[Runtime, Router], ...]:
    """Runtimes with their routers that can do the strategy, in the table's order."""
    return tuple(pair for pair, strategies in STRATEGIES.items() if strategy in strategies)


class Resources(Written):
    """Requests and limits of the serving container."""

    cpu: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,6}m?$")] = "500m"
    """Cores, or thousandths of a core."""
    memory: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,5}(Mi|Gi)$")] = "512Mi"
    """Mebibytes or gibibytes."""


class Autoscaling(Written):
    """More pods when there is more to do; `replicas` is the least."""

    maximum: Annotated[int, Field(ge=1, le=1000)]
    """The most pods per environment."""
    cpu: Annotated[int, Field(ge=1, le=100)] = 70
    """Percent of the requested processor time, over all pods, that is aimed at; KServe looks at requests on their way instead."""


class Serve(Written):
    """How the model is served."""

    image: Annotated[str, Field(pattern=IMAGE_PATTERN, max_length=500)] = "perennial/serve:0.1.0"
    """The container image of your model server."""
    python: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    """The Python of an environment like the image's, from the repository's root, e.g. ../serving/.venv/bin/python; none: that
    which trains. Gates that try the finished package try it there."""
    runtime: Runtime = Field(default=Runtime.DEPLOYMENT, strict=False)
    """What keeps its pods running."""
    router: Router = Field(default=Router.NONE, strict=False)
    """Who shares its requests among releases; a rollout that does so needs one."""
    gateway: Annotated[str, Field(pattern=GATEWAY_PATTERN)] | None = None
    """Of a router: the Gateway that lets requests in from outside, `name` or `namespace/name`. None: only those of the mesh."""
    hosts: Annotated[tuple[Host, ...], Field(strict=False)] = ()
    """Of a gateway: the host names that it answers to."""
    port: Annotated[int, Field(ge=1024, le=65535)] = 8080
    """Where it listens."""
    replicas: Annotated[int, Field(ge=0, le=1000)] = 1
    """Pods per environment."""
    autoscaling: Autoscaling | None = None
    """Pods by load; left out: always `replicas`."""
    resources: Resources = Resources()
    """What each pod may use."""
    callers: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    """Other namespaces whose pods may call it, e.g. that of the gateway and of Prometheus."""
    monitor: bool = False
    """Whether Prometheus Operator scrapes `/metrics` (a ServiceMonitor, or of other runtimes than `deployment` a PodMonitor)."""
