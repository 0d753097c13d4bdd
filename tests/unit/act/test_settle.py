"""Syncing and waiting: what is needed, what is well, and when waiting ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from reconciler.act.settle import ILL_FOR, Place, Verdict, Waiting, judge, sync, wait
from reconciler.adapters.fakes.clock import SteppedClock
from reconciler.adapters.fakes.cluster import FakeCluster
from reconciler.domain.clusters import Deployed, Health, RolloutStatus, Sync
from reconciler.domain.known import Missing
from tests.builders import NOW, a_revision
from tests.cases import each

TIP, OLD = a_revision("tip"), a_revision("old")
PLACE = Place(environment="production", model="ctr", tip=TIP)
WELL = Deployed(application="ctr.production", health=Health.HEALTHY, sync=Sync.SYNCED, revision=TIP)
BEHIND = replace(WELL, sync=Sync.OUT_OF_SYNC, revision=OLD)
ABORTED = RolloutStatus(phase="Degraded", aborted=True)


def a_cluster(**seen: Deployed) -> FakeCluster:
    made = FakeCluster("production")
    for model, one in seen.items():
        made.settle("production", model, one)
    return made


@each(
    ("seen", "verdict"),
    [
        (WELL, Verdict.WELL),
        (replace(WELL, revision=OLD), Verdict.WAITING),
        (replace(WELL, operation="Running"), Verdict.WAITING),
        (BEHIND, Verdict.WAITING),
        (replace(BEHIND, operation="Failed"), Verdict.FAILED),
        (replace(WELL, operation="Failed"), Verdict.WELL),
        (replace(WELL, health=Health.PROGRESSING), Verdict.WAITING),
        (replace(WELL, health=Health.UNKNOWN), Verdict.WAITING),
        (replace(WELL, health=Health.SUSPENDED), Verdict.UNDER_WAY),
        (replace(WELL, health=Health.SUSPENDED, revision=OLD), Verdict.WAITING),
        (replace(WELL, health=Health.DEGRADED), Verdict.WAITING),
        (replace(WELL, health=Health.DEGRADED, rollout=ABORTED), Verdict.FAILED),
        (replace(WELL, health=Health.DEGRADED, rollout=ABORTED, revision=OLD), Verdict.WAITING),
        (replace(WELL, sync=Sync.UNKNOWN), Verdict.WAITING),
        (Missing(code="clusterSilent", why="refused"), Verdict.WAITING),
    ],
)
def test_only_what_is_healthy_in_sync_and_at_the_tip_is_well(seen: Deployed | Missing, verdict: Verdict) -> None:
    assert judge(PLACE, seen) is verdict


def test_what_stays_degraded_has_failed() -> None:
    ill = replace(WELL, health=Health.DEGRADED)

    assert judge(PLACE, ill, ILL_FOR - timedelta(seconds=1)) is Verdict.WAITING
    assert judge(PLACE, ill, ILL_FOR) is Verdict.FAILED


def test_only_what_is_out_of_sync_is_synced_and_all_is_looked_at() -> None:
    cluster = a_cluster(ctr=BEHIND, churn=WELL, fraud=replace(BEHIND, operation="Running"))
    places = [replace(PLACE, model=model) for model in ("ctr", "churn", "fraud", "absent")]

    found = {one.place.model: one for one in sync(places, cluster, cluster, prune=True)}

    assert [order for order in cluster.asked if order[0] == "sync"] == [
        ("sync", "production", "ctr", "", "prune"),
        ("sync", "production", "fraud", "", "prune"),
    ]
    assert cluster.asked[0] == ("refresh", "production", "ctr", "churn", "fraud", "absent")
    assert found["ctr"].said == "a sync has begun"
    assert found["fraud"].said == "a sync runs already"
    assert (found["churn"].verdict, found["churn"].said) == (Verdict.WELL, "")
    assert "no absent.production" in found["absent"].said


def test_a_silent_environment_stops_no_other() -> None:
    cluster = FakeCluster("staging", "production")
    cluster.settle("production", "ctr", WELL)
    cluster.silent["staging"] = "connection refused"

    found = sync([replace(PLACE, environment="staging"), PLACE], cluster, cluster)

    assert [(one.place.environment, one.verdict) for one in found] == [
        ("staging", Verdict.WAITING),
        ("production", Verdict.WELL),
    ]
    assert found[0].seen == Missing(code="clusterSilent", why="connection refused")


def waited(
    cluster: FakeCluster, then: Callable[[float], None], timeout: timedelta = timedelta(minutes=1)
) -> tuple[Verdict, float]:
    """The verdict, and how long it took; `then` is called with the seconds that have passed, before each look but the first."""
    clock = SteppedClock(NOW)

    def sleep(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))
        then((clock.now() - NOW).total_seconds())

    begun = sync([PLACE], cluster, cluster)
    (found,) = wait(begun, cluster, Waiting(clock=clock, sleep=sleep, timeout=timeout))
    return found.verdict, (clock.now() - NOW).total_seconds()


def test_waiting_ends_when_it_is_well() -> None:
    cluster = a_cluster(ctr=BEHIND)

    assert waited(cluster, lambda s: cluster.settle("production", "ctr", WELL) if s >= 12 else None) == (Verdict.WELL, 15)


def test_waiting_ends_with_the_time_and_not_later() -> None:
    cluster = a_cluster(ctr=replace(WELL, health=Health.PROGRESSING))

    assert waited(cluster, lambda _: None, timedelta(seconds=12)) == (Verdict.WAITING, 12)


def test_a_server_that_is_silent_for_a_while_is_waited_for() -> None:
    cluster = a_cluster(ctr=BEHIND)

    def then(seconds: float) -> None:
        cluster.silent = {"production": "refused"} if seconds < 20 else {}
        cluster.settle("production", "ctr", WELL)

    assert waited(cluster, then) == (Verdict.WELL, 20)


def test_degraded_counts_from_when_it_began_and_not_across_recoveries() -> None:
    cluster = a_cluster(ctr=replace(WELL, health=Health.DEGRADED))

    def then(seconds: float) -> None:
        better = Health.PROGRESSING if seconds == 20 else Health.DEGRADED
        cluster.settle("production", "ctr", replace(WELL, health=better))

    assert waited(cluster, then, timedelta(minutes=5)) == (Verdict.FAILED, 55)
