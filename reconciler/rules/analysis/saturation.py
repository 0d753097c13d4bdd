"""Check `saturation`: at the load of the running stage, the candidate's pods have room left, or as much as the live release's."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.tallies import Share
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.beside import Beside, known_rule
from reconciler.rules.choices import one_of
from reconciler.rules.fields import Count

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
Level = Annotated[float, AfterValidator(one_of(LEVELS)), WithJsonSchema({"type": "number", "enum": list(LEVELS)})]


class Saturation(CheckRule):
    """The pods use more than `above` of their limit in at most `forShare` of the minutes.

    Minutes follow each other, so they are no sample, and no test is made of them: this is a limit, not a comparison of means.
    """

    type: Literal["saturation"]
    resource: Literal["cpu", "memory"] = "cpu"
    above: Level = 0.9
    """A minute counts in which a pod uses more than this share of its limit."""
    for_share: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """In how many of the minutes that may be so."""
    minimum_minutes: Count = 10
    """Fewer minutes of the running stage, over all pods, are no answer."""

    @property
    def key(self) -> str:
        """One count per resource and level."""
        return f"{self.type}/{self.resource}/{self.above:g}"

    def judge(self, beside: Beside) -> Judgement:
        """YES `notWorse`; NO `worse`: too often, and more often than live; UNKNOWN `bothSaturated`, or too few minutes."""
        match beside.newest(self.key, Share):
            case Missing() as missing:
                return known_rule(self.type, missing)
            case mine, live:
                return self._compare(mine, live)

    def _compare(self, mine: Share, live: Share) -> Judgement:
        often, usual = mine.hits / mine.rows, live.hits / live.rows
        said = (
            f"{self.resource} above {self.above:g} in {often:.0%} of {mine.rows} minutes beside {usual:.0%} of {live.rows}, "
            f"{self.for_share:.0%} allowed"
        )
        if (fewer := min(mine.rows, live.rows)) < self.minimum_minutes:
            told = f"{said}; {fewer} minutes, {self.minimum_minutes} needed"
            return unknown(self.type, "tooFewRows", told, remedy="wait for more minutes")
        if often <= self.for_share:
            return yes(self.type, "notWorse", said)
        if often > usual:
            return no(self.type, "worse", said, remedy="more resources or replicas, or a lighter model")
        return unknown(self.type, "bothSaturated", said, remedy="more resources or replicas for both releases")
