"""What is to be proved: each version that a model released, by the release file that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.audit.books import Books
from reconciler.audit.versions import RAN, about
from reconciler.domain.events import Event
from reconciler.domain.names import Digest, Revision, release_path, short
from reconciler.domain.provenance import Provenance
from reconciler.domain.releases import Release
from reconciler.domain.signing import Trust
from reconciler.errors import InvalidSpecsError, ObserveError, ReconcilerError
from reconciler.ports import Readers
from reconciler.render.provenance import read_statement
from reconciler.specs.load import read_document
from reconciler.specs.places import place_of
from reconciler.specs.specs import Specs


@dataclass(frozen=True, slots=True, kw_only=True)
class Onto:
    """What a change is to be merged into, and what is written there."""

    revision: Revision
    specs: Specs


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One version. `environments` run it now, by main's release files; `moves` are the ledger's lines that say where it ran.

    `origin` is the commit that released it first, by the ledger; None when no line says so. `proposed` is the commit that a
    change would bring, where it stands in for what the ledger cannot know yet; `onto` is what that is to be merged into.
    """

    books: Books
    readers: Readers
    trust: Trust
    release: Release
    environments: tuple[str, ...]
    moves: tuple[Event, ...]
    proposed: Revision | None = None
    onto: Onto | None = None

    @property
    def model(self) -> str:
        """The model's name."""
        return self.books.name

    @property
    def digest(self) -> Digest:
        """The release's digest."""
        return self.release.digest

    @property
    def origin(self) -> Revision | None:
        """The commit that released it first, by the ledger, or that would; None when nothing says so."""
        return commit_in(self.moves[0]) if self.moves else self.proposed

    def files(self, *paths: str) -> dict[str, bytes]:
        """Those that main has; of a version that does not run any more also those that the commits had which brought it."""
        if self.environments:
            return {path: self.books.specs.files[path] for path in paths if path in self.books.specs.files}
        found = {path: self.books.kept(self.digest, path) for path in paths}
        return {path: content for path, content in found.items() if content is not None}

    def provenance(self, path: str) -> Provenance | None:
        """What its statement says, if it can be read."""
        try:
            return read_statement(self.files(path)[path].decode())
        except (KeyError, UnicodeDecodeError, ReconcilerError):
            return None


def claim_of(books: Books, readers: Readers, trust: Trust, digest: Digest) -> Claim:
    """Of one version that runs or ran. Raises ReconcilerError when it was never released."""
    claims = [*running_claims(books, readers, trust), *past_claims(books, readers, trust)]
    found = next((claim for claim in claims if claim.digest == digest), None)
    if found is None:
        raise ReconcilerError(f"{short(digest)} of {books.name} was never released", help=f"perennial audit {books.name}")
    return found


def commit_in(event: Event) -> Revision:
    """The commit that a line about a move names."""
    return Revision(str(event.details.get("commit", "")))


def running_claims(books: Books, readers: Readers, trust: Trust) -> tuple[Claim, ...]:
    """Of what main says runs now, one claim for each version, in the order of the environments."""
    found: dict[tuple[Digest, str], Claim] = {}
    for environment in books.model.spec.environments:
        if release := books.releases.get(environment):
            key = (release.digest, release.version)
            known = found.get(key) or _claim(books, readers, trust, release)
            found[key] = replace(known, environments=(*known.environments, environment))
    return tuple(found.values())


def past_claims(books: Books, readers: Readers, trust: Trust) -> tuple[Claim, ...]:
    """Of what ran once and does not now, oldest first, by the release files of the commits that brought it."""
    running = {release.digest for release in books.releases.values()}
    seen: dict[str, Event] = {}
    for event in books.events:
        digest = str(event.details.get("digest", ""))
        if event.kind in RAN and digest.startswith("sha256:") and digest not in running:
            seen.setdefault(digest, event)
    return tuple(_claim(books, readers, trust, release) for event in seen.values() if (release := _released_by(books, event)))


def _claim(books: Books, readers: Readers, trust: Trust, release: Release) -> Claim:
    moves = tuple(about(books.events, release.digest, *RAN))
    return Claim(books=books, readers=readers, trust=trust, release=release, environments=(), moves=moves)


def _released_by(books: Books, event: Event) -> Release | None:
    return release_at(books, commit_in(event), str(event.details.get("environment", "")))


def release_at(books: Books, revision: Revision, environment: str) -> Release | None:
    """What the commit said that the environment runs; None when it said nothing that can be read."""
    path = release_path(books.name, environment)
    place = place_of(path)
    try:
        content: Mapping[str, bytes] = books.repository.files(revision, path)
        return read_document(place, content[path]).spec.release() if place else None
    except (ObserveError, InvalidSpecsError, KeyError):
        return None
