"""The plan: for one revision and one moment, what is decided for each model, and the steps that follow. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.decisions import Decision
from reconciler.domain.names import Revision
from reconciler.domain.steps import Step, Tell
from reconciler.domain.world import World
from reconciler.plan.answers import answer_steps
from reconciler.plan.limits import decide_in_turn, limit, spare_people
from reconciler.plan.notices import standing, with_notices
from reconciler.plan.packaging import packages_of_releases
from reconciler.plan.publish import publish_steps
from reconciler.plan.record import record_steps
from reconciler.plan.situation import situation_of
from reconciler.plan.steps import steps_for
from reconciler.plan.underway import aborted_records, moves_in
from reconciler.specs.specs import Specs


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Belongs to `revision`: acting on it after main has moved is a ConflictError.

    `notices` are what the forge is to show as long as the world is like this; a plan with no steps may have some.
    """

    revision: Revision
    at: datetime
    decisions: tuple[Decision, ...]
    steps: tuple[Step, ...]
    notices: tuple[Tell, ...] = ()


def make_plan(world: World, specs: Specs, only: Sequence[str] = ()) -> Plan:
    """Decide for every model (or only for those named), and write down every step: first what is past, then what is next.

    The same world and specs give the same plan, byte for byte.
    """
    names = [name for name in specs.models if not only or name in only]
    situations = {name: situation_of(specs, world.models[name], world.at) for name in names}
    decisions = limit(decide_in_turn(situations.values()), specs.settings)
    ahead = [steps_for(decision, situations[decision.model], world, specs) for decision in decisions]
    settled = spare_people(decisions, ahead, situations, specs)
    steps: list[Step] = []
    for situation in situations.values():
        steps.extend(with_notices(record_steps(situation), situation, world, specs))
    steps.extend(packages_of_releases(world, names))
    decided = tuple(decision for decision, _ in settled)
    steps.extend(aborted_records(decided, situations))
    steps.extend(publish_steps(world, specs, names, moves_in(decided, situations)))
    steps.extend(step for _, following in settled for step in following)
    steps.extend(answer_steps(world, situations, decided))
    notices = standing(world, specs, situations, decided)
    return Plan(revision=world.head, at=world.at, decisions=decided, steps=tuple(steps), notices=notices)
