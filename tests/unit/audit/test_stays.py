"""Where a version was proposed and ran, from when to when: each environment by itself, and only what its own lines say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from reconciler.audit.stays import is_rendered, proposals_of, stays_of
from reconciler.domain.changes import Marker, PullRequest, PullState
from reconciler.domain.events import Event, EventKind
from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of
from tests.builders import DAY, NOW, a_revision, an_event

ONE, TWO = digest_of("one"), digest_of("two")
MANIFEST = {"manifests/flight-delay/deployment.yaml": f"digest: {ONE}\n".encode()}


def books(
    events: Sequence[Event] = (), pulls: Sequence[PullRequest] = (), files: dict[str, bytes] | None = None, *, branch: bool = True
) -> Any:
    """As much of the books as is read here."""
    return SimpleNamespace(
        name="flight-delay",
        events=tuple(events),
        pulls=tuple(pulls),
        commit=lambda revision: None,
        seen=SimpleNamespace(branch=lambda name: a_revision(name) if branch else None),
        repository=SimpleNamespace(files=lambda tip, path: files or {}),
    )


def move(day: int, digest: str, environment: str = "production", kind: EventKind = EventKind.PROMOTED) -> Event:
    details = {"digest": digest, "environment": environment}
    return an_event(id=f"{kind}/{day}", kind=kind, at=NOW + day * DAY, details=details)


def pull(number: int, digest: Digest = ONE, environment: str = "staging", state: PullState = PullState.OPEN) -> PullRequest:
    marker = Marker(model="flight-delay", environment=environment, digest=digest, content=digest_of("x"))
    said: dict[str, Any] = {"branch": "b", "base": "main", "title": "T", "tip": None, "merged": None}
    return PullRequest(number=number, state=state, body=marker.to_comment(), **said)


def times(events: Sequence[Event], digest: Digest = ONE) -> list[tuple[str, datetime, datetime | None]]:
    return [(stay.environment, stay.since, stay.until) for stay in stays_of(books(events), digest)]


def test_what_never_ran_has_no_stay() -> None:
    assert stays_of(books(), ONE) == ()
    assert times([move(0, TWO), an_event(details={"digest": ONE})]) == []


def test_a_stay_ends_with_the_next_move_of_the_same_environment_only() -> None:
    events = [move(0, ONE, "staging"), move(1, ONE), move(2, TWO, "staging")]
    assert times(events) == [("staging", NOW, NOW + 2 * DAY), ("production", NOW + DAY, None)]


def test_what_comes_back_by_a_rollback_has_a_second_stay() -> None:
    events = [move(0, ONE), move(1, TWO), move(2, ONE, kind=EventKind.ROLLED_BACK)]
    assert times(events) == [("production", NOW, NOW + DAY), ("production", NOW + 2 * DAY, None)]
    assert [stay.rolled_back for stay in stays_of(books(events), ONE)] == [False, True]


def test_a_line_that_names_no_digest_still_ends_what_ran() -> None:
    assert times([move(0, ONE), move(1, "")]) == [("production", NOW, NOW + DAY)]


def test_only_what_still_runs_can_be_rendered() -> None:
    events = [move(0, ONE), move(1, TWO), move(2, ONE)]
    assert [stay.rendered for stay in stays_of(books(events, files=MANIFEST), ONE)] == [False, True]


def test_rendered_is_what_a_branch_that_exists_names_whole() -> None:
    assert is_rendered(books(files=MANIFEST), "production", ONE)
    assert not is_rendered(books(files=MANIFEST), "production", TWO)
    assert not is_rendered(books(files=MANIFEST), "production", None)
    assert not is_rendered(books(files=MANIFEST, branch=False), "production", ONE)
    assert not is_rendered(books(files={"a": ONE[:-1].encode()}), "production", ONE)


def test_a_proposal_is_told_by_the_newest_pull_request_of_this_digest_to_this_environment() -> None:
    pulls = [
        pull(1, state=PullState.CLOSED),
        pull(2),
        pull(3, TWO),
        pull(4, environment="production"),
    ]
    (found,) = proposals_of(books([move(0, ONE, "staging", EventKind.PROPOSED)], pulls), ONE)
    assert (found.environment, found.at, found.number, found.state) == ("staging", NOW, 2, PullState.OPEN)


def test_what_the_forge_does_not_know_any_more_is_told_all_the_same() -> None:
    bare = [replace(pull(1), body="no marker")]
    (found,) = proposals_of(books([move(0, ONE, "staging", EventKind.PROPOSED)], bare), ONE)
    assert (found.number, found.state, found.approved_by) == (None, "not known to the forge", ())
