"""The small model finds what single features do not show, and nothing where there is nothing."""

import numpy as np
import pytest

from reconciler.domain.known import Missing
from reconciler.statistics.drift.domain_classifier import Sampling, domain_classifier
from reconciler.statistics.drift.measure import SEPARATED, Drift

SAMPLING = Sampling(seed=1, rows=300)


def sample(seed: int, rows: int = 500, together: float = 0.0) -> dict[str, np.ndarray]:
    """Two bells that hang together so much, and a word."""
    rng = np.random.default_rng(seed)
    one, other = rng.normal(size=(2, rows))
    words = np.array(["x", "y", None], dtype=object)[rng.integers(0, 3, rows)]
    return {"a": one, "b": together * one + np.sqrt(1 - together**2) * other, "word": words}


def test_a_change_of_how_features_hang_together_is_found():
    drift = domain_classifier(sample(1), sample(2, together=0.9), SAMPLING)
    assert isinstance(drift, Drift)
    assert drift.value > SEPARATED + 0.1
    assert drift.p_value < 1e-6


def test_rows_alike_are_not_told_apart_and_the_seed_decides():
    drift = domain_classifier(sample(3), sample(4), SAMPLING)
    assert isinstance(drift, Drift)
    assert drift.value < SEPARATED
    assert drift.p_value > 0.001
    assert domain_classifier(sample(3), sample(4), SAMPLING) == drift


def test_a_word_never_seen_is_told_apart():
    new = sample(6) | {"word": np.array(["new"] * 500, dtype=object)}
    drift = domain_classifier(sample(5), new, SAMPLING)
    assert isinstance(drift, Drift)
    assert drift.value > 0.99


@pytest.mark.parametrize(("rows", "columns"), [(199, ("a",)), (500, ())])
def test_too_little_is_no_answer(rows, columns):
    current = {name: values for name, values in sample(8, rows).items() if name in columns}
    found = domain_classifier(sample(7), current, SAMPLING)
    assert isinstance(found, Missing)
    assert found.code == "insufficientData"
