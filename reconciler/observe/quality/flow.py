"""Checks of the flow of rows: whether they still come, whether as many as usual, and whether each comes once."""

from datetime import timedelta
from statistics import median

from reconciler.domain.live import QualityCheck
from reconciler.observe.quality.window import NOT_EVALUATED, Found, QualityInput, found
from reconciler.rules.fields import time_text

DAY = timedelta(days=1)
FEWEST_GAPS = 3
"""With fewer, nobody can tell a usual gap."""
FEWEST_WINDOWS = 3
"""Windows before this one that a usual volume takes."""
FACTOR = 3.0
"""A window is too small below a third of the usual volume, and too large above three times it."""
CHANCE = 0.005
"""Per side: as few or as many rows would come by chance."""
EQUAL = 0.01
"""The share of rows that may equal another one in all columns."""


def freshness(window: QualityInput) -> Found:
    """The newest row is older than twice the usual gap between rows and than a day, or there are no rows at all."""
    if window.dataset.spec.event_time not in window.rows.columns:
        return NOT_EVALUATED
    if not window.rows.height:
        return found(
            QualityCheck.FRESHNESS, [("", f"0 rows in the window that ends at {time_text(window.end)}, at least 1 needed")]
        )
    times = window.rows[window.dataset.spec.event_time].drop_nulls().unique().sort()
    gaps = times.diff().drop_nulls()
    if gaps.len() < FEWEST_GAPS:
        return NOT_EVALUATED
    usual, newest = gaps.median(), times[-1]
    assert isinstance(usual, timedelta)  # noqa: S101 - what the median of durations is
    allowed, age = max(2 * usual, DAY), window.end - newest
    said = f"the newest row is {_hours(age)} old at {time_text(window.end)}, {_hours(allowed)} are usual at most"
    return found(QualityCheck.FRESHNESS, [("", said)] if age > allowed else [])


def volume(window: QualityInput) -> Found:
    """Far fewer or far more rows than the windows before had in the median, by a factor and beyond chance (Poisson)."""
    from scipy.special import pdtr, pdtrc

    was_read = bool(window.rows.columns)
    if not was_read or len(window.volumes) < FEWEST_WINDOWS or not (usual := median(window.volumes)):
        return NOT_EVALUATED
    rows = window.rows.height
    is_low = rows < usual / FACTOR and pdtr(rows, usual) < CHANCE
    is_high = rows > usual * FACTOR and pdtrc(rows - 1, usual) < CHANCE
    limits = (
        f"[{usual / FACTOR:,.0f}, {usual * FACTOR:,.0f}] is usual: {usual:,.0f} in the median of {len(window.volumes)} windows"
    )
    return found(QualityCheck.VOLUME, [("", f"{rows:,} rows, {limits}")] if is_low or is_high else [])


def duplicates(window: QualityInput) -> Found:
    """An identifier that comes twice; without one, rows that equal another in every column of the contract, beyond `EQUAL`."""
    rows, name = window.rows, window.dataset.spec.identifier
    if not rows.height:
        return NOT_EVALUATED
    if name is not None and name in rows.columns:
        known = rows[name].drop_nulls()
        again = known.len() - known.n_unique()
        said = f"{again:,} of {known.len():,} rows repeat an identifier in {name}, 0 may"
        return found(QualityCheck.DUPLICATES, [(name, said)] if again else [])
    columns = [column.name for column in window.dataset.spec.columns]
    if name is not None or not set(columns) <= set(rows.columns):
        return NOT_EVALUATED
    again = rows.height - rows.select(columns).hash_rows().n_unique()
    said = f"{again:,} of {rows.height:,} rows ({again / rows.height:.1%}) equal an earlier one in all columns, {EQUAL:.0%} may"
    return found(QualityCheck.DUPLICATES, [("", said)] if again / rows.height > EQUAL else [])


def _hours(age: timedelta) -> str:
    return f"{age / timedelta(hours=1):,.1f} hours"
