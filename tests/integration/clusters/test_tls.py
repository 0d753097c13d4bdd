"""A server that nobody vouches for is refused, unless its certificate is trusted by name or nobody is asked to vouch."""

from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.clusters.argocd import ArgoCdCluster
from reconciler.adapters.clusters.argocd_connection import ArgoConnection, ArgoPlace
from reconciler.adapters.clusters.kubernetes import KubernetesCluster
from reconciler.adapters.clusters.kubernetes_connection import KubernetesConnection, KubernetesPlace
from reconciler.errors import ObserveError
from tests.clusters.argocd_server import argo_answers
from tests.clusters.certificates import self_signed
from tests.clusters.kubernetes_server import kubeconfig, kubernetes_answers
from tests.clusters.serving import served
from tests.clusters.world import ClusterWorld

TOKEN = "let-me-in-please"


@pytest.mark.parametrize(
    ("trust", "seen"), [({}, False), ({"verify": False}, True), ({"ca": "own"}, True), ({"ca": "other"}, False)]
)
def test_argocd(tmp_path: Path, trust: dict[str, Any], seen: bool) -> None:
    own, other = self_signed(tmp_path / "own.pem"), self_signed(tmp_path / "other.pem")
    world = ClusterWorld()
    world.add("ctr.production")
    more = trust | ({"ca": own if trust["ca"] == "own" else other} if "ca" in trust else {})
    with served(argo_answers(world), TOKEN, own) as server:
        cluster = ArgoCdCluster(ArgoConnection(ArgoPlace(url=server.address, token=TOKEN, timeout=1, pause=0.01, **more)))
        if seen:
            assert list(cluster.applications("production")) == ["ctr"]
        else:
            with pytest.raises(ObserveError, match=r"(?i)certificate verify failed"):
                cluster.applications("production")
        assert bool(server.asked) is seen, "a server that is not trusted hears no token"


@pytest.mark.parametrize(("trusted", "seen"), [(True, True), (False, False)])
def test_kubernetes(tmp_path: Path, trusted: bool, seen: bool) -> None:
    own, other = self_signed(tmp_path / "own.pem"), self_signed(tmp_path / "other.pem")
    world = ClusterWorld()
    world.add("ctr.production")
    with served(kubernetes_answers(world), TOKEN, own) as server:
        authority = str(own if trusted else other)
        config = kubeconfig(tmp_path, server.address, TOKEN, **{"certificate-authority": authority})
        cluster = KubernetesCluster(KubernetesConnection(KubernetesPlace(kubeconfig=config, timeout=1, pause=0.01)))
        if seen:
            assert list(cluster.applications("production")) == ["ctr"]
        else:
            with pytest.raises(ObserveError, match=r"(?i)certificate verify failed"):
                cluster.applications("production")
        assert bool(server.asked) is seen
