"""Trigger `manual`: a person asked for a retrain, on the record."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.rules.base import Rule
from reconciler.rules.fields import time_text


class Manual(Rule):
    """The newest request is newer than the newest training."""

    type: Literal["manual"]

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when somebody asked since the model was last trained, or when it never was."""
        requests, trained = facts.history.requests, facts.history.last_trained_at
        last = f"last trained {time_text(trained)}" if trained else "never trained before"
        remedy = f"perennial retrain {facts.model} --reason WHY"
        if not requests:
            return no(self.type, "noRequest", f"0 requests, {last}", remedy=remedy)
        newest = max(requests, key=lambda request: request.at)
        said = f"{newest.by} asked at {time_text(newest.at)}: {newest.reason}; {last}"
        if trained is None or newest.at > trained:
            return yes(self.type, "requested", said)
        return no(self.type, "requestServed", said, remedy=remedy)
