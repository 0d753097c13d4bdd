"""What is looked at to tell of one model, and the files that promotions left of a digest."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.audit.commits import commit_of
from reconciler.audit.story import Commit
from reconciler.audit.versions import RAN, about
from reconciler.domain.changes import PullRequest
from reconciler.domain.events import Event
from reconciler.domain.names import MAIN, Digest, Revision
from reconciler.domain.releases import Release, Releases
from reconciler.errors import ObserveError, ReconcilerError
from reconciler.observe.observe import Seen
from reconciler.ports import Readers, RepositoryReader
from reconciler.specs.model import Model
from reconciler.specs.specs import Specs


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """Everything that is known of one model at one moment."""

    model: Model
    specs: Specs
    seen: Seen
    repository: RepositoryReader

    @property
    def name(self) -> str:
        """The model's name."""
        return self.model.name

    @property
    def events(self) -> tuple[Event, ...]:
        """The lines of its ledger, as far as they hold."""
        return self.seen.chain(self.name).events

    @property
    def releases(self) -> Releases:
        """What main says runs."""
        return self.specs.releases.get(self.name, {})

    @property
    def champion(self) -> Release | None:
        """What the last environment runs."""
        return self.releases.get(self.model.champion_environment)

    @property
    def pulls(self) -> tuple[PullRequest, ...]:
        """Its pull requests, by number."""
        return tuple(pull for pull in self.seen.pulls if pull.marker is not None and pull.marker.model == self.name)

    def commit(self, revision: Revision) -> Commit | None:
        """The commit, if the repository has it."""
        return commit_of(self.repository, revision)

    def kept(self, digest: Digest, path: str) -> bytes | None:
        """The file as main has it; of what was reverted as the newest commit had it that brought the digest somewhere."""
        if path in self.specs.files:
            return self.specs.files[path]
        for revision in self._commits(digest):
            try:
                return self.repository.files(revision, path)[path]
            except (ObserveError, KeyError):
                continue
        return None

    def brought(self, digest: Digest) -> Revision | None:
        """The newest commit that brought the digest to an environment; None where the ledger or the repository has none."""
        return next((one for one in self._commits(digest) if self.commit(one) is not None), None)

    def _commits(self, digest: Digest) -> Iterator[Revision]:
        for event in reversed(about(self.events, digest, *RAN)):
            yield Revision(str(event.details.get("commit", "")))


def open_books(specs: Specs, readers: Readers, seen: Seen, model: str) -> Books:
    """Raises ReconcilerError for a model that main does not have."""
    if model not in specs.models:
        known = ", ".join(specs.models) or "none"
        raise ReconcilerError(f"there is no model {model} on {MAIN}; there are: {known}", help="perennial status")
    return Books(model=specs.models[model], specs=specs, seen=seen, repository=readers.repository)
