"""All documents that are valid by themselves, by what they are: what the cross-document checks look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.specs.dataset import Dataset
from reconciler.specs.document import Document
from reconciler.specs.model import Model
from reconciler.specs.override import OverrideFile
from reconciler.specs.parameters import ParametersFile
from reconciler.specs.places import place_of
from reconciler.specs.policies import GatePolicy, RetrainPolicy, RolloutPolicy
from reconciler.specs.release import ReleaseSpec
from reconciler.specs.stops import HoldFile, QuarantineFile

Group = Mapping[str, Document[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Documents by name; lists are in the order of their paths.

    `names` are, by schema, the names of all files that are there, broken ones included: a reference to a broken spec is
    no dangling reference.
    """

    models: Mapping[str, Document[Model]]
    datasets: Mapping[str, Document[Dataset]]
    retrain: Mapping[str, Document[RetrainPolicy]]
    gates: Mapping[str, Document[GatePolicy]]
    rollouts: Mapping[str, Document[RolloutPolicy]]
    releases: tuple[Document[ReleaseSpec], ...]
    holds: tuple[Document[HoldFile], ...]
    quarantine: tuple[Document[QuarantineFile], ...]
    overrides: tuple[Document[OverrideFile], ...]
    parameters: Document[ParametersFile] | None
    names: Mapping[str, frozenset[str]]
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, documents: Iterable[Document[Any]], files: Mapping[str, bytes]) -> "Loaded":
        """Sort the documents by their places."""
        groups: dict[str, list[Document[Any]]] = {}
        for document in documents:
            groups.setdefault(document.place.schema, []).append(document)
        return cls(
            models=_named(groups.get("model", ())),
            datasets=_named(groups.get("dataset", ())),
            retrain=_named(groups.get("retrain-policy", ())),
            gates=_named(groups.get("gate-policy", ())),
            rollouts=_named(groups.get("rollout-policy", ())),
            releases=tuple(groups.get("release", ())),
            holds=tuple(groups.get("hold", ())),
            quarantine=tuple(groups.get("quarantine", ())),
            overrides=tuple(groups.get("override", ())),
            parameters=next(iter(groups.get("params", ())), None),
            names=_names(files),
            files=files,
        )

    def framed(self) -> tuple[Document[Any], ...]:
        """All documents with a metadata.name."""
        groups: tuple[Group, ...] = (self.models, self.datasets, self.retrain, self.gates, self.rollouts)
        named = tuple(document for group in groups for document in group.values())
        return (*named, *self.beside_models())

    def beside_models(self) -> tuple[Document[Any], ...]:
        """Documents in the folder of the model that they are about."""
        return (*self.releases, *self.holds, *self.quarantine, *self.overrides)


def _named(documents: Iterable[Document[Any]]) -> Group:
    """By the name in the path, which is also that in the metadata."""
    return {document.place.name: document for document in documents}


def _names(files: Iterable[str]) -> dict[str, frozenset[str]]:
    """Names by schema, from the paths alone."""
    found: dict[str, set[str]] = {}
    for path in files:
        if place := place_of(path):
            found.setdefault(place.schema, set()).add(place.name)
    return {schema: frozenset(names) for schema, names in found.items()}
