"""The kinds of clusters that one suite of tests is run on, each with a way to change what it has."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from reconciler.adapters.clusters.argocd import ArgoCdCluster
from reconciler.adapters.clusters.argocd_connection import ArgoConnection, ArgoPlace
from reconciler.adapters.clusters.kubernetes import KubernetesCluster
from reconciler.adapters.clusters.kubernetes_connection import KubernetesConnection, KubernetesPlace
from reconciler.adapters.fakes.cluster import FakeCluster
from reconciler.domain.clusters import Deployed, Health, PastSync, Resource, Sync
from reconciler.domain.names import Digest, Revision
from tests.clusters.argocd_server import argo_answers
from tests.clusters.kubernetes_server import kubeconfig, kubernetes_answers
from tests.clusters.serving import Served, served
from tests.clusters.world import AT, DIGEST, FIRST, LATER, NAMESPACE, ClusterWorld

KINDS = ("argocd 2", "argocd 3", "kubernetes 2", "kubernetes 3", "fake 0")
PRODUCTION = "production"


@dataclass
class Case:
    """A cluster and what is behind it. `world` and `server` are those of the real ones."""

    cluster: ArgoCdCluster | KubernetesCluster | FakeCluster
    world: ClusterWorld
    server: Served | None = None

    @property
    def real(self) -> Served:
        assert self.server is not None
        return self.server

    def add(self, model: str) -> None:
        """It is well, and in sync."""
        if isinstance(self.cluster, FakeCluster):
            name, at = f"{model}.{PRODUCTION}", datetime.fromisoformat(AT)
            seen = Deployed(application=name, health=Health.HEALTHY, sync=Sync.SYNCED, revision=Revision(FIRST), reconciled_at=at)
            self.cluster.settle(PRODUCTION, model, replace(seen, since=at))
            self.cluster.past[PRODUCTION, model] = (PastSync(number=0, revision=Revision(FIRST), at=at),)
            carried = Resource(
                kind="Deployment", name=model, namespace=NAMESPACE, group="apps", sync=Sync.SYNCED, digest=Digest(DIGEST)
            )
            self.cluster.objects[PRODUCTION, model] = (carried, Resource(kind="Service", name=model, namespace=NAMESPACE))
        else:
            self.world.add(f"{model}.{PRODUCTION}")

    def move(self, tip: str) -> None:
        """The environment's branch."""
        self.world.tips[PRODUCTION] = tip

    def finish(self, model: str) -> None:
        """The sync that runs has succeeded."""
        if isinstance(self.cluster, FakeCluster):
            tip, at = Revision(self.world.tips.get(PRODUCTION, FIRST)), datetime.fromisoformat(LATER)
            seen, past = self.cluster.deployed[PRODUCTION, model], self.cluster.past[PRODUCTION, model]
            self.cluster.settle(PRODUCTION, model, replace(seen, operation="Succeeded", revision=tip))
            self.cluster.past[PRODUCTION, model] = (PastSync(number=len(past), revision=tip, at=at), *past)
        else:
            self.world.finish(f"{model}.{PRODUCTION}")


@contextlib.contextmanager
def a_case(kind: str, folder: Path, **place: Any) -> Iterator[Case]:
    """Of one of the KINDS."""
    name, version = kind.split()
    world = ClusterWorld(version=int(version))
    if name == "fake":
        yield Case(FakeCluster(PRODUCTION), world)
        return
    with served(argo_answers(world) if name == "argocd" else kubernetes_answers(world)) as server:
        where: dict[str, Any] = {"timeout": 1.0, "pause": 0.01} | place
        if name == "argocd":
            connection = ArgoConnection(ArgoPlace(url=server.address, token=server.token, **where))
            yield Case(ArgoCdCluster(connection, lambda: "n0nce"), world, server)
        else:
            config = kubeconfig(folder, server.address, server.token)
            kubernetes = KubernetesConnection(KubernetesPlace(kubeconfig=config, context="tests", **where))
            yield Case(KubernetesCluster(kubernetes, nonce=lambda: "n0nce"), world, server)
