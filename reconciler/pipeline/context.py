"""What a stage is given."""

from dataclasses import dataclass
from pathlib import Path

from reconciler.domain.names import run_path
from reconciler.domain.releases import Build, Fingerprint
from reconciler.ports import ArtifactStore, Data, Programs
from reconciler.rules.base import GateRule
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model
from reconciler.specs.parameters import RunParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class StageContext:
    """One model's run in the checkout at `root`. `champion` is what params.yaml names; None for a first release.

    `continues` is the release whose model is trained further; None: it is trained anew. `gates` are those of the model's policy:
    stages measure what they ask for, and judge nothing. `unfinished` is where trainings keep what they want to find again.
    `interpreter` is the Python of the serving environment; None: this one.
    """

    root: Path
    model: Model
    dataset: Dataset
    parameters: RunParameters
    made_from: Fingerprint
    champion: Build | None
    data: Data
    artifacts: ArtifactStore
    continues: Build | None = None
    programs: Programs | None = None
    unfinished: Path | None = None
    interpreter: Path | None = None
    gates: tuple[GateRule, ...] = ()

    @property
    def asked(self) -> frozenset[str]:
        """Keys of what the gates want measured."""
        return frozenset().union(*(gate.asks() for gate in self.gates))

    def path(self, name: str) -> Path:
        """The file `runs/<model>/<name>`."""
        return self.root / run_path(self.model.name, name)
