"""How far rollouts are, as lines of text."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from reconciler.plan.rollout_view import RolloutView
from reconciler.report.terminal import line, said
from reconciler.report.words import judgement_lines
from reconciler.rules.fields import time_text


def rollout_lines(views: Sequence[RolloutView]) -> Iterator[RenderableType]:
    """All of each: the stage, the shares, what the checks say, and what comes next."""
    for view in views:
        yield line(Text("  "), said(f"{view.environment}: {view.headline}", "bold"))
        yield line(Text("    now   "), said(view.now))
        yield line(Text("    then  "), said(view.after))
        style = "bold red" if view.overdue else ""
        yield line(Text("    why   "), said(f"{view.message} ({view.code})", style), said(_until(view), "dim"))
        for check in view.checks:
            yield from judgement_lines(check, "    ")


def _until(view: RolloutView) -> str:
    return f"until {time_text(view.until)} at the latest" if view.until else ""
