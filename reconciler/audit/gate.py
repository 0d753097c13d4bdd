"""Proves what a change would release, on any machine: evidence, bytes and numbers belong together, before anybody merges it."""

from collections.abc import Iterator

from reconciler.audit.claims import Claim
from reconciler.audit.links.arrival import judge_arrivals
from reconciler.audit.links.artifact import judge_artifact
from reconciler.audit.links.data import bring_data, judge_data
from reconciler.audit.links.lock import judge_lock
from reconciler.audit.links.proof import judge_proofs
from reconciler.audit.links.recomputed import judge_metrics
from reconciler.audit.links.release import judge_broken_file, judge_quarantine, judge_release_files
from reconciler.audit.links.source import judge_source
from reconciler.audit.links.verdict import judge_verdict
from reconciler.audit.proposed import Proposed
from reconciler.audit.verify import Verification, VerifiedVersion
from reconciler.domain.judgements import Judgement


def prove(change: Proposed) -> list[Verification]:
    """One for each model that the change releases, sorted; release files that cannot be believed count for their model."""
    models = sorted({*change.claims, *(path.split("/")[1] for path in change.broken)})
    return [_proved(change, model) for model in models]


def _proved(change: Proposed, model: str) -> Verification:
    files = [judge_broken_file(problem) for path, problem in sorted(change.broken.items()) if path.split("/")[1] == model]
    claims = change.claims.get(model, ())
    return Verification(model=model, links=tuple(files), versions=tuple(_version(claim) for claim in claims))


def _version(claim: Claim) -> VerifiedVersion:
    return VerifiedVersion(
        version=claim.release.version,
        digest=claim.digest,
        environments=claim.environments,
        links=tuple(links_of(claim)),
    )


def links_of(claim: Claim) -> Iterator[Judgement]:
    """From the release file down to the numbers. What DVC keeps is brought here first."""
    bring_data(claim)
    yield from judge_release_files(claim)
    yield judge_quarantine(claim)
    yield from judge_arrivals(claim)
    yield from judge_proofs(claim)
    yield judge_verdict(claim)
    yield judge_source(claim)
    yield judge_lock(claim)
    yield judge_artifact(claim)
    yield judge_data(claim)
    yield judge_metrics(claim)
