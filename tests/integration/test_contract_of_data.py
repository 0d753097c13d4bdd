"""The stage validate, with Great Expectations for real."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.evidence_json import read_evidence
from reconciler.pipeline.snapshot import snapshot
from reconciler.pipeline.validate import validate
from tests.snapshots import FIRST, a_run, hourly

AS_OF = FIRST + timedelta(days=40)
COLUMNS: list[dict[str, Any]] = [
    {"name": "scheduled", "type": "time", "nullable": False},
    {"name": "distance", "type": "number", "minimum": 0, "maximum": 200},
    {"name": "carrier", "type": "category", "nullable": False, "categories": ["AA", "B6", "UA"]},
    {"name": "arr_delay", "type": "integer", "known": "after"},
    {"name": "airTime", "type": "number", "known": "after"},
]


def validated(root: Path, rows: pl.DataFrame | None = None, *expectations: dict[str, Any]) -> dict[str, Any]:
    run = a_run(root, as_of=AS_OF, rows=rows, columns=COLUMNS, expectations=list(expectations))
    snapshot(run)
    validate(run)
    result: dict[str, Any] = json.loads(run.path("validation.json").read_text())
    return result


def test_data_that_keeps_its_contract_has_no_failures(tmp_path: Path) -> None:
    result = validated(
        tmp_path, None, {"type": "expect_column_mean_to_be_between", "arguments": {"column": "airTime", "min_value": 0}}
    )

    assert result["failures"] == []
    assert result["evaluated"] == len(result["expectations"]) == 12
    assert [one["arguments"]["column"] for one in result["notInSnapshot"]] == ["airTime"]
    assert read_evidence({"validation.json": json.dumps(result)}).quality.evaluated == 12  # type: ignore[union-attr]


def test_every_broken_promise_is_a_sentence_with_both_numbers(tmp_path: Path) -> None:
    odd = pl.int_range(pl.len()) % 24 == 1
    rows = hourly(60).with_columns(
        pl.when(odd).then(pl.lit("ZZ")).otherwise(pl.col("carrier")).alias("carrier"),
        pl.when(odd).then(-5.0).otherwise(pl.col("distance")).alias("distance"),
        (pl.col("arr_delay") + 0.5).alias("arr_delay"),
    )
    failures = validated(
        tmp_path, rows, {"type": "expect_column_mean_to_be_between", "arguments": {"column": "distance", "min_value": 500}}
    )["failures"]

    assert len(failures) == 4
    assert failures[0].startswith("expect_column_values_to_be_between(column=distance, min_value=0.0, max_value=200.0): ")
    assert "values are not as expected, such as -5.0" in failures[0]
    assert failures[1].endswith("values are not as expected, such as ZZ")
    assert failures[2].startswith("expect_column_values_to_be_in_type_list(column=arr_delay")
    assert failures[3].startswith("expect_column_mean_to_be_between(column=distance, min_value=500): observed 1")


def test_an_expectation_that_great_expectations_cannot_compute_is_a_failure(tmp_path: Path) -> None:
    quantiles = {"quantiles": [0.5], "value_ranges": [[0, 1]]}
    failures = validated(
        tmp_path,
        None,
        {"type": "expect_column_quantile_values_to_be_between", "arguments": {"column": "carrier", "quantile_ranges": quantiles}},
    )["failures"]

    assert len(failures) == 1
    assert "could not be evaluated" in failures[0]


@pytest.mark.parametrize(
    ("expectation", "said"),
    [
        ({"type": "expect_column_values_to_be_betwen"}, "expect_column_values_to_be_betwen does not exist"),
        ({"type": "expect_column_to_exist"}, "expect_column_to_exist cannot take its arguments: column: "),
        (
            {"type": "expect_column_to_exist", "arguments": {"column": "carrier", "colour": 1}},
            "cannot take its arguments: colour: ",
        ),
    ],
)
def test_an_expectation_that_is_written_wrong_is_refused(tmp_path: Path, expectation: dict[str, Any], said: str) -> None:
    with pytest.raises(ReconcilerError, match=said) as caught:
        validated(tmp_path, None, expectation)
    assert "betwen" not in said or "expect_column_values_to_be_between" in caught.value.help


def test_the_same_rows_give_the_same_report(tmp_path: Path) -> None:
    assert validated(tmp_path / "one") == validated(tmp_path / "two")
