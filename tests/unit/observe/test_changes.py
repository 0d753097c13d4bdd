"""Which digests people turned down, read from pull requests that anybody may have edited."""

from typing import Any

import pytest

from reconciler.domain.changes import Marker, PullRequest, PullState
from reconciler.domain.releases import digest_of
from reconciler.observe.changes import declined_digests, open_changes
from reconciler.observe.releases import tags_of
from tests.builders import a_revision
from tests.runs import NoData

MARKER = Marker(model="flight-delay", environment="staging", digest=digest_of("a"), content=digest_of("files"))


def a_pull(number: int = 1, marker: Marker | None = MARKER, **changes: Any) -> PullRequest:
    body = f"why\n\n{marker.to_comment()}\n" if marker else "by hand"
    usual = {"state": PullState.CLOSED, "branch": "b", "base": "main", "title": "t", "body": body, "tip": None, "merged": None}
    return PullRequest(**({"number": number} | usual | changes))


def marker(word: str, model: str = "flight-delay") -> Marker:
    return Marker(model=model, environment="staging", digest=digest_of(word), content=digest_of("files"))


def test_a_digest_is_declined_by_closing_its_pull_request() -> None:
    assert declined_digests([a_pull(3)], "flight-delay") == {digest_of("a"): 3}


@pytest.mark.parametrize("state", [PullState.OPEN, PullState.MERGED])
def test_only_closing_without_a_merge_declines(state: PullState) -> None:
    assert declined_digests([a_pull(state=state)], "flight-delay") == {}


def test_each_model_has_its_own() -> None:
    pulls = [a_pull(1, marker("a")), a_pull(2, marker("b", "flight-delay-2")), a_pull(3, marker("c", "flight"))]
    assert declined_digests(pulls, "flight-delay") == {digest_of("a"): 1}


def test_the_newest_pull_request_speaks_for_its_digest() -> None:
    assert declined_digests([a_pull(1), a_pull(5)], "flight-delay") == {digest_of("a"): 5}


@pytest.mark.parametrize(
    "body",
    ["", "by hand", MARKER.to_comment() + "\nmore", MARKER.to_comment().replace("}", ""), "<!-- perennial [] -->", "\x00"],
    ids=["empty", "no marker", "a marker in the middle", "a broken marker", "a list", "a zero byte"],
)
def test_pull_requests_that_are_not_perennials_decline_nothing(body: str) -> None:
    assert declined_digests([a_pull(body=body)], "flight-delay") == {}


def test_finished_pull_requests_are_not_open_and_cost_no_look_at_git() -> None:
    assert open_changes([a_pull(), a_pull(2, state=PullState.MERGED)], "flight-delay", NoData()) == ()  # type: ignore[arg-type]


def test_an_open_one_whose_branch_is_gone_is_not_edited() -> None:
    (change,) = open_changes([a_pull(state=PullState.OPEN)], "flight-delay", NoData())  # type: ignore[arg-type]
    assert (change.tip, change.edited) == (None, False)
    assert (change.number, change.environment, change.digest) == (1, "staging", digest_of("a"))


TAGS = {
    "refs/tags/flight@v1.0.0": a_revision("1"),
    "refs/tags/flight#production#1": a_revision("2"),
    "refs/tags/flight-delay@v1.0.0": a_revision("3"),
    "refs/tags/flightless": a_revision("4"),
    "refs/tags/v1.0.0": a_revision("5"),
    "refs/heads/flight@v9.0.0": a_revision("6"),
}


def test_tags_are_the_models_own_and_not_those_of_a_longer_name() -> None:
    assert tags_of(TAGS, "flight") == {"flight@v1.0.0": a_revision("1"), "flight#production#1": a_revision("2")}


def test_a_model_without_tags_has_none() -> None:
    assert tags_of(TAGS, "light") == {}
    assert tags_of({}, "flight") == {}
