"""What came of a sync: every model and environment, how it is there, and what is still waited for."""

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from reconciler.act.settle import Settled, Verdict
from reconciler.domain.clusters import Deployed
from reconciler.render.canonical import canonical_json
from reconciler.report.deployed_text import trouble, word
from reconciler.report.terminal import WIDTH, draw, line, said

SYMBOLS = {
    Verdict.WELL: ("✓", "green"),
    Verdict.UNDER_WAY: ("→", "cyan"),
    Verdict.WAITING: ("…", "yellow"),
    Verdict.FAILED: ("✗", "red"),
}
_WORDS = {Verdict.WELL: "well", Verdict.UNDER_WAY: "under way", Verdict.WAITING: "waiting", Verdict.FAILED: "failed"}
_LONGEST = 12


def sync_text(found: Sequence[Settled], *, width: int = WIDTH, color: bool = False) -> str:
    """One line for each, and how many there are of each kind."""
    return draw(_parts(found), width=width, color=color)


def sync_json(found: Sequence[Settled]) -> str:
    """`{models: [{model, environment, verdict, said, tip, seen}]}` with sorted keys."""
    return canonical_json({"models": [_plain(one) for one in found]})


def progress(found: Sequence[Settled]) -> str:
    """All of it in one line, for somebody who waits."""
    counts = Counter(one.verdict for one in found)
    waits = [f"{one.place.model}.{one.place.environment} {word(one.seen)}" for one in found if one.verdict is Verdict.WAITING]
    return f"{counts[Verdict.WELL]} of {len(found)} well" + (f"; waiting for {', '.join(waits[:3])}" if waits else "")


def _plain(one: Settled) -> dict[str, object]:
    place = one.place
    where = {"environment": place.environment, "model": place.model, "tip": place.tip}
    return where | {"verdict": one.verdict, "said": one.said, "seen": one.seen}


def _parts(found: Sequence[Settled]) -> Iterator[RenderableType]:
    for one in found:
        symbol, style = SYMBOLS[one.verdict]
        yield line(Text(f"{symbol} ", style=style), said(f"{one.place.model} in {one.place.environment}: {word(one.seen)}"))
        for more in (_behind(one), trouble(one.seen), one.said):
            if more:
                yield line(Text("  "), said(more, "dim"))
    counts = Counter(one.verdict for one in found)
    told = ", ".join(f"{counts[verdict]} {_WORDS[verdict]}" for verdict in Verdict if counts[verdict])
    yield said(f"{told}." if told else "Nothing is released where a cluster is configured.", "bold")


def _behind(one: Settled) -> str:
    """Which commit is there, where it is not the branch's."""
    if not isinstance(one.seen, Deployed) or one.seen.revision == one.place.tip:
        return ""
    there, tip = (str(commit or "nothing")[:_LONGEST] for commit in (one.seen.revision, one.place.tip))
    return f"synced from {there}; env/{one.place.environment} is at {tip}"
