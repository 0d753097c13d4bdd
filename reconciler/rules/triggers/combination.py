"""Triggers `any`, `all`, `not` and `atLeast`: made of other triggers, nested as deep as people like."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement
from reconciler.domain.needs import Need
from reconciler.rules.base import Rule
from reconciler.rules.combine import all_of, any_of, at_least, negation

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


class Not(Rule):
    """Fires when the trigger does not."""

    negated: "Trigger" = Field(alias="not")

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """Kleene's not: what is UNKNOWN stays so."""
        return negation(self.negated.judge(facts, now))

    def needs(self) -> frozenset[Need]:
        """What the trigger needs."""
        return self.negated.needs()


MOST = 20
"""How many `atLeast` may ask for. JSON Schema cannot compare a number with a length but by listing all."""


_MORE_THAN_THERE_ARE: dict[str, Any] = {
    "anyOf": [{"properties": {"atLeast": {"minimum": count}, "of": {"maxItems": count - 1}}} for count in range(2, MOST + 1)]
}


class AtLeast(Rule):
    """Fires when so many of the list fire."""

    model_config = ConfigDict(json_schema_extra={"if": _MORE_THAN_THERE_ARE, "then": False})

    at_least: Annotated[int, Field(ge=1, le=MOST)]
    """How many must fire."""
    of: Parts

    @model_validator(mode="after")
    def _can_fire(self) -> Self:
        if self.at_least > len(self.of):
            raise ValueError(
                f"{self.at_least} of {len(self.of)} triggers can never fire: expected atLeast of at most {len(self.of)}"
            )
        return self

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """Counts the parts that say YES, and those that might."""
        return at_least(self.at_least, [part.judge(facts, now) for part in self.of])

    def needs(self) -> frozenset[Need]:
        """What the parts need."""
        return frozenset().union(*(part.needs() for part in self.of))
