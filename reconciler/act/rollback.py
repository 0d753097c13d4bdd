"""The emergency path: one commit on main that puts back what an environment ran before. What follows is the next pass's."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.commits import RefUpdate
from reconciler.domain.fallbacks import Fallback
from reconciler.domain.known import Missing
from reconciler.domain.names import MAIN, Revision, quarantine_path, release_path
from reconciler.domain.releases import Release
from reconciler.errors import PermanentActError, UnprovenError
from reconciler.observe.fallback import Fits, fallback_of
from reconciler.observe.observe import head_of
from reconciler.plan.rollback import Stay, quarantine_yaml
from reconciler.ports import Readers, Writers
from reconciler.render.markdown import visible
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES


def any_before(stay: Stay) -> bool:  # noqa: ARG001
    """Fits whatever ran just before."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be rolled back, to which of the releases before it, and why. `why` is one paragraph.

    `quarantines`: what runs now does not come again.
    """

    model: str
    environment: str
    why: str
    fits: Fits = any_before
    quarantines: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """What is to change on main's commit `head` for `release` to run again; None where nothing ran before."""

    head: Revision
    files: Mapping[str, bytes | None]
    release: Release | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack:
    """The commit that did it; `release` runs now, None where nothing ran before; `paths` were changed."""

    commit: Revision
    release: Release | None
    paths: tuple[str, ...]


def roll_back(readers: Readers, writers: Writers, wanted: Wanted) -> RolledBack:
    """Put back what ran before, if it is proven as what was approved.

    Raises what `restoration` does, and ConflictError when main moves meanwhile.
    """
    found = restoration(readers, wanted)
    commit = writers.repository.commit(parent=found.head, files=found.files, message=found.message, at=readers.clock.now())
    writers.repository.update([RefUpdate(ref=f"refs/heads/{MAIN}", new=commit, expected=found.head)])
    return RolledBack(commit=commit, release=found.release, paths=tuple(found.files))


def restoration(readers: Readers, wanted: Wanted) -> Restoration:
    """What puts back what ran before, if that is proven as what was approved.

    Raises PermanentActError when there is nothing to go back to, and UnprovenError for a release that is not what was approved.
    """
    head, model, environment = head_of(readers), wanted.model, wanted.environment
    match fallback_of(readers, head, model, environment, wanted.fits):
        case Missing(code="unproven", why=why):
            raise UnprovenError(why, help=f"perennial audit {model} --verify")
        case Missing(why=why):
            raise PermanentActError(why, help=f"git log --first-parent -- {release_path(model, environment)}")
        case Fallback() as fallback:
            files = _files(readers, head, fallback, wanted)
    release = fallback.release
    version = f"to {release.version}" if release else "to nothing"
    message = f"Roll {model} in {environment} back {version}\n\n{visible(wanted.why)}\n"
    return Restoration(head=head, files=files, release=release, message=message)


def _files(readers: Readers, head: Revision, fallback: Fallback, wanted: Wanted) -> Mapping[str, bytes | None]:
    files = {path: None if text is None else text.encode() for path, text in fallback.files.items()}
    if not wanted.quarantines:
        return files
    specs = load_specs(readers.repository.files(head, *SPEC_PREFIXES))
    before = specs.quarantine.get(wanted.model, {})
    text = quarantine_yaml(wanted.model, before, fallback.digest, f"rolled back in {wanted.environment}: {wanted.why}")
    return {**files, quarantine_path(wanted.model): text.encode()}
