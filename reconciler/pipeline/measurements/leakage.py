"""Measurement `leakage`: rows that are on both sides of the split, features of the future, and features that tell all alone."""

from datetime import datetime
from typing import TYPE_CHECKING

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Known
from reconciler.domain.measured.data import Leakage, SharedRows
from reconciler.pipeline.alone import told_alone
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.scored import Scored
from reconciler.rules.gates.leakage import LeakageGate
from reconciler.specs.dataset import Dataset
from reconciler.specs.dataset import Known as When

if TYPE_CHECKING:
    import polars as pl


def leakage(context: StageContext, scored: Scored) -> Known[Leakage]:
    """All of it, if a gate asks. Raises ReconcilerError for rows that cannot be read as the contract has them."""
    if not any(isinstance(gate, LeakageGate) for gate in context.gates):
        return NOT_MEASURED
    body, stored = context.dataset.spec, scored.stored
    begin: datetime = stored.holdout[body.event_time].min()  # type: ignore[assignment]
    early = stored.train[body.event_time] >= begin - body.label.delay
    content = [*scored.contract.features.names, scored.contract.label]
    named = body.identifier if body.identifier in stored.train.columns else None
    whole = [named] if named else list(dict.fromkeys((body.event_time, *content)))
    return Leakage(
        known_after=_known_after(context.dataset, scored.contract),
        early_labels=int(early.sum()),
        holdout_from=begin,
        rows=_shared(named or "all columns", stored.train[whole], stored.holdout[whole], repeats=False),
        contents=_shared("features and label", stored.train[content], stored.holdout[content], repeats=True),
        alone=told_alone(scored),
    )


def _known_after(dataset: Dataset, contract: Contract) -> tuple[str, ...]:
    """Features that no one could know when the model is asked."""
    late = {column.name for column in dataset.spec.columns if column.known is When.AFTER}
    return tuple(sorted(({*late, dataset.spec.label.column, dataset.spec.event_time}) & {*contract.features.names}))


def _shared(by: str, train: "pl.DataFrame", holdout: "pl.DataFrame", *, repeats: bool) -> SharedRows:
    """Rows by their hash. Where rows may repeat each other, chance is what the training rows show among themselves."""
    import polars as pl

    known, asked = (pl.DataFrame({"row": part.hash_rows(seed=0)}) for part in (train, holdout))
    chance, behind = max(_chances(known)) if repeats else (0.0, train.height)
    shared = asked.join(known, on="row", how="semi").height
    return SharedRows(by=by, shared=shared, rows=asked.height, chance=chance, chance_rows=behind)


def _chances(rows: "pl.DataFrame") -> list[tuple[float, int]]:
    """Share of rows that equal another one, and share of the newest quarter that equals an older one; with the rows behind it."""
    counts = rows.group_by("row").len()
    single = int((counts["len"] == 1).sum())
    newest = max(1, rows.height // 4)
    older, newer = rows[:-newest], rows[-newest:]
    again = newer.join(older, on="row", how="semi").height
    return [((rows.height - single) / rows.height, rows.height), (again / newer.height, newer.height)]
