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
            return yes(self.type, "noneOpen", "0 pull requests open, at most 0 wanted")
        numbers = ", ".join(f"#{change.number}" for change in facts.changes)
        said = f"{len(facts.changes)} pull requests open ({numbers}), at most 0 wanted"
        return no(self.type, "changeOpen", said, remedy=f"merge or close {numbers}")
