"""Section: the metrics on the rows that were learnt from, beside the hold-out."""

from collections.abc import Mapping

from reconciler.domain.evidence import Evidence
from reconciler.domain.known import Measured, Missing
from reconciler.domain.metrics import METRICS
from reconciler.render.numbers import NOTHING, number
from reconciler.render.sections.section import Section, Table, absent

TITLE = "Training rows beside the hold-out"


def gap_section(evidence: Evidence) -> Section | None:
    """Each metric on both, and how much is lost on rows that the model never saw."""
    training = evidence.training
    if isinstance(training, Missing):
        return absent(TITLE, training)
    holdout = {} if isinstance(evidence.metrics, Missing) else evidence.metrics
    rows = tuple(_row(name, value, holdout) for name, value in training.items())
    table = Table(head=("metric", "training rows", "hold-out", "lost"), rows=rows, right=frozenset({1, 2, 3}))
    return Section(title=TITLE, table=table) if rows else None


def _row(name: str, before: float, holdout: Mapping[str, Measured]) -> tuple[str, ...]:
    after = holdout.get(name)
    if after is None:
        return name, number(before), NOTHING, NOTHING
    sign = 1.0 if name in METRICS and METRICS[name].higher_is_better else -1.0
    return name, number(before), number(after.value), number(sign * (before - after.value), signed=True)
