"""What an environment ran before, from main's history: to what a roll-back goes, and which files go back with it."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import yaml

from reconciler.domain.facts import ModelFacts
from reconciler.domain.fallbacks import Fallback
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest, Revision, model_path, release_path
from reconciler.domain.proofs import objection
from reconciler.domain.releases import Release
from reconciler.errors import InvalidSpecsError, ObserveError
from reconciler.observe.proofs import proof_of, trust_of
from reconciler.observe.stays import stays_along
from reconciler.plan.alarms import fires, judge_alarms
from reconciler.plan.rollback import Stay, began, earlier, restored, served_again
from reconciler.ports import Readers, RepositoryReader
from reconciler.specs.load import load_specs
from reconciler.specs.model import Model
from reconciler.specs.paths import SPEC_PREFIXES

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Fits = Callable[[Stay], bool]


def fallbacks_of(
    model: Model, facts: ModelFacts, readers: Readers, head: Revision, now: datetime
) -> Mapping[str, Known[Fallback]]:
    """For the environments in which an alarm fires or a rollout is under way; the others cost no look at the history."""
    return {
        environment: _fallback(facts, readers, head, environment)
        for environment in facts.environments
        if environment in facts.rollouts or fires(judge_alarms(model, facts, environment, now))
    }


def _fallback(facts: ModelFacts, readers: Readers, head: Revision, environment: str) -> Known[Fallback]:
    """What cannot be read is Missing: it takes nothing back, and stops no other model."""
    barred = facts.quarantine.keys() | {facts.releases[environment].digest}
    try:
        return fallback_of(readers, head, facts.model, environment, not_among(barred))
    except (ObserveError, InvalidSpecsError) as error:
        return Missing(code="historyUnreadable", why=str(error))


def not_among(digests: Collection[Digest]) -> Fits:
    """Fits all stays but those of these digests."""
    return lambda stay: digest_in(stay.content) not in digests


def of_version(version: str) -> Fits:
    """Fits the stays of this version."""
    return lambda stay: str(_field(stay.content, "version")) == version


def fallback_of(readers: Readers, head: Revision, model: str, environment: str, fits: Fits) -> Known[Fallback]:
    """The newest release before what runs now that fits, if it is proven as what was approved.

    Raises ObserveError, and InvalidSpecsError when main would be broken with it.
    """
    repository, path = readers.repository, release_path(model, environment)
    stays = tuple(stays_along(repository, head, path))
    found = earlier(stays, fits)
    if found is None:
        return Missing(code="nothingBefore", why=f"{model} ran nothing in {environment} before that it may go back to")
    since, wanted = found
    before, now = _files_before(repository, since), repository.files(head)
    files = restored(path, wanted.content, before, repository.files(since.since), now)
    ended = stays[stays.index(wanted) - 1]
    spec, stay = served_again(_files_before(repository, ended).get(model_path(model)), now.get(model_path(model)))
    files |= {} if spec is None else {model_path(model): spec}
    try:
        texts = {name: None if content is None else content.decode() for name, content in files.items()}
    except UnicodeDecodeError as error:
        return Missing(code="notText", why=f"what goes back is not UTF-8: {error.reason}")
    release, doubt = _release(readers, {**now, **files}, model, environment)
    if doubt:
        return Missing(code="unproven", why=f"{model} {release.version if release else ''} may not run: {doubt}")
    return Fallback(digest=digest_in(stays[0].content), release=release, files=texts, restored=began(stays) > 0, stays=stay)


def _files_before(repository: RepositoryReader, stay: Stay) -> Mapping[str, bytes]:
    """All of main just before the stay began."""
    parents = repository.commit_info(stay.since).parents
    return repository.files(parents[0]) if parents else {}


def digest_in(content: bytes | None) -> Digest:
    """The digest that a release file names; empty where it names none."""
    return Digest(str(_field(content, "digest") or ""))


def _field(content: bytes | None, name: str) -> object:
    try:
        return yaml.load(content or b"", _Loader)["spec"][name]  # noqa: S506 - the loader is a safe one
    except (yaml.YAMLError, KeyError, TypeError, ValueError):
        return None


def _release(readers: Readers, files: Mapping[str, bytes | None], model: str, environment: str) -> tuple[Release | None, str]:
    """What main would say then, and what keeps that from running."""
    specs = load_specs({path: text for path, text in files.items() if text is not None and path.startswith(SPEC_PREFIXES)})
    release = specs.releases.get(model, {}).get(environment)
    if release is None:
        return None, ""
    return release, objection(proof_of(release, specs.files, trust_of(specs), readers.verifier))
