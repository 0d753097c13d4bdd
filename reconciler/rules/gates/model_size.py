"""Gate `modelSize`: the package is not too large, and did not grow too much."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.releases import Release
from reconciler.rules.amounts import OptionalSize, OptionalTimes, size_text
from reconciler.rules.base import GateRule
from reconciler.rules.combine import together
from reconciler.rules.evidence import TRAIN_AGAIN, candidate_of

USUAL_GROWTH = 2.0
"""How many times the size of the live package is allowed where no bound is written."""
_SMALLER = "a smaller model: fewer or shallower trees, fewer categories"


class ModelSize(GateRule):
    """The package has at most `atMost`, and at most `atMostTimesLive` times the bytes of the live one."""

    type: Literal["modelSize"]
    at_most: OptionalSize = None
    at_most_times_live: OptionalTimes = None
    """2 where neither bound is written."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `sizeKept` or `noBaseline`, NO `tooLarge` or `grewTooMuch`; UNKNOWN `notMeasured` when a size is not known."""
        candidate = candidate_of(facts)
        if isinstance(candidate, Missing):
            return unknown(self.type, candidate.code, candidate.why, remedy=TRAIN_AGAIN)
        size = candidate.build.artifact.size
        if size <= 0:
            return unknown(self.type, "notMeasured", f"the package has {size} bytes, 1 needed", remedy=TRAIN_AGAIN)
        return together(list(self._bounds(size, facts.champion)))

    def _bounds(self, size: int, champion: Release | None) -> Iterator[Judgement]:
        if self.at_most is not None:
            said = f"the package has {size_text(size)}, at most {size_text(self.at_most)} wanted"
            kept = size <= self.at_most
            yield yes(self.type, "sizeKept", said) if kept else no(self.type, "tooLarge", said, remedy=_SMALLER)
        if self.at_most_times_live is not None:
            yield self._growth(size, champion, self.at_most_times_live)
        elif self.at_most is None:
            yield self._growth(size, champion, USUAL_GROWTH)

    def _growth(self, size: int, champion: Release | None, times: float) -> Judgement:
        if champion is None:
            return yes(self.type, "noBaseline", f"the package has {size_text(size)}; no release is live to compare it with")
        live = champion.build.artifact.size
        if live <= 0:
            said = f"the package has {size_text(size)}, the live one {live} bytes, 1 needed"
            return unknown(self.type, "notMeasured", said, remedy="give atMost instead of atMostTimesLive")
        said = (
            f"the package has {size_text(size)}, {size / live:.4g} times the {size_text(live)} of the live one; "
            f"at most {times:g} times wanted"
        )
        if size > times * live:
            return no(self.type, "grewTooMuch", said, remedy=_SMALLER)
        return yes(self.type, "sizeKept", said)
