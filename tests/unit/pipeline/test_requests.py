"""Requests in JSON: rows come back as they were sent, in the types of the contract, and what is no row is refused."""

import json

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.requests import request_of, rows_of
from tests.cases import each

TYPES = {"distance": "number", "stops": "integer", "night": "boolean", "carrier": "category", "gate": "category"}
CONTRACT = Contract.model_validate(
    {
        "model": "flight-delay",
        "dataset": "flights",
        "task": "regression",
        "estimator": "ridge",
        "label": "arr_delay",
        "features": {"numeric": ["distance", "stops"], "categorical": ["night", "carrier", "gate"]},
        "types": TYPES,
    }
)
ROWS = pl.DataFrame(
    {
        "distance": [0.1, None, float("nan"), 1e300],
        "stops": [1, None, 2**60, -3],
        "night": [True, None, False, True],
        "carrier": ["AA", None, "", "naïve ✈ \u202e\"'\n"],
        "gate": ["007", "7", "7.0", None],
    },
    schema={"distance": pl.Float64, "stops": pl.Int64, "night": pl.Boolean, "carrier": pl.String, "gate": pl.String},
)


def test_rows_come_back_as_a_model_sees_them():
    back = rows_of(CONTRACT, request_of(CONTRACT, ROWS.with_columns(label=pl.lit(1))))
    assert_frame_equal(features_of(back, CONTRACT.features), features_of(ROWS, CONTRACT.features))


@each(
    ("sent", "seen"),
    [
        ({"stops": 3.0}, {"stops": 3.0}),
        ({"distance": 3}, {"distance": 3.0}),
        ({"night": 1}, {"night": "true"}),
        ({"carrier": 7}, {"carrier": "7"}),
        ({"carrier": 7.0}, {"carrier": "7"}),
        ({"carrier": 7.5}, {"carrier": "7.5"}),
        ({"carrier": True}, {"carrier": "true"}),
        ({"surplus": [1, 2]}, {}),
    ],
)
def test_clients_may_write_a_value_in_several_ways(sent, seen):
    usual = {"distance": 1.0, "stops": 1, "night": False, "carrier": "AA", "gate": "7"}
    rows = rows_of(CONTRACT, json.dumps({"inputs": [usual | sent]}))
    (row,) = features_of(rows, CONTRACT.features).to_dicts()
    assert {name: row[name] for name in seen} == seen


@each(
    ("request_text", "said"),
    [
        ("", "a request is JSON"),
        ("[]", "a request is JSON"),
        ('{"rows": []}', "inputs"),
        ('{"inputs": {"distance": 1}}', "a list of rows"),
        ('{"inputs": [1]}', "a list of rows"),
        ('{"inputs": [{"distance": NaN}]}', "NaN is no JSON"),
        ('{"inputs": [{"stops": 1}]}', "row 0 of the request lacks distance"),
        ('{"inputs": [{"distance": "far"}]}', "distance of the request is not of type number"),
        ('{"inputs": [{"distance": 1, "stops": 1.5}]}', "stops of the request is not of type integer"),
        ('{"inputs": [{"distance": 1, "stops": 1, "night": "yes"}]}', "night of the request is not of type boolean"),
        ('{"inputs": [{"distance": 1, "stops": 1, "night": 2}]}', "night of the request is not of type boolean"),
        (
            '{"inputs": [{"distance": 1, "stops": 1, "night": 0, "carrier": []}]}',
            "carrier of the request is not of type category",
        ),
        ("[" * 100_000, "a request is JSON"),
    ],
)
def test_what_is_no_request_is_refused_with_the_place(request_text, said):
    with pytest.raises(ReconcilerError, match=said):
        rows_of(CONTRACT, request_text)


def test_what_json_has_no_word_for_cannot_be_sent():
    with pytest.raises(ReconcilerError, match="that JSON cannot say"):
        request_of(CONTRACT, ROWS.with_columns(distance=pl.lit(float("inf"))))
