"""Which rollouts are under way, as Git tells: main names one release, and the environment's branch gives requests to others."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from reconciler.domain.names import Digest, Revision, release_path
from reconciler.domain.releases import Release
from reconciler.domain.rollouts import Changeover, Observed, Progress, RolloutFacts, Weights, Window
from reconciler.errors import ReconcilerError
from reconciler.observe.stays import stays_along
from reconciler.observe.stretches import Git, Stretch, stretches_of
from reconciler.ports import Memory, RepositoryReader
from reconciler.render.carried import digests_of
from reconciler.render.models import is_ours
from reconciler.render.weights import ANNOTATION, weights_in
from reconciler.rules.rollouts.bandit import Bandit
from reconciler.specs.load import read_document
from reconciler.specs.places import place_of
from reconciler.specs.specs import Specs


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """An environment's branch as it is now, beside main's `head`."""

    environment: str
    tip: Revision
    files: Mapping[str, str]
    head: Revision
    now: datetime


def changeovers_of(
    branch: Branch,
    specs: Specs,
    repository: RepositoryReader,
    memory: Memory,
    aborted: Callable[[str], frozenset[Digest]] = lambda _: frozenset(),
) -> dict[str, Changeover]:
    """By model, those of the environment; without what was counted meanwhile. Only models that are changing cost a look.

    `aborted` tells of a model what was taken back in this environment.
    """
    found: dict[str, Changeover] = {}
    manifests = _by_model(branch.files)
    for name, releases in specs.releases.items():
        wanted = releases.get(branch.environment)
        if wanted is None or name not in specs.models or not is_ours(specs, name):
            continue
        own = replace(branch, files=manifests.get(name, {}))
        if _is_all_there(own, wanted):
            continue
        past = tuple(_past(repository, own, name))
        live = _live(own, wanted, past)
        if live is None or _goes_back(wanted, live, past, aborted(name)):
            continue
        found[name] = _changeover(own, specs, live, past, Git(repository=repository, memory=memory))
    return found


def _by_model(files: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    """The manifests of each model, by path."""
    found: dict[str, dict[str, str]] = {}
    for path, text in files.items():
        folder, _, rest = path.partition("/")
        if folder == "manifests" and "/" in rest:
            found.setdefault(rest.partition("/")[0], {})[path] = text
    return found


def _changeover(branch: Branch, specs: Specs, live: Release, past: tuple[Release, ...], git: Git) -> Changeover:
    wanted = past[0]
    several = isinstance(specs.rollouts[specs.models[wanted.build.model].spec.rollout].spec, Bandit)
    known = {one.digest: one for one in past}
    weights = _weights(branch, live, wanted, frozenset(known) if several else frozenset({live.digest, wanted.digest}))
    others = [known[one] for one in weights if one not in (live.digest, wanted.digest)]
    stretches = stretches_of(git, branch.tip, branch.files, wanted) if weights else ()
    progress = _progress(live, [*others, wanted], stretches, branch)
    return Changeover(releases=(live, *others, wanted), progress=progress, facts=_windows(stretches, branch.now))


def _is_all_there(branch: Branch, wanted: Release) -> bool:
    """Nothing runs there yet, so nobody has to be spared a bad release; or main's has all of the requests.

    Shares that cannot be read, or manifests of another release as well, say that it has not.
    """
    text = "".join(branch.files.values())
    is_alone = ANNOTATION not in text and digests_of(branch.files.values()) <= {wanted.digest}
    return not branch.files or (is_alone and wanted.digest in text)


def _past(repository: RepositoryReader, branch: Branch, model: str) -> Iterator[Release]:
    """What main said that the environment runs, newest first, as far as it can be read."""
    path = release_path(model, branch.environment)
    place = place_of(path)
    for stay in stays_along(repository, branch.head, path):
        try:
            if place and stay.content is not None:
                yield read_document(place, stay.content).spec.release()
        except ReconcilerError:
            continue


def _live(branch: Branch, wanted: Release, past: tuple[Release, ...]) -> Release | None:
    """What the branch calls live, else what it names, else what main said before; None: nothing that main ever said."""
    name = wanted.build.model
    known = {one.digest: one for one in past}
    named = next(iter(weights_in(branch.files, name)), None)
    if named in known:
        return None if named == wanted.digest else known[named]
    text = "".join(branch.files.values())
    others = [one for one in past if one.digest != wanted.digest]
    return next((one for one in others if one.digest in text), others[0] if others else None)


def _goes_back(wanted: Release, live: Release, past: tuple[Release, ...], aborted: frozenset[Digest]) -> bool:
    """Main went back to what ran before the live release did: that takes no steps, unless it never got all of the requests."""
    digests = [one.digest for one in reversed(past)]
    return wanted.digest not in aborted and digests.index(wanted.digest) < digests.index(live.digest)


def _weights(branch: Branch, live: Release, wanted: Release, known: frozenset[Digest]) -> Weights:
    """What the branch gives to whom; nothing where main's release has no part in it yet, or somebody wrote something else."""
    weights = weights_in(branch.files, wanted.build.model)
    is_sound = sum(weights.values()) == 100 and {live.digest, wanted.digest} <= set(weights) <= known
    return weights if is_sound and next(iter(weights)) == live.digest else {}


def _progress(live: Release, candidates: list[Release], stretches: tuple[Stretch, ...], branch: Branch) -> Progress:
    return Progress(
        live=live.digest,
        candidates=tuple(one.digest for one in candidates),
        weights=stretches[-1].weights if stretches else {},
        started_at=stretches[0].since if stretches else branch.now,
        changed_at=stretches[-1].since if stretches else branch.now,
    )


def _windows(stretches: tuple[Stretch, ...], now: datetime) -> RolloutFacts:
    """One for each stretch, all releases over the same time; nothing is counted yet."""
    ends = [*(one.since for one in stretches[1:]), now]
    return RolloutFacts(
        windows=tuple(
            Window(
                weights=one.weights,
                releases={digest: Observed(since=one.since, until=until, tallies={}) for digest in one.weights},
            )
            for one, until in zip(stretches, ends, strict=False)
        )
    )
