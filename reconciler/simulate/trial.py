"""The nouns of a simulation: what is tried, what runs while it is tried, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from reconciler.domain.decisions import Decision
from reconciler.domain.events import Event
from reconciler.domain.facts import Candidate
from reconciler.domain.known import Known, Measured
from reconciler.domain.names import Digest
from reconciler.domain.releases import Artifact, Release
from reconciler.errors import ObserveError
from reconciler.pipeline.context import StageContext
from reconciler.ports import Readers
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model
from reconciler.specs.policies import GatePolicy, RetrainPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried: one model under one policy, by the data and the scratch folder of `context`.

    `seconds` reads a stopwatch, so that trainings cost what they would; None: no training has a cost.
    """

    model: Model
    dataset: Dataset
    retrain: RetrainPolicy
    gates: GatePolicy
    context: StageContext
    readers: Readers
    seconds: Callable[[], float] | None = None

    @property
    def judged(self) -> GatePolicy:
        """The gates that the hold-out alone can answer: contracts are not checked here, and no package is tried."""
        kept = tuple(gate for gate in self.gates.spec.gates if gate.measured_in == "evaluate")
        return self.gates.model_copy(update={"spec": self.gates.spec.model_copy(update={"gates": kept})})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What was done at one moment. `retrained` says why, `refused` which gates said no, `failed` what the training died of."""

    at: datetime
    decision: Decision
    retrained: str = ""
    refused: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a policy would have done: every moment, and the metrics over all answered rows together."""

    policy: str
    moments: tuple[Moment, ...]
    rows: int
    metrics: Mapping[str, Known[float]]

    @property
    def retrains(self) -> int:
        """Trainings after the first, merged or not."""
        return max(0, sum(bool(moment.retrained) for moment in self.moments) - 1)

    @property
    def refused(self) -> int:
        """Trainings that no gate let pass."""
        return sum(bool(moment.refused) for moment in self.moments)


@dataclass(slots=True, kw_only=True)
class Shelf:
    """Artifacts of the trial, by their digest."""

    files: dict[Digest, Path] = field(default_factory=dict)

    def fetch(self, artifact: Artifact) -> Path:
        """The file. Raises ObserveError for one that was not made here."""
        if artifact.sha256 not in self.files:
            raise ObserveError(f"{artifact.sha256} was not made in this simulation")
        return self.files[artifact.sha256]


@dataclass(slots=True, kw_only=True)
class Live:
    """The state of a trial: what runs, with the metrics that it was judged by; what was refused last; what happened."""

    shelf: Shelf = field(default_factory=Shelf)
    release: Release | None = None
    baseline: Known[Mapping[str, Measured]] | None = None
    candidate: Candidate | None = None
    events: list[Event] = field(default_factory=list)
    versions: int = 0

    def merge(self, candidate: Candidate, environment: str) -> None:
        """The candidate runs from now on."""
        self.release = Release(environment=environment, version=f"1.{self.versions}.0", build=candidate.build)
        self.baseline, self.candidate = candidate.evidence.metrics, None
        self.versions += 1
