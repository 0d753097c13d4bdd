"""The check of labels: patterns in them that look like poisoning, or like a join that broke. Of classes only."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import polars as pl

from reconciler.domain.known import Missing
from reconciler.domain.live import QualityCheck
from reconciler.domain.profiles import CategoricalProfile, Profile
from reconciler.observe.quality.window import NOT_EVALUATED, SURE, Found, QualityInput, found
from reconciler.rules.fields import time_text

DAY = timedelta(days=1)
FEWEST_ROWS = 200
"""Labelled rows that the check takes."""
BUCKET_ROWS = 30
"""Labelled rows that a bucket takes to be looked at."""
JUMP = 0.3
"""By how much a class's share of a bucket must leave its share of the other buckets."""
CLASSES = 20
"""The commonest classes are looked at, each for itself."""
ONE_VALUE, ONE_BEFORE = 0.99, 0.90
"""One class for so many of the newest rows is a pattern where it had less than the other before."""
RISE = 0.1
"""By how much the share of contradictory rows must grow from the older half to the newer."""


def label_pattern(window: QualityInput) -> Found:
    """A bucket whose labels jump, one label for almost all of the newest rows, or ever more contradictions.

    Of mature rows only: labels that come early are often of one kind, and would look like a pattern.
    """
    time, classes = window.dataset.spec.event_time, window.classes
    if isinstance(classes, Missing) or classes.len() != window.rows.height or time not in window.rows.columns:
        return NOT_EVALUATED
    wanted = [time, *(name for name in window.features if name in window.rows.columns)]
    rows = window.rows.select(wanted).with_columns(classes.alias("")).drop_nulls(["", time])
    rows = rows.filter(pl.col(time) < window.end - window.dataset.spec.label.delay).sort(time)
    if rows.height < FEWEST_ROWS:
        return NOT_EVALUATED
    messages = [*_jumps(rows, time), *_one_value(rows[""], window.outcomes), *_contradictions(rows, wanted[1:])]
    return found(QualityCheck.LABEL_PATTERN, [(window.dataset.spec.label.column, message) for message in messages])


def _jumps(rows: pl.DataFrame, time: str) -> Iterator[str]:
    """The bucket, an hour or a day, whose share of a class leaves that of its peers the furthest.

    Of hours over several days the peers are the same hours of other days: nights may well differ from days.
    """
    from scipy.special import bdtr, bdtrc

    span = rows[time][-1] - rows[time][0]
    is_dense = rows.height >= 2 * BUCKET_ROWS * max(1.0, span / timedelta(hours=1))
    peers = pl.col(time).dt.hour() if is_dense and span >= 2 * DAY else pl.lit(0, dtype=pl.Int8)
    made = _buckets(rows.select("", pl.col(time).dt.truncate("1h" if is_dense else "1d").alias("at"), peers.alias("peers")))
    if not made.height:
        return
    size, here, total, others = (made[name].cast(pl.Int64).to_numpy() for name in ("size", "here", "total", "others"))
    share, usual = here / size, (total - here + 0.5) / (others + 1)
    chance = np.where(share > usual, bdtrc(here - 1, size, usual), bdtr(here, size, usual))
    apart = np.where(chance < SURE, np.abs(share - usual), 0.0)
    worst = int(np.argmax(apart + 1e-9 * (share > usual)))  # of two classes the one that grew says more
    if apart[worst] >= JUMP:
        bucket = f"the {'hour' if is_dense else 'day'} {time_text(made['at'][worst])}"
        yield (
            f"{share[worst]:.0%} of {size[worst]:,.0f} labels of {bucket} are {made[''][worst]}, "
            f"{usual[worst]:.0%} of the other {others[worst]:,.0f}"
        )


def _buckets(rows: pl.DataFrame) -> pl.DataFrame:
    """Per bucket `at` and class: rows of the class `here`, of the bucket (`size`), of its peers (`others`), of the class in both.

    The latter is `total`. Only where bucket and peers have enough rows.
    """
    common = rows[""].value_counts(sort=True, name="all").head(CLASSES).select("")
    sizes = rows.group_by("at", "peers").agg(pl.len().cast(pl.Int64).alias("size"))
    counts = rows.group_by("at", "").agg(pl.len().alias("here"))
    every = sizes.with_columns((pl.col("size").sum().over("peers") - pl.col("size")).alias("others"))
    every = every.filter((pl.col("size") >= BUCKET_ROWS) & (pl.col("others") >= BUCKET_ROWS))
    joined = every.join(common, how="cross").join(counts, on=["at", ""], how="left").with_columns(pl.col("here").fill_null(0))
    totals = rows.group_by("peers", "").agg(pl.len().alias("total"))
    return joined.join(totals, on=["peers", ""], how="left").with_columns(pl.col("total").fill_null(0)).sort("at", "")


def _one_value(classes: pl.Series, outcomes: Profile | Missing) -> Iterator[str]:
    newest = classes.tail(FEWEST_ROWS)
    name, count = newest.value_counts(sort=True).row(0)
    share = count / newest.len()
    before, where = _share_before(name, classes, outcomes)
    if share >= ONE_VALUE and before is not None and before < ONE_BEFORE:
        yield f"{share:.0%} of the newest {newest.len():,} labels are {name}, {before:.0%} {where}"


def _share_before(name: str, classes: pl.Series, outcomes: Profile | Missing) -> tuple[float | None, str]:
    """The class's share in the reference, else in the rows before the newest."""
    if not isinstance(outcomes, Missing):
        for one in outcomes.features.values():
            if isinstance(one, CategoricalProfile) and one.present and name in one.counts:
                return one.counts[name] / one.present, "in the reference"
    older = classes.head(classes.len() - FEWEST_ROWS)
    return ((older == name).mean() or 0.0, "before") if older.len() >= FEWEST_ROWS else (None, "")  # type: ignore[return-value]


def _contradictions(rows: pl.DataFrame, features: list[str]) -> Iterator[str]:
    """Rows whose features equal those of a row with another label, of the older half and of the newer."""
    from scipy.stats import hypergeom

    if not features:
        return
    half = rows.height // 2
    counts = [_contradictory(part, features) for part in (rows.head(half), rows.slice(half))]
    sizes = [half, rows.height - half]
    shares = [count / size for count, size in zip(counts, sizes, strict=True)]
    chance = hypergeom.sf(counts[1] - 1, rows.height, sum(counts), sizes[1])
    if shares[1] - shares[0] >= RISE and chance < SURE:
        yield (
            f"{shares[1]:.0%} of the newer {sizes[1]:,} rows have a label that rows with the same features contradict, "
            f"{shares[0]:.0%} of the older {sizes[0]:,}"
        )


def _contradictory(rows: pl.DataFrame, features: list[str]) -> int:
    keyed = pl.DataFrame({"key": rows.select(features).hash_rows(), "label": rows[""]})
    groups = keyed.group_by("key").agg(pl.len(), pl.col("label").n_unique().alias("labels"))
    return int(groups.filter(pl.col("labels") > 1)["len"].sum())
