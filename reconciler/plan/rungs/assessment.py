"""What every rung of the ladder is given, and what most of them answer with. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reconciler.domain.decisions import Decision, Hold, Withdraw
from reconciler.domain.judgements import Answer, Judgement
from reconciler.plan.situation import Situation, judge_gates, next_environment
from reconciler.plan.way import judge_way


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the rules say, asked once and used by every rung. `way` is what environments ask of all that is on its way."""

    gates: Judgement | None
    trigger: Judgement
    guards: tuple[Judgement, ...]
    way: tuple[Judgement, ...] = ()

    @property
    def all(self) -> tuple[Judgement, ...]:
        """Everything that was said, in the order of the ladder."""
        return (*((self.gates,) if self.gates else ()), *self.way, self.trigger, *self.guards)

    def of(self, subject: Situation) -> "Assessment":
        """The same about one thing on its way: its gates, and what the environment asks that it is to go to."""
        to = next_environment(subject)
        return replace(self, gates=judge_gates(subject), way=judge_way(subject, to) if to else ())


Say = Callable[[Situation, Assessment], Decision | None]
"""What stands on a rung: it decides, or leaves it to those below."""


def hold(situation: Situation, assessment: Assessment, code: str, message: str, number: int | None = None) -> Hold:
    """Change nothing, and say why; `number` is the pull request that it is about."""
    return Hold(model=situation.name, code=code, message=message, judgements=assessment.all, number=number)


def withdraw(situation: Situation, assessment: Assessment, number: int, code: str, message: str) -> Withdraw:
    """Close the pull request, and say why."""
    return Withdraw(model=situation.name, number=number, code=code, message=message, judgements=assessment.all)


def objections(gates: Judgement) -> str:
    """What keeps the candidate from passing, in one line."""
    return "; ".join(f"{leaf.rule}: {leaf.message}" for leaf in gates.leaves() if leaf.answer is not Answer.YES)
