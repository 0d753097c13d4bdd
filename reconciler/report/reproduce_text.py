"""What came of making a release again: where its rows came from, and digest by digest whether it is the same."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from reconciler.audit.reproduce import Reproduction
from reconciler.domain.judgements import Answer
from reconciler.domain.names import short
from reconciler.render.canonical import canonical_json
from reconciler.report.terminal import SYMBOLS, WIDTH, draw, line, said

_WORDS = {
    Answer.YES: "made again, and the same",
    Answer.NO: "made again, and NOT THE SAME",
    Answer.UNKNOWN: "CANNOT BE MADE AGAIN here",
}
_LABEL = 16


def reproduce_text(found: Reproduction, *, width: int = WIDTH, color: bool = False) -> str:
    """The verdict, then every part."""
    return draw(_parts(found), width=width, color=color)


def reproduce_json(found: Reproduction) -> str:
    """`{answer, reproduction}` with sorted keys."""
    return canonical_json({"answer": found.answer, "reproduction": found})


def _parts(found: Reproduction) -> Iterator[RenderableType]:
    symbol, style = SYMBOLS[found.answer]
    what = f"{found.model} {found.version} ({short(found.digest)})"
    yield line(Text(f"{symbol} ", style=style), said(what, "bold"), said(_WORDS[found.answer], style))
    if found.rows:
        yield line(Text(f"    {'rows':<{_LABEL}}", style="bold"), said(found.rows))
    for part in found.parts:
        symbol, style = SYMBOLS[part.answer]
        yield line(Text(f"  {symbol} ", style=style) + Text(f"{part.rule:<{_LABEL}}", style="bold"), said(part.message))
        if part.remedy:
            yield line(Text(f"    {'':<{_LABEL}}try: "), said(part.remedy))
