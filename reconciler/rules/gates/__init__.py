"""Gates let a candidate be promoted: YES is "passes". The union of all `type:`s."""

from typing import Annotated, TypeAlias

from pydantic import Field

from reconciler.rules.combine import judge_all
from reconciler.rules.gates.beats_live import BeatsLive
from reconciler.rules.gates.calibration import Calibration
from reconciler.rules.gates.cost import Cost
from reconciler.rules.gates.custom import Custom
from reconciler.rules.gates.data_quality import DataQuality
from reconciler.rules.gates.explainability import Explainability
from reconciler.rules.gates.fairness import Fairness
from reconciler.rules.gates.floor import Floor
from reconciler.rules.gates.infra import Infra
from reconciler.rules.gates.label_anomaly import LabelAnomaly
from reconciler.rules.gates.latency import Latency
from reconciler.rules.gates.leakage import LeakageGate
from reconciler.rules.gates.memory import Memory
from reconciler.rules.gates.model_size import ModelSize
from reconciler.rules.gates.parity import Parity
from reconciler.rules.gates.reproducibility import Reproducibility
from reconciler.rules.gates.robustness import Robustness
from reconciler.rules.gates.schema import SchemaGate
from reconciler.rules.gates.slices import Slices
from reconciler.rules.gates.validation_gap import ValidationGap
from reconciler.rules.gates.volume import VolumeGate

__all__ = [
    "BeatsLive",
    "Calibration",
    "Cost",
    "Custom",
    "DataQuality",
    "Explainability",
    "Fairness",
    "Floor",
    "Gate",
    "Infra",
    "LabelAnomaly",
    "Latency",
    "LeakageGate",
    "Memory",
    "ModelSize",
    "Parity",
    "Reproducibility",
    "Robustness",
    "SchemaGate",
    "Slices",
    "ValidationGap",
    "VolumeGate",
    "judge_all",
]

Gate: TypeAlias = Annotated[
    DataQuality
    | Floor
    | BeatsLive
    | Reproducibility
    | Robustness
    | Explainability
    | ValidationGap
    | ModelSize
    | Cost
    | Infra
    | Parity
    | Latency
    | Memory
    | Custom
    | Calibration
    | SchemaGate
    | VolumeGate
    | LeakageGate
    | LabelAnomaly
    | Slices
    | Fairness,
    Field(discriminator="type"),
]
