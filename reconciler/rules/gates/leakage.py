"""Gate `leakage`: the hold-out holds nothing that the training has seen, and no feature tells what only the future knows."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.measured.data import Alone, Leakage, SharedRows
from reconciler.rules.base import GateRule
from reconciler.rules.combine import together
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of
from reconciler.rules.fields import Count, Share
from reconciler.statistics.significance import chi_squared_tail

_ALPHA = 0.01
_DOUBLE = 2
"""Rows that repeat each other are shared by chance too: only more than twice as many as that say something."""
_NEARLY_ALL = 0.99
"""Of what the whole model tells beyond guessing, told by one feature."""
_GUESSING = {"rocAuc": 0.5, "r2": 0.0}


class LeakageGate(GateRule):
    """No row on both sides of the split, no label known too early, no feature of the future, none that tells all alone."""

    type: Literal["leakage"]
    shared_rows: Share = 0.01
    """At most this share of the hold-out's rows may be among the training rows, beyond what chance gives."""
    alone: Annotated[float, Field(gt=0.5, le=1)] = 0.98
    """A feature that alone reaches this ROC AUC, or R squared, is no feature but the answer."""
    too_good: Annotated[float, Field(gt=0.5, le=1)] = 0.97
    """From this ROC AUC, or R squared, of the model on, no single feature may tell nearly all of what it tells."""
    accept: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)] = ()
    """Features that people have looked into, and that may tell so much."""
    minimum_rows: Count = 200
    """Fewer rows in the hold-out are no answer."""

    def asks(self) -> frozenset[str]:
        """The measurement."""
        return frozenset({"leakage"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `noLeak`, NO `knownAfter`, `embargoBroken`, `rowsShared` or `tellsAlone`, UNKNOWN `insufficientData`."""
        evidence = evidence_of(facts)
        leakage = evidence if isinstance(evidence, Missing) else evidence.leakage
        if isinstance(leakage, Missing):
            return unknown(self.type, leakage.code, leakage.why, remedy=TRAIN_AGAIN)
        return together([*self._future(leakage), *map(self._shared, (leakage.rows, leakage.contents)), self._alone(leakage)])

    def _future(self, leakage: Leakage) -> Iterator[Judgement]:
        late = leakage.known_after
        said = f"{len(late)} features are known only after the event, 0 wanted" + (f": {', '.join(late)}" if late else "")
        remedy = "remove them from the model's features"
        yield no(self.type, "knownAfter", said, remedy=remedy) if late else yes(self.type, "noLeak", said)
        early, begin = leakage.early_labels, f"{leakage.holdout_from:%Y-%m-%d %H:%M}"
        said = f"{early} training rows have labels that were not known at {begin}, when the hold-out began, 0 wanted"
        remedy = "leave the label's delay between training rows and hold-out"
        yield no(self.type, "embargoBroken", said, remedy=remedy) if early else yes(self.type, "noLeak", said)

    def _shared(self, found: SharedRows) -> Judgement:
        if not math.isfinite(found.chance):
            return self._no_number(f"the share that chance gives by {found.by}")
        if found.rows < self.minimum_rows:
            return self._too_little(f"{found.rows} rows in the hold-out, {self.minimum_rows} needed to tell shared ones")
        share = found.shared / found.rows
        wanted = _DOUBLE * found.chance + self.shared_rows
        said = f"{found.shared} of {found.rows} rows of the hold-out ({share:.1%}) are training rows too by {found.by}, "
        said += f"at most {min(wanted, 1):.1%} wanted"
        if share <= wanted or _by_chance(found) >= _ALPHA:
            return yes(self.type, "noLeak", said)
        return no(self.type, "rowsShared", said, remedy="find out why rows come twice, and drop them in the source")

    def _alone(self, leakage: Leakage) -> Judgement:
        match leakage.alone:
            case Missing(why=why):
                return self._too_little(f"what a feature tells alone is not known: {why}")
            case Alone(rows=rows) if rows < self.minimum_rows:
                return self._too_little(f"{rows} rows in the hold-out, {self.minimum_rows} needed to tell what features know")
            case Alone(features=features) as alone:
                judged = {name: power for name, power in features.items() if name not in self.accept}
                best = max(judged, key=lambda name: (judged[name], name), default=None)
                if best is None:
                    return yes(self.type, "noLeak", f"{len(features)} features, all of them accepted or telling nothing")
                return self._best(alone, best)

    def _best(self, alone: Alone, name: str) -> Judgement:
        power, least = alone.features[name], _GUESSING[alone.measure]
        if not all(map(math.isfinite, (alone.model, *alone.features.values()))):
            return self._no_number(f"{alone.measure} of one of {len(alone.features)} features, or of the model,")
        told = f"{name} alone has {alone.measure} {power:.4g}, the model {alone.model:.4g}, on {alone.rows} rows"
        nearly = alone.model >= self.too_good and power - least >= _NEARLY_ALL * (alone.model - least)
        said = f"{told}; below {self.alone:g} wanted"
        if nearly and len(alone.features) > 1:
            said = f"{told}, which is too good from {self.too_good:g} on to come from one feature"
        elif power < self.alone:
            return yes(self.type, "noLeak", said)
        remedy = f"look whether {name} is known when the model is asked; if it is, accept: [{name}] in the gate"
        return no(self.type, "tellsAlone", said, remedy=remedy)

    def _no_number(self, what: str) -> Judgement:
        return unknown(self.type, "notANumber", f"{what} is not a number", remedy=TRAIN_AGAIN)

    def _too_little(self, said: str) -> Judgement:
        return unknown(self.type, "insufficientData", said, remedy="a longer hold-out")


def _by_chance(found: SharedRows) -> float:
    """One-sided p that so many rows are shared when chance gives its share. Source: Yates 1934."""
    expected = found.chance * found.chance_rows
    pooled = (found.shared + expected) / (found.rows + found.chance_rows)
    excess = found.shared - found.rows * pooled - 0.5
    spread = pooled * (1 - pooled) * found.rows * found.chance_rows / (found.rows + found.chance_rows)
    if spread <= 0:
        return 0.0 if found.shared else 1.0
    return chi_squared_tail(excess * excess / spread, 1) / 2 if excess > 0 else 1.0
