"""Observe: a window of the live stream held against the dataset's contract, against the reference, and against itself."""

from itertools import chain

from reconciler.domain.live import LiveQuality
from reconciler.observe.quality.flow import duplicates, freshness, volume
from reconciler.observe.quality.labels import label_pattern
from reconciler.observe.quality.schema import columns_now, types_now
from reconciler.observe.quality.values import null_spikes, out_of_range, unseen_categories
from reconciler.observe.quality.window import Found, QualityInput

__all__ = ["QualityInput", "live_quality"]

CHECKS = (
    columns_now,
    types_now,
    null_spikes,
    out_of_range,
    unseen_categories,
    freshness,
    volume,
    duplicates,
    label_pattern,
)


def live_quality(window: QualityInput) -> LiveQuality:
    """Every check that can be made, in the order of `QualityCheck`; those that cannot are not in `evaluated`."""
    made: list[Found] = [check(window) for check in CHECKS]
    return LiveQuality(
        rows=window.rows.height,
        evaluated=tuple(chain.from_iterable(found.evaluated for found in made)),
        findings=tuple(chain.from_iterable(found.findings for found in made)),
    )
