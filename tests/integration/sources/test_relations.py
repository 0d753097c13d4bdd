import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from reconciler.adapters.sources.relations import copies, explains

ROWS = 4000
RANDOM = np.random.default_rng(11)
NOISE = RANDOM.normal(size=ROWS)
X = RANDOM.normal(size=ROWS)
Y = pl.Series((X + NOISE > 0).astype(int))


def test_two_classes_are_explained_as_far_as_the_area_under_the_curve_says() -> None:
    assert explains(pl.Series(X), Y) == pytest.approx(abs(2 * roc_auc_score(Y.to_numpy(), X) - 1), abs=1e-9)


def test_a_quantity_is_explained_as_far_as_it_correlates() -> None:
    told = explains(pl.Series(X), pl.Series(X + NOISE))

    assert told == pytest.approx(abs(np.corrcoef(X, X + NOISE)[0, 1]), abs=0.05)


@pytest.mark.parametrize(
    ("column", "label"),
    [
        (pl.Series(np.where(Y == 1, "won", "lost")), Y),
        (pl.Series(["won" if one else None for one in Y]), Y),
        (pl.Series(X), pl.Series((X > 1).astype(int))),
        (pl.Series(-np.exp(X)), pl.Series(X)),
        (pl.Series(np.digitize(X, np.linspace(-2, 2, 40))), pl.Series(np.digitize(X, np.linspace(-2, 2, 40)) * 2.5)),
    ],
    ids=["another name", "only when it happened", "a threshold of it", "another scale", "a code of it"],
)
def test_what_tells_the_target_explains_all_of_it(column: pl.Series, label: pl.Series) -> None:
    assert explains(column, label) > 0.999


@pytest.mark.parametrize("label", [Y, pl.Series(NOISE), pl.Series(np.where(Y == 1, "a", "b"))])
def test_what_has_nothing_to_do_with_it_explains_little(label: pl.Series) -> None:
    other = pl.Series(RANDOM.normal(size=ROWS))

    assert explains(other, label) < 0.35
    assert explains(pl.Series([f"id{i}" for i in range(ROWS)]), label) == 0
    assert explains(pl.Series([1.0] * ROWS), label) == 0
    assert explains(pl.Series([None] * ROWS, dtype=pl.Float64), label) == 0


def test_infinite_values_do_not_spoil_the_measure() -> None:
    assert 0 < explains(pl.Series([float("inf"), *X[1:]]), pl.Series(X + NOISE)) < 0.9


def test_copies_are_columns_that_are_equal_in_all_rows() -> None:
    rows = pl.DataFrame(
        {"a": [1, 2, None], "b": [1, 2, None], "c": [2, 1, None], "d": ["x"] * 3, "e": ["x"] * 3, "f": [1, 2, None]}
    )

    assert copies(rows) == {"b": "a", "f": "a"}
