"""Any expectation of Great Expectations, by its name and arguments, through the real stage, and judged by the real gate."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.domain.judgements import Answer, Judgement
from reconciler.pipeline.contract import Check
from reconciler.pipeline.evidence_json import read_evidence
from reconciler.pipeline.expectations import measured
from reconciler.pipeline.validate import validate
from reconciler.rules.gates.data_quality import DataQuality
from reconciler.specs.vocabulary import expectations
from tests.builders import NOW, a_candidate, a_dataset, evidence, facts
from tests.runs import HOUR, START, a_context, take_snapshot

TYPES = dict.fromkeys(("distance", "taxi", "airborne"), "number") | dict.fromkeys(("number", "seats"), "integer")
COLUMNS = [
    {"name": "scheduled", "type": "time"},
    *({"name": name, "type": kind} for name, kind in TYPES.items()),
    *({"name": name, "type": "category"} for name in ("carrier", "origin", "tail")),
    {"name": "arr_delay", "type": "number", "known": "after"},
]
SHARES = {"values": ["AA", "B6", "UA", "zebra"], "weights": [0.33, 0.33, 0.33, 0.01]}
QUANTILES = {"quantiles": [0.1, 0.5, 0.9], "value_ranges": [[100, 120], [110, 140], [120, None]]}
PAIRS = [["AA", "JFK"], ["B6", "LGA"], ["UA", "EWR"]]
WRONG = "values are not as expected"
SUITE: list[tuple[str, dict[str, Any], str]] = [
    ("expect_column_values_to_be_between", {"column": "distance", "max_value": 150, "mostly": 0.9}, "such as 9000.0"),
    ("expect_column_values_to_match_regex", {"column": "carrier", "regex": "^[A-Z0-9]{2}$"}, "such as zebra"),
    ("expect_column_value_lengths_to_equal", {"column": "carrier", "value": 2}, "such as zebra"),
    ("expect_column_values_to_match_like_pattern", {"column": "carrier", "like_pattern": "__"}, "such as zebra"),
    ("expect_column_distinct_values_to_be_in_set", {"column": "carrier", "value_set": ["AA", "B6", "UA"]}, "zebra"),
    (
        "expect_column_kl_divergence_to_be_less_than",
        {"column": "carrier", "partition_object": SHARES, "threshold": 0.1},
        "observed 1.0",
    ),
    ("expect_column_quantile_values_to_be_between", {"column": "seats", "quantile_ranges": QUANTILES}, "9000"),
    ("expect_column_median_to_be_between", {"column": "seats", "max_value": 200}, "observed 9000"),
    ("expect_column_stdev_to_be_between", {"column": "distance", "max_value": 50}, "observed 4"),
    ("expect_column_unique_value_count_to_be_between", {"column": "carrier", "max_value": 3}, "observed 4"),
    ("expect_column_values_to_be_unique", {"column": "number"}, "such as 7"),
    ("expect_column_max_to_be_between", {"column": "scheduled", "max_value": "2013-04-01"}, "observed 2014"),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "airborne", "column_B": "taxi"}, WRONG),
    ("expect_column_pair_values_to_be_equal", {"column_A": "seats", "column_B": "distance", "mostly": 0.8}, WRONG),
    ("expect_column_pair_values_to_be_in_set", {"column_A": "carrier", "column_B": "origin", "value_pairs_set": PAIRS}, WRONG),
    ("expect_compound_columns_to_be_unique", {"column_list": ["number", "tail"]}, WRONG),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["taxi", "airborne"], "sum_total": 100}, WRONG),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["carrier", "tail"]}, WRONG),
    ("expect_table_row_count_to_equal", {"value": 1800}, "observed 1799"),
    ("unexpected_rows_expectation", {"unexpected_rows_query": "SELECT * FROM {batch} WHERE taxi > airborne"}, "observed 600"),
]


def flights(first: int, hours: int) -> pl.DataFrame:
    """A flight every hour; whole numbers have gaps."""
    step = pl.int_range(first, first + hours, eager=True)
    return pl.DataFrame(
        {
            "scheduled": [START + int(hour) * HOUR for hour in step],
            "distance": 100.0 + step % 50,
            "taxi": 10.0 + step % 5,
            "airborne": 90.0 - step % 5,
            "number": step,
            "seats": [None if hour % 11 == 0 else 100 + hour % 50 for hour in step],
            "carrier": [("AA", "B6", "UA")[hour % 3] for hour in step],
            "origin": [("JFK", "LGA", "EWR")[hour % 3] for hour in step],
            "tail": [f"N{hour}" for hour in step],
            "arr_delay": (step % 40 - 10).cast(pl.Float64),
        }
    )


def spoiled(rows: pl.DataFrame) -> pl.DataFrame:
    """Wrong in every way of the suite."""
    third, most = pl.int_range(pl.len()) % 3 == 1, pl.int_range(pl.len()) % 3 > 0
    wrong = {"distance": 9000.0, "taxi": 99.0, "carrier": "zebra", "tail": "zebra", "number": 7}
    return rows.with_columns(
        *(pl.when(third).then(pl.lit(value)).otherwise(pl.col(name)).alias(name) for name, value in wrong.items()),
        pl.when(most).then(9000).otherwise(pl.col("seats")).alias("seats"),
    )


TRAIN, HOLDOUT = flights(0, 1400), flights(1424, 400)
LATE = HOLDOUT[-1].with_columns(pl.col("scheduled") + timedelta(days=400))


def a_report(root: Path, suite: list[tuple[str, dict[str, Any]]], train: pl.DataFrame, holdout: pl.DataFrame) -> dict[str, Any]:
    """What the stage validate leaves."""
    expected = [{"type": name, "arguments": arguments} for name, arguments in suite]
    context = replace(a_context(root), dataset=a_dataset(columns=COLUMNS, expectations=expected))
    take_snapshot(context, train, holdout)
    validate(context)
    report: dict[str, Any] = json.loads(context.path("validation.json").read_text())
    return report


def judged(report: dict[str, Any], **fields: Any) -> Judgement:
    quality = read_evidence({"validation.json": json.dumps(report)}).quality
    candidate = a_candidate(evidence=evidence(quality=quality))
    return DataQuality(type="dataQuality", **fields).judge(facts(candidate=candidate), NOW)


def test_every_expectation_passes_on_healthy_rows_and_fails_on_spoiled_ones_for_its_own_reason(tmp_path: Path) -> None:
    suite = [(name, arguments) for name, arguments, _ in SUITE]
    healthy = a_report(tmp_path / "healthy", suite, TRAIN, HOLDOUT)
    assert healthy["failures"] == []
    assert judged(healthy).code == "expectationsMet"

    late = pl.concat([spoiled(HOLDOUT)[:-2], LATE])
    failures = a_report(tmp_path / "spoiled", suite, spoiled(TRAIN), late)["failures"]
    assert [said.partition("(")[0] for said in failures] == [name for name, _, _ in SUITE]
    for said, (_, _, reason) in zip(failures, SUITE, strict=True):
        assert reason in said
        assert "could not be evaluated" not in said


def test_what_only_warns_is_told_and_refuses_only_when_the_gate_says_so(tmp_path: Path) -> None:
    warns = ("expect_column_max_to_be_between", {"column": "distance", "max_value": 120, "severity": "warning"})
    informs = ("expect_column_max_to_be_between", {"column": "taxi", "max_value": 12, "severity": "info"})
    report = a_report(tmp_path, [warns, informs], TRAIN, HOLDOUT)
    assert [report[key] for key in ("failures", "warnings", "infos")] == [[], [report["warnings"][0]], [report["infos"][0]]]
    answers = [judged(report, severity=word) for word in ("critical", "warning", "info")]
    assert [(one.answer, one.code) for one in answers] == [
        (Answer.YES, "expectationsMet"),
        (Answer.NO, "expectationsFailed"),
        (Answer.NO, "expectationsFailed"),
    ]
    assert "2 lesser ones did: expect_column_max_to_be_between(column=distance" in answers[0].message
    assert answers[2].message.startswith("2 of 22 expectations failed")


@pytest.mark.filterwarnings("ignore")  # of modules that Great Expectations imports
def test_no_expectation_stops_the_others_whatever_its_column_holds() -> None:
    """Each one that needs one column only, on every column: what cannot be computed is a failure that says so."""
    known = expectations()
    alone = [name for name, words in known.items() if words.required == ("column",)]
    given = {"min_value": 1, "threshold": 0.1, "partition_object": SHARES, "type_list": ["x"], "regex": "x"}
    checks = [
        Check(type=name, arguments={"column": column} | {key: given[key] for key in given if key in known[name].arguments})
        for name in alone
        for column in ("seats", "carrier", "scheduled")
    ]
    broken = Check(type="expect_column_values_to_be_of_type", arguments={"column": "seats", "type_": "x", "row_condition": "(("})
    found = measured([*checks, broken], TRAIN, HOLDOUT)
    assert len(found) == len(checks) + 1
    assert "could not be evaluated" in found[-1].failure
    assert all(one.success or one.failure for one in found)
