"""Triggers `any` and `all`: lists of triggers, nested as deep as people like."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, TypeAlias

from pydantic import AfterValidator, Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement
from reconciler.domain.needs import Need
from reconciler.rules.base import Rule
from reconciler.rules.combine import all_of, any_of

if TYPE_CHECKING:
    from reconciler.rules.triggers import Trigger


def _not_empty(parts: tuple[Rule, ...]) -> tuple[Rule, ...]:
    # Not min_length: pydantic counts only the valid items, so one bad item would be reported as a short list too.
    if not parts:
        raise ValueError("expected at least one trigger, not 0")
    return parts


Parts: TypeAlias = Annotated[
    tuple["Trigger", ...], Field(strict=False, json_schema_extra={"minItems": 1}), AfterValidator(_not_empty)
]


class AnyOf(Rule):
    """Fires when one of the list fires."""

    any: Parts

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """Kleene's or over the parts."""
        return any_of([part.judge(facts, now) for part in self.any])

    def needs(self) -> frozenset[Need]:
        """What the parts need."""
        return frozenset().union(*(part.needs() for part in self.any))


class AllOf(Rule):
    """Fires when all of the list fire."""

    all: Parts

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """Kleene's and over the parts."""
        return all_of([part.judge(facts, now) for part in self.all])

    def needs(self) -> frozenset[Need]:
        """What the parts need."""
        return frozenset().union(*(part.needs() for part in self.all))
