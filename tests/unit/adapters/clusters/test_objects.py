"""Live objects: which release they carry, how far a rollout is, what ails them."""

from typing import Any

from reconciler.adapters.clusters.objects import argo_rollout, digests_of, inference_service, joined, pod, rollout_of, trouble_of
from reconciler.domain.clusters import Health, Resource, RolloutStatus
from tests.cases import each
from tests.clusters.world import DIGEST, OTHER, Json, live

CARRIED = {"template": {"metadata": {"annotations": {"perennial/digest": OTHER}}}}


def weights(canary: object) -> Json:
    return {"canary": {"weights": {"canary": {"weight": canary}, "stable": {"weight": 0}}}}


def waiting(**why: str) -> Json:
    return {"containerStatuses": [{"state": {"waiting": why}}]}


def rollout(**status: Any) -> RolloutStatus:
    return argo_rollout(live("Rollout", "ctr", spec=CARRIED, status={"observedGeneration": "1", **status}))


def test_only_what_serves_tells_what_runs() -> None:
    objects = [live("Deployment", "ctr"), live("ConfigMap", "old", OTHER), live("Service", "ctr", OTHER)]

    assert digests_of(objects) == {DIGEST}
    assert digests_of([live("Deployment", "ctr", digest="sha256:short")]) == frozenset()
    assert digests_of([{"kind": "Deployment", "metadata": {"annotations": None}}]) == frozenset()


@each(
    ("status", "expected"),
    [
        (
            {"phase": "Paused", "message": "CanaryPauseStep", **weights(20)},
            RolloutStatus(phase="Paused", message="CanaryPauseStep", weight=20),
        ),
        ({"phase": "Degraded", "abort": True, **weights(0)}, RolloutStatus(phase="Degraded", aborted=True, weight=0)),
        ({"phase": "Healthy", "stableRS": "5d", "currentPodHash": "5d"}, RolloutStatus(phase="Healthy", weight=100)),
        ({"phase": "Progressing", "stableRS": "5d", "currentPodHash": "7f"}, RolloutStatus(phase="Progressing")),
        ({"phase": "Progressing", "stableRS": "", "currentPodHash": ""}, RolloutStatus(phase="Progressing")),
        ({"phase": "Paused", **weights(101)}, RolloutStatus(phase="Paused")),
        ({"phase": "Paused", **weights(True)}, RolloutStatus(phase="Paused")),
        ({"abort": "true"}, RolloutStatus(phase="Progressing")),
    ],
)
def test_a_rollout_is_as_far_as_its_controller_says(status: Json, expected: RolloutStatus) -> None:
    found = rollout(**status)

    assert (found.phase, found.message, found.aborted, found.weight) == (
        expected.phase,
        expected.message,
        expected.aborted,
        expected.weight,
    )
    assert found.digest == OTHER, "the release on its way is that of the pods, not of the object"


def test_a_status_of_an_older_generation_says_nothing_of_the_new_release() -> None:
    found = rollout(observedGeneration="0", phase="Degraded", abort=True, **weights(40))

    assert (found.phase, found.aborted, found.weight) == ("Progressing", False, None)
    assert found.message == "its controller has not seen it yet"


@each(
    ("ready", "share", "phase", "weight"),
    [
        ("True", 100, "Healthy", 100),
        ("True", 10, "Paused", 10),
        ("False", 10, "Degraded", 10),
        ("Unknown", 10, "Progressing", 10),
    ],
)
def test_an_inference_service_is_as_far_as_its_newest_revision(ready: str, share: int, phase: str, weight: int) -> None:
    traffic = [{"latestRevision": True, "percent": share}, {"revisionName": "before", "percent": 100 - share}]
    status = {
        "conditions": [{"type": "Ready", "status": ready, "message": "m"}],
        "components": {"predictor": {"traffic": traffic}},
    }
    spec = {"predictor": {"annotations": {"perennial/digest": OTHER}}}

    found = inference_service(live("InferenceService", "ctr", spec=spec, status=status))

    assert (found.phase, found.weight, found.digest, found.aborted) == (phase, weight, OTHER, False)


def test_a_deployment_has_no_controller_that_moves_traffic() -> None:
    assert rollout_of([live("Deployment", "ctr"), live("Service", "ctr")]) is None


@each(
    ("conditions", "said"),
    [
        ([{"type": "Available", "status": "False", "message": "no minimum availability"}], "no minimum availability"),
        ([{"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"}], "ProgressDeadlineExceeded"),
        ([{"type": "ReplicaFailure", "status": "True", "message": "quota"}], "quota"),
        ([{"type": "Available", "status": "True", "message": "fine"}], ""),
        ("nonsense", ""),
    ],
)
def test_an_object_complains_through_its_conditions(conditions: object, said: str) -> None:
    assert trouble_of(live("Deployment", "ctr", status={"conditions": conditions})) == said


@each(
    ("status", "health", "message"),
    [
        ({"conditions": [{"type": "Ready", "status": "True"}]}, Health.HEALTHY, ""),
        ({"containerStatuses": [{"state": {"waiting": {"reason": "ContainerCreating"}}}]}, Health.PROGRESSING, ""),
        (
            {"containerStatuses": [{"state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}}}]},
            Health.DEGRADED,
            "back-off",
        ),
        ({"containerStatuses": [{"state": {"waiting": {"reason": "ImagePullBackOff"}}}]}, Health.DEGRADED, "ImagePullBackOff"),
        ({}, Health.PROGRESSING, ""),
    ],
)
def test_a_pod_is_as_well_as_its_containers(status: Json, health: Health, message: str) -> None:
    found = pod(live("Pod", "ctr-x", status=status))

    assert (found.health, found.message, found.digest) == (health, message, DIGEST)


def test_objects_of_manifests_come_first_with_what_the_tree_knows() -> None:
    named = [Resource(kind="Deployment", name="ctr"), Resource(kind="Service", name="ctr", health=Health.HEALTHY)]
    tree = [
        Resource(kind="Pod", name="b"),
        Resource(kind="Pod", name="a"),
        Resource(kind="Deployment", name="ctr", health=Health.DEGRADED, message="why"),
        Resource(kind="Service", name="ctr", health=Health.UNKNOWN),
    ]

    found = joined(named, tree, {("Deployment", "", "ctr"): None})

    assert [(one.kind, one.name, one.health) for one in found] == [
        ("Deployment", "ctr", Health.DEGRADED),
        ("Service", "ctr", Health.HEALTHY),
        ("Pod", "a", None),
        ("Pod", "b", None),
    ]
    assert found[0].message == "why"
