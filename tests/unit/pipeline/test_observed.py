"""What Great Expectations answers, as plain JSON and as sentences; without Great Expectations itself, which is slow to import."""

import datetime
import json
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.contract import Check
from reconciler.pipeline.observed import failure, plain
from tests.cases import each

CHECK = Check(type="expect_column_values_to_not_be_null", arguments={"column": "carrier"})
MANY = [{"value": value, "count": 1} for value in range(7)]
SAID = "expect_column_values_to_not_be_null(column=carrier)"


@each(
    ("value", "kept"),
    [
        (3, 3),
        (True, True),
        ("x", "x"),
        (1.5, 1.5),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (np.float64(1.5), 1.5),
        (np.float64("nan"), "nan"),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.str_("x"), "x"),
        ([np.int64(1), None, (2,)], [1, None, [2]]),
        ({1: np.float32(0.5)}, {"1": 0.5}),
        (datetime.date(2013, 3, 1), "2013-03-01"),
        (Decimal("1.5"), "1.5"),
        ("\u202eevil\x1b[31m", "\u202eevil\x1b[31m"),
    ],
)
def test_any_value_becomes_json_that_can_be_written(value: Any, kept: Any) -> None:
    found = plain({"observed_value": value})
    assert found == {"observed_value": kept}
    assert json.loads(json_text(found)) == found


def test_only_what_says_something_is_kept() -> None:
    result = {"element_count": 9, "unexpected_index_list": [1, 2], "partial_unexpected_list": ["a"], "observed_value": None}
    assert plain(result) == {"element_count": 9}
    assert plain({"unexpected_count": 1, "partial_unexpected_list": ["a"]}) == {
        "unexpected_count": 1,
        "partial_unexpected_list": ["a"],
    }
    assert plain({}) == {}


@pytest.mark.parametrize(
    ("observed", "raised", "sentence"),
    [
        ({"unexpected_count": 3, "element_count": 9}, {}, f"{SAID}: 3 of 9 values are not as expected"),
        ({"unexpected_count": 3}, {}, f"{SAID}: 3 values are not as expected"),
        ({"unexpected_count": 1, "partial_unexpected_list": ["x"]}, {}, f"{SAID}: 1 values are not as expected, such as x"),
        ({"missing_count": 1, "partial_missing_list": ["x"]}, {}, f"{SAID}: 1 values are missing, such as x"),
        ({"observed_value": [*range(10)]}, {}, f"{SAID}: observed 0, 1, 2, 3, 4, 5, 6, 7 and 2 more"),
        (
            {
                "unexpected_count": 7,
                "element_count": 9,
                "partial_unexpected_counts": [{"value": i, "count": 1} for i in range(7)],
            },
            {},
            f"{SAID}: 7 of 9 values are not as expected, such as 0, 1, 2, 3, 4",
        ),
        (
            {"unexpected_count": 1, "element_count": 1, "partial_unexpected_counts": ["odd", {"value": None, "count": 1}]},
            {},
            f"{SAID}: 1 of 1 values are not as expected, such as None",
        ),
        ({"observed_value": 12}, {}, f"{SAID}: observed 12"),
        ({}, {}, f"{SAID}: not so"),
        (
            {"unexpected_count": 3},
            {"raised_exception": True, "exception_message": " no column carrier\nTraceback"},
            f"{SAID}: could not be evaluated: no column carrier",
        ),
        (
            {},
            {"metric-id": {"raised_exception": True, "exception_message": "TypeError: x"}},
            f"{SAID}: could not be evaluated: TypeError: x",
        ),
        ({"observed_value": 1}, {"raised_exception": False, "exception_message": None}, f"{SAID}: observed 1"),
        ({"observed_value": 1}, {"exception_traceback": "x"}, f"{SAID}: observed 1"),
    ],
    ids=[
        *(
            "counted",
            "no total",
            "of a set",
            "absent from a set",
            "a long list",
            "at most five examples",
            "odd examples",
            "a number",
            "nothing known",
        ),
        *("raised", "raised by a metric", "not raised", "half told"),
    ],
)
def test_a_failure_is_a_sentence_with_what_was_seen(observed: Any, raised: Any, sentence: str) -> None:
    assert failure(CHECK, observed, raised) == sentence
