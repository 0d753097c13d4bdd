"""Gate `labelAnomaly`: no day and no category has labels that were flipped, made up, or copied, as far as labels can tell."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.measured.data import SEGMENT_ROWS, LabelCheck, LabelTest, Suspect
from reconciler.rules.base import GateRule
from reconciler.rules.evidence import TRAIN_AGAIN, beside_champion, evidence_of
from reconciler.rules.fields import Count, Share

_ALPHA = 0.01
_TIMES = 2.0
"""Contradictions are odd from so many times what is usual on."""
_MOSTLY = 0.5
"""Sure answers that are contradicted more often than not, on each side, need no distance."""
_STORMS = 2.5
"""Days on which nearly everything is late happen without anyone's doing: a rate must be so many times as far away."""
_TAILS, _ERRORS = 2, 4
"""Quantities have long tails, so their contradictions must be twice as far away; their rates are in usual errors, of which four
times as many count."""
_AGAINST = 0.1
"""Minus the rank correlation from which labels fall where they should rise."""
_SHOWN = 3
_CODES = {
    LabelTest.CONTRADICTED: "labelsContradicted",
    LabelTest.RATE: "labelRateChanged",
    LabelTest.CONSTANT: "labelsConstant",
    LabelTest.INVERTED: "labelsInverted",
    LabelTest.BURST: "rowsRepeated",
}


class LabelAnomaly(GateRule):
    """No segment's labels are odd by much, beyond chance, and far from what its siblings show."""

    type: Literal["labelAnomaly"]
    contradictions: Share = 0.02
    """At most this share more of a segment's sure answers may be contradicted than elsewhere."""
    rate: Share = 0.25
    """The share of a class in a segment may be off by at most this; a quantity by four times this, in usual errors."""
    burst: Share = 0.05
    """One and the same row may be at most this share of a day's rows, beyond what is usual."""
    distance: Annotated[float, Field(gt=0)] = 6.0
    """How many usual spreads a segment may lie from its siblings."""
    accept: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)] = ()
    """Segments that people have looked into, as the message names them, e.g. [carrier=AA]."""
    minimum_rows: Count = 500
    """Fewer rows are no answer."""

    def asks(self) -> frozenset[str]:
        """The measurement."""
        return frozenset({"labels"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `labelsSound`, NO with the code of the oddest test, UNKNOWN `insufficientData`, `inconclusive`, `staleBaseline`."""
        evidence = evidence_of(facts)
        found = evidence if isinstance(evidence, Missing) else evidence.labels
        if isinstance(found, Missing):
            return unknown(self.type, found.code, found.why, remedy=TRAIN_AGAIN)
        live = self._live(facts, found)
        heard = [one for one in found.suspects if one.by != "champion" or not isinstance(live, Judgement)]
        if odd := [one for one in heard if self._is_odd(one, found)]:
            return self._refuse(odd, found)
        if found.rows < self.minimum_rows or not found.segments:
            large = f"{found.segments} days and categories have {SEGMENT_ROWS} rows or more, 1 needed"
            said = f"{found.rows} rows, {self.minimum_rows} needed; {large}"
            return unknown(self.type, "insufficientData", said, remedy="wait for more rows, then train again")
        if isinstance(live, Judgement):
            return live
        said = f"0 of {found.segments} segments of {found.rows} rows have odd labels, 0 wanted; {live}"
        return yes(self.type, "labelsSound", said)

    def _live(self, facts: ModelFacts, found: LabelCheck) -> str | Judgement:
        """Who was asked, or why the live model's opinion does not count."""
        if isinstance(found.live, NoBaseline) and facts.champion is None:
            return "no release is live that could be asked"
        live = beside_champion(self.type, facts, found.live)
        if isinstance(live, Judgement):
            return live
        return f"the live model was asked about {live.rows} newer rows"

    def _is_odd(self, one: Suspect, found: LabelCheck) -> bool:
        """By much, beyond chance, and far from its siblings; a constant segment has no siblings to be far from."""
        if not one.p_value < _ALPHA or one.segment in self.accept:
            return False
        tails, errors = (_TAILS, _ERRORS) if found.quantity else (1, 1)
        match one.test:
            case LabelTest.CONTRADICTED:
                least = max(self.contradictions, (_TIMES - 1) * one.expected)
                away = self.distance * tails if one.observed < _MOSTLY else -math.inf
            case LabelTest.RATE:
                least, away = self.rate * errors, self.distance * _STORMS
            case LabelTest.CONSTANT:
                least, away = self.rate, -math.inf
            case LabelTest.INVERTED:
                least, away = _AGAINST, self.distance
            case LabelTest.BURST:
                least, away = self.burst, self.distance
        return one.excess >= least and one.distance >= away

    def _refuse(self, odd: Sequence[Suspect], found: LabelCheck) -> Judgement:
        worst = sorted(odd, key=lambda one: (one.p_value, -one.distance, one.segment))
        more = f"; and {len(odd) - _SHOWN} more" if len(odd) > _SHOWN else ""
        said = (
            f"{len(odd)} of {found.segments} segments have odd labels, 0 wanted: " + "; ".join(map(_told, worst[:_SHOWN])) + more
        )
        remedy = f'look at the labels of {worst[0].segment}; if they are real, accept: ["{worst[0].segment}"] in the gate'
        return no(self.type, _CODES[worst[0].test], said, remedy=remedy)


def _told(one: Suspect) -> str:
    seen, usual = f"{one.observed:.3g}", f"{one.expected:.3g}"
    what = {
        LabelTest.CONTRADICTED: f"contradict {seen} of the sure answers, {usual} expected",
        LabelTest.RATE: f"are {seen} on average, {usual} expected",
        LabelTest.CONSTANT: f"are all the same, {usual} of them expected",
        LabelTest.INVERTED: f"fall where they should rise (rank correlation {seen})",
        LabelTest.BURST: f"come with one and the same row in {seen} of the rows, {usual} usual",
    }[one.test]
    return f"{one.segment}: labels of {one.rows} rows {what} ({one.by}, {one.distance:.1f} spreads from its siblings)"
