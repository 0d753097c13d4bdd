"""What does not come from rows, or from one column of them: business metrics, Prometheus, a database, alerts."""

import math
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from reconciler.adapters.fakes.alerts import FakeAlerts
from reconciler.adapters.fakes.database import FakeDatabase
from reconciler.adapters.fakes.metrics import FakeMetrics
from reconciler.domain.known import Known, Missing
from reconciler.domain.live import Alert, Point
from reconciler.domain.needs import AlertNeed, BusinessNeed, Lookback, PromqlNeed
from reconciler.observe.elsewhere import Elsewhere, aggregated, answers_of
from reconciler.specs.model import Aggregate
from tests.builders import DAY
from tests.cases import each
from tests.observing import Unreadable
from tests.snapshots import hourly
from tests.subjects import HOUR, NOW, a_subject, frames_of, logs_of, predictions, readers

WEEK = Lookback(length=7 * DAY)
BUSINESS = {
    "business": [
        {"name": "miles", "column": "distance", "aggregate": "sum"},
        {"name": "delay", "column": "arr_delay", "aggregate": "count"},
        {"name": "price", "column": "price"},
        {"name": "errors", "promql": "rate(errors[$window])"},
        {"name": "sales", "query": "SELECT :start", "url": "sqlite:///sales.db"},
    ]
}


def elsewhere(rows: pl.DataFrame | None = None, *, logged: bool = False, **ports: Any) -> Elsewhere:
    subject = a_subject(logged=logged, model=BUSINESS)
    return Elsewhere(subject=subject, frames=frames_of(subject, rows, ports.get("logs")), readers=readers(rows, **ports))


def need(metric: str, index: int = 0) -> BusinessNeed:
    return BusinessNeed(metric=metric, window=Lookback(length=WEEK.length, index=index))


def code_of(found: Known[Any]) -> str:
    assert isinstance(found, Missing)
    assert found.why
    return found.code


@pytest.mark.parametrize("index", [0, 1, 5])
def test_a_column_is_summed_over_its_own_window(index: int) -> None:
    frame, end = hourly(60), NOW - 7 * index * DAY
    rows = frame.filter([end - 7 * DAY <= at < end for at in frame["scheduled"]])
    assert elsewhere().business(need("miles", index)) == sum(rows["distance"])


def test_what_is_known_only_after_the_event_is_counted_where_labels_are_mature() -> None:
    frame = hourly(60)
    rows = frame.filter([NOW - 8 * DAY <= at < NOW - DAY for at in frame["scheduled"]])
    assert elsewhere().business(need("delay")) == rows["arr_delay"].drop_nulls().len()


def test_of_a_log_the_logged_column_counts() -> None:
    logs = logs_of(predictions(range(3), [NOW - HOUR * (1 + i) for i in range(3)], distance=[1.0, 2.0, 4.0]))
    assert elsewhere(logged=True, logs=logs).business(need("miles")) == 7.0
    assert code_of(elsewhere(logged=True, logs=logs).business(need("price"))) == "noSuchColumn"


def test_a_column_that_is_gone_is_missing() -> None:
    asked = elsewhere()
    asked.frames.data = Unreadable(hourly(60), "price")
    assert code_of(asked.business(need("price"))) == "rowsUnreadable"
    assert isinstance(asked.business(need("miles")), float)


def test_promql_is_asked_at_the_end_of_the_window_with_its_length() -> None:
    series = {"rate(errors[7d])": [[Point(at=NOW - 7 * DAY, value=1.0), Point(at=NOW, value=2.0)]]}
    asked = elsewhere(metrics=FakeMetrics(series))
    assert [asked.business(need("errors", index)) for index in (0, 1)] == [2.0, 1.0]
    assert code_of(asked.business(need("errors", 2))) == "notMeasured"


def test_a_query_is_asked_for_the_window() -> None:
    database = FakeDatabase({"SELECT :start": lambda start, end: (NOW - start) / DAY + (NOW - end) / HOUR})
    asked = elsewhere(database=database)
    assert [asked.business(need("sales", index)) for index in (0, 1)] == [7.0, 14.0 + 7 * 24]
    assert code_of(elsewhere(database=FakeDatabase({})).business(need("sales"))) == "notMeasured"


def test_what_is_not_configured_or_declared_says_so() -> None:
    asked = elsewhere()
    found = [asked.business(need(name)) for name in ("errors", "sales", "profit")]
    found += [asked.series(PromqlNeed(query="up")), asked.alerts(AlertNeed(file="alerts.json"))]
    assert [code_of(one) for one in found] == ["notConfigured", "notConfigured", "notDeclared", "notConfigured", "notConfigured"]


SERIES = [[Point(at=NOW - hours * HOUR, value=float(hours)) for hours in range(5, -1, -1)]]


def test_a_query_alone_is_one_point_at_now() -> None:
    asked = elsewhere(metrics=FakeMetrics({"up": SERIES}))
    assert asked.series(PromqlNeed(query="up")) == (Point(at=NOW, value=0.0),)
    assert code_of(asked.series(PromqlNeed(query="down"))) == "notMeasured"


@pytest.mark.parametrize(("step", "points"), [(HOUR, 5), (2 * HOUR, 3), (None, 5)], ids=str)
def test_a_range_is_points_over_it(step: timedelta | None, points: int) -> None:
    found = elsewhere(metrics=FakeMetrics({"up": SERIES})).series(PromqlNeed(query="up", over=4 * HOUR, step=step))
    assert isinstance(found, tuple)
    assert (len({point.value for point in found}), found[-1].at) == (points, NOW)


def test_alerts_are_those_of_the_file() -> None:
    alert = Alert(name="Late", labels={"alertname": "Late"}, firing=True, starts_at=NOW - HOUR)
    asked = elsewhere(alerts=FakeAlerts({"alerts/a.json": [alert]}))
    assert asked.alerts(AlertNeed(file="alerts/*.json")) == (alert,)
    assert asked.alerts(AlertNeed(file="other.json")) == ()


def test_every_need_is_answered_and_no_other() -> None:
    needs = frozenset({need("miles"), need("profit"), PromqlNeed(query="up"), AlertNeed(file="a.json")})
    business, series, alerts = answers_of(elsewhere(), needs)
    assert {*business, *series, *alerts} == needs
    assert isinstance(business[need("miles")], float)


@each(
    ("values", "how", "expected"),
    [
        ([1.0, None, math.nan, 4.0], Aggregate.MEAN, 2.5),
        ([1.0, None, math.nan, 4.0], Aggregate.SUM, 5.0),
        ([1.0, None, math.nan, 4.0], Aggregate.COUNT, 2.0),
        ([5.0, None, 1.0, 2.0], Aggregate.MEDIAN, 2.0),
        ([1, 2, None], Aggregate.MEAN, 1.5),
        ([True, False, True, True], Aggregate.MEAN, 0.75),
        (["a", None, "b"], Aggregate.COUNT, 2.0),
        ([], Aggregate.COUNT, 0.0),
        ([None, None], Aggregate.SUM, 0.0),
        ([], Aggregate.MEAN, "insufficientData"),
        ([None, None], Aggregate.MEDIAN, "insufficientData"),
        ([math.nan], Aggregate.MEAN, "insufficientData"),
        (["a"], Aggregate.MEAN, "notANumber"),
        (["1"], Aggregate.SUM, "notANumber"),
        ([NOW], Aggregate.MEDIAN, "notANumber"),
        ([1.0, math.inf], Aggregate.MEAN, "notANumber"),
        ([-math.inf, math.inf], Aggregate.SUM, "notANumber"),
        ([1e308, 1e308], Aggregate.SUM, "notANumber"),
    ],
)
def test_a_column_is_one_number_or_says_why_not(values: list[Any], how: Aggregate, expected: float | str) -> None:
    found = aggregated(pl.DataFrame({"x": values}), "x", how)
    assert (code_of(found) if isinstance(found, Missing) else found) == expected


def test_a_column_that_is_not_there_is_missing() -> None:
    assert code_of(aggregated(hourly(1), "price", Aggregate.SUM)) == "noSuchColumn"
