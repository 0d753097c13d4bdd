"""What a verdict is made from: everything that was seen of one window, or why it was not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reconciler.domain.facts import NOT_ASKED
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.live import ConceptDrift, LiveQuality, Separation, Skew
from reconciler.domain.needs import Slice
from reconciler.domain.profiles import Profile
from reconciler.statistics.drift.measure import MINIMUM_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a verdict is made from. What is Missing is listed in the verdict; NOT_ASKED says that it does not apply.

    `score` is the primary metric over the newest mature rows, `baseline` the same in the champion's evidence; `higher` says
    which direction is better. `champion_since` is as of when the champion was made, `since` where the window begins, and
    `has_earlier` that there is a release to go back to.
    """

    model: str
    window: timedelta
    reference: Known[Profile]
    current: Known[Profile]
    slice: Slice | None = None
    importance: Mapping[str, float] = field(default_factory=dict)
    outcomes: Known[Profile] = NOT_ASKED
    predictions: Known[Profile] = NOT_ASKED
    labels: Known[Profile] = NOT_ASKED
    quality: Known[LiveQuality] = NOT_ASKED
    skew: Known[Skew] = NOT_ASKED
    concept: Known[ConceptDrift] = NOT_ASKED
    separation: Known[Separation] = NOT_ASKED
    metric: str = ""
    higher: bool = True
    score: Known[Measured] = NOT_ASKED
    baseline: Known[Measured] = NOT_ASKED
    since: datetime | None = None
    champion_since: datetime | None = None
    has_earlier: bool = False

    @property
    def is_worse(self) -> bool:
        """The interval of the score is wholly on the wrong side of that in the evidence, over enough rows."""
        if isinstance(self.score, Missing) or isinstance(self.baseline, Missing) or self.score.rows < MINIMUM_ROWS:
            return False
        return self.score.high < self.baseline.low if self.higher else self.score.low > self.baseline.high
