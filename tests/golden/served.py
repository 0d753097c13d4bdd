"""Cases of what runtimes, routers and strategies make of one model: all that the table of strategies allows."""

from dataclasses import replace
from fractions import Fraction

from reconciler.render.served import Arm, Place, Served, Underway
from reconciler.render.strategy import Check, Step, Strategy, Units
from reconciler.specs.serving import STRATEGIES, Autoscaling, Router, Runtime, Serve
from tests.builders import a_release

ERRORS = Check(name="errors", query='up{release="{{args.release}}"}', good="result[0] < 0.01", bad="result[0] >= 0.02")
BY_TYPE = {
    "direct": Strategy(type="direct"),
    "canary": Strategy(
        type="canary",
        steps=(Step(weight=5, pause=3600, analyse=True), Step(weight=50, pause=600, analyse=True), Step(pause=0)),
        checks=(ERRORS,),
    ),
    "blueGreen": Strategy(
        type="blueGreen",
        mirror=Fraction("0.1"),
        steps=(Step(pause=1800, analyse=True), Step(weight=100, pause=86400, analyse=True)),
        checks=(ERRORS,),
    ),
    "shadow": Strategy(type="shadow", mirror=Fraction("0.005"), steps=(Step(pause=86400),)),
    "abTest": Strategy(type="abTest", units=Units(weight=25), steps=(Step(pause=0),)),
    "bandit": Strategy(type="bandit"),
}
LIVE, CANDIDATE, OTHER = a_release(version="1.0.0"), a_release("candidate", version="1.1.0"), a_release("other", version="1.0.1")
CANDIDATES = {"bandit": (OTHER, CANDIDATE)}
WEIGHTS = {
    "canary": (95, 5),
    "blueGreen": (100, 0),
    "shadow": (100, 0),
    "abTest": (75, 25),
    "bandit": (50, 30, 20),
}


def underway(strategy: str, runtime: Runtime) -> Underway:
    """A rollout that has begun; KServe has room for one candidate only."""
    candidates = CANDIDATES.get(strategy, (CANDIDATE,)) if runtime is Runtime.DEPLOYMENT else (CANDIDATE,)
    live, *others = (Arm(release=one, weight=weight) for one, weight in zip((LIVE, *candidates), WEIGHTS[strategy], strict=False))
    return Underway(live=live, candidates=tuple(others))


def served(runtime: Runtime, router: Router, strategy: str, **serve: object) -> Served:
    """The usual release with this strategy, on its way after an older one, except where Argo Rollouts knows the way."""
    alone = strategy == "direct" or runtime is Runtime.ROLLOUT
    return Served(
        serve=Serve(runtime=runtime, router=router, **serve),
        release=CANDIDATE,
        strategy=BY_TYPE[strategy],
        namespace="live",
        prometheus="http://prometheus.monitoring:9090",
        commit="0" * 40,
        underway=None if alone else underway(strategy, runtime),
    )


def segmented(router: Router) -> Served:
    """Only customers of two countries take part."""
    made = served(Runtime.DEPLOYMENT, router, "abTest")
    return replace(made, strategy=replace(made.strategy, units=Units(weight=25, segments=("FR", "DE"))))


def switched(router: Router) -> Served:
    """The candidate has all requests, and the release before gets the copies."""
    made = served(Runtime.DEPLOYMENT, router, "blueGreen")
    after = Underway(live=Arm(release=LIVE, weight=0), candidates=(Arm(release=CANDIDATE, weight=100),))
    return replace(made, underway=after)


def fetched(runtime: Runtime, router: Router, strategy: str, place: Place) -> Served:
    """Packages are published, and pods fetch them."""
    return replace(served(runtime, router, strategy), packages=place)


BUCKET = Place(base="s3://models/live")
REGISTRY = Place(base="oci://registry.example.com:5000/models", account="model-reader", secret="registry-login")

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
    "deployment-istio-abTest-segments": segmented(Router.ISTIO),
    "deployment-gateway-abTest-segments": segmented(Router.GATEWAY),
    "deployment-istio-blueGreen-switched": switched(Router.ISTIO),
    "deployment-none-direct-fetched": fetched(Runtime.DEPLOYMENT, Router.NONE, "direct", BUCKET),
    "deployment-istio-canary-fetched": fetched(Runtime.DEPLOYMENT, Router.ISTIO, "canary", REGISTRY),
    "rollout-none-canary-fetched": fetched(Runtime.ROLLOUT, Router.NONE, "canary", REGISTRY),
    "kserve-none-canary-fetched": fetched(Runtime.KSERVE, Router.NONE, "canary", BUCKET),
    "kserve-none-direct-fetched": fetched(Runtime.KSERVE, Router.NONE, "direct", REGISTRY),
    "kserve-none-canary-full": served(Runtime.KSERVE, Router.NONE, "canary", **FULL | {"callers": ()}),
}
