"""Servers that misbehave: what is safe is asked again, an order is sent once, and every trouble has words and no token."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, ObserveError, PermanentActError, TransientActError
from tests.clusters.cases import PRODUCTION, Case, a_case

REAL = ("argocd 3", "kubernetes 3")


@pytest.fixture(params=REAL)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    with a_case(request.param, tmp_path, timeout=0.5) as made:
        made.add("ctr")
        yield made


def ordered(case: Case) -> int:
    return case.real.count("POST") + case.real.count("PATCH")


@pytest.mark.parametrize("fault", ["503", "429", "reset", "garbage", "slow"])
def test_a_question_is_asked_again_when_there_is_no_answer(case: Case, fault: str) -> None:
    case.real.faults = [f"GET:{fault}"]

    assert list(case.cluster.applications(PRODUCTION)) == ["ctr"]
    assert not case.real.faults


def test_a_server_that_stays_unwell_is_told_with_its_words(case: Case) -> None:
    case.cluster.applications(PRODUCTION)
    case.real.faults = ["503"] * 9

    with pytest.raises(ObserveError, match="503") as caught:
        case.cluster.applications(PRODUCTION)

    assert caught.value.help == "perennial doctor"


@pytest.mark.parametrize(("fault", "said"), [("403", "fault 403"), ("404", "fault 404")])
def test_a_refusal_is_not_asked_again(case: Case, fault: str, said: str) -> None:
    before = len(case.real.asked)
    case.real.faults = [f"GET:{fault}"]
    if case.world and "kubernetes" in type(case.cluster).__name__.lower():
        case.real.faults = []
        case.world.applications.clear()
        with pytest.raises(PermanentActError, match="not found"):
            case.cluster.sync(PRODUCTION, "ctr")
        assert ordered(case) == 0
        return

    with pytest.raises(ObserveError, match=said):
        case.cluster.applications(PRODUCTION)

    assert len(case.real.asked) == before + 1


def test_a_token_that_does_not_count_is_said_and_never_shown(case: Case, tmp_path: Path) -> None:
    case.real.token = "another-token-than-that"

    with pytest.raises(ObserveError, match="401") as seen:
        case.cluster.applications(PRODUCTION)
    with pytest.raises((PermanentActError, TransientActError), match="401") as told:
        case.cluster.sync(PRODUCTION, "ctr")

    assert "invalid session" in str(seen.value)
    assert "let-me-in" not in f"{seen.value} {told.value}"


def test_an_order_whose_answer_is_lost_is_looked_for_and_not_sent_again(case: Case) -> None:
    case.real.faults = ["POST:lost", "PATCH:lost"]

    case.cluster.sync(PRODUCTION, "ctr", prune=True)

    assert len(case.world.ordered) == ordered(case) == 1


def test_an_order_that_never_arrived_is_told(case: Case) -> None:
    case.real.faults = ["POST:reset", *["PATCH:reset"] * 3]

    with pytest.raises(TransientActError):
        case.cluster.sync(PRODUCTION, "ctr")

    assert not case.world.ordered


def test_a_lost_answer_is_not_taken_for_the_sync_of_somebody_else(case: Case) -> None:
    case.real.faults = ["POST:503", "PATCH:503"]
    case.world.begin("ctr.production", {"sync": {}, "info": [{"name": "perennial", "value": "theirs"}]})

    with pytest.raises((TransientActError, ConflictError)):
        case.cluster.sync(PRODUCTION, "ctr")

    assert len(case.world.ordered) == 1


def test_an_answer_that_is_lost_while_ending_a_sync_is_looked_for(case: Case) -> None:
    case.cluster.sync(PRODUCTION, "ctr")
    case.real.faults = ["DELETE:lost", "PATCH:lost"]

    case.cluster.terminate(PRODUCTION, "ctr")

    assert case.cluster.applications(PRODUCTION)["ctr"].operation == "Failed"


def test_nobody_at_the_address_is_one_error_soon(case: Case, tmp_path: Path) -> None:
    with a_case("argocd 3" if "Argo" in type(case.cluster).__name__ else "kubernetes 3", tmp_path) as gone:
        cluster = gone.cluster

    with pytest.raises(ObserveError, match=r"(?i)refused|connect"):
        cluster.applications(PRODUCTION)
    with pytest.raises(TransientActError):
        cluster.refresh(PRODUCTION, ["ctr"])


def test_argo_cd_syncs_no_other_commit_of_what_it_syncs_by_itself(tmp_path: Path) -> None:
    with a_case("argocd 3", tmp_path) as case:
        case.add("ctr")
        case.world.applications["ctr.production"]["spec"]["syncPolicy"] = {"automated": {}}

        with pytest.raises(PermanentActError, match="auto-sync currently set to env/production"):
            case.cluster.sync(PRODUCTION, "ctr", Revision("3" * 40))
        case.cluster.sync(PRODUCTION, "ctr")

        assert len(case.world.ordered) == 1


def test_the_rest_of_an_answer_is_not_taken_for_the_next_one(tmp_path: Path) -> None:
    with a_case("argocd 3", tmp_path, timeout=0.1) as case:
        case.add("ctr")
        case.cluster.applications(PRODUCTION)
        case.real.faults = ["GET:trickle"]

        assert list(case.cluster.applications(PRODUCTION)) == ["ctr"]
        assert not case.real.faults
