"""What a stage is given."""

from dataclasses import dataclass
from pathlib import Path

from reconciler.domain.names import run_path
from reconciler.domain.releases import Build, Fingerprint
from reconciler.ports import ArtifactStore, Data
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model
from reconciler.specs.parameters import RunParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class StageContext:
    """One model's run in the checkout at `root`. `champion` is what params.yaml names; None for a first release."""

    root: Path
    model: Model
    dataset: Dataset
    parameters: RunParameters
    made_from: Fingerprint
    champion: Build | None
    data: Data
    artifacts: ArtifactStore

    def path(self, name: str) -> Path:
        """The file `runs/<model>/<name>`."""
        return self.root / run_path(self.model.name, name)
