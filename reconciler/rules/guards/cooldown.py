"""Guard `cooldown`: a pause between two trainings of one model."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.rules.base import Exemptible
from reconciler.rules.fields import Duration, duration_text, time_text


class Cooldown(Exemptible):
    """At least `period` between two trainings."""

    type: Literal["cooldown"]
    period: Duration

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES when nothing was trained within the period before now."""
        last = facts.history.last_trained_at
        if last is None:
            return yes(self.type, "neverTrained", "never trained before")
        ready = last + self.period
        said = f"last trained {time_text(last)}, cooldown {duration_text(self.period)}"
        if now >= ready:
            return yes(self.type, "cooledDown", said)
        return no(self.type, "coolingDown", f"{said}, ready at {time_text(ready)}", remedy=f"wait until {time_text(ready)}")
