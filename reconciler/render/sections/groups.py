"""Sections: how the model does on parts of the hold-out, and how it treats groups."""

from collections.abc import Iterator

from reconciler.domain.evidence import Evidence
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.measured.fairness import Grouped
from reconciler.domain.measured.slices import Sliced, SliceGain, SliceGains, SliceValue
from reconciler.render.charts import bar, interval
from reconciler.render.markdown import Drawn
from reconciler.render.numbers import NOTHING, between, number, percent
from reconciler.render.sections.section import Section, Table, absent, beside

SLICES, FAIRNESS = "Slices", "How it treats groups"
SHOWN = 25
"""Slices that get a row: of each cut the worst against the live model, then the largest."""
_ERRORS = 1.96
"""Standard errors of a two-sided 95 % interval."""
_SHARES = frozenset({"selectionRate", "truePositiveRate", "falsePositiveRate"})


def slices_section(evidence: Evidence) -> Section | None:
    """The metric in each slice, and the gain over the live model."""
    found = evidence.slices
    if isinstance(found, Missing):
        return absent(SLICES, found)
    rows = [row for sliced in found for row in _slice_rows(sliced)]
    head = ("slice", "metric", "rows", "candidate", "95 %", "gain", "worse ┼ better")
    table = Table(head=head, rows=tuple(rows), right=frozenset({2, 3, 5})) if rows else None
    return Section(title=SLICES, table=table, notes=tuple(note for sliced in found for note in _slice_notes(sliced)))


def _slice_rows(sliced: Sliced) -> Iterator[tuple[str, ...]]:
    gains = sliced.gains.gains if isinstance(sliced.gains, SliceGains) else {}
    known = {name: gain for name, gain in gains.items() if isinstance(gain, SliceGain)}
    worst = sorted(sliced.rows, key=lambda name: (known[name].gain if name in known else 0.0, -sliced.rows[name], name))
    cut = " and ".join(sliced.columns)
    for name in worst[:SHOWN]:
        value, gain = sliced.measured.get(name), known.get(name)
        shown = (number(value.value), between(value.low, value.high)) if isinstance(value, SliceValue) else (NOTHING, NOTHING)
        yield f"{cut}: {name}", sliced.metric, f"{sliced.rows[name]:,}", *shown, *_gain(gain)


def _gain(gain: SliceGain | None) -> tuple[str, str]:
    if gain is None:
        return NOTHING, ""
    reach = _ERRORS * gain.error
    return number(gain.gain, signed=True), Drawn(interval(gain.gain - reach, gain.gain, gain.gain + reach))


def _slice_notes(sliced: Sliced) -> Iterator[str]:
    cut = " and ".join(sliced.columns)
    if isinstance(sliced.gains, Missing | NoBaseline):
        yield beside(sliced.gains, cut)
    if more := max(0, len(sliced.rows) - SHOWN) + sliced.left_out:
        yield f"{cut}: {more} more slices."


def fairness_section(evidence: Evidence) -> Section | None:
    """What the model does in each group, with intervals."""
    found = evidence.fairness
    if isinstance(found, Missing):
        return absent(FAIRNESS, found)
    rows = tuple(row for grouped in found for row in _group_rows(grouped))
    table = Table(head=("group", "rows", "what", "", "value", "95 %"), rows=rows, right=frozenset({1, 4})) if rows else None
    return Section(title=FAIRNESS, table=table)


def _group_rows(grouped: Grouped) -> Iterator[tuple[str, ...]]:
    """Rate by rate, so that groups can be compared."""
    names = list(dict.fromkeys(rate for rates in grouped.rates.values() for rate in rates))
    for rate in names:
        for group, rates in sorted(grouped.rates.items()):
            yield f"{grouped.column}: {group}", f"{grouped.rows.get(group, 0):,}", rate, *_rate(rate, rates.get(rate))


def _rate(name: str, rate: Known[Measured] | None) -> tuple[str, str, str]:
    match rate:
        case Measured(value=value, low=low, high=high) if name in _SHARES:
            return Drawn(bar(value)), percent(value), f"{percent(low)} to {percent(high)}"
        case Measured(value=value, low=low, high=high):
            return "", number(value), between(low, high)
        case _:
            return "", NOTHING, NOTHING
