"""Who says what of every release: main, the rendered branch, the cluster and the registry, side by side."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.judgements import Answer, Judgement
from reconciler.plan.agreement import Agreement
from reconciler.report.terminal import line, said, symbol_of, table

_UNASKED = ("noCluster", "notAsked")
"""That nobody can be asked is told once, not of every model."""


def matrix(agreements: Sequence[Agreement]) -> Iterator[RenderableType]:
    """A row for each model and environment, then each difference with its remedy."""
    if not agreements:
        return
    made = table("model", "environment", "main", "branch", "cluster", "registry")
    for one in agreements:
        made.add_row(said(one.model), said(one.environment), said(one.version or "-"), *map(_cell, one.all))
    yield Text()
    yield made
    for one in agreements:
        for judgement in one.all:
            if judgement.answer is not Answer.YES and judgement.code not in _UNASKED:
                yield from _difference(one, judgement)


def _cell(judgement: Judgement) -> RenderableType:
    symbol, style = symbol_of(judgement)
    return Text(f"{symbol} {judgement.code}", style=style)


def _difference(one: Agreement, judgement: Judgement) -> Iterator[RenderableType]:
    symbol, style = symbol_of(judgement)
    which = f"{one.model} in {one.environment}, {judgement.rule}:"
    yield line(Text(f"{symbol} ", style=style), said(which, "bold"), said(judgement.message))
    if judgement.remedy:
        yield line(Text("  → ", style="cyan"), said(judgement.remedy))
