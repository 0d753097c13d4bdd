"""Cases of what runtimes, routers and strategies make of one model: all that the table of strategies allows."""

from dataclasses import replace

from reconciler.render.served import Served, Underway
from reconciler.render.strategy import Check, Step, Strategy
from reconciler.specs.serving import STRATEGIES, Autoscaling, Router, Runtime, Serve
from tests.builders import a_release

ERRORS = Check(
    name="errors",
    query='sum(rate(requests_total{perennial_release="{{args.release}}",code=~"5.."}[5m])) / '
    'sum(rate(requests_total{perennial_release="{{args.release}}"}[5m]))',
    condition="len(result) == 1 && result[0] < 0.01",
)
BY_TYPE = {
    "direct": Strategy(type="direct"),
    "canary": Strategy(
        type="canary",
        steps=(Step(weight=5, pause=3600, analyse=True), Step(weight=50, pause=600, analyse=True), Step(pause=0)),
        checks=(ERRORS,),
    ),
    "blueGreen": Strategy(type="blueGreen", keep=900, checks=(ERRORS,)),
    "shadow": Strategy(type="shadow", share=20, steps=(Step(pause=86400),)),
    "abTest": Strategy(type="abTest", share=50, segments={"x-segment": "b"}, steps=(Step(pause=0),)),
    "bandit": Strategy(type="bandit"),
}


def served(runtime: Runtime, router: Router, strategy: str, **serve: object) -> Served:
    """The usual release with this strategy, on its way after an older one, except where Argo Rollouts knows the way."""
    made = Served(
        serve=Serve(runtime=runtime, router=router, **serve),
        release=a_release("candidate", version="1.1.0"),
        strategy=BY_TYPE[strategy],
        underway=Underway(follows=a_release(version="1.0.0"), share=20),
        namespace="live",
        prometheus="http://prometheus.monitoring:9090",
        commit="0" * 40,
    )
    return replace(made, underway=None) if strategy == "direct" or runtime is Runtime.ROLLOUT else made


FULL = {
    "autoscaling": Autoscaling(maximum=8),
    "replicas": 2,
    "monitor": True,
    "callers": ("ingress", "monitoring"),
}
OUTSIDE = {"gateway": "ingress/public", "hosts": ("models.example.com",)}

CASES: dict[str, Served] = {
    f"{runtime}-{router}-{strategy}": served(runtime, router, strategy)
    for (runtime, router), strategies in STRATEGIES.items()
    for strategy in sorted(strategies)
} | {
    "deployment-none-direct-full": served(Runtime.DEPLOYMENT, Router.NONE, "direct", **FULL),
    "deployment-istio-canary-full": served(Runtime.DEPLOYMENT, Router.ISTIO, "canary", **FULL, **OUTSIDE),
    "deployment-gateway-canary-full": served(Runtime.DEPLOYMENT, Router.GATEWAY, "canary", **FULL, **OUTSIDE),
    "rollout-istio-canary-full": served(Runtime.ROLLOUT, Router.ISTIO, "canary", **FULL, **OUTSIDE),
    "kserve-none-canary-full": served(Runtime.KSERVE, Router.NONE, "canary", **FULL),
}
