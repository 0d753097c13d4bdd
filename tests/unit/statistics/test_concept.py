"""Concept drift: the kind of a change is told or not guessed."""

import numpy as np

from reconciler.domain.live import DriftKind
from reconciler.statistics.concept import Change, kind_of, mixed


def errors(*stretches: tuple[int, float], seed: int = 0) -> np.ndarray:
    """Zeros and ones: each stretch is (rows, share of ones)."""
    rng = np.random.default_rng(seed)
    return np.concatenate([(rng.random(rows) < share).astype(float) for rows, share in stretches])


def test_a_climb_is_incremental() -> None:
    rng = np.random.default_rng(1)
    shares = np.concatenate([np.full(4000, 0.1), np.linspace(0.1, 0.8, 6000), np.full(2000, 0.8)])
    losses = (rng.random(shares.size) < shares).astype(float)
    newest = Change(start=7000, before=0.1, after=0.8)
    assert kind_of(losses, (newest,)) is DriftKind.INCREMENTAL


def test_back_and_forth_is_gradual() -> None:
    losses = errors((4000, 0.1), *[(500, share) for share in (0.7, 0.1) * 4], (4000, 0.7))
    assert kind_of(losses, (Change(start=6500, before=0.1, after=0.7),)) is DriftKind.GRADUAL


def test_too_little_is_not_guessed() -> None:
    losses = errors((300, 0.2), (100, 0.3))
    assert kind_of(losses, (Change(start=300, before=0.2, after=0.3),)) is DriftKind.UNCLASSIFIED
    assert kind_of(losses, ()) is None


def test_mixing_keeps_every_seasons_losses_and_gives_the_same_order_each_time() -> None:
    losses, seasons = np.arange(10.0), np.array([3, 3, 3, 2, 2, 2, 2, 1, 0, 0])
    once = mixed(losses, seasons)
    assert sorted(once[:3]) == [0, 1, 2]
    assert sorted(once[3:7]) == [3, 4, 5, 6]
    assert (once == mixed(losses, seasons)).all()
    assert mixed(np.zeros(0), np.zeros(0, dtype=int)).size == 0
