"""Which cluster is asked, with which token, and how often one that does not answer."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.adapters.clusters.argocd import ArgoCdCluster
from reconciler.adapters.clusters.argocd_connection import ArgoConnection, ArgoPlace
from reconciler.adapters.clusters.opening import Access, Clusters, open_clusters
from reconciler.errors import ObserveError, PermanentActError, TransientActError
from reconciler.specs.settings import Settings
from tests.clusters.argocd_server import argo_answers
from tests.clusters.serving import served
from tests.clusters.world import ClusterWorld

ARGOCD = Access(type="argocd", timeout=1)


def asked_with(access: Access, **environment: str) -> list[str]:
    """The tokens that a server hears."""
    with served(argo_answers(ClusterWorld())) as server:
        server.token = "right"
        Clusters(everywhere=replace(access, url=server.address), own={}, environment=environment).applications("production")
        return [one.headers["Authorization"].removeprefix("Bearer ") for one in server.asked]


def test_tokens_are_taken_from_where_they_are_named_first() -> None:
    assert asked_with(ARGOCD, ARGOCD_AUTH_TOKEN="right") == ["right"]
    assert asked_with(ARGOCD, ARGOCD_AUTH_TOKEN="wrong", PERENNIAL_ARGOCD_TOKEN=" right\n") == ["right"]
    named = Access(type="argocd", timeout=1, token_from="MINE")
    assert asked_with(named, MINE="right", PERENNIAL_ARGOCD_TOKEN="wrong") == ["right"]
    with pytest.raises(ObserveError, match="there is no token: MINE not set"):
        asked_with(named, PERENNIAL_ARGOCD_TOKEN="right")
    with pytest.raises(ObserveError, match="signs that no token has"):
        asked_with(ARGOCD, PERENNIAL_ARGOCD_TOKEN="right\r\nX: y")


def test_a_server_that_does_not_answer_is_not_asked_again_for_a_while() -> None:
    with served(argo_answers(ClusterWorld())) as server:
        access = Access(type="argocd", url=server.address, timeout=1)
        clusters = Clusters(everywhere=access, own={}, environment={"PERENNIAL_ARGOCD_TOKEN": "wrong"}, patience=0.2)
        for environment in ("production", "production", "staging"):
            with pytest.raises(ObserveError, match="401"):
                clusters.applications(environment)
        assert len(server.asked) == 1

        server.token = "wrong"
        clusters.silent.clear()
        assert clusters.applications("production") == {}
        assert clusters.applications("staging") == {}


def test_one_server_is_opened_once_for_all_environments() -> None:
    clusters = Clusters(
        everywhere=ARGOCD, own={"lab": Access()}, environment={"ARGOCD_SERVER": "a.example", "ARGOCD_AUTH_TOKEN": "t"}
    )

    assert clusters._seen("staging") is clusters._seen("production")
    assert not clusters.reaches("lab")
    with pytest.raises(ObserveError, match="no cluster is configured"):
        clusters.applications("lab")


def test_an_order_without_a_way_is_for_a_person(tmp_path: Path) -> None:
    clusters = Clusters(everywhere=Access(type="kubernetes"), own={}, environment={"HOME": str(tmp_path)})

    with pytest.raises(PermanentActError, match="KUBECONFIG is not set"):
        clusters.sync("production", "ctr")


def test_a_kubeconfig_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("clusters: []\n")
    access = Access(type="kubernetes", context="mars")
    clusters = Clusters(everywhere=access, own={}, environment={"KUBECONFIG": str(tmp_path / "config")})

    with pytest.raises(ObserveError, match="context mars"):
        clusters.applications("production")


def test_without_its_package_there_is_no_kubernetes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text("clusters: []\n")
    monkeypatch.setitem(sys.modules, "kr8s.asyncio", None)
    clusters = Clusters(everywhere=Access(type="kubernetes"), own={}, environment={"KUBECONFIG": str(tmp_path / "config")})

    with pytest.raises(ObserveError, match=r"pip install \"perennial\[kubernetes\]\""):
        clusters.applications("production")


def test_settings_that_name_nobody_open_nothing(tmp_path: Path) -> None:
    assert open_clusters(Settings().clusters.model_dump(), tmp_path, "argocd", {}) is None


def test_a_fleet_that_takes_too_long_to_refresh_is_left_to_argo_cd() -> None:
    world = ClusterWorld()
    models = [f"m{number}" for number in range(20)]
    for model in models:
        world.add(f"{model}.production")
    with served(argo_answers(world)) as server:
        connection = ArgoConnection(ArgoPlace(url=server.address, token=server.token, timeout=1))
        with pytest.raises(TransientActError, match=r"20 of 20 Applications.*: -1 seconds were over"):
            ArgoCdCluster(connection, longest=-1).refresh("production", models)
    assert not world.refreshed
