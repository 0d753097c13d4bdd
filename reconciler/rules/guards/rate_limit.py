"""Guard `rateLimit`: so many trainings in a time and no more, of this model or of all together."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.rules.base import Exemptible
from reconciler.rules.fields import Count, Duration, duration_text, time_text


class RateLimit(Exemptible):
    """At most `atMost` trainings, failed ones too, within any time as long as `per`."""

    type: Literal["rateLimit"]
    at_most: Count
    per: Duration
    fleet: bool = False
    """Count the trainings of all models, not only of this one."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES when there is room for one more; UNKNOWN when not all trainings are known."""
        if self.fleet and facts.fleet.untold:
            said = f"the ledger of {', '.join(sorted(facts.fleet.untold))} is broken, so not all trainings are known"
            return unknown(self.type, "ledgerBroken", said, remedy="perennial audit --verify")
        times = [one.at for one in facts.fleet.trainings if self.fleet or one.model == facts.model]
        recent = sorted((at for at in times if at > now - self.per), reverse=True)
        whose = "of all models" if self.fleet else "of this model"
        said = f"{len(recent)} trainings {whose} in {duration_text(self.per)}, at most {self.at_most}"
        if len(recent) < self.at_most:
            return yes(self.type, "belowLimit", said)
        return no(self.type, "limitReached", said, remedy=f"wait until {time_text(recent[self.at_most - 1] + self.per)}")
