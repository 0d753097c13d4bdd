"""What environments' branches show of rollouts under way: who gets which share, and what main names but nobody gets. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reconciler.domain.decisions import Advance, Decision, RollBack, Rung
from reconciler.domain.events import EventKind
from reconciler.domain.rollouts import Changeover, Weights
from reconciler.domain.steps import Record
from reconciler.plan.record import event
from reconciler.plan.rungs.rollout import shared_now, turns
from reconciler.plan.situation import Situation
from reconciler.render.served import Arm, Underway
from reconciler.rules.progressive import RolloutRule
from reconciler.rules.rollouts.ab_test import AbTest
from reconciler.rules.rollouts.bandit import Bandit
from reconciler.rules.rollouts.blue_green import BlueGreen
from reconciler.rules.rollouts.canary import Canary
from reconciler.specs.specs import Specs

Moves = Mapping[tuple[str, str], Weights]
"""Percent by digest that is decided for (environment, model)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one environment's branch is rendered from: specs whose release files are those that are shown, and the shares."""

    specs: Specs
    underway: Mapping[str, Underway]


def moves_in(decisions: Iterable[Decision], situations: Mapping[str, Situation]) -> Moves:
    """What is decided to move now. What is taken back half-way gets nothing, also while its roll-back waits for a person."""
    moves: dict[tuple[str, str], Weights] = {}
    for one in decisions:
        match one:
            case Advance(model=model, environment=environment, weights=weights):
                moves[environment, model] = weights
            case RollBack(model=model, environment=environment):
                if (changeover := situations[model].facts.rollouts.get(environment)) is not None:
                    moves[environment, model] = {changeover.live.digest: 100}
            case _:
                pass
    return moves


def shown(specs: Specs, environment: str, changeovers: Mapping[str, Changeover], moves: Moves) -> Shown:
    """A model whose rollout is under way keeps its shares, unless it is decided to move them.

    A release that has all of the requests stands alone there, also where main names another one: that one has not begun, or was
    taken back.
    """
    releases = {model: dict(found) for model, found in specs.releases.items()}
    underway: dict[str, Underway] = {}
    for model, changeover in changeovers.items():
        weights = moves.get((environment, model), shared_now(changeover))
        if len(weights) > 1:
            underway[model] = _underway(changeover, weights)
        if changeover.wanted.digest not in weights:
            alone = next(iter(weights)) if len(weights) == 1 else changeover.live.digest
            releases[model][environment] = changeover.release(alone)
    return Shown(specs=replace(specs, releases=releases), underway=underway)


def may_have(rollout: RolloutRule, weight: int) -> bool:
    """Whether the policy, as it is now, ever gives a candidate this share."""
    match rollout:
        case Canary(steps=steps):
            return weight in {step.weight for step in steps}
        case AbTest(weight=share):
            return weight == share
        case BlueGreen():
            return weight in (0, 100)
        case Bandit(floor=floor):
            return weight >= floor
        case _:
            return weight == 0


def _underway(changeover: Changeover, weights: Weights) -> Underway:
    live, *candidates = (
        Arm(release=one, weight=weights.get(one.digest, 0))
        for one in changeover.releases
        if one.digest in weights or one == changeover.live
    )
    return Underway(live=live, candidates=tuple(candidates))


def aborted_records(decisions: Iterable[Decision], situations: Mapping[str, Situation]) -> list[Record]:
    """That a rollout was taken back is written down before it is done: only the ledger knows that it must not begin again."""
    found = (_aborted(one, situations[one.model]) for one in decisions if isinstance(one, Advance | RollBack))
    return [record for record in found if record is not None]


def _aborted(decision: Advance | RollBack, situation: Situation) -> Record | None:
    facts, environment = situation.facts, decision.environment
    changeover, commit = facts.rollouts.get(environment), facts.introduced.get(environment)
    if changeover is None or commit is None or facts.history.broken:
        return None
    if isinstance(decision, Advance) and dict(decision.weights) != {changeover.live.digest: 100}:
        return None
    why = next((turn.move.why for turn in turns(situation) if turn.environment == environment), decision.message)
    made = event(
        situation,
        EventKind.ABORTED,
        f"{environment}/{commit}",
        message=why if isinstance(decision, Advance) or decision.rung is Rung.ROLLOUT_MOVES else decision.message,
        details={
            "environment": environment,
            "digest": changeover.wanted.digest,
            "commit": commit,
            "code": decision.code,
        },
    )
    return None if made.id in facts.history.events else Record(event=made)
