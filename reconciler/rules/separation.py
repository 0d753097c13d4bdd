"""The cut of `domainClassifier`: whether one window's rows can be told from training rows, by all features together."""

import math
from dataclasses import dataclass

from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.live import Separation
from reconciler.domain.needs import DomainNeed
from reconciler.statistics.drift.measure import ALPHA


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparationCut:
    """An AUC of `at` or more, and significant, from `minimum_rows` rows or more of either side."""

    rule: str
    at: float
    minimum_rows: int

    def judge(self, need: DomainNeed, found: Known[Separation] | None) -> Judgement:
        """YES when the rows are told apart; UNKNOWN when nobody tried (None), or too few rows say so."""
        index = need.window.index
        match found:
            case None:
                return self._too_little(f"the rows of window {index} were not held against training rows")
            case Missing(why=why):
                return self._too_little(why)
            case Separation(reference_rows=rows) if rows < self.minimum_rows:
                return self._too_little(f"{rows} training rows, {self.minimum_rows} needed")
            case Separation(rows=rows) if rows < self.minimum_rows:
                return self._too_little(f"{rows} rows in window {index}, {self.minimum_rows} needed")
            case _:
                return self._compare(found)

    def _compare(self, found: Separation) -> Judgement:
        rows = f"{found.reference_rows:,} and {found.rows:,} rows"
        said = f"a model tells rows of the window from training rows with AUC {found.auc:.3g} ({rows}), {self.at:g} fires"
        if not math.isfinite(found.auc + found.p_value):
            return self._too_little(f"{said}; p {found.p_value:.2g}, both must be numbers")
        if found.reaches(self.at, ALPHA):
            return yes(self.rule, "drifted", said)
        if found.auc >= self.at:
            said += f"; p {found.p_value:.2g}, below {ALPHA:g} is sure"
        return no(self.rule, "noDrift", said, remedy=f"an AUC of {self.at:g} or more that is sure")

    def _too_little(self, why: str) -> Judgement:
        return unknown(self.rule, "insufficientData", why, remedy="wait for more rows, or take a longer window")
