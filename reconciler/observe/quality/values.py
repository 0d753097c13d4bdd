"""Checks of values: shares of missing ones, ranges, and categories, each for all columns in one select."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from reconciler.domain.known import Missing
from reconciler.domain.live import QualityCheck
from reconciler.observe.quality.window import NOT_EVALUATED, Found, QualityInput, found
from reconciler.statistics.drift.measure import ALPHA
from reconciler.statistics.significance import holm

SPIKE = 0.05
"""By how much the missing share must grow to be a spike (STATISTICS: `missingRate`)."""
NAMED = 5
"""How many unseen categories a message names."""


def null_spikes(window: QualityInput) -> Found:
    """Features that are missing more often than in the reference, significantly and by `SPIKE`; and gaps the contract forbids.

    The p-value is one-sided and exact (hypergeometric), so that small windows and rare gaps are judged rightly.
    """
    rows = window.rows
    if isinstance(window.reference, Missing) or not rows.height:
        return NOT_EVALUATED
    reference = {name: one for name, one in window.reference.features.items() if name in rows.columns and one.rows}
    strict = [one.name for one in window.dataset.spec.columns if not one.nullable and one.name in rows.columns]
    seen = missing_counts(rows, sorted({*reference, *strict}))
    names = sorted(reference)
    sure = holm(
        _more_missing([(reference[name].missing, reference[name].rows, seen[name]) for name in names], rows.height), ALPHA
    )
    findings = []
    for name, is_sure in zip(names, sure, strict=True):
        before, after = reference[name].missing / reference[name].rows, seen[name] / rows.height
        if is_sure and after - before >= SPIKE:
            findings.append((name, f"{after:.1%} of {rows.height:,} values of {name} are missing, {before:.1%} in the reference"))
    told = {name for name, _ in findings}
    findings += [
        (name, f"{seen[name]:,} of {rows.height:,} values of {name} are missing, the contract allows 0")
        for name in strict
        if seen[name] and name not in told
    ]
    return found(QualityCheck.NULL_SPIKE, findings)


def missing_counts(rows: pl.DataFrame, names: Sequence[str]) -> Mapping[str, int]:
    """How many values of each column are missing: null, or a float that is no finite number."""
    floats = {name for name in names if rows.schema[name].is_float()}
    counted = rows.select(
        (~pl.col(name).is_finite()).fill_null(value=True).sum() if name in floats else pl.col(name).null_count() for name in names
    )
    return dict(zip(counted.columns, counted.row(0), strict=True)) if names else {}


def _more_missing(counts: Sequence[tuple[int, int, int]], rows: int) -> list[float]:
    """P(at least so many missing in the window), per (missing in the reference, rows of it, missing in the window)."""
    from scipy.stats import hypergeom

    if not counts:
        return []
    before, of, now = np.array(counts, dtype=np.int64).T
    tails: list[float] = hypergeom.sf(now - 1, of + rows, before + now, rows).tolist()
    return tails


def out_of_range(window: QualityInput) -> Found:
    """Numbers below the contract's minimum or above its maximum."""
    rows = window.rows
    bounded = [
        (one.name, side, bound)
        for one in window.dataset.spec.columns
        if one.name in rows.columns and rows.schema[one.name].is_numeric()
        for side, bound in (("below", one.minimum), ("above", one.maximum))
        if bound is not None
    ]
    if not rows.height or not bounded:
        return found(QualityCheck.OUT_OF_RANGE, []) if rows.height else NOT_EVALUATED
    asked = []
    for index, (name, side, bound) in enumerate(bounded):
        values = pl.col(name).fill_nan(None) if rows.schema[name].is_float() else pl.col(name)
        outside = values < bound if side == "below" else values > bound
        asked += [outside.sum().alias(f"{index}"), (values.min() if side == "below" else values.max()).alias(f"{index} end")]
    answers = rows.select(asked).row(0, named=True)
    return found(
        QualityCheck.OUT_OF_RANGE,
        [
            (
                name,
                f"{answers[f'{index}']:,} of {rows.height:,} values of {name} are {side} {bound:g}, "
                f"the {'least' if side == 'below' else 'greatest'} is {answers[f'{index} end']:g}",
            )
            for index, (name, side, bound) in enumerate(bounded)
            if answers[f"{index}"]
        ],
    )


def unseen_categories(window: QualityInput) -> Found:
    """Values of a column that the contract's list of categories does not have."""
    rows = window.rows
    if not rows.height:
        return NOT_EVALUATED
    findings = []
    for column in window.dataset.spec.columns:
        dtype = rows.schema.get(column.name)
        if column.categories is None or dtype is None or dtype.is_nested() or dtype.is_temporal():
            continue
        values = rows[column.name].drop_nulls().cast(pl.String)
        counts = values.value_counts(sort=True).filter(~pl.col(values.name).is_in(list(column.categories)))
        if counts.height:
            shown = ", ".join(counts[values.name].head(NAMED).to_list())
            findings.append(
                (
                    column.name,
                    f"{counts['count'].sum():,} of {rows.height:,} values of {column.name} are none of the contract's "
                    f"{len(column.categories)} categories: {shown}",
                )
            )
    return found(QualityCheck.UNSEEN_CATEGORY, findings)
