"""What runs in every environment: asked once of each, and a cluster that is silent hides nothing but itself."""

import pytest

from reconciler.adapters.fakes.cluster import FakeCluster
from reconciler.domain.clusters import Deployed, Health, Sync, application_name, model_of
from reconciler.domain.known import Missing
from reconciler.domain.names import Digest, Revision
from reconciler.observe.deployed import NO_CLUSTER, deployed_of
from tests.builders import a_revision
from tests.repository_in_memory import RepositoryInMemory

OLD, NEW = Digest("sha256:" + "a" * 64), Digest("sha256:" + "b" * 64)
WELL = Deployed(application="ctr.production", health=Health.HEALTHY, sync=Sync.SYNCED, revision=a_revision("env"))
ILL = Deployed(application="ctr.staging", health=Health.DEGRADED, sync=Sync.SYNCED, revision=a_revision("env"))


def rendered(*digests: Digest) -> bytes:
    return b"".join(b'metadata:\n  annotations:\n    perennial/digest: "%s"\n' % digest.encode() for digest in digests)


def repository(**files: bytes) -> RepositoryInMemory:
    made = RepositoryInMemory()
    made.trees[a_revision("env")] = {f"manifests/{name}/deployment.yaml": text for name, text in files.items()}
    return made


def test_nothing_is_known_where_no_cluster_is_configured() -> None:
    partly = FakeCluster("production")

    assert deployed_of({"ctr": ("staging",)}, None, repository()) == {"ctr": {"staging": NO_CLUSTER}}
    assert deployed_of({"ctr": ("staging",)}, partly, repository()) == {"ctr": {"staging": NO_CLUSTER}}
    assert "no cluster is configured" in NO_CLUSTER.why
    assert not partly.asked


def test_a_silent_cluster_stops_no_other_environment() -> None:
    cluster = FakeCluster("staging", "production")
    cluster.silent["staging"] = "https://argocd.example.com: connection refused"
    cluster.settle("production", "ctr", WELL)

    found = deployed_of({"ctr": ("staging", "production"), "churn": ("staging",)}, cluster, repository())

    silent = Missing(code="clusterSilent", why="https://argocd.example.com: connection refused")
    assert found == {"ctr": {"staging": silent, "production": WELL}, "churn": {"staging": silent}}


def test_each_environment_is_asked_once_whatever_the_number_of_models() -> None:
    cluster = FakeCluster("staging", "production")
    models = {f"m{number}": ("staging", "production") for number in range(50)}

    found = deployed_of(models, cluster, repository())

    assert cluster.asked == [("applications", "production"), ("applications", "staging")]
    assert found["m7"]["staging"] == Missing(code="noApplication", why="Argo CD has no Application m7.staging")


def test_what_is_steady_runs_the_digests_of_its_manifests() -> None:
    cluster = FakeCluster("production")
    cluster.settle("production", "ctr", WELL)

    found = deployed_of({"ctr": ("production",)}, cluster, repository(ctr=rendered(OLD, NEW), ctrl=rendered(Digest("no"))))

    seen = found["ctr"]["production"]
    assert isinstance(seen, Deployed)
    assert seen.digests == {OLD, NEW}


@pytest.mark.parametrize(
    ("seen", "digests"),
    [
        (Deployed(application="x", health=Health.HEALTHY, sync=Sync.OUT_OF_SYNC, revision=a_revision("env")), set()),
        (Deployed(application="x", health=Health.HEALTHY, sync=Sync.SYNCED, revision=a_revision("elsewhere")), set()),
        (Deployed(application="x", health=Health.HEALTHY, sync=Sync.SYNCED), set()),
        (Deployed(application="x", health=Health.HEALTHY, sync=Sync.SYNCED, digests=frozenset({NEW})), {NEW}),
    ],
    ids=["out of sync", "a commit that is not here", "never synced", "told by the live objects"],
)
def test_manifests_tell_nothing_of_what_is_not_synced(seen: Deployed, digests: set[Digest]) -> None:
    cluster = FakeCluster("production")
    cluster.settle("production", "ctr", seen)

    found = deployed_of({"ctr": ("production",)}, cluster, repository(ctr=rendered(OLD)))["ctr"]["production"]

    assert isinstance(found, Deployed)
    assert found.digests == digests


def test_a_sync_that_runs_is_not_steady() -> None:
    states = {
        state: Deployed(application="x", health=Health.HEALTHY, sync=Sync.SYNCED, operation=state).steady for state in PHASES
    }

    assert states == {"": True, "Succeeded": True, "Failed": True, "Running": False, "Terminating": False}


PHASES = ("", "Succeeded", "Failed", "Running", "Terminating")


def test_a_name_is_of_one_model_in_one_environment() -> None:
    assert model_of(application_name("a-b", "c"), "c") == "a-b"
    assert model_of("a.b-c", "c") is None
    assert model_of("perennial-production", "production") is None
    assert model_of(".production", "production") is None


def test_the_fake_keeps_the_books_of_operations() -> None:
    cluster = FakeCluster("production")
    cluster.settle("production", "ctr", WELL)

    cluster.sync("production", "ctr", Revision("f" * 40), prune=True)

    assert cluster.deployed["production", "ctr"].operation == "Running"
    cluster.terminate("production", "ctr")
    assert cluster.deployed["production", "ctr"].operation == "Failed"
