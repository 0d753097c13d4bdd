"""Trigger `maxAge`: the data that the champion knows is too old."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.rules.base import Rule
from reconciler.rules.fields import Duration, duration_text, time_text


class MaxAge(Rule):
    """The champion's data may be at most `age` old; before the first release the candidate's."""

    type: Literal["maxAge"]
    age: Duration

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES when the build's `asOf` lies more than `age` before now, or when nothing was ever built."""
        build = facts.champion.build if facts.champion else facts.newest
        if build is None:
            if isinstance(facts.candidate, Missing):
                return unknown(self.type, facts.candidate.code, facts.candidate.why, remedy="make the candidate readable")
            return yes(self.type, "neverBuilt", f"0 builds, so none is at most {duration_text(self.age)} old")
        due = build.data.as_of + self.age
        said = f"knows data until {time_text(build.data.as_of)}, maximum age {duration_text(self.age)}, over at {time_text(due)}"
        if now > due:
            return yes(self.type, "tooOld", f"{said}, now {time_text(now)}")
        return no(self.type, "youngEnough", f"{said}, now {time_text(now)}", remedy=f"wait until {time_text(due)}")
