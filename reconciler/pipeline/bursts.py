"""Used by the measurement of labels: days on which one and the same row comes again and again."""

from typing import TYPE_CHECKING

import numpy as np

from reconciler.pipeline.artifact import Contract
from reconciler.statistics.segments import Partition, Readings

if TYPE_CHECKING:
    import polars as pl


def bursts(contract: Contract, rows: "pl.DataFrame", days: Partition) -> Readings:
    """Of each day the share of its most frequent row, by features and label, beside that of the other days.

    Rows that repeat each other every day are usual. The chance is that of the 90 % quantile of all days, or of one row.
    """
    import polars as pl
    from scipy.special import betainc

    content = rows.select(*contract.features.names, contract.label).hash_rows(seed=0)
    counted = pl.DataFrame({"day": days.codes, "row": content}).group_by("day", "row").len()
    most = counted.group_by("day").agg(pl.col("len").max()).sort("day")["len"].to_numpy().astype(np.float64)
    total = days.sums()
    share = most / total
    usual = np.maximum(np.quantile(share, 0.9), 1 / total)
    middle = np.full(days.size, float(np.median(share)))
    return Readings(
        names=np.asarray(days.names, dtype=object),
        rows=total,
        observed=share,
        expected=middle,
        excess=share - middle,
        noise=np.sqrt(np.maximum(usual * (1 - usual), 1 / total) / total),
        p=np.where(most > 1, betainc(most, total - most + 1, np.minimum(usual, 0.999)), 1.0),
        judged=most > 1,
    )
