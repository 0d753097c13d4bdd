"""Adapter of ClusterReader and ClusterWriter: the objects that Argo CD keeps in Kubernetes, read and patched without its API."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence

from reconciler.adapters.clusters import application as known
from reconciler.adapters.clusters.kubernetes_connection import Answer, KubernetesConnection, Request
from reconciler.adapters.clusters.objects import Live, digest_of, joined, place_of, pod, with_objects
from reconciler.adapters.clusters.troubles import RefusedError, SilentError, acting, mapping, members, seeing, text
from reconciler.domain.clusters import ClusterFacts, Deployed, PastSync, Resource, application_name, model_of
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, TransientActError

REFRESH = "argocd.argoproj.io/refresh"
HERE = "https://kubernetes.default.svc"
SERVED = {
    "Deployment": "/apis/apps/v1/namespaces/{}/deployments",
    "Rollout": "/apis/argoproj.io/v1alpha1/namespaces/{}/rollouts",
    "InferenceService": "/apis/serving.kserve.io/v1beta1/namespaces/{}/inferenceservices",
}
PODS = {"Pod": "/api/v1/namespaces/{}/pods"}
VERBS = ("get", "list", "patch")
_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_PAGE = "500"
_ATTEMPTS = 3


class KubernetesCluster:
    """Applications are in the namespace; live objects are seen where Argo CD deploys to its own cluster."""

    def __init__(
        self, connection: KubernetesConnection, namespace: str = "argocd", nonce: Callable[[], str] = lambda: uuid.uuid4().hex
    ) -> None:
        self._connection = connection
        self._base = f"/apis/argoproj.io/v1alpha1/namespaces/{namespace}/applications"
        self._namespace = namespace
        self._nonce = nonce

    def reaches(self, environment: str) -> bool:  # noqa: ARG002 - the port's signature
        """It is."""
        return True

    def applications(self, environment: str) -> Mapping[str, Deployed]:
        """The list, and where anything is not steady the objects that serve, by kind."""
        with seeing():
            listed = self._listed(f"perennial/environment={environment}")
            named = {model: one for one in listed if (model := model_of(known.name_of(one), environment)) is not None}
            found = {model: known.deployed(one, environment) for model, one in sorted(named.items())}
            moving = {model: named[model] for model, one in found.items() if not one.steady}
            live = self._live(moving.values(), f"perennial/environment={environment}", SERVED)
        return found | {model: with_objects(found[model], [one for one in live if _model(one) == model]) for model in moving}

    def resources(self, environment: str, model: str) -> tuple[Resource, ...]:
        """Those of the manifests with what they carry, then the pods."""
        selector = f"perennial/environment={environment},perennial/model={model}"
        with seeing():
            one = self._one(environment, model)
            carried = {place_of(live): digest_of(live) for live in self._live([one], selector, SERVED)}
            pods = [pod(each) for each in self._live([one], selector, PODS)]
        return joined(known.resources(mapping(one.get("status"))), pods, carried)

    def history(self, environment: str, model: str) -> tuple[PastSync, ...]:
        """As the Application keeps it, by default the last ten."""
        with seeing():
            return known.history(self._one(environment, model), environment)

    def refresh(self, environment: str, models: Sequence[str]) -> None:
        """Annotate each; the controller takes the annotation away when it has looked."""
        body = {"metadata": {"annotations": {REFRESH: "normal"}}}
        orders = [Request(method="PATCH", path=self._path(environment, model), body=body) for model in models]
        with acting():
            failed = [one for one in self._connection.each(orders) if isinstance(one, Exception)]
        if failed:
            said = f"{len(failed)} of {len(models)} Applications in {environment} were not refreshed: {failed[0]}"
            raise TransientActError(said, help="perennial doctor")

    def sync(self, environment: str, model: str, revision: Revision | None = None, *, prune: bool = False) -> None:
        """Write the order beside the version that was read, so that no other one is overwritten."""
        nonce = self._nonce()
        with acting():
            for _ in range(_ATTEMPTS):
                seen = self._one(environment, model)
                if known.asked_for(seen, nonce):
                    return
                if known.runs(seen):
                    raise ConflictError(
                        f"{known.name_of(seen)}: another operation is already in progress", help="perennial sync --wait"
                    )
                order = {
                    "initiatedBy": {"username": "perennial"},
                    "info": [{"name": "perennial", "value": nonce}],
                    "sync": {"prune": prune, "syncStrategy": {"hook": {}}, **_wanted(seen, environment, revision)},
                }
                if self._patched(environment, model, seen, {"operation": order}):
                    return
            raise SilentError(f"{application_name(model, environment)} kept changing, or gave no answer, {_ATTEMPTS} times")

    def terminate(self, environment: str, model: str) -> None:
        """Take back what nobody has begun, and tell the controller to end what it has."""
        with acting():
            for _ in range(_ATTEMPTS):
                seen = self._one(environment, model)
                phase = known.operation(seen).get("phase")
                if not known.runs(seen) or phase == "Terminating":
                    return
                # The order stays beside the state until it has ended; without a state that runs nobody has begun it yet.
                ending = {"status": {"operationState": {"phase": "Terminating"}}} if phase == "Running" else {"operation": None}
                if self._patched(environment, model, seen, ending):
                    return
            raise SilentError(f"{application_name(model, environment)} kept changing, or gave no answer, {_ATTEMPTS} times")

    def inspect(self, environment: str) -> ClusterFacts:  # noqa: ARG002 - what we may is of the namespace
        """Its version, and what we may do with Applications. Raises ObserveError."""
        with seeing():
            version = text(self._connection.ask(Request(path="/version")).get("gitVersion"))
            answers = self._connection.each([Request(method="POST", path=_REVIEWS, body=self._review(verb)) for verb in VERBS])
        allowed = [isinstance(one, dict) and mapping(one.get("status")).get("allowed") is True for one in answers]
        may = {f"{verb} applications.argoproj.io in {self._namespace}": yes for verb, yes in zip(VERBS, allowed, strict=True)}
        return ClusterFacts(server=self._connection.about, version=version, who="", may=may)

    def _review(self, verb: str) -> dict[str, object]:
        wanted = {"group": "argoproj.io", "resource": "applications", "namespace": self._namespace, "verb": verb}
        return {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": wanted},
        }

    def _patched(self, environment: str, model: str, seen: Answer, change: Mapping[str, object]) -> bool:
        """Whether it was; not when somebody else was quicker, or when nobody knows. Raises RefusedError."""
        version = mapping(seen.get("metadata")).get("resourceVersion")
        body = {"metadata": {"resourceVersion": version}, **change}
        try:
            self._connection.ask(Request(method="PATCH", path=self._path(environment, model), body=body))
        except SilentError:
            return False
        except RefusedError as error:
            if error.status != 409:
                raise
            return False
        return True

    def _path(self, environment: str, model: str) -> str:
        return f"{self._base}/{application_name(model, environment)}"

    def _one(self, environment: str, model: str) -> Answer:
        return self._connection.ask(Request(path=self._path(environment, model)))

    def _live(self, applications: Iterable[Answer], selector: str, kinds: Mapping[str, str]) -> list[Live]:
        """The objects of these kinds in the Applications' namespaces of this cluster; a kind that cannot be listed has none."""
        targets = [mapping(mapping(one.get("spec")).get("destination")) for one in applications]
        here = sorted(
            {text(one.get("namespace")) for one in targets if one.get("server") == HERE or one.get("name") == "in-cluster"}
        )
        asked = [(kind, path.format(namespace)) for namespace in here for kind, path in kinds.items()]
        answers = self._connection.each([Request(path=path, query={"labelSelector": selector}) for _, path in asked])
        return [
            {**one, "kind": kind}  # of a list's items some kinds do not say it themselves
            for (kind, _), answer in zip(asked, answers, strict=True)
            if not isinstance(answer, Exception)
            for one in members(answer.get("items"))
        ]

    def _listed(self, selector: str) -> list[Answer]:
        """All Applications with the label, page by page."""
        found: list[Answer] = []
        query = {"labelSelector": selector, "limit": _PAGE}
        while True:
            answer = self._connection.ask(Request(path=self._base, query=query))
            found += members(answer.get("items"))
            following = text(mapping(answer.get("metadata")).get("continue"))
            if not following:
                return found
            query = {**query, "continue": following}


def _wanted(application: Answer, environment: str, revision: Revision | None) -> dict[str, object]:
    """What to sync to, and with the options of the Application, which Argo CD takes over only for syncs of its own.

    Of several sources all others stay where they point.
    """
    spec, place = mapping(application.get("spec")), known.place_of_branch(application, environment)
    options = mapping(spec.get("syncPolicy")).get("syncOptions")
    found: dict[str, object] = {"syncOptions": options} if options else {}
    if revision is None or place is None:
        return {**found, "revision": revision} if revision else found
    sources = members(spec.get("sources"))
    return {
        **found,
        "revisions": [revision if at == place else text(one.get("targetRevision")) for at, one in enumerate(sources)],
    }


def _model(one: Live) -> str:
    return text(mapping(mapping(one.get("metadata")).get("labels")).get("perennial/model"))
