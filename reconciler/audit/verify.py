"""Checks every link between what was approved and what runs, of one model, without the network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.audit.books import Books
from reconciler.audit.claims import Claim, claim_of, past_claims, running_claims
from reconciler.audit.links.artifact import NOT_HERE, judge_artifact
from reconciler.audit.links.data import judge_data
from reconciler.audit.links.lock import judge_lock
from reconciler.audit.links.proof import judge_proofs
from reconciler.audit.links.record import judge_ledger, judge_records
from reconciler.audit.links.release import judge_broken_file, judge_release_files
from reconciler.audit.links.rendered import judge_rendered
from reconciler.audit.links.source import judge_source
from reconciler.audit.links.tags import judge_tags
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Digest
from reconciler.domain.signing import Trust
from reconciler.errors import Problem
from reconciler.ports import Readers


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedVersion:
    """What was found of one version. `environments` run it now."""

    version: str
    digest: Digest
    environments: tuple[str, ...]
    links: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found of one model: links of the model itself, then of each version, what runs first."""

    model: str
    links: tuple[Judgement, ...]
    versions: tuple[VerifiedVersion, ...]

    def all(self) -> Iterator[tuple[str, Judgement]]:
        """(what it is about, judgement) of every link, in order."""
        yield from ((self.model, link) for link in self.links)
        for one in self.versions:
            yield from ((f"{self.model} {one.version}", link) for link in one.links)


def answer_of(found: Sequence[Verification]) -> Answer:
    """NO when a link is broken anywhere, else UNKNOWN when one cannot be seen, or when there is nothing to look at."""
    answers = {link.answer for one in found for _, link in one.all()}
    if Answer.NO in answers:
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in answers or not answers else Answer.YES


def verify(books: Books, readers: Readers, trust: Trust, broken: Mapping[str, Problem]) -> Verification:
    """Every link of what runs, and of what ran before; `broken` are release files that cannot be believed.

    Of what ran before DVC need not keep anything; what it does keep must be whole.
    """
    running, past = running_claims(books, readers, trust), past_claims(books, readers, trust)
    files = [judge_broken_file(problem) for path, problem in sorted(broken.items()) if path.startswith(f"models/{books.name}/")]
    return Verification(
        model=books.name,
        links=(judge_ledger(books), *files),
        versions=(*(_verified(claim, whole=True) for claim in running), *(_verified(claim, whole=False) for claim in past)),
    )


def verify_version(books: Books, readers: Readers, trust: Trust, digest: Digest) -> Verification:
    """Every link of one version that runs or ran. Raises ReconcilerError when it was never released."""
    claim = claim_of(books, readers, trust, digest)
    return Verification(model=books.name, links=(judge_ledger(books),), versions=(_verified(claim, whole=True),))


def _verified(claim: Claim, *, whole: bool) -> VerifiedVersion:
    return VerifiedVersion(
        version=claim.release.version,
        digest=claim.digest,
        environments=claim.environments,
        links=tuple(links_of(claim, whole=whole)),
    )


def links_of(claim: Claim, *, whole: bool) -> Iterator[Judgement]:
    """From what main says down to what runs; if `whole`, DVC must keep the artifact and the data on this machine."""
    yield from judge_release_files(claim)
    yield from judge_records(claim)
    yield from judge_proofs(claim)
    yield judge_source(claim)
    yield judge_lock(claim)
    for kept in (judge_artifact(claim), judge_data(claim)):
        if whole or kept.code != NOT_HERE:
            yield kept
    yield judge_tags(claim)
    yield from judge_rendered(claim)
