"""What `audit --verify` found: the first broken link at the top, then every link of every version."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from reconciler.audit.verify import Verification, answer_of
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import short
from reconciler.render.canonical import canonical_json
from reconciler.report.terminal import SYMBOLS, WIDTH, draw, line, said

_WORDS = {Answer.YES: "whole", Answer.NO: "BROKEN", Answer.UNKNOWN: "CANNOT BE TOLD"}
_LABEL = 10


def verify_text(found: Sequence[Verification], *, width: int = WIDTH, color: bool = False) -> str:
    """A block for each model, and the verdict above all."""
    return draw(_parts(found), width=width, color=color)


def verify_json(found: Sequence[Verification], answer: Answer | None = None) -> str:
    """`{answer, first: {about, link} or null, models: [...]}` with sorted keys. Without an `answer` it follows from `found`."""
    first = first_doubt(found)
    told = None if first is None else {"about": first[0], "link": first[1]}
    return canonical_json({"answer": answer or answer_of(found), "first": told, "models": list(found)})


def first_doubt(found: Sequence[Verification]) -> tuple[str, Judgement] | None:
    """(what it is about, link) of the first that is broken; of the first that cannot be seen, when none is broken."""
    links = [pair for one in found for pair in one.all()]
    for answer in (Answer.NO, Answer.UNKNOWN):
        for about, link in links:
            if link.answer is answer:
                return about, link
    return None


def _parts(found: Sequence[Verification]) -> Iterator[RenderableType]:
    yield from _verdict(found)
    for one in found:
        yield Text()
        yield said(one.model, "bold underline")
        for link in one.links:
            yield from _link(link, "  ")
        if not one.versions:
            yield line(Text("  "), said("nothing was ever released", "dim"))
        for version in one.versions:
            where = f"runs in {', '.join(version.environments)}" if version.environments else "ran before"
            yield line(Text("  "), said(version.version, "bold"), said(short(version.digest)), said(where, "dim"))
            for link in version.links:
                yield from _link(link, "    ")


def _verdict(found: Sequence[Verification]) -> Iterator[RenderableType]:
    answer, first = answer_of(found), first_doubt(found)
    symbol, style = SYMBOLS[answer]
    links = [link.answer for one in found for _, link in one.all()]
    counts = f"{links.count(Answer.YES)} of {len(links)} links hold"
    if first is None:
        yield line(Text(f"{symbol} ", style=style), said(f"all {len(links)} links hold", style))
        return
    about, link = first
    yield line(
        Text(f"{symbol} ", style=style), said(f"{_WORDS[answer]}: {link.rule} of {about}", style), said(f"({counts})", "dim")
    )
    yield line(Text("  "), said(link.message))
    if link.remedy:
        yield line(Text("  try: "), said(link.remedy))


def _link(link: Judgement, indent: str) -> Iterator[RenderableType]:
    symbol, style = SYMBOLS[link.answer]
    yield line(Text(f"{indent}{symbol} ", style=style) + Text(f"{link.rule:<{_LABEL}}", style="bold"), said(link.message))
    if link.answer is not Answer.YES and link.remedy:
        yield line(Text(f"{indent}  {'':<{_LABEL}}try: "), said(link.remedy))
