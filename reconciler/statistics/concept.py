"""Concept drift: river's detectors run over the losses of mature rows, in the order of their events; and the kind of change."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reconciler.domain.live import DriftKind
from reconciler.domain.needs import ConceptNeed, Detector
from reconciler.statistics.grid import Floats

ADWIN_DELTA = 0.002
KSWIN_ALPHA = 0.0001
"""Looked at again with every block, so far below the usual levels of one test."""
KSWIN_WINDOW, KSWIN_STAT, KSWIN_BLOCK = 100, 30, 10
"""It tests two distributions at each step, so it is given means of ten rows: ten times quicker, and not only zeros and ones."""
PAGE_HINKLEY_STEP, PAGE_HINKLEY_CUT = 0.02, 50.0
"""A worsening by less than the step is let pass; losses lie in [0, 1]."""
DDM_WARM_UP, DDM_CUT = 500, 3.5
"""With the default warm-up of 30 rows, half of all streams that do not change alarm (STATISTICS: concept drift)."""
BLOCKS = 12
"""A change is looked at in so many blocks to tell its kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The mean went from `before` to `after` at the row number `start`, the first of the new level."""

    start: int
    before: float
    after: float


def changes(losses: Floats, need: ConceptNeed) -> tuple[Change, ...]:
    """All changes of level in the losses (n,), oldest first; DDM wants zeros and ones. Rows in the order of their events.

    Between two changes the level is the mean of the losses, so `before` and `after` can be checked by hand.
    """
    if not losses.size:
        return ()
    starts = [0, *_starts(losses, need), losses.size]
    levels = [float(losses[a:b].mean()) for a, b in pairwise(starts)]
    return tuple(
        Change(start=start, before=before, after=after)
        for start, (before, after) in zip(starts[1:-1], pairwise(levels), strict=True)
    )


def mixed(losses: Floats, seasons: NDArray[np.int64]) -> Floats:
    """The losses (n,) with the rows of each season in a random order that only depends on how many they are.

    A loss with a daily or weekly cycle changes its level all the time, and every one of these changes is found. Mixed, a
    season has one level, and what is left is what changed from one season to the next. `seasons` (n,) do not rise or not fall.
    """
    cuts = np.flatnonzero(np.diff(seasons)) + 1
    parts = np.split(losses, cuts)
    return np.concatenate([part[np.random.default_rng(part.size).permutation(part.size)] for part in parts])


def kind_of(losses: Floats, found: tuple[Change, ...]) -> DriftKind | None:
    """How the newest change came about, where the evidence allows to tell; None when nothing changed.

    Recurring: the new level is one that an earlier stretch had. Else the rows around the change, in blocks: a jump between
    two blocks is sudden; a climb over most of them incremental; blocks that go back and forth between the two levels
    gradual. Source of the words: Gama et al. 2014.
    """
    if not found:
        return None
    newest = found[-1]
    begin = found[-2].start if len(found) > 1 else 0
    step, noise = newest.after - newest.before, float(losses[newest.start :].std()) + 1e-12
    if any(_same(change.before, newest, losses, noise) for change in found[:-1]):
        return DriftKind.RECURRING
    span = min(newest.start - begin, losses.size - newest.start)
    around = losses[newest.start - span : newest.start + span]
    size = around.size // BLOCKS
    if size < 20 or abs(step) * np.sqrt(size) < 3 * noise:
        return DriftKind.UNCLASSIFIED
    blocks = (around[: size * BLOCKS].reshape(BLOCKS, size).mean(axis=1) - newest.before) / step
    return _shape(blocks, 1.5 * noise / (abs(step) * float(np.sqrt(size))))


def _shape(blocks: Floats, noise: float) -> DriftKind:
    """Blocks as shares of the step: 0 is the old level, 1 the new one; what lies within the noise of half is neither."""
    high = blocks[np.abs(blocks - 0.5) > noise] > 0.5
    crossings = int(np.count_nonzero(high[1:] != high[:-1]))
    between = int(np.count_nonzero((blocks > 0.2) & (blocks < 0.8)))
    if crossings >= 3:
        return DriftKind.GRADUAL
    if between <= 1 and crossings == 1:
        return DriftKind.SUDDEN
    if between >= 3 and crossings == 1:
        return DriftKind.INCREMENTAL
    return DriftKind.UNCLASSIFIED


def _same(level: float, newest: Change, losses: Floats, noise: float) -> bool:
    """The level is the newest one within three standard errors, and clearly nearer to it than to the one in between."""
    error = 3 * noise / np.sqrt(losses.size - newest.start)
    return bool(abs(level - newest.after) <= max(error, 0.1 * abs(newest.after - newest.before)))


def _starts(losses: Floats, need: ConceptNeed) -> Iterator[int]:
    """Where a new level begins, in row numbers that rise.

    A detector only says that the level changed by now. Where it changed is where the sum of what exceeds the mean turns
    (Page 1954); from there a fresh detector goes on, so that one change is not told twice.
    """
    size = KSWIN_BLOCK if need.detector is Detector.KSWIN else 1
    rows = losses[: losses.size // size * size].reshape(-1, size).mean(axis=1)
    start, index, detector = 0, 0, _detector(need)
    while index < rows.size:
        detector.update(float(rows[index]))
        index += 1
        if detector.drift_detected:
            since = rows[start:index]
            start += max(1, 1 + int(np.abs(np.cumsum(since - since.mean())[:-1]).argmax()) if since.size > 1 else 1)
            yield start * size
            index, detector = start, _detector(need)


def _detector(need: ConceptNeed) -> Any:
    from river import drift

    match need.detector:
        case Detector.ADWIN:
            return drift.ADWIN(delta=need.sensitivity or ADWIN_DELTA)  # type: ignore[no-untyped-call]
        case Detector.PAGE_HINKLEY:
            return drift.PageHinkley(delta=PAGE_HINKLEY_STEP, threshold=PAGE_HINKLEY_CUT, mode="up")
        case Detector.DDM:
            return drift.binary.DDM(warm_start=DDM_WARM_UP, drift_threshold=DDM_CUT)
        case Detector.KSWIN:
            alpha = need.sensitivity or KSWIN_ALPHA
            return drift.KSWIN(alpha=alpha, window_size=KSWIN_WINDOW, stat_size=KSWIN_STAT, seed=0)
