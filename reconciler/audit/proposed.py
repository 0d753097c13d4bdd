"""What a change would release: each release file that it adds or alters, as a claim to be proved before the change is merged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reconciler.audit.books import Books
from reconciler.audit.claims import Claim, Onto
from reconciler.audit.tolerant import is_release, load_tolerant
from reconciler.audit.versions import RAN, about
from reconciler.domain.names import (
    LEDGER_BRANCH,
    Revision,
    bundle_path,
    evidence_path,
    provenance_path,
    release_path,
    signature_path,
)
from reconciler.domain.signing import Trust
from reconciler.errors import Problem
from reconciler.observe.ledger import read_chain
from reconciler.observe.observe import HEADS, TAGS, Seen
from reconciler.observe.proofs import trust_of
from reconciler.ports import Readers
from reconciler.specs.paths import SPEC_PREFIXES

_FETCHED = "refs/remotes/origin/"
"""Where a runner's checkout has the branches that are not checked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """The claims by model, the release files that cannot be believed by path, and the release files that go away.

    A claim is of a release whose file is new or altered, or whose gate report, statement or signature is.
    """

    claims: Mapping[str, tuple[Claim, ...]]
    broken: Mapping[str, Problem]
    removed: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        """The change leaves all release files as they are, or only takes some away."""
        return not self.claims and not self.broken


def proposed(readers: Readers, revision: Revision, base: Revision) -> Proposed:
    """What `revision` releases that `base` does not, or proves otherwise.

    Whose signatures count, and what environments ask, is asked of `base`: no change vouches for itself. Raises
    InvalidSpecsError for specs that do not load, and ObserveError for commits that are not here.
    """
    before = readers.repository.files(base, *SPEC_PREFIXES)
    after = readers.repository.files(revision, *SPEC_PREFIXES)
    changed = {path for path in before.keys() | after.keys() if _proves(path) and before.get(path) != after.get(path)}
    if not changed:
        return Proposed(claims={}, broken={}, removed=())
    specs, broken = load_tolerant(after)
    onto = Onto(revision=base, specs=load_tolerant(before)[0])
    trust = trust_of(onto.specs)
    seen = seen_at(readers, revision)
    books = [Books(model=model, specs=specs, seen=seen, repository=readers.repository) for model in specs.models.values()]
    found = {one.name: _claims(one, readers, trust, changed) for one in books}
    claims = {name: tuple(replace(claim, onto=onto) for claim in claims) for name, claims in found.items()}
    return Proposed(
        claims={name: made for name, made in claims.items() if made},
        broken={path: problem for path, problem in broken.items() if path in changed},
        removed=tuple(sorted(path for path in changed if is_release(path) and path not in after)),
    )


def _proves(path: str) -> bool:
    """A release file, or one of the files beside it that say why it may run."""
    return is_release(path) or (path.startswith("models/") and "/evidence/" in path)


def seen_at(readers: Readers, revision: Revision) -> Seen:
    """The refs and the ledger, with `revision` in the place of main. No forge is asked: a clean runner may have no token."""
    refs = readers.repository.refs(HEADS, TAGS, _FETCHED)
    tip = refs.get(HEADS + LEDGER_BRANCH) or refs.get(_FETCHED + LEDGER_BRANCH)
    files = readers.repository.files(tip) if tip else {}
    ledger = {path: read_chain(content, path) for path, content in files.items()}
    return Seen(head=revision, now=readers.clock.now(), refs=refs, ledger=ledger, pulls=())


def _claims(books: Books, readers: Readers, trust: Trust, changed: set[str]) -> Iterator[Claim]:
    for environment, release in sorted(books.releases.items()):
        name, digest = books.name, release.digest
        about_it = (evidence_path, provenance_path, signature_path, bundle_path)
        if changed & {release_path(name, environment), *(path(name, digest) for path in about_it)}:
            yield Claim(
                books=books,
                readers=readers,
                trust=trust,
                release=release,
                environments=(environment,),
                moves=tuple(about(books.events, release.digest, *RAN)),
                proposed=books.seen.head,
            )
