"""A plan for people: per model what is decided and why, what every rule said, and the steps with their files."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.decisions import Decision
from reconciler.domain.steps import Publish, Record, Step
from reconciler.plan.plan import Plan
from reconciler.report.terminal import WIDTH, draw, line, said
from reconciler.report.words import decision_word, file_lines, judgement_lines, step_line
from reconciler.rules.fields import time_text


def plan_text(plan: Plan, *, present: Collection[str] = (), width: int = WIDTH, color: bool = False) -> str:
    """The plan as text. `present` are the paths that main has, to tell changed files (~) from new ones (+)."""
    return draw(_parts(plan, present), width=width, color=color)


def _parts(plan: Plan, present: Collection[str]) -> Iterator[RenderableType]:
    yield said(f"Plan for {plan.revision[:12]} at {time_text(plan.at)}", "dim")
    for decision in plan.decisions:
        yield Text()
        yield from _model(decision, [step for step in plan.steps if model_of(step) == decision.model], present)
    if shared := [step for step in plan.steps if isinstance(step, Publish)]:
        yield Text()
        yield said("environments", "bold underline")
        yield from _steps(shared, present)
    yield Text()
    yield said(_summary(plan), "bold")


def _model(decision: Decision, steps: list[Step], present: Collection[str]) -> Iterator[RenderableType]:
    word, style = decision_word(decision)
    yield line(said(decision.model, "bold underline") + Text("  "), said(word, style))
    yield line(Text("  "), said(decision.message), said(f"({decision.code})", "dim"))
    for judgement in decision.judgements:
        yield from judgement_lines(judgement, "  ")
    yield from _steps(steps, present)


def _steps(steps: Sequence[Step], present: Collection[str]) -> Iterator[RenderableType]:
    for step in steps:
        yield line(Text("  → ", style="cyan"), said(step_line(step)))
        yield from file_lines(step, present, "      ")


def model_of(step: Step) -> str | None:
    """The model that the step is about; None for a step that is about an environment."""
    match step:
        case Publish():
            return None
        case Record(event=event):
            return event.model
        case _:
            return step.model


def _summary(plan: Plan) -> str:
    words = Counter(type(decision).__name__.lower() for decision in plan.decisions)
    decided = ", ".join(f"{count} {word}" for word, count in sorted(words.items())) or "no models"
    steps = len(plan.steps)
    return f"{decided}; {'nothing to do' if not steps else '1 step' if steps == 1 else f'{steps} steps'}."
