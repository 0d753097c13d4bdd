"""What all drift statistics of shares look at: the bins of two profiles side by side."""

from collections.abc import Sequence

from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, NumericProfile

RARE = 5.0
"""Cells expected to hold fewer rows than this are pooled: chi-squared does not hold for rare cells."""

Bins = list[tuple[int, int]]
"""Per bin its count in the reference and in the current window."""


def smoothed_shares(counts: Sequence[int]) -> list[float]:
    """(c + 0.5) / (n + 0.5 B): never zero, so that no logarithm is infinite."""
    total = sum(counts) + 0.5 * len(counts)
    return [(count + 0.5) / total for count in counts]


def aligned_bins(reference: FeatureProfile, current: FeatureProfile) -> Bins:
    """The bins of both profiles, the missing values' own included; categories that the reference makes rare are one bin.

    Raises TypeError for profiles that do not share their bins.
    """
    match reference, current:
        case CategoricalProfile(), CategoricalProfile():
            return [*_categories(reference, current), (reference.missing, current.missing)]
        case _:
            return every_bin(reference, current)


def held_bins(reference: FeatureProfile, current: FeatureProfile) -> Bins:
    """Those of the aligned bins that hold a row of either. Raises TypeError as `aligned_bins` does."""
    return [pair for pair in aligned_bins(reference, current) if pair != (0, 0)]


def every_bin(reference: FeatureProfile, current: FeatureProfile) -> Bins:
    """As `aligned_bins`, but every known category by itself, the unseen ones' bin and the missing ones' last."""
    match reference, current:
        case NumericProfile(), NumericProfile() if reference.edges == current.edges:
            return [*zip(reference.counts, current.counts, strict=True), (reference.missing, current.missing)]
        case CategoricalProfile(), CategoricalProfile():
            known = [(count, current.counts.get(category, 0)) for category, count in sorted(reference.counts.items())]
            return [*known, (reference.unseen, current.unseen), (reference.missing, current.missing)]
        case _:
            raise TypeError("the two profiles do not share their bins")


def _categories(reference: CategoricalProfile, current: CategoricalProfile) -> Bins:
    share = current.rows / reference.rows if reference.rows else 0.0
    bins: Bins = []
    rare = (reference.unseen, current.unseen)
    for category, count in sorted(reference.counts.items()):
        pair = (count, current.counts.get(category, 0))
        if count * share < RARE:
            rare = (rare[0] + pair[0], rare[1] + pair[1])
        else:
            bins.append(pair)
    return [*bins, rare]
