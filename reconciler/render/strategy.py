"""How a release reaches its users, as plain data: all that a runtime's renderer knows of a rollout policy. Pure."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step on the way: a share of the requests, then a pause, then a look at the checks.

    `weight` is in percent, `pause` in seconds; a pause of 0 lasts until somebody ends it. What is None is left out.
    """

    weight: int | None = None
    pause: int | None = None
    analyse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A number that Prometheus is asked for while a release is on its way, as Argo Rollouts reads it.

    `good` and `bad` are expressions over `result`; an answer that is neither is no answer, and the release waits. The query may
    name the arguments of an AnalysisTemplate: `model`, `environment`, `release`, and as `window` how long the step has lasted.
    """

    name: str
    query: str
    good: str
    bad: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Who meets the candidate: units whose bucket is below `weight`, of 100; all of them, or those of the segment's values."""

    weight: int
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A rollout: its `type:`, and what that type needs. `mirror` is the share of requests that the idle release answers too."""

    type: str = "direct"
    steps: tuple[Step, ...] = ()
    checks: tuple[Check, ...] = ()
    mirror: Fraction = Fraction(0)
    units: Units | None = None


DIRECT = Strategy()
"""All requests at once."""
