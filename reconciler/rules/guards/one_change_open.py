"""Guard `oneChangeOpen`: one change in flight per model."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.rules.base import Rule


class OneChangeOpen(Rule):
    """Nothing is trained while a pull request of the model is open."""

    type: Literal["oneChangeOpen"]

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when no pull request is open."""
        if not facts.changes:
            return yes(self.type, "noneOpen", "no pull request is open")
        numbers = ", ".join(f"#{change.number}" for change in facts.changes)
        said = f"pull request {numbers} is open"
        return no(self.type, "changeOpen", said, remedy=f"merge or close {numbers}")
