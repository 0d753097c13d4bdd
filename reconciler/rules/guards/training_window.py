"""Guard `trainingWindow`: trainings wait for the hours in which machines are cheap or idle, by the clock on the wall."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.rules.base import Exemptible
from reconciler.rules.fields import time_text
from reconciler.rules.hours import Hours


class TrainingWindow(Hours, Exemptible):
    """Train from `from` until `until`, which may lie on the next day."""

    type: Literal["trainingWindow"]

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES while the window is open."""
        said = f"now {time_text(now)}, trainings {self.told}"
        if closes := self.open_until(now):
            return yes(self.type, "windowOpen", f"{said}, open until {time_text(closes)}")
        following = time_text(self.opens(now))
        return no(self.type, "windowClosed", f"{said}, opens at {following}", remedy=f"wait until {following}")
