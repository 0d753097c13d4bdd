"""Gate `latency`: requests are answered fast enough, beyond the noise of measuring."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.serving import Latency as Timed
from reconciler.domain.measured.serving import Spread, TimesLive
from reconciler.rules.amounts import OptionalBrief, OptionalTimes
from reconciler.rules.base import GateRule
from reconciler.rules.combine import together
from reconciler.rules.evidence import TRAIN_AGAIN, beside_champion, evidence_of
from reconciler.rules.noise import QUIETER, at_most

USUAL_P95 = timedelta(milliseconds=100)
"""Where no bound is written."""
_FASTER = "a smaller model: fewer or shallower trees, fewer categories"


class Latency(GateRule):
    """Quantiles of the seconds that requests of `rows` rows take keep their bounds, the median also beside the live model's."""

    type: Literal["latency"]
    measured_in: ClassVar[str] = "verify"
    rows: Annotated[int, Field(ge=1, le=100_000)] = 1
    """Of one request: 1 is a single prediction, more a batch."""
    p50: OptionalBrief = None
    """What half of the requests may take."""
    p95: OptionalBrief = None
    """What 95 of 100 requests may take; 100ms where no bound is written."""
    at_most_times_live: OptionalTimes = None
    """How many times as long as the live model's the median may be."""

    def asks(self) -> frozenset[str]:
        """Timings of requests of so many rows, beside the live model's if they are compared."""
        live = "" if self.at_most_times_live is None else "/live"
        return frozenset({f"latency/{self.rows}{live}"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `fastEnough`, NO `tooSlow`; UNKNOWN `inconclusive` within the noise, `insufficientData`, or not measured."""
        timed = self._timed(facts)
        if isinstance(timed, Missing):
            return unknown(self.type, timed.code, timed.why, remedy=TRAIN_AGAIN)
        return together(list(self._bounds(timed, facts)))

    def _timed(self, facts: ModelFacts) -> Known[Timed]:
        evidence = evidence_of(facts)
        if isinstance(evidence, Missing):
            return evidence
        if isinstance(evidence.latency, Missing):
            return evidence.latency
        absent = Missing(code="notMeasured", why=f"requests of {self.rows} rows were not timed")
        return evidence.latency.get(str(self.rows), absent)

    def _bounds(self, timed: Timed, facts: ModelFacts) -> Iterator[Judgement]:
        unbounded = self.p50 is None and self.p95 is None and self.at_most_times_live is None
        for name, spread, bound in (("p50", timed.p50, self.p50), ("p95", timed.p95, USUAL_P95 if unbounded else self.p95)):
            if bound is not None:
                seconds = bound.total_seconds()
                of_rows = f"{timed.rows} rows" if timed.rows > 1 else "1 row"
                said = f"{name} of requests of {of_rows} is {_ms(spread, 1000)} ms, at most {seconds * 1000:g} ms wanted"
                yield self._verdict(at_most(spread, seconds), said)
        if self.at_most_times_live is not None:
            yield self._against_live(timed, facts, self.at_most_times_live)

    def _against_live(self, timed: Timed, facts: ModelFacts, bound: float) -> Judgement:
        found = beside_champion(self.type, facts, timed.live)
        if not isinstance(found, TimesLive):
            return found
        said = f"they take {_ms(found.times, 1)} times as long as the live model's, at most {bound:g} times wanted"
        return self._verdict(at_most(found.times, bound), said)

    def _verdict(self, answer: Answer, said: str) -> Judgement:
        match answer:
            case Answer.YES:
                return yes(self.type, "fastEnough", said)
            case Answer.NO:
                return no(self.type, "tooSlow", said, remedy=_FASTER)
            case Answer.UNKNOWN:
                return unknown(self.type, "inconclusive", said, remedy=QUIETER)


def _ms(spread: Spread, factor: float) -> str:
    """The middle and the interval, of three digits that count."""
    return f"{spread.middle * factor:.3g} ({spread.low * factor:.3g} to {spread.high * factor:.3g})"
