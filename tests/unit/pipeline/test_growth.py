"""By how much a loss grows when a feature is shuffled, row by row."""

import numpy as np
import polars as pl
import pytest

from reconciler.pipeline.growth import AT_ONCE, growth_of, spread_of

ROWS = pl.DataFrame({"x": np.arange(1000.0), "noise": np.arange(1000.0)[::-1]})


def losses(frame: pl.DataFrame) -> np.ndarray:
    """Of a model that knows `x` by heart: how far it is from where it was."""
    asked.append(frame.height)
    return np.abs(frame["x"].to_numpy() - np.tile(ROWS["x"].to_numpy(), frame.height // ROWS.height))


asked: list[int] = []


def test_only_the_feature_that_is_leant_on_costs_and_every_row_is_told():
    grown = growth_of(losses, ROWS, ["x", "noise"], seed=3, repeats=2)
    assert grown.shape == (2, 1000)
    assert grown[0].mean() == pytest.approx(1000 / 3, rel=0.1)
    assert not grown[1].any()


def test_the_seed_alone_decides_how_rows_are_shuffled():
    first, again, other = (growth_of(losses, ROWS, ["x"], seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_many_trials_are_asked_about_at_once_but_not_too_many():
    asked.clear()
    growth_of(losses, ROWS, ["x", "noise"], seed=0, repeats=125)
    assert asked == [1000, AT_ONCE, 50_000]


@pytest.mark.parametrize(("labels", "spread"), [([], 1.0), ([3.0, 3.0], 1.0), (list(range(101)), 90.0)])
def test_a_whole_error_is_the_spread_of_the_labels(labels: list[float], spread: float) -> None:
    assert spread_of(np.array(labels, dtype=float)) == pytest.approx(spread)
