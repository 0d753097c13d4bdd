"""What every cluster keeps, whatever it is asked through: Argo CD's API and its objects, of two generations, and the fake."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.domain.clusters import Health, RolloutStatus, Sync
from reconciler.domain.names import Digest, Revision
from reconciler.errors import ConflictError, ObserveError, PermanentActError, TransientActError
from tests.clusters.cases import KINDS, PRODUCTION, Case, a_case
from tests.clusters.world import AT, DIGEST, FIRST, OTHER, SECOND, live


@pytest.fixture(params=KINDS)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    with a_case(request.param, tmp_path) as made:
        yield made


def test_a_model_that_is_well_is_seen_with_all_that_is_told(case: Case) -> None:
    case.add("ctr")
    if case.server:
        case.world.add("ctr.staging")
        case.world.add("perennial-production")["metadata"]["labels"]["perennial/environment"] = PRODUCTION

    found = case.cluster.applications(PRODUCTION)

    assert list(found) == ["ctr"]
    seen = found["ctr"]
    assert (seen.application, seen.health, seen.sync, seen.message) == ("ctr.production", Health.HEALTHY, Sync.SYNCED, "")
    assert (seen.revision, seen.operation, seen.rollout) == (FIRST, "", None)
    assert seen.reconciled_at == datetime.fromisoformat(AT)
    assert seen.since == (None if case.world.version == 2 else datetime(2026, 3, 1, 10, tzinfo=UTC))
    assert seen.steady


def test_all_models_are_seen_at_once_whatever_their_number(case: Case) -> None:
    models = [f"m{number:02}" for number in range(7)]
    for model in models:
        case.add(model)

    assert list(case.cluster.applications(PRODUCTION)) == models
    assert case.cluster.applications("staging") == {}


def test_a_refresh_shows_what_the_branch_says_now(case: Case) -> None:
    for model in ("ctr", "churn"):
        case.add(model)
    case.move(SECOND)

    case.cluster.refresh(PRODUCTION, ["ctr", "churn"])

    if case.server:
        assert sorted(case.world.refreshed) == ["churn.production", "ctr.production"]
        seen = case.cluster.applications(PRODUCTION)["ctr"]
        assert (seen.sync, seen.revision) == (Sync.OUT_OF_SYNC, FIRST)


def test_what_cannot_be_refreshed_stops_nothing_else(case: Case) -> None:
    case.add("ctr")

    with pytest.raises((TransientActError, PermanentActError), match=r"1 of 2 Applications.*churn\.production"):
        case.cluster.refresh(PRODUCTION, ["churn", "ctr"])

    if case.server:
        assert case.world.refreshed == ["ctr.production"]


def test_a_sync_runs_and_ends_in_history(case: Case) -> None:
    case.add("ctr")
    case.move(SECOND)

    case.cluster.sync(PRODUCTION, "ctr", Revision(SECOND), prune=True)

    seen = case.cluster.applications(PRODUCTION)["ctr"]
    assert seen.operation == "Running"
    assert not seen.steady
    case.finish("ctr")
    seen = case.cluster.applications(PRODUCTION)["ctr"]
    assert (seen.operation, seen.revision) == ("Succeeded", SECOND)
    past = case.cluster.history(PRODUCTION, "ctr")
    assert [(one.number, one.revision) for one in past] == [(1, SECOND), (0, FIRST)]
    assert past[1].at == datetime.fromisoformat(AT)


def test_a_sync_is_to_the_branch_where_nothing_is_said(case: Case) -> None:
    case.add("ctr")

    case.cluster.sync(PRODUCTION, "ctr")

    if case.server:
        [(name, order)] = case.world.ordered
        assert name == "ctr.production"
        assert "revision" not in order["sync"]
        assert not order["sync"].get("prune")


def test_a_sync_keeps_the_options_of_the_application(case: Case) -> None:
    case.add("ctr")
    options = ["PruneLast=true", "RespectIgnoreDifferences=true"]
    if case.server:
        case.world.applications["ctr.production"]["spec"]["syncPolicy"] = {"syncOptions": options}

    case.cluster.sync(PRODUCTION, "ctr", Revision(SECOND))

    if case.server:
        [(_, order)] = case.world.ordered
        assert order["sync"]["syncOptions"] == options
        assert order["sync"]["revision"] == SECOND


def test_two_syncs_do_not_run_at_once(case: Case) -> None:
    case.add("ctr")
    case.cluster.sync(PRODUCTION, "ctr")
    if case.server:
        case.world.applications["ctr.production"]["status"]["operationState"]["operation"]["info"] = []

    with pytest.raises(ConflictError, match="another operation is already in progress"):
        case.cluster.sync(PRODUCTION, "ctr")


def test_a_sync_can_be_ended_and_ending_none_is_no_error(case: Case) -> None:
    case.add("ctr")
    case.cluster.terminate(PRODUCTION, "ctr")
    case.cluster.sync(PRODUCTION, "ctr")

    case.cluster.terminate(PRODUCTION, "ctr")
    case.cluster.terminate(PRODUCTION, "ctr")

    seen = case.cluster.applications(PRODUCTION)["ctr"]
    assert seen.operation == "Failed"
    if case.server:
        assert seen.message == "sync Failed: Operation terminated"


def test_objects_tell_what_they_carry(case: Case) -> None:
    case.add("ctr")

    found = case.cluster.resources(PRODUCTION, "ctr")

    deployment = next(one for one in found if one.kind == "Deployment")
    assert (deployment.name, deployment.digest) == ("ctr", DIGEST)
    assert any(one.kind == "Service" and one.digest is None for one in found)


def test_what_is_not_there_is_said_in_every_call(case: Case) -> None:
    for ask in (case.cluster.resources, case.cluster.history):
        with pytest.raises(ObserveError, match=r"ctr\.production"):
            ask(PRODUCTION, "ctr")
    for order in (case.cluster.sync, case.cluster.terminate):
        with pytest.raises(PermanentActError, match=r"ctr\.production"):
            order(PRODUCTION, "ctr")


def test_it_reaches_its_environment(case: Case) -> None:
    assert case.cluster.reaches(PRODUCTION)


def test_what_is_not_steady_tells_its_release_and_its_rollout(case: Case) -> None:
    if not case.server:
        pytest.skip("the fake is told so")
    case.add("ctr")
    case.add("churn")
    status = {"phase": "Paused", "observedGeneration": "1", "message": "CanaryPauseStep"} | {"canary": CANARY}
    case.world.applications["ctr.production"]["status"]["health"] = {"status": "Suspended"}
    case.world.live["ctr.production"] = [live("Rollout", "ctr", status=status), live("ConfigMap", "old", OTHER)]

    found = case.cluster.applications(PRODUCTION)

    assert found["ctr"].digests == {DIGEST}
    assert found["ctr"].rollout == RolloutStatus(phase="Paused", message="CanaryPauseStep", weight=20, digest=Digest(DIGEST))
    assert (found["churn"].steady, found["churn"].digests, found["churn"].rollout) == (True, frozenset(), None)


def test_live_objects_that_cannot_be_seen_hide_nothing_else(case: Case) -> None:
    if not case.server:
        pytest.skip("the fake is told so")
    case.add("ctr")
    case.world.applications["ctr.production"]["status"]["health"] = {"status": "Degraded"}
    case.world.live["ctr.production"] = []

    found = case.cluster.applications(PRODUCTION)

    assert (found["ctr"].health, found["ctr"].digests) == (Health.DEGRADED, frozenset())


CANARY = {"weights": {"canary": {"weight": 20, "podTemplateHash": "a"}, "stable": {"weight": 80, "podTemplateHash": "b"}}}
