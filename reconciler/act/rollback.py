"""The emergency path: one commit on main that puts back what an environment ran before. What follows is the next pass's."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import MAIN, Revision, release_path
from reconciler.domain.proofs import objection
from reconciler.domain.releases import Release
from reconciler.errors import PermanentActError, UnprovenError
from reconciler.observe.observe import head_of
from reconciler.observe.proofs import proof_of, trust_of
from reconciler.observe.stays import stays_along
from reconciler.plan.rollback import earlier, restored
from reconciler.ports import Readers, Writers
from reconciler.render.markdown import visible
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.specs.specs import Specs


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """What is to change on main's commit `head` for `release` to run again; None where nothing ran before."""

    head: Revision
    files: Mapping[str, bytes | None]
    release: Release | None

    def message(self, model: str, environment: str, why: str) -> str:
        """Of the commit. `why` is one paragraph."""
        version = f"to {self.release.version}" if self.release else "to nothing"
        return f"Roll {model} in {environment} back {version}\n\n{visible(why)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """The commit that did it; `release` runs now, None where nothing ran before; `paths` were changed."""

    commit: Revision
    release: Release | None
    paths: tuple[str, ...]


def roll_back(readers: Readers, writers: Writers, model: str, environment: str, why: str) -> RolledBack:
    """Put back what ran before, if it is proven as what was approved. `why` is one paragraph of the commit's message.

    Raises what `restoration` does, and ConflictError when main moves meanwhile.
    """
    found = restoration(readers, model, environment)
    commit = writers.repository.commit(
        parent=found.head, files=found.files, message=found.message(model, environment, why), at=readers.clock.now()
    )
    writers.repository.update([RefUpdate(ref=f"refs/heads/{MAIN}", new=commit, expected=found.head)])
    return RolledBack(commit=commit, release=found.release, paths=tuple(found.files))


def restoration(readers: Readers, model: str, environment: str) -> Restoration:
    """What puts back what ran before, if that is proven as what was approved.

    Raises PermanentActError when there is nothing to go back to, and UnprovenError for a release that is not what was approved.
    """
    head, repository = head_of(readers), readers.repository
    path = release_path(model, environment)
    found = earlier(tuple(stays_along(repository, head, path)))
    if found is None:
        said = f"{model} ran nothing in {environment} before what it runs now"
        raise PermanentActError(said, help=f"git log --first-parent -- {path}")
    began, wanted = found
    parents = repository.commit_info(began.since).parents
    before = repository.files(parents[0]) if parents else {}
    now = repository.files(head)
    files = restored(path, wanted.content, before, repository.files(began.since), now)
    release = _checked(readers, {**now, **files}, model, environment)
    return Restoration(head=head, files=files, release=release)


def _checked(readers: Readers, files: dict[str, bytes | None], model: str, environment: str) -> Release | None:
    """What main would say then. Raises InvalidSpecsError, or UnprovenError for what is not what was approved."""
    specs = load_specs({path: text for path, text in files.items() if text is not None and path.startswith(SPEC_PREFIXES)})
    release = specs.releases.get(model, {}).get(environment)
    if release and (why := _objection(readers, specs, release)):
        raise UnprovenError(f"{model} {release.version} may not run: {why}", help=f"perennial audit {model} --verify")
    return release


def _objection(readers: Readers, specs: Specs, release: Release) -> str:
    return objection(proof_of(release, specs.files, trust_of(specs), readers.verifier))
