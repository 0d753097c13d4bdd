"""From a rollout policy to the plain data that a runtime's renderer takes. Pure."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from fractions import Fraction

from reconciler.render.promql import ASKED, questions, sureness
from reconciler.render.strategy import DIRECT, Check, Step, Strategy, Units
from reconciler.rules.progressive import Progressive
from reconciler.rules.rollouts import Rollout
from reconciler.rules.rollouts.ab_test import AbTest
from reconciler.rules.rollouts.bandit import Bandit
from reconciler.rules.rollouts.blue_green import BlueGreen
from reconciler.rules.rollouts.canary import Canary
from reconciler.rules.rollouts.direct import Direct
from reconciler.rules.rollouts.shadow import Shadow


def strategy_of(rollout: Rollout) -> Strategy:
    """What the policy asks of those who run the pods.

    A runtime that goes the steps by itself judges what Prometheus knows. After a step with anything else to prove it waits until
    it is told that this is proven, too.
    """
    match rollout:
        case Direct():
            return DIRECT
        case Canary(steps=steps):
            written = [step for one in steps for step in _steps(rollout, one.pause, one.prove or (), weight=one.weight)]
            return Strategy(type=rollout.type, steps=tuple(written), checks=_checks(rollout, len(steps)))
        case BlueGreen():
            written = [*_steps(rollout, rollout.preview), *_steps(rollout, rollout.keep, weight=100)]
            mirror = _mirrored(rollout.mirror)
            return Strategy(type=rollout.type, steps=tuple(written), checks=_checks(rollout, 2), mirror=mirror)
        case Shadow():
            written = [*_steps(rollout, rollout.at_least)]
            mirror = _mirrored(rollout.sample)
            return Strategy(type=rollout.type, steps=tuple(written), checks=_checks(rollout, 1), mirror=mirror)
        case AbTest():
            # The business decides, and Prometheus does not know it.
            written = [Step(pause=_seconds(rollout.run), analyse=True), Step(pause=0)]
            units = Units(weight=rollout.weight, segments=rollout.segments.values if rollout.segments else ())
            return Strategy(type=rollout.type, steps=tuple(written), checks=_checks(rollout, 1), units=units)
        case Bandit():
            return Strategy(type=rollout.type)


def _steps(
    rollout: Canary | BlueGreen | Shadow, pause: timedelta, prove: Collection[str] = (), weight: int = 0
) -> Iterator[Step]:
    """One step of the policy; none named to `prove`: all of the analysis."""
    yield Step(weight=weight or None, pause=_seconds(pause), analyse=True)
    if not set(prove or (check.type for check in rollout.analysis)) <= set(ASKED):
        yield Step(pause=0)


def _mirrored(share: float) -> Fraction:
    """The share as it is written, to a millionth: routers count in numbers of 32 bits."""
    return Fraction(str(share)).limit_denominator(1_000_000)


def _checks(rollout: Progressive, looks: int) -> tuple[Check, ...]:
    """Questions to Prometheus; all the looks at all of them share the chance to be wrong."""
    analysis = getattr(rollout, "analysis", ())
    asked = sum(check.type in ASKED for check in analysis)
    return questions(analysis, sureness(rollout.confidence, rollout.minimum_rows, looks * asked))


def _seconds(duration: timedelta) -> int:
    return int(duration.total_seconds())
