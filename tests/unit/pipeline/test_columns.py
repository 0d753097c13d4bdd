"""Models and profiles see the same columns, whatever types the source used."""

import numpy as np
import polars as pl
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.columns import columns_of, features_of
from reconciler.specs.model import Features
from tests.cases import each

FEATURES = Features(numeric=("n",), categorical=("c",))


def test_features_come_in_their_order_and_types() -> None:
    frame = features_of(pl.DataFrame({"c": ["x", None], "other": [0, 0], "n": [1, None]}), FEATURES)
    assert frame.schema == {"n": pl.Float64, "c": pl.String}
    assert np.isnan(frame["n"][1])
    assert frame["c"].to_list() == ["x", None]


@each(
    ("values", "texts"),
    [([1, 2], ["1", "2"]), ([1.0, 2.5], ["1", "2.5"]), ([True, False], ["true", "false"]), ([float("nan"), 3.0], [None, "3"])],
)
def test_a_category_has_one_text_whatever_its_type(values: list[object], texts: list[str | None]) -> None:
    frame = pl.DataFrame({"n": [0, 0], "c": values})
    assert features_of(frame, FEATURES)["c"].to_list() == texts
    assert columns_of(frame, FEATURES)["c"].tolist() == texts


def test_absent_features_are_named() -> None:
    with pytest.raises(ReconcilerError, match="lacks 1 of 2 features: c"):
        features_of(pl.DataFrame({"n": [1]}), FEATURES)


def test_text_in_a_numeric_feature_is_refused() -> None:
    with pytest.raises(ReconcilerError, match="does not hold numbers"):
        features_of(pl.DataFrame({"n": ["far"], "c": ["x"]}), FEATURES)
