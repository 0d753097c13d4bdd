"""What is seen of a model where it runs: Argo CD's word on its Application, and on a rollout that is under way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reconciler.domain.names import Digest, Revision


class Health(StrEnum):
    """How well the live objects are, in Argo CD's words."""

    HEALTHY = "Healthy"
    PROGRESSING = "Progressing"
    DEGRADED = "Degraded"
    SUSPENDED = "Suspended"
    MISSING = "Missing"
    UNKNOWN = "Unknown"


class Sync(StrEnum):
    """Whether the live objects are what the environment's branch says, in Argo CD's words."""

    SYNCED = "Synced"
    OUT_OF_SYNC = "OutOfSync"
    UNKNOWN = "Unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloutStatus:
    """A release on its way, as its controller tells.

    `phase` is in Argo Rollouts' words (Healthy, Progressing, Paused, Degraded). `aborted`: the controller took it back.
    `weight` is the percent of the requests that it has, `digest` that of the pods on their way; None where it is not told.
    """

    phase: str
    message: str = ""
    aborted: bool = False
    weight: int | None = None
    digest: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """One model in one environment, as its cluster has it.

    `message` says what is wrong: Argo CD's own complaint (ComparisonError), else that of the first unwell object, else empty.
    `revision` is the commit of the environment's branch that the live objects were last synced from. `digests` are of the
    releases that live objects carry; empty where none of them tells. `since` is when the health last changed, where the server
    tells; `reconciled_at` when Argo CD last looked. `operation` is the phase of the newest sync (Running, Succeeded, Failed,
    Error, Terminating); empty before the first.
    """

    application: str
    health: Health
    sync: Sync
    message: str = ""
    revision: Revision | None = None
    digests: frozenset[Digest] = frozenset()
    rollout: RolloutStatus | None = None
    since: datetime | None = None
    reconciled_at: datetime | None = None
    operation: str = ""

    @property
    def steady(self) -> bool:
        """The live objects are well, are what the branch says, and nothing is being done to them."""
        return self.health is Health.HEALTHY and self.synced

    @property
    def synced(self) -> bool:
        """The live objects are what the branch says, well or not, and nothing is being done to them."""
        return self.sync is Sync.SYNCED and self.operation not in ("Running", "Terminating")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A live object of an Application. `health` is None where Argo CD knows none of the kind, `digest` where it carries none."""

    kind: str
    name: str
    namespace: str = ""
    group: str = ""
    health: Health | None = None
    sync: Sync | None = None
    message: str = ""
    digest: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastSync:
    """A sync that succeeded: its number in Argo CD's history, what was synced, and when."""

    number: int
    revision: Revision
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterFacts:
    """What the server of an environment says of itself and of us: `may` maps what Perennial has to do to whether we may."""

    server: str
    version: str
    who: str
    may: Mapping[str, bool]


def application_name(model: str, environment: str) -> str:
    """The Application of a model in an environment; the dot is in no name of ours."""
    return f"{model}.{environment}"


def model_of(application: str, environment: str) -> str | None:
    """The model whose Application in the environment this is; None when it is none of them."""
    model, dot, rest = application.partition(".")
    return model if model and dot and rest == environment else None
