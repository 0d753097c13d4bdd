"""One page for people: everything that is known of a candidate or a release, with plots."""

from collections.abc import Iterator, Sequence

from reconciler.domain.blessings import Blessing
from reconciler.domain.evidence import Comparison, Evidence, Gain
from reconciler.domain.judgements import OVERRIDDEN
from reconciler.domain.known import Missing
from reconciler.domain.measured.importance import Beside, Importance
from reconciler.domain.measured.robustness import Strained
from reconciler.domain.measured.slices import Sliced, SliceGain, SliceGains
from reconciler.domain.verdicts import Bin
from reconciler.render.card import answers_of
from reconciler.render.changes import spec_difference
from reconciler.render.difference import rendered_difference
from reconciler.render.markdown import Drawn
from reconciler.render.numbers import between, number
from reconciler.render.review import Review
from reconciler.render.rows import (
    cost_of,
    environment_rows,
    evidence_notes,
    gate_rows,
    lineage_rows,
    metric_rows,
    part_rows,
    trigger_rows,
)
from reconciler.render.sections import calibration, groups, importance, robustness, sections_of, untested
from reconciler.render.sections.robustness import bounds_of
from reconciler.render.sections.section import Table
from reconciler.report.page import lines_of, render_page
from reconciler.report.plots import SIZES, Interval, Whisker, bars_of, reliability_of, whiskers_of

STYLES = {
    str(Blessing.BLESSED): "good",
    str(Blessing.NO_BASELINE): "good",
    str(Blessing.REJECTED): "bad",
    str(Blessing.INCONCLUSIVE): "doubt",
    OVERRIDDEN.upper(): "doubt",
}
_ERRORS = 1.96
"""Standard errors of a two-sided 95 % interval."""


def release_page(review: Review) -> str:
    """The page of the review, the same for the same review."""
    live = review.champion.build if review.champion else None
    dataset = review.dataset
    return render_page(
        "release.html.j2",
        title=f"{review.model.name} {review.release.version}",
        review=review,
        answers=answers_of(review.model, dataset.spec.label.column if dataset else ""),
        styles=STYLES,
        gates=gate_rows(review.gates),
        metrics=metric_rows(review.model, review.evidence),
        gains=gains_of(review),
        notes=evidence_notes(review.evidence),
        sections=sections_of(review.evidence, review.importance),
        plots=plots_of(review.evidence),
        plain=plain_table,
        is_drawn=is_drawn,
        untested=untested(review.evidence),
        trigger=trigger_rows(review.cause.trigger) if review.cause else [],
        lineage=lineage_rows(review.candidate.build, live),
        parts=part_rows(review.candidate.build, live),
        changes=lines_of(spec_difference(review)),
        manifests=lines_of(rendered_difference(review.specs, review.release)),
        environments=environment_rows(review),
        cost=cost_of(review.spent),
        bars_of=bars_of,
        sizes=SIZES,
    )


def gains_of(review: Review) -> tuple[Whisker, ...]:
    """The gain of each metric over the live model, in the order of the spec, each on its own scale."""
    comparison = review.evidence.comparison
    if not isinstance(comparison, Comparison):
        return ()
    gains = [comparison.gains[name] for name in review.model.spec.metrics if name in comparison.gains]
    return whiskers_of([drawn for gain in gains if (drawn := _of_gain(gain.metric, gain))], together=False)


def _of_gain(label: str, gain: Gain) -> Interval | None:
    """None when its quantiles were not kept."""
    bounds = bounds_of(gain)
    if bounds is None:
        return None
    said = f"{number(gain.gain, signed=True)} ({between(*bounds, signed=True)})"
    return Interval(label=label, low=bounds[0], value=gain.gain, high=bounds[1], said=said)


def plots_of(evidence: Evidence) -> dict[str, object]:
    """By the title of a section what is drawn above its table: its kind, and its marks."""
    found: dict[str, object] = {}
    if not isinstance(evidence.importance, Missing):
        found[importance.TITLE] = ("paired", bars_of(list(_leanings(evidence.importance))))
    if not isinstance(evidence.calibration, Missing):
        found[calibration.TITLE] = ("reliability", reliability_of(evidence.calibration.candidate.bins))
    if not isinstance(evidence.robustness, Missing):
        found[robustness.TITLE] = ("whiskers", whiskers_of(list(_strains(evidence.robustness)), together=True))
    if not isinstance(evidence.slices, Missing):
        found[groups.SLICES] = ("whiskers", whiskers_of(list(_slices(evidence.slices)), together=True))
    return found


def plain_table(table: Table) -> Table:
    """The table without the columns that are drawn of characters; the page draws them itself."""
    drawn = {place for row in table.rows for place, cell in enumerate(row) if isinstance(cell, Drawn)}
    kept = [place for place in range(len(table.head)) if place not in drawn]
    return Table(
        head=tuple(table.head[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
        right=frozenset(number for number, place in enumerate(kept) if place in table.right),
    )


def is_drawn(cell: str) -> bool:
    """The cell is made of characters of one width."""
    return isinstance(cell, Drawn)


def _leanings(found: Importance) -> Iterator[Bin]:
    live = found.beside.features if isinstance(found.beside, Beside) else {}
    for name in sorted(found.shares, key=lambda one: (-found.shares[one].value, one)):
        yield Bin(label=name, reference=live[name].live.value if name in live else 0.0, current=found.shares[name].value)


def _strains(found: Strained) -> Iterator[Interval]:
    for _, strain in sorted(found.strains.items()):
        if drawn := _of_gain(strain.what, strain.gain):
            yield drawn


def _slices(slices: Sequence[Sliced]) -> Iterator[Interval]:
    for sliced in slices:
        gains = sliced.gains.gains if isinstance(sliced.gains, SliceGains) else {}
        for name, gain in gains.items():
            if isinstance(gain, SliceGain):
                low, high = gain.gain - _ERRORS * gain.error, gain.gain + _ERRORS * gain.error
                said = f"{number(gain.gain, signed=True)} ({between(low, high, signed=True)})"
                yield Interval(label=f"{' and '.join(sliced.columns)}: {name}", low=low, value=gain.gain, high=high, said=said)
