"""When packages are brought to where servers fetch them. Pure."""

from collections.abc import Iterator, Sequence

from reconciler.domain.decisions import Decision, Retrain, Rung, Withdraw
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.names import Digest
from reconciler.domain.packages import NOT_THERE, Package
from reconciler.domain.releases import Build
from reconciler.domain.steps import PublishPackage, Share
from reconciler.domain.world import World
from reconciler.plan.sharing import share
from reconciler.plan.situation import Situation, judge_gates

_STOPPED = (Rung.HELD_BY_A_PERSON, Rung.LEDGER_IS_BROKEN)


def provide(decision: Decision, situation: Situation) -> list[Share | PublishPackage]:
    """What the candidate needs before it may be proposed: its data in DVC's remote, its package where servers fetch it."""
    return [*share(decision, situation), *_package(decision, situation)]


def packages_of_releases(world: World, models: Sequence[str]) -> Iterator[PublishPackage]:
    """What main names and servers cannot fetch yet: one step for each package, whichever environments run it.

    It is there by the proposal, so this is for a place that was named later, or that lost it.
    """
    for name in models:
        facts = world.models[name]
        builds = {facts.releases[one].build for one in facts.environments if one in facts.releases}
        yield from (_step(build, released=True) for build in sorted(builds, key=lambda one: one.digest) if _is_due(facts, build))


def _package(decision: Decision, situation: Situation) -> Iterator[PublishPackage]:
    """As with data, also while a gate is in doubt: the machine that trained may be gone when it has made up its mind."""
    facts, candidate = situation.facts, situation.candidate
    if candidate is None or facts.runs(Digest(candidate.build.digest)) or not _is_due(facts, candidate.build):
        return
    if decision.rung in _STOPPED or isinstance(decision, Retrain | Withdraw):
        return
    gates = judge_gates(situation)
    if gates is not None and gates.answer is not Answer.NO:
        yield _step(candidate.build, released=False)


def _is_due(facts: ModelFacts, build: Build) -> bool:
    found = facts.packaging.get(Digest(build.digest))
    return found is not None and found.code == NOT_THERE


def _step(build: Build, *, released: bool) -> PublishPackage:
    package = Package(model=build.model, artifact=build.artifact)
    return PublishPackage(model=build.model, digest=Digest(build.digest), package=package, released=released)
