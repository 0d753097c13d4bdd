"""The report of simple numbers: deltas in the unit of the values."""

from dataclasses import replace

import numpy as np
import pytest

from reconciler.domain.known import Missing
from reconciler.statistics.drift.summary import SummaryDeltas, summary_deltas
from reconciler.statistics.profile import profile_on
from tests.samples import numeric, of_numbers

VALUES = np.random.default_rng(41).normal(size=4000)


def test_a_shift_moves_all_but_the_spread():
    reference = of_numbers(VALUES)
    deltas = summary_deltas(numeric(reference), numeric(profile_on(reference, {"x": VALUES + 0.5})))
    assert isinstance(deltas, SummaryDeltas)
    assert (deltas.mean, deltas.minimum, deltas.maximum) == pytest.approx((0.5, 0.5, 0.5))
    assert (deltas.std, deltas.missing) == pytest.approx((0, 0), abs=1e-12)
    assert list(deltas.quantiles) == [0.05, 0.25, 0.5, 0.75, 0.95]
    assert list(deltas.quantiles.values()) == pytest.approx([0.5] * 5, abs=0.02)


def test_missing_values_are_a_share():
    reference = of_numbers(VALUES)
    deltas = summary_deltas(numeric(reference), numeric(profile_on(reference, {"x": [np.nan, 1.0]})))
    assert isinstance(deltas, SummaryDeltas)
    assert deltas.missing == 0.5


def test_without_values_there_is_nothing_to_tell_and_without_knots_no_quantiles():
    reference = of_numbers(VALUES)
    assert isinstance(summary_deltas(numeric(reference), numeric(profile_on(reference, {"x": [np.nan]}))), Missing)
    old = replace(numeric(reference), knots=None)
    deltas = summary_deltas(old, numeric(reference))
    assert isinstance(deltas, SummaryDeltas)
    assert deltas.quantiles == {}
