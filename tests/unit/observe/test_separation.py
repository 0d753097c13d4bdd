"""The sample of training rows, and numbers that are remembered."""

import json
from typing import Any

import polars

from reconciler.domain.live import Separation
from reconciler.observe.separation import SAMPLE, read_separation, spread, write_separation
from tests.cases import each

FOUND = Separation(auc=0.71, p_value=1e-300, reference_rows=40_000, rows=6512)
KEPT = {"auc": 0.71, "p_value": 0.0, "reference_rows": 40_000, "rows": 6512}


@each(("rows", "kept"), [(0, 0), (1, 1), (SAMPLE, SAMPLE), (SAMPLE + 1, SAMPLE), (SAMPLE * 7 + 3, SAMPLE)])
def test_a_sample_is_spread_over_all_rows_and_always_the_same(rows: int, kept: int) -> None:
    frame = polars.DataFrame({"n": range(rows)}, schema={"n": polars.Int64})
    chosen = spread(frame)["n"]
    assert chosen.len() == chosen.n_unique() == kept
    assert chosen.is_sorted()
    assert chosen.equals(spread(frame)["n"])
    steps = chosen.diff().drop_nulls()
    assert set(steps.to_list()) <= {max(1, rows // SAMPLE), rows // SAMPLE + 1}


def test_a_number_comes_back_exactly() -> None:
    assert read_separation(write_separation(FOUND)) == FOUND


@each("content", [None, b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_a_damaged_memory_is_measured_again(content: bytes | None) -> None:
    assert read_separation(content) is None


@each(
    "change",
    [{"auc": 1.1}, {"auc": float("nan")}, {"auc": None}, {"p_value": -0.1}, {"rows": -1}, {"reference_rows": []}],
)
def test_a_memory_that_says_no_number_is_measured_again(change: dict[str, Any]) -> None:
    assert read_separation(json.dumps(KEPT).encode()) is not None
    assert read_separation(json.dumps(KEPT | change).encode()) is None
