"""Section: how the features had moved when the training was ordered."""

from reconciler.domain.cause import Drifted, Moved
from reconciler.render.charts import columns
from reconciler.render.markdown import Drawn
from reconciler.render.numbers import NOTHING, number, percent
from reconciler.render.sections.section import Section, Table


def drift_section(drift: Drifted) -> Section:
    """The features that moved most; the drawings have a column per bin, as high as its share of the rows."""
    table = Table(
        head=("feature", drift.statistic, "cut", "", "training", f"last {drift.window}", "importance"),
        rows=tuple(_row(one) for one in drift.moved),
        right=frozenset({1, 2, 6}),
    )
    count = sum(one.drifted for one in drift.moved)
    said = f"{drift.rows:,} rows of the last {drift.window} beside what the live model was trained on"
    shown = f"{count} of the {len(drift.moved)} heaviest of {drift.features} features drifted"
    return Section(title=f"Drift over the last {drift.window}", table=table, notes=(f"{said}: {shown}.",))


def _row(one: Moved) -> tuple[str, ...]:
    most = max((max(bin.reference, bin.current) for bin in one.bins), default=0.0) or 1.0
    return (
        one.feature,
        number(one.value),
        number(one.cut),
        "drifted" if one.drifted else "",
        Drawn(columns([bin.reference for bin in one.bins], most)),
        Drawn(columns([bin.current for bin in one.bins], most)),
        NOTHING if one.importance is None else percent(one.importance),
    )
