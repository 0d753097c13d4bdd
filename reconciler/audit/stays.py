"""Where a version was proposed, and where it ran from when to when, by the ledger and main's history."""

from collections.abc import Iterator, Sequence

from reconciler.audit.books import Books
from reconciler.audit.story import Proposal, Stay
from reconciler.audit.versions import RAN, about, digest_in
from reconciler.domain.changes import PullRequest
from reconciler.domain.events import Event, EventKind
from reconciler.domain.names import Digest, Revision, environment_branch


def proposals_of(books: Books, digest: Digest) -> tuple[Proposal, ...]:
    """Every time that a pull request was opened for it, oldest first."""
    return tuple(_proposals(about(books.events, digest, EventKind.PROPOSED), books.pulls))


def _proposals(events: Sequence[Event], pulls: Sequence[PullRequest]) -> Iterator[Proposal]:
    for event in events:
        environment = str(event.details.get("environment", ""))
        pull = _pull_of(pulls, environment, digest_in(event))
        yield Proposal(
            environment=environment,
            at=event.at,
            number=pull.number if pull else None,
            state=pull.state if pull else "not known to the forge",
            approved_by=pull.approved_by if pull else (),
        )


def _pull_of(pulls: Sequence[PullRequest], environment: str, digest: Digest | None) -> PullRequest | None:
    """The newest pull request that proposes this."""
    found = [pull for pull in pulls if pull.marker and (pull.marker.environment, pull.marker.digest) == (environment, digest)]
    return found[-1] if found else None


def stays_of(books: Books, digest: Digest) -> tuple[Stay, ...]:
    """Every time that an environment began to run it, oldest first."""
    moves = [event for event in books.events if event.kind in RAN]
    return tuple(_stay(books, event, moves[number + 1 :]) for number, event in enumerate(moves) if digest_in(event) == digest)


def _stay(books: Books, event: Event, later: Sequence[Event]) -> Stay:
    environment = str(event.details.get("environment", ""))
    following = [other for other in later if other.details.get("environment") == environment]
    return Stay(
        environment=environment,
        since=event.at,
        until=following[0].at if following else None,
        rolled_back=event.kind is EventKind.ROLLED_BACK,
        commit=books.commit(Revision(str(event.details.get("commit", "")))),
        rendered=not following and is_rendered(books, environment, digest_in(event)),
    )


def is_rendered(books: Books, environment: str, digest: Digest | None) -> bool:
    """The manifests on the environment's branch name the digest."""
    tip = books.seen.branch(environment_branch(environment))
    if tip is None or digest is None:
        return False
    return any(digest.encode() in content for content in books.repository.files(tip, f"manifests/{books.name}").values())
