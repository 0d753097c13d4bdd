"""Features as serving logged them beside those of the source: the same row, told by its identifier, must say the same."""

import math
from typing import Any

import polars as pl
import pytest

from reconciler.domain.known import Known, Missing
from reconciler.domain.live import FeatureSkew, Skew
from reconciler.domain.needs import Lookback, SkewNeed
from reconciler.observe.stream import skew_of
from tests.builders import DAY
from tests.scoring import a_package
from tests.subjects import HOUR, NOW, TIME, a_subject, logs_of, predictions, readers

NEED = SkewNeed(window=Lookback(length=7 * DAY))
AT = [NOW - hours * HOUR for hours in (4, 3, 2, 1)]


def source(ids: Any = (7, 8, 9, 10), **columns: Any) -> pl.DataFrame:
    usual = {"scheduled": pl.Series(AT, dtype=TIME), "flight": ids, "distance": [100.0] * 4, "carrier": ["AA"] * 4}
    return pl.DataFrame(usual | {"arr_delay": [0.0] * 4} | columns)


def skew(predicted: pl.DataFrame, rows: pl.DataFrame | None = None, *, kind: str = "integer", **changes: Any) -> Known[Skew]:
    columns = [
        {"name": "scheduled", "type": "time"},
        {"name": "flight", "type": kind},
        {"name": "distance", "type": "number"},
        {"name": "carrier", "type": "category"},
        {"name": "arr_delay", "type": "number", "known": "after"},
    ]
    subject = a_subject(**({"logged": True, "identifier": "flight", "columns": columns} | changes))
    return skew_of(a_package(), subject, readers(source() if rows is None else rows, logs=logs_of(predicted)), NEED)


def seen(matched: int, unmatched: int = 0, **different: int) -> Skew:
    features = {name: FeatureSkew(rows=matched, different=different.get(name, 0)) for name in ("distance", "carrier")}
    return Skew(matched=matched, unmatched=unmatched, features=features)


def code_of(found: Known[Any]) -> str:
    assert isinstance(found, Missing)
    assert found.why
    return found.code


@pytest.mark.parametrize(
    ("ids", "kind"),
    [
        ([7, 8, 9, 10], "integer"),
        ([7.0, 8.0, 9.0, 10.0], "integer"),
        ([7.0, 8.0, 9.0, 10.0], "number"),
        (["7", "8", "9", "10"], "text"),
        (["7", "8", "9", "10"], "category"),
    ],
    ids=["numbers", "floats for numbers", "declared as a number", "text", "a category"],
)
def test_rows_are_joined_whatever_the_source_makes_of_identifiers(ids: list[Any], kind: str) -> None:
    assert skew(predictions([7, 8, 9, 10], AT), source(ids), kind=kind) == seen(4)


def test_what_differs_is_counted_per_feature() -> None:
    logged = predictions([7, 8, 9, 10], AT, distance=[100.0, 101.0, None, math.nan], carrier=["AA", "AA", None, "UA"])
    assert skew(logged) == seen(4, distance=3, carrier=2)


@pytest.mark.parametrize(
    ("ours", "theirs", "different"),
    [
        (100.0, 100.0 * (1 + 1e-12), 0),
        (100.0, 100.0001, 1),
        (0.0, 1e-12, 1),
        (None, None, 0),
        (math.nan, None, 0),
        (0.0, None, 1),
        (math.inf, math.inf, 0),
        (math.inf, -math.inf, 1),
    ],
    ids=str,
)
def test_the_same_number_is_one_that_went_through_another_format(
    ours: float | None, theirs: float | None, different: int
) -> None:
    rows = source(distance=pl.Series([theirs] * 4, dtype=pl.Float64))
    logged = predictions([7, 8, 9, 10], AT, distance=pl.Series([ours] * 4, dtype=pl.Float64))
    assert skew(logged, rows) == seen(4, distance=4 * different)


def test_rows_of_only_one_side_do_not_match() -> None:
    assert skew(predictions([7, 70, 71], AT[:3])) == seen(1, unmatched=2)
    assert skew(predictions([7, 8, 9, 10], AT), source([7, 7, None, 10])) == seen(2, unmatched=2)
    assert skew(logs_of().predictions("none", AT[0], NOW).with_columns(distance=1.0, carrier=pl.lit("AA"))) == seen(0)


def test_what_another_release_served_is_not_held_against_this_one() -> None:
    champion = a_subject(logged=True).champion
    assert champion is not None
    digests = [champion.digest, champion.digest, "sha256:before", "sha256:before"]
    assert skew(predictions([7, 8, 9, 10], AT, digest=digests, distance=[100.0, 100.0, 5.0, 5.0])) == seen(2)


def test_an_identifier_that_is_a_feature_is_read_once() -> None:
    rows = source().with_columns(pl.Series("carrier", ["7", "8", "9", "10"]))
    logged = predictions([7, 8, 9, 10], AT, carrier=["7", "8", "9", "10"])
    assert skew(logged, rows, identifier="carrier") == seen(4)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"logged": False}, "notLogged"), ({"identifier": None}, "noIdentifier"), ({"identifier": "airport"}, "rowsUnreadable")],
    ids=["no log", "no identifier", "an identifier that is gone"],
)
def test_without_both_sides_nothing_is_compared(changes: dict[str, Any], code: str) -> None:
    from tests.observing import Unreadable

    subject = a_subject(**({"logged": True, "identifier": "flight"} | changes))
    seen_by = readers(data=Unreadable(source(), "airport"), logs=logs_of(predictions([7], AT[:1])))
    assert code_of(skew_of(a_package(), subject, seen_by, NEED)) == code


def test_a_feature_that_is_not_logged_is_named() -> None:
    found = skew(predictions([7], AT[:1]).drop("carrier"))
    assert code_of(found) == "rowsUnreadable"
    assert isinstance(found, Missing)
    assert "lacks 1 of 2 features: carrier" in found.why
