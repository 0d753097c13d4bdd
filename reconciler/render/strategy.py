"""How a release reaches its users, as plain data: all that a runtime's renderer knows of a rollout policy. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step on the way: a share of the requests, then a pause, then a look at the analysis.

    `weight` is in percent, `pause` in seconds; a pause of 0 lasts until a person ends it. What is None is left out.
    """

    weight: int | None = None
    pause: int | None = None
    analyse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A number that Prometheus is asked for while a release is on its way.

    `condition` is an expression over `result`, as Argo Rollouts reads it. `interval` is in seconds; `failures` is how many
    answers may break the condition before the release is taken back.
    """

    name: str
    query: str
    condition: str
    interval: int = 60
    count: int = 5
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """A rollout: its `type:`, and what that type needs.

    `share` is the percent of requests that `shadow` mirrors and of pods that `abTest` gives to the challenger; `segments`
    are headers with the value that sends a request to the challenger; `keep` is for how many seconds `blueGreen` keeps
    the old pods.
    """

    type: str = "direct"
    steps: tuple[Step, ...] = ()
    share: int = 100
    segments: Mapping[str, str] = field(default_factory=dict)
    keep: int = 600
    checks: tuple[Check, ...] = ()


DIRECT = Strategy()
"""All requests at once."""
