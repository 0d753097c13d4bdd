"""What must stay deployable: what runs, what ran last, and what is on its way. All else may be cleared away."""

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.domain.changes import PROMOTION, PullState
from reconciler.domain.facts import Candidate
from reconciler.domain.names import Digest, Revision, candidate_branch, environment_branch, release_path
from reconciler.domain.packages import Package
from reconciler.domain.releases import Build, Release
from reconciler.errors import InvalidSpecsError, ObserveError
from reconciler.observe.candidate import read_candidate
from reconciler.observe.observe import HEADS, Seen
from reconciler.observe.stays import stays_along
from reconciler.ports import RepositoryReader
from reconciler.specs.load import read_document
from reconciler.specs.places import place_of
from reconciler.specs.specs import Specs

LEAST = 3
"""So many releases of a model and environment stay deployable, whatever is asked for."""
_RENDERED = HEADS + environment_branch("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """A build that stays, and why. `revision` is a commit whose dvc.lock has it; `environment` is empty for what waits."""

    build: Build
    revision: Revision
    why: str
    environment: str = ""
    version: str = ""

    @property
    def package(self) -> Package:
        """Its bytes."""
        return Package(model=self.build.model, artifact=self.build.artifact)


def retained_of(specs: Specs, seen: Seen, repository: RepositoryReader, model: str, keep: int = LEAST) -> tuple[Retained, ...]:
    """The last `keep` releases of each environment, and so far back as a roll-back may go; then what waits.

    Raises ObserveError for what cannot be read: then nothing is known to be needless.
    """
    found: list[Retained] = []
    for environment in environments_of(specs, seen, model):
        found.extend(_released(specs, seen, repository, model, environment, max(keep, LEAST)))
    return (*found, *_proposed(seen, repository, model), *_candidate(seen, repository, model))


def environments_of(specs: Specs, seen: Seen, model: str) -> tuple[str, ...]:
    """Those that the spec names, those that have a release, and those that ever had one."""
    named = specs.models[model].spec.environments
    ever = {str(event.details["environment"]) for event in seen.chain(model).events if event.details.get("environment")}
    return (*named, *sorted((ever | set(specs.releases.get(model, {}))) - set(named)))


def rendered_names(seen: Seen, repository: RepositoryReader, model: str) -> str:
    """All that the environments' branches say of the model: what clusters run now, whatever main says."""
    tips = [tip for ref, tip in sorted(seen.refs.items()) if ref.startswith(_RENDERED)]
    files = (repository.files(tip, f"manifests/{model}") for tip in tips)
    return "\n".join(content.decode(errors="replace") for found in files for content in found.values())


def _released(
    specs: Specs, seen: Seen, repository: RepositoryReader, model: str, environment: str, keep: int
) -> Iterator[Retained]:
    """Along main's history. What is quarantined stays, too, but does not count: a roll-back goes past it."""
    path, barred = release_path(model, environment), specs.quarantine.get(model, {})
    known: set[str] = set()
    for stay in stays_along(repository, seen.head, path):
        release = release_in(path, stay.content)
        if release is None or release.digest in known:
            continue
        runs = not known
        known.add(release.digest)
        why = f"{'runs' if runs else 'ran'} in {environment}"
        yield Retained(build=release.build, revision=stay.since, why=why, environment=environment, version=release.version)
        if len(known - barred.keys()) >= keep:
            return


def _proposed(seen: Seen, repository: RepositoryReader, model: str) -> Iterator[Retained]:
    for pull in seen.pulls:
        if pull.state is PullState.OPEN and pull.marker is not None and pull.marker.model == model and pull.tip is not None:
            files = repository.files(pull.tip, f"models/{model}/releases")
            if not files and pull.marker.kind == PROMOTION:
                raise ObserveError(
                    f"pull request #{pull.number} proposes no release of {model} that can be read", help="git fetch"
                )
            for path, content in files.items():
                if release := release_in(path, content):
                    yield Retained(build=release.build, revision=pull.tip, why=f"pull request #{pull.number} is open")


def _candidate(seen: Seen, repository: RepositoryReader, model: str) -> Iterator[Retained]:
    found = read_candidate(repository, model, seen.branch(candidate_branch(model)))
    if found is not None and not isinstance(found, Candidate):
        raise ObserveError(found.why)
    if found is not None:
        yield Retained(build=found.build, revision=found.revision, why="is the candidate")


def release_in(path: str, content: bytes | None) -> Release | None:
    """What the file says; None for one that says nothing that can be read."""
    place = place_of(path)
    if content is None or place is None:
        return None
    try:
        release: Release = read_document(place, content).spec.release()
    except (InvalidSpecsError, AttributeError):
        return None
    return release


def surplus(listed: tuple[Digest, ...], retained: tuple[Retained, ...], rendered: str) -> tuple[Digest, ...]:
    """Of what lies there, what nothing needs: no build that stays, and nothing that a branch of manifests names."""
    needed = {one.build.artifact.sha256 for one in retained}
    return tuple(one for one in listed if one not in needed and one.removeprefix("sha256:") not in rendered)
