"""Pull requests as facts: which are open, and which digests people turned down."""

from collections.abc import Iterable, Mapping

from reconciler.domain.changes import PROMOTION, ROLL_BACK, Marker, PullRequest, PullState
from reconciler.domain.facts import OpenChange
from reconciler.domain.live import OpenPull
from reconciler.domain.names import COMMITTER, Digest
from reconciler.ports import RepositoryReader


def open_changes(
    pulls: Iterable[PullRequest], model: str, repository: RepositoryReader, kind: str = PROMOTION
) -> tuple[OpenChange, ...]:
    """The model's open pull requests of the kind, by number."""
    return tuple(
        _open_change(pull, marker, repository)
        for pull in pulls
        if pull.state is PullState.OPEN and (marker := pull.marker) is not None and marker.model == model and marker.kind == kind
    )


def _open_change(pull: PullRequest, marker: Marker, repository: RepositoryReader) -> OpenChange:
    tip = repository.commit_info(pull.tip) if pull.tip else None
    return OpenChange(
        number=pull.number,
        environment=marker.environment,
        digest=marker.digest,
        content=marker.content,
        title=pull.title,
        body=pull.body,
        tip=pull.tip,
        edited=bool(pull.foreign) or (tip is not None and tip.committer != COMMITTER[1]),
        foreign=pull.foreign,
        labels=pull.labels,
        draft=pull.draft,
        author=pull.author,
        approved_by=pull.approved_by,
        written=tip.at if tip else None,
    )


def open_pulls(pulls: Iterable[PullRequest], repository: RepositoryReader) -> tuple[OpenPull, ...]:
    """The open pull requests of all models, by number."""
    return tuple(
        OpenPull(
            model=marker.model,
            environment=marker.environment,
            digest=marker.digest,
            number=pull.number,
            written=repository.commit_info(pull.tip).at if pull.tip else None,
        )
        for pull in pulls
        if pull.state is PullState.OPEN and (marker := pull.marker) is not None and marker.kind == PROMOTION
    )


def closed_numbers(pulls: Iterable[PullRequest], model: str) -> Mapping[str, int]:
    """Environment to the number of the model's newest pull request that was closed without a merge."""
    closed = [(pull.number, pull.marker) for pull in pulls if pull.state is PullState.CLOSED]
    found = {number: marker.environment for number, marker in closed if marker and _promotes(marker, model)}
    return {environment: number for number, environment in sorted(found.items())}


def declined_digests(pulls: Iterable[PullRequest], model: str) -> Mapping[Digest, int]:
    """Digest to the number of the pull request that was closed without a merge."""
    return {
        marker.digest: pull.number
        for pull in pulls
        if pull.state is PullState.CLOSED and (marker := pull.marker) is not None and _promotes(marker, model)
    }


def kept_releases(pulls: Iterable[PullRequest], model: str) -> Mapping[tuple[str, Digest], int]:
    """(environment, digest) to the number of the roll-back that somebody closed without a merge: it is to keep running."""
    closed = ((pull.number, pull.marker) for pull in pulls if pull.state is PullState.CLOSED)
    return {
        (marker.environment, marker.digest): number
        for number, marker in closed
        if marker is not None and marker.model == model and marker.kind == ROLL_BACK
    }


def merged_numbers(pulls: Iterable[PullRequest], model: str) -> Mapping[tuple[str, Digest], int]:
    """(environment, digest) to the number of the newest pull request that brought it there."""
    merged = ((pull.number, pull.marker) for pull in pulls if pull.state is PullState.MERGED)
    return {(marker.environment, marker.digest): number for number, marker in merged if marker and _promotes(marker, model)}


def _promotes(marker: Marker, model: str) -> bool:
    return marker.model == model and marker.kind == PROMOTION
