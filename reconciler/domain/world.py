"""What was seen of the whole repository at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reconciler.domain.conversations import Question
from reconciler.domain.facts import ModelFacts
from reconciler.domain.names import Revision
from reconciler.domain.proofs import Proof
from reconciler.domain.rollouts import Changeover


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentFacts:
    """An environment's branch of rendered manifests: where it is, and what it holds.

    `proofs` prove the releases that main wants there, by model; one that is not proven is not rendered. `changeovers` are of
    models that run something else there than main names, and whose rollout takes time.
    """

    tip: Revision | None
    files: Mapping[str, str]
    proofs: Mapping[str, Proof]
    changeovers: Mapping[str, Changeover] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """`head` is main's commit that the specs were read from; `branches` every branch and where it is.

    `questions` are what people ask for in comments; `tells` says whether the forge shows more than pull requests.
    """

    head: Revision
    at: datetime
    models: Mapping[str, ModelFacts]
    environments: Mapping[str, EnvironmentFacts]
    branches: Mapping[str, Revision]
    questions: tuple[Question, ...] = ()
    tells: bool = False
