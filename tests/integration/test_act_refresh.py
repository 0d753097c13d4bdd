"""After a push to an environment's branch Argo CD is asked to look at what changed; that it cannot be asked fails nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.act.execute import execute
from reconciler.adapters.fakes.cluster import FakeCluster
from reconciler.domain.clusters import Deployed, Health, Sync
from reconciler.domain.outcomes import Status
from reconciler.plan.plan import Plan
from tests.acting import Stage, a_stage
from tests.builders import NOW

OLD = {"manifests/ctr/deployment.yaml": "a", "manifests/churn/deployment.yaml": "a", "README.md": "one"}
NEW = {**OLD, "manifests/ctr/deployment.yaml": "b", "manifests/fresh/deployment.yaml": "a", "README.md": "two"}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return a_stage(tmp_path)


@pytest.fixture
def cluster() -> FakeCluster:
    made = FakeCluster("production")
    for model in ("ctr", "churn", "fresh"):
        made.settle("production", model, Deployed(application=model, health=Health.HEALTHY, sync=Sync.SYNCED))
    return made


def published(stage: Stage, cluster: FakeCluster | None, files: dict[str, str]) -> tuple[Status, str]:
    step = stage.publish(files=files)
    plan = Plan(revision=stage.head, at=NOW, decisions=(), steps=(step,))
    readers, writers = replace(stage.readers, clusters=cluster), replace(stage.writers, clusters=cluster)
    (outcome,) = execute(plan, plan.steps, readers, writers).steps
    return outcome.status, outcome.message


def test_only_what_changed_is_looked_at(stage: Stage, cluster: FakeCluster) -> None:
    assert published(stage, cluster, OLD)[0] is Status.DONE

    status, message = published(stage, cluster, NEW)

    assert status is Status.DONE
    assert message == "rendered 4 files to env/production; Argo CD looks at ctr, fresh now"
    assert cluster.asked == [("refresh", "production", "churn", "ctr"), ("refresh", "production", "ctr", "fresh")]


def test_nobody_is_asked_where_no_model_changed(stage: Stage, cluster: FakeCluster) -> None:
    published(stage, cluster, OLD)

    assert published(stage, cluster, OLD | {"README.md": "two"})[1] == "rendered 3 files to env/production"
    assert len(cluster.asked) == 1


def test_nobody_is_asked_where_no_cluster_is_configured(stage: Stage) -> None:
    other = FakeCluster("staging")

    assert published(stage, None, OLD) == (Status.DONE, "rendered 3 files to env/production")
    assert published(stage, other, NEW) == (Status.DONE, "rendered 4 files to env/production")
    assert not other.asked


def test_a_cluster_that_is_silent_fails_nothing(stage: Stage, cluster: FakeCluster) -> None:
    cluster.silent["production"] = "https://argocd.example.com: connection refused"

    status, message = published(stage, cluster, OLD)

    assert status is Status.DONE
    assert "Argo CD was not asked to look at it now: https://argocd.example.com: connection refused" in message
    assert stage.files("env/production") == OLD
