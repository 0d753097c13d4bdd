"""What was seen of the whole repository at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.facts import ModelFacts
from reconciler.domain.names import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentFacts:
    """An environment's branch of rendered manifests: where it is, and what it holds."""

    tip: Revision | None
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """`head` is main's commit that the specs were read from; `branches` every branch and where it is."""

    head: Revision
    at: datetime
    models: Mapping[str, ModelFacts]
    environments: Mapping[str, EnvironmentFacts]
    branches: Mapping[str, Revision]
