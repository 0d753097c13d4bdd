"""Whether Git, the rendered branch, the cluster and the registry say the same of every release. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.domain.clusters import Deployed, Health, Sync
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.names import Digest, environment_branch, short, stage_tag, version_tag
from reconciler.domain.releases import Release
from reconciler.domain.steps import Publish, Step, Tag
from reconciler.domain.world import EnvironmentFacts, World
from reconciler.render.carried import digests_of

BRANCH, CLUSTER, REGISTRY = "branch", "cluster", "registry"
_UNSURE = (Health.PROGRESSING, Health.SUSPENDED, Health.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One model in one environment: what main names, and whether the three others say so, too.

    A NO is a difference, UNKNOWN one that cannot be seen or is about to go; the remedy is a command, or what to wait for.
    """

    model: str
    environment: str
    version: str | None
    branch: Judgement
    cluster: Judgement
    registry: Judgement

    @property
    def all(self) -> tuple[Judgement, Judgement, Judgement]:
        """In the order in which a release travels."""
        return self.branch, self.cluster, self.registry


def agreements_of(world: World, steps: Sequence[Step], models: Sequence[str]) -> Iterator[Agreement]:
    """Of every environment of the models. `steps` are the plan's, which say what the branches and tags lack."""
    for name in models:
        facts = world.models[name]
        for environment in facts.environments:
            release = facts.releases.get(environment)
            yield Agreement(
                model=name,
                environment=environment,
                version=release.version if release else None,
                branch=_branch(facts, environment, world.environments.get(environment), steps),
                cluster=_cluster(facts, environment),
                registry=_registry(facts, environment, steps),
            )


def _branch(facts: ModelFacts, environment: str, seen: EnvironmentFacts | None, steps: Sequence[Step]) -> Judgement:
    """The manifests of the model, byte by byte."""
    branch, release = environment_branch(environment), facts.releases.get(environment)
    there = _own(seen.files if seen else {}, facts.model)
    if doubt := facts.objection(environment):
        return no(BRANCH, "withheld", f"{branch} keeps what it has: {doubt}", f"perennial audit {facts.model} --verify")
    wanted = next((_own(one.files, facts.model) for one in steps if isinstance(one, Publish) and one.branch == branch), there)
    if there == wanted and (there or release is None):
        return _rendered(facts, environment, branch)
    if not there:
        return no(BRANCH, "notRendered", f"{branch} has no manifests of it", "perennial reconcile")
    before, after = (_named(digests_of(files.values())) for files in (there, wanted))
    if before != after:
        return no(BRANCH, "rendersAnother", f"{branch} holds {before}, and {after} is wanted", "perennial reconcile")
    odd = sorted(path for path in there.keys() | wanted.keys() if there.get(path) != wanted.get(path))
    said = f"{len(odd)} of {len(wanted)} files on {branch} are not what main renders: {odd[0]}"
    return no(BRANCH, "rendersOtherwise", said, "perennial reconcile")


def _rendered(facts: ModelFacts, environment: str, branch: str) -> Judgement:
    """The branch is as it is to be, which half-way through a rollout is not yet what main names."""
    if environment not in facts.releases:
        return yes(BRANCH, "nothing", f"{branch} holds nothing of it")
    changeover = facts.rollouts.get(environment)
    if changeover is None:
        return yes(BRANCH, "rendered", f"{branch} holds what main says")
    weight = changeover.progress.weights.get(changeover.wanted.digest, 0)
    said = f"{branch} gives {weight} % of the requests to {short(changeover.wanted.digest)}: a rollout is under way"
    return unknown(BRANCH, "rollingOut", said, f"perennial explain {facts.model}")


def _cluster(facts: ModelFacts, environment: str) -> Judgement:
    """What runs, and whether it is well."""
    release, seen = facts.releases.get(environment), facts.deployed.get(environment)
    match seen:
        case None:
            return unknown(CLUSTER, "notAsked", "no cluster was asked")
        case Missing(code="noApplication") if release is None:
            return yes(CLUSTER, "runsNothing", "no Application of it is there")
        case Missing(code=code, why=why):
            return unknown(CLUSTER, code, why, _REMEDIES.get(code, "perennial doctor"))
        case Deployed():
            return _deployed(seen, release, f"{facts.model} --environment {environment}")


_REMEDIES: Mapping[str, str] = {
    "noCluster": "set [tool.perennial.clusters] in pyproject.toml",
    "noApplication": "apply applicationset.yaml of the environment's branch",
}


def _deployed(seen: Deployed, release: Release | None, which: str) -> Judgement:
    sync, said = f"perennial sync {which}", f": {seen.message}" if seen.message else ""
    if release is None:
        return no(CLUSTER, "stillRuns", f"main names no release, and {seen.application} is there", f"delete {seen.application}")
    if seen.digests and release.digest not in seen.digests:
        there = _named(seen.digests)
        return no(CLUSTER, "runsAnother", f"{seen.application} runs {there}, and {short(release.digest)} is wanted{said}", sync)
    if seen.sync is Sync.OUT_OF_SYNC:
        return no(CLUSTER, "outOfSync", f"{seen.application} is not what its branch says{said}", sync)
    if seen.health in (Health.DEGRADED, Health.MISSING):
        return no(CLUSTER, "unwell", f"{seen.application} is {seen.health}{said}", f"perennial rollback {which}")
    if seen.sync is Sync.UNKNOWN or seen.health in _UNSURE:
        return unknown(CLUSTER, "notYet", f"{seen.application} is {seen.health}, sync {seen.sync}{said}", "wait, or: " + sync)
    return yes(CLUSTER, "runs", f"{seen.application} is {seen.health}")


def _registry(facts: ModelFacts, environment: str, steps: Sequence[Step]) -> Judgement:
    """Its tags, and where a place for packages is named, its package."""
    release = facts.releases.get(environment)
    if release is None:
        return yes(REGISTRY, "nothing", "there is nothing to register")
    package = facts.packaging.get(release.digest)
    if package is not None and package.answer is not Answer.YES:
        made = no if package.answer is Answer.NO else unknown
        return made(REGISTRY, package.code, package.message, package.remedy or "perennial reconcile")
    names = (version_tag(facts.model, release.version), stage_tag(facts.model, environment, 0)[:-1])
    lacking = [one.name for one in steps if isinstance(one, Tag) and one.name.startswith(names)]
    if lacking:
        return no(REGISTRY, "notTagged", f"{', '.join(lacking)} is missing", "perennial release")
    return yes(REGISTRY, "registered", f"{names[0]} is tagged" + (", its package is published" if package else ""))


def _own(files: Mapping[str, str], model: str) -> dict[str, str]:
    return {path: text for path, text in files.items() if path.startswith(f"manifests/{model}/")}


def _named(digests: frozenset[Digest]) -> str:
    return ", ".join(sorted(map(short, digests))) or "nothing"
