"""Guard `concurrency`: reviewers get only so many models' changes at a time."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.rules.base import Rule
from reconciler.rules.fields import Count

NAMED = 5
"""How many models a message names."""


class Concurrency(Rule):
    """Fewer than `atMost` other models have a pull request open, so that this one may join them."""

    type: Literal["concurrency"]
    at_most: Count

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when there is room for one more model's change."""
        others = sorted(facts.fleet.in_flight - {facts.model})
        said = f"{len(others)} other models have a change in flight, fewer than {self.at_most} needed"
        if len(others) < self.at_most:
            return yes(self.type, "roomForOne", said)
        names = ", ".join(others[:NAMED]) + (f" and {len(others) - NAMED} more" if len(others) > NAMED else "")
        return no(self.type, "tooManyInFlight", f"{said}: {names}", remedy=f"merge or close a pull request of {names}")
