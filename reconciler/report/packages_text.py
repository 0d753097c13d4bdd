"""What stays deployable, and whether it can be fetched: for people and for programs."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from reconciler.audit.retention import Retained
from reconciler.domain.judgements import Judgement
from reconciler.domain.names import Digest, short
from reconciler.render.canonical import canonical_json
from reconciler.report.terminal import draw, line, said, symbol_of

Rows = Mapping[str, Sequence[tuple[Retained, Judgement]]]
"""By model."""


def packages_text(rows: Rows, *, width: int, color: bool) -> str:
    """A line for each build that stays, below its model."""
    return draw(list(_lines(rows)), width=width, color=color)


def _lines(rows: Rows) -> Iterator[RenderableType]:
    for model, found in rows.items():
        yield line(said(model, "bold"))
        if not found:
            yield line(Text("  "), said("nothing was ever released"))
        for retained, judgement in found:
            symbol, style = symbol_of(judgement)
            name = f"{retained.version or '-':<9}{short(retained.build.digest)}"
            yield line(Text(f"  {symbol} ", style=style), said(name), said(f"{retained.why}: {judgement.message}"))


def packages_json(rows: Rows) -> str:
    """`{models: {<name>: [{digest, artifact, version, why, environment, revision, answer, code, message, remedy}]}}`."""
    return canonical_json({"models": {model: [_value(*row) for row in found] for model, found in rows.items()}})


def _value(retained: Retained, judgement: Judgement) -> dict[str, str]:
    return {
        "answer": str(judgement.answer),
        "artifact": retained.build.artifact.sha256,
        "code": judgement.code,
        "digest": Digest(retained.build.digest),
        "environment": retained.environment,
        "message": judgement.message,
        "remedy": judgement.remedy,
        "revision": retained.revision,
        "version": retained.version,
        "why": retained.why,
    }
