"""A rollout policy in words, stage by stage: for reviewers before a merge, and for whoever asks how far it is. Pure."""

from reconciler.rules.fields import duration_text
from reconciler.rules.progressive import RolloutRule
from reconciler.rules.rollouts.ab_test import AbTest
from reconciler.rules.rollouts.bandit import Bandit
from reconciler.rules.rollouts.blue_green import BlueGreen
from reconciler.rules.rollouts.canary import Canary, Step
from reconciler.rules.rollouts.shadow import Shadow

ALL = "all of the requests"


def stages_of(rollout: RolloutRule) -> tuple[str, ...]:
    """What the new release gets, one stage after the other; the last is the end."""
    match rollout:
        case Canary(steps=steps):
            return (*(_step(step) for step in steps), ALL)
        case BlueGreen(mirror=mirror, preview=preview, keep=keep):
            copies = f"copies of {mirror:.0%} of the requests, for {duration_text(preview)} at least"
            return copies, f"{ALL}, with the old release kept warm for {duration_text(keep)} at least", f"{ALL}, alone"
        case Shadow(sample=sample, at_least=least):
            return f"copies of {sample:.0%} of the requests, for {duration_text(least)} at least", ALL
        case AbTest() as test:
            who = f" of {test.segments.column} {', '.join(test.segments.values)}" if test.segments else ""
            gain = f"until a gain of {test.gain:g} in {test.metric} is sure, or is sure not to be"
            return f"{test.weight} % of each {test.unit}{who}, for {duration_text(test.run)} at least, {gain}", ALL
        case Bandit() as bandit:
            moves = f"moved every {duration_text(bandit.every)}, {bandit.floor} % at least"
            return f"a share like all others, {moves}, until the best in {bandit.metric} is sure", f"{ALL}, if it is the best"
        case _:
            return (f"{ALL}, at once",)


def stage_at(rollout: RolloutRule, weight: int) -> int:
    """Which of the stages runs when the new release has the weight, in percent."""
    match rollout:
        case Canary(steps=steps):
            return max(0, sum(step.weight <= weight for step in steps) - 1)
        case BlueGreen():
            return 1 if weight else 0
        case _:
            return 0


def _step(step: Step) -> str:
    proven = f"until {', '.join(step.prove)} are proven" if step.prove else "until all checks are proven"
    return f"{step.weight} % of the requests, for {duration_text(step.pause)} at least, {proven}"
