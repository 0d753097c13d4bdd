"""A candidate with all that a reviewer should see: what pull requests, model cards and pages are made of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.domain.blessings import Blessing, blessing_of
from reconciler.domain.cause import Cause
from reconciler.domain.evidence import Evidence
from reconciler.domain.facts import Candidate, RetrainGain
from reconciler.domain.judgements import OVERRIDDEN, Answer, Judgement
from reconciler.domain.names import CAUSE, OUTCOMES, run_path
from reconciler.domain.releases import Release
from reconciler.render.decoded import read_json
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model
from reconciler.specs.specs import Specs


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """`release` is what the candidate becomes, and `gates` what the gates say of it.

    `champion` is what the last environment runs, None for a first release; `wanted` are the texts of the model's specs when it
    was released; `spent` is what the ledger says of the training, None where it says nothing; `way` is what the environment asks.
    """

    specs: Specs
    model: Model
    candidate: Candidate
    release: Release
    gates: Judgement
    champion: Release | None
    wanted: Mapping[str, str] = field(default_factory=dict)
    spent: RetrainGain | None = None
    way: tuple[Judgement, ...] = ()

    @property
    def evidence(self) -> Evidence:
        """What was measured."""
        return self.candidate.evidence

    @property
    def dataset(self) -> Dataset | None:
        """The contract of the data, None when it is gone."""
        return self.specs.datasets.get(self.candidate.build.data.dataset)

    @property
    def blessing(self) -> Blessing:
        """The one word."""
        return blessing_of(self.gates, first=self.champion is None)

    @property
    def cause(self) -> Cause | None:
        """Why it was trained, as its training kept it; None in candidates from before, or when it cannot be understood."""
        text = self.candidate.files.get(run_path(self.model.name, CAUSE))
        return read_json(Cause, text) if text else None

    @property
    def importance(self) -> Mapping[str, float]:
        """The share of each feature that training kept with the model; empty when it kept none that can be understood."""
        text = self.candidate.files.get(run_path(self.model.name, OUTCOMES), "")
        kept: Mapping[str, float] | None = read_json(Mapping[str, float], text, "importance")
        return kept or {}

    @property
    def said(self) -> str:
        """How many gates passed, and how many were set aside."""
        leaves = list(self.gates.leaves())
        passed = sum(leaf.answer is Answer.YES and leaf.code != OVERRIDDEN for leaf in leaves)
        aside = sum(leaf.code == OVERRIDDEN for leaf in leaves)
        return f"{passed} of {len(leaves)} gates say YES" + (f", {aside} set aside by a person" if aside else "")
