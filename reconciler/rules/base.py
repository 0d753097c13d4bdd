"""What every rule is: a piece of YAML that can judge facts, and can say which facts it needs."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement
from reconciler.domain.needs import Need
from reconciler.rules.fields import Written


class Rule(Written):
    """One `type:` of the YAML. Subclasses declare `type: Literal[...]` and the fields that people may write."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES, NO or UNKNOWN, with the reason; pure."""
        raise TypeError(f"{type(self).__name__} does not judge")

    def needs(self) -> frozenset[Need]:
        """Facts that are measured only because this rule asks for them."""
        return frozenset()


class GateRule(Rule):
    """A gate: it judges what the pipeline measured."""

    measured_in: ClassVar[str] = "evaluate"
    """The stage that measures it: `evaluate` on the hold-out, `validate` on the snapshot, or `verify` on the finished package."""

    @property
    def rule(self) -> str:
        """What its judgements, and overrides of it, call it: its `type:`, unless a policy may have several of them."""
        return str(getattr(self, "type", type(self).__name__))

    def asks(self) -> frozenset[str]:
        """Keys of measurements that are made only because this gate wants them, e.g. `slices/carrier`.

        A candidate whose evidence was measured without one of them is measured again. So a key names whatever changes the
        measurement, and nothing that only changes the judgement.
        """
        return frozenset()


class Exemptible(Rule):
    """A guard against noise in the data, which deliberate changes need not wait for."""

    exempt: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Types of triggers that this guard lets pass at once, e.g. [specChanged]."""
