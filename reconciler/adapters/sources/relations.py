"""Used by the survey: how much one column alone tells of the target, and which columns repeat another."""

import math

import polars as pl

from reconciler.adapters.sources.columns import as_float, kind_of
from reconciler.domain.survey import Kind

MOST_CLASSES = 20
"""A target with more different numbers is taken for a quantity."""
_ROWS_PER_GROUP = 10
_MOST_GROUPS = 4096
_NUMBERS = (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN)


def copies(rows: pl.DataFrame) -> dict[str, str]:
    """Each column that equals an earlier one in all rows, with that earlier one. A column of one value copies nothing."""
    seen: dict[int, list[str]] = {}
    found = {}
    for name in rows.columns:
        if rows[name].drop_nulls().n_unique() < 2:
            continue
        earlier = seen.setdefault(int(rows[name].hash(seed=0).sum()), [])
        same = next((other for other in earlier if rows[other].equals(rows[name], check_names=False, null_equal=True)), None)
        if same is None:
            earlier.append(name)
        else:
            found[name] = same
    return found


def explains(column: pl.Series, label: pl.Series) -> float:
    """Share of the target's variation, in [0, 1], that knowing only this column removes.

    Classes: the share of the errors of always naming the most frequent class, or 2 |AUC - 1/2| of two classes, whichever is
    larger. Quantities: the largest of |Pearson's r|, |Spearman's rho| and eta (between groups). Groups have as few as ten
    rows, so chance alone gives up to about a third: only shares near 1 say something.
    """
    frame = pl.DataFrame({"x": column, "y": label})
    classes = kind_of(label.dtype) in (Kind.TEXT, Kind.BOOLEAN) or label.n_unique() <= MOST_CLASSES
    frame = frame.with_columns(pl.col("y").cast(pl.String) if classes else pl.col("y").cast(pl.Float64))
    if not classes:
        frame = frame.filter(pl.col("y").is_finite())
    shares = [_of_classes(frame), _area(frame)] if classes else [_correlation(frame), _between(frame)]
    return max(share if math.isfinite(share) else 0.0 for share in shares)


def _groups(frame: pl.DataFrame) -> pl.DataFrame | None:
    """The frame with `x` cut into groups of enough rows; None when the values are too many to be groups."""
    most = min(_MOST_GROUPS, frame.height // _ROWS_PER_GROUP)
    if frame["x"].n_unique() <= most:
        return frame
    if kind_of(frame["x"].dtype) not in (Kind.INTEGER, Kind.NUMBER) or most < 2:
        return None
    rank = pl.col("x").rank("min") - 1  # equal values stay together, so the order of rows means nothing
    return frame.with_columns((rank * most // frame.height).alias("x"))


def _of_classes(frame: pl.DataFrame) -> float:
    grouped = _groups(frame)
    if grouped is None:
        return 0.0
    usual = as_float(frame["y"].value_counts(name="n")["n"].max()) / frame.height
    best = grouped.group_by("x", "y").len().group_by("x").agg(pl.col("len").max())
    right = as_float(best["len"].sum()) / frame.height
    return (right - usual) / (1 - usual) if usual < 1 else 0.0


def _area(frame: pl.DataFrame) -> float:
    """2 |AUC - 1/2| when there are two classes and a column of numbers."""
    frame = frame.drop_nulls()
    classes = sorted(frame["y"].unique())
    if len(classes) != 2 or kind_of(frame["x"].dtype) not in _NUMBERS:
        return 0.0
    ranks = frame.select(pl.col("x").cast(pl.Float64).rank().alias("rank"), positive=pl.col("y") == classes[1])
    positive = int(ranks["positive"].sum())
    above = as_float(ranks.filter("positive")["rank"].sum()) - positive * (positive + 1) / 2
    return abs(2 * above / (positive * (frame.height - positive)) - 1)


def _correlation(frame: pl.DataFrame) -> float:
    if kind_of(frame["x"].dtype) not in _NUMBERS:
        return 0.0
    frame = frame.with_columns(pl.col("x").cast(pl.Float64)).drop_nulls().filter(pl.col("x").is_finite())
    if frame.height < 3 or frame["x"].n_unique() < 2:
        return 0.0
    found = frame.select(pearson=pl.corr("x", "y"), spearman=pl.corr("x", "y", method="spearman")).row(0)
    return max(abs(value) if value is not None and math.isfinite(value) else 0.0 for value in found)


def _between(frame: pl.DataFrame) -> float:
    """Eta: the root of the share of the variance that lies between the groups."""
    grouped = _groups(frame)
    total = frame["y"].var(ddof=0)
    if grouped is None or not isinstance(total, float) or not total > 0:
        return 0.0
    within = (
        as_float(grouped.group_by("x", maintain_order=True).agg(pl.col("y").var(ddof=0) * pl.len())["y"].sum()) / frame.height
    )
    return math.sqrt(max(0.0, 1 - within / total))
