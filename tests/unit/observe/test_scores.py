"""Numbers that are remembered are the numbers that were measured, and a damaged memory is no number."""

import json
import math
from typing import Any

import pytest

from reconciler.domain.known import Measured
from reconciler.observe.scores import read_measured, write_measured
from tests.cases import each

KEPT = {"value": 0.7, "low": 0.6, "high": 0.8, "rows": 100}


@pytest.mark.parametrize(
    "measured",
    [
        Measured(value=0.7, low=0.6, high=0.8, rows=100),
        Measured(value=0.1 + 0.2, low=-math.inf, high=math.inf, rows=0),
        Measured(value=5e-324, low=-1e308, high=1e308, rows=2**53),
        Measured(value=-3.5, low=-3.5, high=-3.5, rows=1),
    ],
    ids=["with its interval", "without an interval", "at the ends of what a float holds", "a point"],
)
def test_a_number_comes_back_exactly(measured: Measured) -> None:
    assert read_measured(write_measured(measured)) == measured


def test_what_is_remembered_is_json_that_any_reader_knows() -> None:
    content = write_measured(Measured(value=0.7, low=-math.inf, high=math.inf, rows=3))
    assert json.loads(content, parse_constant=pytest.fail) == {"value": 0.7, "low": None, "high": None, "rows": 3}


@each("content", [None, b"", b"{}", b"[]", b"null", b"\xff", b"\x00", b"[" * 100_000, b"{" * 9])
def test_a_damaged_memory_is_measured_again(content: bytes | None) -> None:
    assert read_measured(content) is None


@each("cut", range(0, len(json.dumps(KEPT)), 7))
def test_a_memory_that_was_cut_short_is_measured_again(cut: int) -> None:
    assert read_measured(json.dumps(KEPT).encode()[:cut]) is None


@each(
    "change",
    [
        {"value": "x"},
        {"value": None},
        {"value": math.nan},
        {"value": math.inf},
        {"value": 10**400},
        {"low": math.nan},
        {"high": math.nan},
        {"high": None},
        {"low": 0.9},
        {"rows": math.inf},
        {"rows": math.nan},
        {"rows": -1},
        {"rows": None},
        {"rows": []},
    ],
)
def test_a_memory_that_says_no_number_is_measured_again(change: dict[str, Any]) -> None:
    assert read_measured(json.dumps(KEPT).encode()) is not None
    assert read_measured(json.dumps(KEPT | change).encode()) is None
