"""Argo CD's objects on a real API server, of which nobody but the test is the controller."""

from pathlib import Path

import pytest

from reconciler.adapters.clusters.kubernetes import REFRESH, KubernetesCluster
from reconciler.adapters.clusters.kubernetes_connection import KubernetesConnection, KubernetesPlace
from reconciler.domain.clusters import Health, Sync
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, ObserveError, PermanentActError
from tests.clusters.world import DIGEST, FIRST, SECOND, Json, application, live
from tests.integration.api_server.server import ApiServer

PRODUCTION = "production"


@pytest.fixture
def cluster(kubeconfig: str, api: ApiServer, namespace: str) -> KubernetesCluster:
    return KubernetesCluster(KubernetesConnection(KubernetesPlace(kubeconfig=Path(kubeconfig))), namespace, lambda: "n0nce")


def put(api: ApiServer, namespace: str, version: int = 3, **status: object) -> Json:
    """Server-side apply checks every field against the definition of Applications."""
    made = application("ctr.production", PRODUCTION, version)
    made["metadata"]["namespace"] = made["spec"]["destination"]["namespace"] = namespace
    made["status"] |= status
    return api.apply(made, namespace)


def stored(api: ApiServer, namespace: str) -> Json:
    return api.get(application("ctr.production", PRODUCTION, 3), namespace)


@pytest.mark.parametrize("version", [2, 3])
def test_an_application_is_seen_as_it_is_stored(api: ApiServer, cluster: KubernetesCluster, namespace: str, version: int) -> None:
    put(api, namespace, version)

    found = cluster.applications(PRODUCTION)

    assert list(found) == ["ctr"]
    assert (found["ctr"].health, found["ctr"].sync, found["ctr"].revision) == (Health.HEALTHY, Sync.SYNCED, FIRST)
    assert found["ctr"].steady
    assert [past.revision for past in cluster.history(PRODUCTION, "ctr")] == [FIRST]


def test_orders_are_written_where_argo_cd_reads_them(api: ApiServer, cluster: KubernetesCluster, namespace: str) -> None:
    put(api, namespace)
    made = application("ctr.production", PRODUCTION, 3)
    made["metadata"]["namespace"] = made["spec"]["destination"]["namespace"] = namespace
    made["spec"]["syncPolicy"] = {"syncOptions": ["PruneLast=true"]}
    api.apply(made, namespace)

    cluster.refresh(PRODUCTION, ["ctr"])
    cluster.sync(PRODUCTION, "ctr", Revision(SECOND), prune=True)

    found = stored(api, namespace)
    assert found["metadata"]["annotations"][REFRESH] == "normal"
    order = found["operation"]
    wanted = {"prune": True, "revisions": ["main", SECOND], "syncStrategy": {"hook": {}}, "syncOptions": ["PruneLast=true"]}
    assert order["sync"] == wanted
    assert order["info"] == [{"name": "perennial", "value": "n0nce"}]
    assert cluster.applications(PRODUCTION)["ctr"].operation == "Running"
    cluster.sync(PRODUCTION, "ctr")
    assert stored(api, namespace)["operation"] == order, "its own order is not sent twice"


def test_the_order_of_somebody_else_stays(api: ApiServer, cluster: KubernetesCluster, namespace: str) -> None:
    put(api, namespace, operationState={"phase": "Running", "startedAt": "2026-03-01T10:00:00Z", "operation": {"sync": {}}})

    with pytest.raises(ConflictError, match="another operation"):
        cluster.sync(PRODUCTION, "ctr")
    assert "operation" not in stored(api, namespace)


def test_an_order_is_taken_back_and_a_sync_that_runs_is_ended(api: ApiServer, cluster: KubernetesCluster, namespace: str) -> None:
    put(api, namespace)
    cluster.sync(PRODUCTION, "ctr")

    cluster.terminate(PRODUCTION, "ctr")

    assert "operation" not in stored(api, namespace)
    put(api, namespace, operationState={"phase": "Running", "startedAt": "2026-03-01T10:00:00Z", "operation": {"sync": {}}})
    cluster.terminate(PRODUCTION, "ctr")
    assert stored(api, namespace)["status"]["operationState"]["phase"] == "Terminating"


def test_what_serves_tells_its_release_and_how_its_rollout_goes(
    api: ApiServer, cluster: KubernetesCluster, namespace: str
) -> None:
    put(api, namespace, health={"status": "Degraded"})
    status = {
        "phase": "Degraded",
        "abort": True,
        "message": "RolloutAborted: analysis failed",
        "observedGeneration": "1",
        "canary": {
            "weights": {"canary": {"weight": 0, "podTemplateHash": "a"}, "stable": {"weight": 100, "podTemplateHash": "b"}}
        },
    }
    template = {"metadata": {"annotations": {"perennial/digest": DIGEST}}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    rollout = live("Rollout", "ctr", spec={"template": template, "selector": {"matchLabels": {}}})
    rollout["metadata"] = {key: value for key, value in rollout["metadata"].items() if key not in ("namespace", "generation")}
    api.apply(rollout, namespace)
    api.set_status(rollout, namespace, status)

    seen = cluster.applications(PRODUCTION)["ctr"]

    assert seen.digests == {DIGEST}
    assert seen.rollout is not None
    assert (seen.rollout.aborted, seen.rollout.weight, seen.rollout.digest) == (True, 0, DIGEST)
    assert seen.message == "Rollout ctr: RolloutAborted: analysis failed"


def test_what_we_may_is_told_and_what_is_absent_is_said(cluster: KubernetesCluster) -> None:
    facts = cluster.inspect(PRODUCTION)

    assert facts.version.startswith("v1.")
    assert set(facts.may.values()) == {True}
    with pytest.raises(ObserveError, match="not found"):
        cluster.resources(PRODUCTION, "ctr")
    with pytest.raises(PermanentActError, match="not found"):
        cluster.sync(PRODUCTION, "ctr")


def test_the_order_of_a_sync_that_runs_is_left_to_argo_cd(api: ApiServer, cluster: KubernetesCluster, namespace: str) -> None:
    put(api, namespace)
    cluster.sync(PRODUCTION, "ctr")
    put(api, namespace, operationState={"phase": "Running", "startedAt": "2026-03-01T10:00:00Z", "operation": {"sync": {}}})

    cluster.terminate(PRODUCTION, "ctr")

    found = stored(api, namespace)
    assert found["status"]["operationState"]["phase"] == "Terminating"
    assert "operation" in found, "without it Argo CD never ends the sync"
