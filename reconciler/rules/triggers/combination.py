"""Triggers `any` and `all`: lists of triggers, nested as deep as people like."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from reconciler.domain.facts import ModelFacts, Need
from reconciler.domain.judgements import Judgement
from reconciler.rules.base import Rule
from reconciler.rules.combine import all_of, any_of

if TYPE_CHECKING:
    from reconciler.rules.triggers import Trigger


class AnyOf(Rule):
    """Fires when one of the list fires."""

    any: Annotated[tuple["Trigger", ...], Field(min_length=1, strict=False)]

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """Kleene's or over the parts."""
        return any_of([part.judge(facts, now) for part in self.any])

    def needs(self) -> frozenset[Need]:
        """What the parts need."""
        return frozenset().union(*(part.needs() for part in self.any))


class AllOf(Rule):
    """Fires when all of the list fire."""

    all: Annotated[tuple["Trigger", ...], Field(min_length=1, strict=False)]

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """Kleene's and over the parts."""
        return all_of([part.judge(facts, now) for part in self.all])

    def needs(self) -> frozenset[Need]:
        """What the parts need."""
        return frozenset().union(*(part.needs() for part in self.all))
