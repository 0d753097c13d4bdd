"""Which cluster an environment has, and with which token it is asked; both ports, for all environments."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from reconciler.domain.clusters import ClusterFacts, Deployed, PastSync, Resource
from reconciler.domain.names import Revision
from reconciler.errors import ObserveError, PermanentActError

if TYPE_CHECKING:
    from reconciler.adapters.clusters.argocd import ArgoCdCluster
    from reconciler.adapters.clusters.kubernetes import KubernetesCluster

Cluster: TypeAlias = "ArgoCdCluster | KubernetesCluster"
TOKENS = ("PERENNIAL_ARGOCD_TOKEN", "ARGOCD_AUTH_TOKEN")
SERVER, KUBECONFIG = "ARGOCD_SERVER", "KUBECONFIG"
ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the settings say. `token_from` names the variable with the token; `namespace` is where Applications are."""

    type: Literal["none", "argocd", "kubernetes"] = "none"
    url: str | None = None
    ca: Path | None = None
    verify: bool = True
    token_from: str | None = None
    context: str | None = None
    timeout: float = 10.0
    namespace: str = "argocd"


def open_clusters(written: Mapping[str, Any], root: Path, namespace: str, environment: Mapping[str, str]) -> "Clusters | None":
    """As the settings have it: an access, and below `environments` those of single ones. None where nobody is named."""

    def access(keys: Mapping[str, Any]) -> Access:
        ca = root / keys["ca"] if keys["ca"] else None
        return Access(**{**keys, "ca": ca}, namespace=namespace)

    everywhere = access({key: value for key, value in written.items() if key != "environments"})
    own = {name: access(keys) for name, keys in written["environments"].items()}
    if all(one.type == "none" for one in (everywhere, *own.values())):
        return None
    return Clusters(everywhere=everywhere, own=own, environment=environment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clusters:
    """ClusterReader and ClusterWriter. `own` are the environments that do not follow `everywhere`; nothing is opened unasked.

    For `patience` seconds a server that did not answer counts as one that would not answer.
    """

    everywhere: Access
    own: Mapping[str, Access]
    environment: Mapping[str, str] = field(repr=False)
    patience: float = 10.0
    opened: dict[Access, Cluster] = field(default_factory=dict, repr=False)
    silent: dict[Access, tuple[float, ObserveError]] = field(default_factory=dict, repr=False)

    def reaches(self, environment: str) -> bool:
        """Whether any is configured for it."""
        return self._access(environment).type != "none"

    def applications(self, environment: str) -> Mapping[str, Deployed]:
        """Every model of the environment. A server that did not answer is not asked again for a while: a pass looks often."""
        access, now = self._access(environment), time.monotonic()
        until, why = self.silent.get(access, (now, None))
        if why and now < until:
            raise ObserveError(why.message, help=why.help)
        try:
            return self._seen(environment).applications(environment)
        except ObserveError as error:
            self.silent[access] = (time.monotonic() + self.patience, error)
            raise

    def resources(self, environment: str, model: str) -> tuple[Resource, ...]:
        """One model's live objects."""
        return self._seen(environment).resources(environment, model)

    def history(self, environment: str, model: str) -> tuple[PastSync, ...]:
        """One model's syncs that succeeded."""
        return self._seen(environment).history(environment, model)

    def inspect(self, environment: str) -> ClusterFacts:
        """Who we are there, and what we may. Raises ObserveError."""
        return self._seen(environment).inspect(environment)

    def verifies(self, environment: str) -> bool:
        """Whether its server has to prove who it is."""
        return self._access(environment).verify

    def refresh(self, environment: str, models: Sequence[str]) -> None:
        """Have Argo CD look at them now."""
        self._told(environment).refresh(environment, models)

    def sync(self, environment: str, model: str, revision: Revision | None = None, *, prune: bool = False) -> None:
        """Begin a sync."""
        self._told(environment).sync(environment, model, revision, prune=prune)

    def terminate(self, environment: str, model: str) -> None:
        """End the one that runs."""
        self._told(environment).terminate(environment, model)

    def _access(self, environment: str) -> Access:
        return self.own.get(environment, self.everywhere)

    def _seen(self, environment: str) -> Cluster:
        access = self._access(environment)
        if access not in self.opened:
            self.opened[access] = _OPEN[access.type](access, self.environment)
        return self.opened[access]

    def _told(self, environment: str) -> Cluster:
        try:
            return self._seen(environment)
        except ObserveError as error:
            raise PermanentActError(error.message, help=error.help) from None


def _nowhere(access: Access, environment: Mapping[str, str]) -> Cluster:  # noqa: ARG001 - as its siblings
    raise ObserveError("no cluster is configured", help="[tool.perennial.clusters] in pyproject.toml")


def _argocd(access: Access, environment: Mapping[str, str]) -> Cluster:
    """Raises ObserveError when the address, the token or the certificates are not there."""
    from reconciler.adapters.clusters.argocd import ArgoCdCluster
    from reconciler.adapters.clusters.argocd_connection import ArgoConnection, ArgoPlace

    server = environment.get(SERVER, "").removeprefix("https://")
    url = access.url or (f"https://{server}" if server else None)
    if url is None:
        said = f"where Argo CD is, is not known: no url in [tool.perennial.clusters], and {SERVER} is not set"
        raise ObserveError(said, help=f"export {SERVER}=argocd.example.com")
    names = (access.token_from,) if access.token_from else TOKENS
    token = next((value for name in names if (value := environment.get(name, "").strip())), None)
    if token is None:
        raise ObserveError(f"{url}: there is no token: {' and '.join(names)} not set", help=f"export {names[0]}=...")
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise ObserveError(f"{url}: the token of {' or '.join(names)} has signs that no token has", help=f"export {names[0]}=...")
    if access.ca and not access.ca.is_file():
        raise ObserveError(f"{url}: there is no file of certificates {access.ca.name}", help="ca in [tool.perennial.clusters]")
    place = ArgoPlace(url=url, token=token, ca=access.ca, verify=access.verify, timeout=access.timeout)
    return ArgoCdCluster(ArgoConnection(place))


def _kubernetes(access: Access, environment: Mapping[str, str]) -> Cluster:
    """Raises ObserveError when there is neither a kubeconfig nor a pod's account."""
    from reconciler.adapters.clusters.kubernetes import KubernetesCluster
    from reconciler.adapters.clusters.kubernetes_connection import KubernetesConnection, KubernetesPlace

    written = environment.get(KUBECONFIG, "")
    usual = Path(environment.get("HOME", "/")) / ".kube" / "config"
    config = Path(written).expanduser() if written else usual if usual.is_file() else None
    if config is None and not ACCOUNT.is_file():
        said = f"there is no way to Kubernetes: {KUBECONFIG} is not set, ~/.kube/config is not there, and this is no pod"
        raise ObserveError(said, help=f"export {KUBECONFIG}=...")
    place = KubernetesPlace(kubeconfig=config, context=access.context, timeout=access.timeout)
    return KubernetesCluster(KubernetesConnection(place), access.namespace)


_OPEN: Mapping[str, Callable[[Access, Mapping[str, str]], Cluster]] = {
    "none": _nowhere,
    "argocd": _argocd,
    "kubernetes": _kubernetes,
}
