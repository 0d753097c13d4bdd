"""Guard `hold`: a person's stop sign counts for retraining too."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.rules.base import Rule
from reconciler.rules.fields import time_text


class HoldGuard(Rule):
    """Nothing is trained while `hold.yaml` says stop."""

    type: Literal["hold"]

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES when there is no hold, or it is over."""
        hold = facts.hold
        if hold is None:
            return yes(self.type, "notHeld", "no hold.yaml")
        if hold.environments:
            return yes(self.type, "notHeld", f"held only in {', '.join(hold.environments)}, where nothing is trained")
        until = "until hold.yaml is removed" if hold.until is None else f"until {time_text(hold.until)}"
        said = f"held by {hold.owner} {until}, now {time_text(now)}: {hold.reason}"
        if hold.until is not None and now >= hold.until:
            return yes(self.type, "holdOver", said)
        return no(self.type, "held", said, remedy=f"wait {until}, or remove hold.yaml")
