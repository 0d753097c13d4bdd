"""All that was loaded: what Git wants, in one value."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.names import Digest
from reconciler.domain.overrides import GateOverride
from reconciler.domain.releases import HoldNote, Release
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model
from reconciler.specs.parameters import RunParameters
from reconciler.specs.policies import GatePolicy, RetrainPolicy, RolloutPolicy
from reconciler.specs.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Specs:
    """Valid as a whole: every reference resolves. Mappings are sorted by name.

    `releases`, `holds`, `quarantine` and `overrides` are by model; `parameters` too, and may lack a model that never ran.
    `files` are the raw bytes that all of it was read from, templates included, by path.
    """

    models: Mapping[str, Model]
    datasets: Mapping[str, Dataset]
    retrain: Mapping[str, RetrainPolicy]
    gates: Mapping[str, GatePolicy]
    rollouts: Mapping[str, RolloutPolicy]
    releases: Mapping[str, Mapping[str, Release]]
    holds: Mapping[str, HoldNote]
    quarantine: Mapping[str, Mapping[Digest, str]]
    overrides: Mapping[str, GateOverride]
    parameters: Mapping[str, RunParameters]
    settings: Settings
    files: Mapping[str, bytes]
