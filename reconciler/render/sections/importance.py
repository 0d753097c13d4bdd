"""Section: what the model leans on, as bars, beside what the live model leans on."""

from collections.abc import Mapping

from reconciler.domain.evidence import Evidence
from reconciler.domain.known import Missing
from reconciler.domain.measured.importance import Beside, Importance, Leaning, Ranged
from reconciler.render.charts import bar
from reconciler.render.markdown import Drawn
from reconciler.render.numbers import NOTHING, percent
from reconciler.render.sections.section import Section, Table, absent, beside

TITLE = "What the model leans on"
SHOWN = 15
"""Features that get a row; the others are counted."""


def importance_section(evidence: Evidence) -> Section | None:
    """Permutation importance; what train kept in outcomes.json is shown by `kept_section` where nobody asked for intervals."""
    found = evidence.importance
    if isinstance(found, Missing):
        return absent(TITLE, found)
    leanings = found.beside.features if isinstance(found.beside, Beside) else {}
    ranked = sorted(found.shares, key=lambda name: (-found.shares[name].value, name))
    rows = tuple(_row(name, found.shares[name], leanings) for name in ranked[:SHOWN])
    table = Table(head=("feature", "importance", "share", "95 %", "live", "shift"), rows=rows, right=frozenset({2, 4, 5}))
    return Section(title=TITLE, table=table, notes=tuple(_notes(found, len(ranked))))


def kept_section(shares: Mapping[str, float]) -> Section | None:
    """The same from shares alone, as they are kept with every model."""
    if not shares:
        return None
    ranked = sorted(shares, key=lambda name: (-shares[name], name))
    rows = tuple((name, Drawn(bar(shares[name])), percent(shares[name])) for name in ranked[:SHOWN])
    table = Table(head=("feature", "importance", "share"), rows=rows, right=frozenset({2}))
    return Section(title=TITLE, table=table, notes=(_MEANING, *_more(len(ranked))))


_MEANING = "A feature's share of how much the loss grows when the features are shuffled one at a time."


def _row(name: str, share: Ranged, leanings: Mapping[str, Leaning]) -> tuple[str, ...]:
    beside_live = leanings.get(name)
    live = percent(beside_live.live.value) if beside_live else NOTHING
    shift = percent(beside_live.shift.value, signed=True) if beside_live else NOTHING
    return name, Drawn(bar(share.value)), percent(share.value), f"{percent(share.low)} to {percent(share.high)}", live, shift


def _notes(found: Importance, count: int) -> list[str]:
    said = [f"{_MEANING} Of {found.rows:,} rows of the hold-out."]
    match found.beside:
        case Beside():
            said.append("Live and shift are of the features that both models have, on the same rows.")
        case other:
            said.append(beside(other, "The importance"))
    return [*said, *_more(count)]


def _more(count: int) -> tuple[str, ...]:
    return (f"{count - SHOWN} more features have less.",) if count > SHOWN else ()
