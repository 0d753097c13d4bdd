"""Policies tried on history, for people: a row for each policy, then when and why each of them retrained. And as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.known import Known, Missing
from reconciler.render.canonical import canonical_json
from reconciler.report.terminal import WIDTH, draw, said, table
from reconciler.rules.fields import time_text
from reconciler.simulate.trial import Moment, Tried


def simulate_text(model: str, tried: Sequence[Tried], *, width: int = WIDTH, color: bool = False) -> str:
    """The comparison and the timelines."""
    return draw(_parts(model, tried), width=width, color=color)


def _parts(model: str, tried: Sequence[Tried]) -> Iterator[RenderableType]:
    names = list(tried[0].metrics) if tried else []
    made = table("policy", "retrains", "refused", "rows answered", *names)
    for one in tried:
        made.add_row(
            said(one.policy, "bold"), str(one.retrains), str(one.refused), f"{one.rows:,}", *map(_number, one.metrics.values())
        )
    yield Text(f"{model}, each row answered by the model that was live when it happened", style="cyan")
    yield made
    for one in tried:
        yield Text(f"\n{one.policy}", style="bold")
        timeline = table("when", "what", "why")
        for moment in one.moments:
            if moment.failed:
                timeline.add_row(time_text(moment.at), said("failed", "red"), said(moment.failed))
            if moment.retrained:
                timeline.add_row(time_text(moment.at), said("refused" if moment.refused else "retrained"), said(_why(moment)))
        yield timeline


def _why(moment: Moment) -> str:
    return moment.retrained + (f"; refused by {moment.refused}" if moment.refused else "")


def _number(value: Known[float]) -> str:
    return "?" if isinstance(value, Missing) else f"{value:.4g}"


def simulate_json(model: str, tried: Sequence[Tried]) -> str:
    """The same for programs; a metric that cannot be told is null."""
    return canonical_json({"model": model, "policies": [_policy(one) for one in tried]})


def _policy(one: Tried) -> dict[str, Any]:
    return {
        "policy": one.policy,
        "retrains": one.retrains,
        "refused": one.refused,
        "rows": one.rows,
        "metrics": {name: None if isinstance(value, Missing) else value for name, value in one.metrics.items()},
        "trainings": [
            {"at": time_text(moment.at), "why": moment.retrained, "refused": moment.refused}
            for moment in one.moments
            if moment.retrained
        ],
        "failures": [{"at": time_text(moment.at), "why": moment.failed} for moment in one.moments if moment.failed],
    }
