"""Numbers that are remembered are the numbers that were measured."""

import math

import pytest

from reconciler.domain.facts import Measured
from reconciler.observe.scores import read_measured, write_measured


@pytest.mark.parametrize(
    "measured",
    [Measured(value=0.7, low=0.6, high=0.8, rows=100), Measured(value=0.1 + 0.2, low=-math.inf, high=math.inf, rows=0)],
)
def test_a_number_comes_back_exactly(measured: Measured) -> None:
    assert read_measured(write_measured(measured)) == measured


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[]", b"\xff", b'{"value": "x", "low": 1, "high": 2, "rows": 3}'])
def test_a_damaged_memory_is_measured_again(content: bytes | None) -> None:
    assert read_measured(content) is None
