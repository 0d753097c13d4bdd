"""Whether the data of candidates is where other machines can get it: asked of DVC's remote once for all models."""

from collections.abc import Iterable, Mapping

from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.judgements import no, unknown, yes
from reconciler.domain.sharing import RULE, Output, Sharing
from reconciler.errors import ObserveError
from reconciler.plan.bookkeeping import LOCK, locked_outputs
from reconciler.ports import Cache, Readers, RepositoryReader

_NAMED = 3


def sharing_of(models: Iterable[ModelFacts], readers: Readers) -> Mapping[str, Sharing]:
    """By model, of those whose candidate may be proposed; all others are left out."""
    remote = readers.data_remote
    if remote is None:
        return {}
    waiting = {facts.model: candidate for facts in models if (candidate := waiting_candidate(facts))}
    wanted = {name: kept_outputs(candidate, readers.repository) for name, candidate in waiting.items()}
    md5s = sorted({output.md5 for outputs in wanted.values() for output in outputs})
    try:
        absent = remote.absent(md5s)
    except ObserveError as error:
        doubt = Sharing(judgement=unknown(RULE, "remoteUnknown", error.message, error.help))
        return dict.fromkeys(wanted, doubt)
    return {name: _judged(outputs, absent, readers.cache) for name, outputs in wanted.items()}


def waiting_candidate(facts: ModelFacts) -> Candidate | None:
    """The candidate, when an environment does not run it yet, and nobody turned it down. What gates say may change."""
    if not isinstance(facts.candidate, Candidate):
        return None
    digest = facts.candidate.build.digest
    running = {environment for environment, release in facts.releases.items() if release.digest == digest}
    settled = digest in facts.declined or digest in facts.quarantine
    return None if settled or set(facts.environments) <= running else facts.candidate


def kept_outputs(candidate: Candidate, repository: RepositoryReader) -> tuple[Output, ...]:
    """What dvc.lock says that the run left, but for what its commit holds: Git has that already."""
    locked = locked_outputs(candidate.files.get(LOCK, ""), candidate.build.model)
    elsewhere = [path for path in locked if not path.startswith(f"runs/{candidate.build.model}/")]
    committed = {*candidate.files, *(repository.files(candidate.revision, *elsewhere) if elsewhere else ())}
    folders = {"/".join(path.split("/")[:depth]) for path in committed for depth in range(1, path.count("/") + 1)}
    return tuple(
        Output(path=path, md5=md5, size=size)
        for path, (md5, size) in sorted(locked.items())
        if md5 and path not in committed and path not in folders
    )


def _judged(outputs: tuple[Output, ...], absent: frozenset[str], cache: Cache | None) -> Sharing:
    missing = tuple(output for output in outputs if output.md5 in absent)
    if not missing:
        return Sharing(judgement=yes(RULE, "inRemote", f"all {len(outputs)} outputs are in the DVC remote"))
    of_all = f"{len(missing)} of {len(outputs)} outputs"
    lost = [output for output in missing if cache is None or cache.find(output.md5) is None]
    if lost:
        message = f"{of_all} are not in the DVC remote, and {len(lost)} of these not on this machine: {_names(lost)}"
        return Sharing(judgement=no(RULE, "dataLost", message, "dvc push, where it was trained; or perennial retrain"))
    message = f"{of_all} are not in the DVC remote yet: {_names(missing)}"
    return Sharing(judgement=no(RULE, "notInRemote", message, "perennial reconcile  (or dvc push)"), absent=missing)


def _names(outputs: Iterable[Output]) -> str:
    paths = [output.path for output in outputs]
    return ", ".join(paths[:_NAMED]) + (f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else "")
