"""What became of a plan's steps, for people and for programs."""

from collections import Counter
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.outcomes import Outcome, Status, StepOutcome
from reconciler.render.canonical import canonical_json
from reconciler.report.terminal import WIDTH, draw, line, said
from reconciler.report.words import step_line

SYMBOLS = {Status.DONE: ("✓", "green"), Status.FAILED: ("✗", "red"), Status.SKIPPED: ("-", "dim")}


def outcome_text(outcome: Outcome, *, width: int = WIDTH, color: bool = False) -> str:
    """One line per step, and how many there were of each kind."""
    return draw(_parts(outcome), width=width, color=color)


def outcome_json(outcome: Outcome) -> str:
    """`{changed, exitCode, steps: [{status, message, exitCode, step: {type, ...}}]}` with sorted keys."""
    return canonical_json({"changed": outcome.changed, "exitCode": outcome.exit_code, "steps": outcome.steps})


def _parts(outcome: Outcome) -> Iterator[RenderableType]:
    for step in outcome.steps:
        yield from _step(step)
    counts = Counter(step.status for step in outcome.steps)
    said_counts = ", ".join(f"{counts[status]} {status}" for status in Status if counts[status])
    yield said(f"{said_counts}." if said_counts else "Nothing to do.", "bold")


def _step(outcome: StepOutcome) -> Iterator[RenderableType]:
    symbol, style = SYMBOLS[outcome.status]
    yield line(Text(f"{symbol} ", style=style), said(step_line(outcome.step)))
    if outcome.message:
        yield line(Text("  "), said(outcome.message, "red" if outcome.status is Status.FAILED else "dim"))
