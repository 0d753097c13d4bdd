"""What `perennial doctor` says of clusters: who we are there, what we may not, what is not there, and whom anybody could be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.clusters.opening import Access, Clusters
from reconciler.adapters.diagnosis import diagnose_clusters
from reconciler.domain.diagnosis import Level
from tests.clusters.argocd_server import argo_answers
from tests.clusters.kubernetes_server import kubeconfig, kubernetes_answers
from tests.clusters.serving import Served, served
from tests.clusters.world import ClusterWorld


@pytest.fixture(params=["argocd", "kubernetes"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(kind: str) -> Iterator[Served]:
    world = ClusterWorld()
    world.add("ctr.production")
    with served((argo_answers if kind == "argocd" else kubernetes_answers)(world)) as server:
        yield server


def a_clusters(kind: str, server: Served, folder: Path, **changes: Any) -> Clusters:
    config = kubeconfig(folder, server.address, server.token)
    access = Access(type=kind, timeout=1, **({"url": server.address} if kind == "argocd" else {}) | changes)  # type: ignore[arg-type]
    environment = {"PERENNIAL_ARGOCD_TOKEN": server.token, "KUBECONFIG": str(config)}
    return Clusters(everywhere=access, own={"lab": Access()}, environment=environment)


def test_all_is_well_and_says_who_we_are(kind: str, server: Served, tmp_path: Path) -> None:
    found = diagnose_clusters(a_clusters(kind, server, tmp_path), {"production": ["ctr"], "lab": ["ctr"]})

    assert [(one.check, one.level) for one in found] == [("cluster of production", Level.GOOD)]
    assert ("as proj:perennial-production:perennial" if kind == "argocd" else "v1.33.1") in found[0].message


def test_what_may_not_be_done_is_named(kind: str, server: Served, tmp_path: Path) -> None:
    answer = server.deny = "sync" if kind == "argocd" else "patch"
    first, *_ = diagnose_clusters(a_clusters(kind, server, tmp_path), {"production": ["ctr"]})

    assert first.level is Level.BAD
    assert answer in first.message
    assert first.message.count("may not be done: ") == 1


def test_a_model_without_an_application_is_named(kind: str, server: Served, tmp_path: Path) -> None:
    *_, last = diagnose_clusters(a_clusters(kind, server, tmp_path), {"production": ["churn", "ctr"]})

    assert last.level is Level.DOUBT
    assert "1 of 2 released models have no Application that we may see: churn.production" in last.message


def test_a_server_that_refuses_or_is_gone_is_bad(kind: str, server: Served, tmp_path: Path) -> None:
    clusters = a_clusters(kind, server, tmp_path)
    server.token = "another"

    (found,) = diagnose_clusters(clusters, {"production": ["ctr"]})

    assert found.level is Level.BAD
    assert "401" in found.message
    assert found.remedy != "perennial doctor"


def test_without_proof_of_identity_there_is_a_doubt(server: Served, tmp_path: Path, kind: str) -> None:
    changes = {"verify": False} if kind == "argocd" else {}

    found = diagnose_clusters(a_clusters(kind, server, tmp_path, **changes), {"production": ["ctr"]})

    assert [one.check for one in found if one.level is Level.DOUBT] == (["cluster of production, TLS"] if changes else [])
