"""The port Metrics: one number or one series, and an error for anything else; on the fake and on a real Prometheus."""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from reconciler.adapters.fakes.metrics import FakeMetrics
from reconciler.adapters.metrics import PrometheusMetrics
from reconciler.domain.live import Point
from reconciler.errors import ObserveError
from reconciler.ports import Metrics
from tests.prometheus import prometheus

START = datetime(2013, 3, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def samples(values: dict[int, float]) -> list[tuple[datetime, float]]:
    """Minute to value."""
    return [(START + minute * MINUTE, value) for minute, value in values.items()]


SERIES = [
    ('latency{pod="a"}', samples({i: i / 10 for i in range(10)} | {i: i / 10 for i in range(20, 30)})),
    ('requests{pod="a"}', samples({0: 1, 1: 2})),
    ('requests{pod="b"}', samples({0: 3, 1: 4})),
    ("ratio", samples({0: math.nan, 1: math.inf, 2: -1.5})),
]
ANSWERED = {"latency": SERIES[:1], "requests": SERIES[1:3], "ratio": SERIES[3:]}


def fake() -> Metrics:
    series = {query: [[Point(at=at, value=v) for at, v in s] for _, s in found] for query, found in ANSWERED.items()}
    return FakeMetrics(series, {"requests": [{"pod": "a"}, {"pod": "b"}]})


@pytest.fixture(scope="module", params=["fake", "prometheus"])
def metrics(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Metrics]:
    if request.param == "fake":
        yield fake()
        return
    with prometheus(tmp_path_factory.mktemp("metrics") / "prometheus", SERIES) as address:
        yield PrometheusMetrics(address)


@pytest.mark.parametrize(
    ("query", "at", "value"),
    [
        ("latency", START + 3 * MINUTE, 0.3),
        ("latency", START + 3 * MINUTE + 59 * SECOND, 0.3),
        ("latency", START + 13 * MINUTE, 0.9),
        ("ratio", START, math.nan),
        ("ratio", START + MINUTE, math.inf),
        ("ratio", START + 2 * MINUTE, -1.5),
    ],
)
def test_the_value_at_a_time_is_the_newest_before_it(metrics: Metrics, query: str, at: datetime, value: float) -> None:
    assert metrics.instant(query, at) == pytest.approx(value, nan_ok=True)


def test_a_range_is_one_value_each_step_without_those_that_are_not_there(metrics: Metrics) -> None:
    found = metrics.range("latency", START + 8 * MINUTE, START + 22 * MINUTE, 2 * MINUTE)

    minutes = {8: 0.8, 10: 0.9, 12: 0.9, 20: 2.0, 22: 2.2}
    assert found[:3] + found[-2:] == tuple(Point(at=START + m * MINUTE, value=v) for m, v in minutes.items())
    assert START + 16 * MINUTE not in {point.at for point in found}
    assert all(point.at.tzinfo is UTC for point in found)


def test_what_is_no_number_stays_so_in_a_range(metrics: Metrics) -> None:
    found = metrics.range("ratio", START, START + 2 * MINUTE, MINUTE)

    assert [str(point.value) for point in found] == ["nan", "inf", "-1.5"]


def test_a_vector_has_every_series_with_its_labels_in_their_order(metrics: Metrics) -> None:
    found = metrics.vector("requests", START + MINUTE)
    assert [(one.labels["pod"], one.value) for one in found] == [("a", 2.0), ("b", 4.0)]
    assert metrics.vector("nothing", START) == ()
    assert math.isnan(metrics.vector("ratio", START)[0].value)


ASKS: list[Callable[[Metrics, str, datetime], object]] = [
    lambda metrics, query, at: metrics.instant(query, at),
    lambda metrics, query, at: metrics.range(query, at, at + MINUTE, MINUTE),
]
each_ask = pytest.mark.parametrize("ask", ASKS, ids=["instant", "range"])


@each_ask
@pytest.mark.parametrize(
    ("query", "at"), [("unheard_of", START), ("latency", START - MINUTE * 9), ("latency", START + timedelta(1))]
)
def test_no_data_is_an_error_and_no_number(metrics: Metrics, ask: Callable[..., object], query: str, at: datetime) -> None:
    with pytest.raises(ObserveError, match=rf"{query}: no data: 0 series"):
        ask(metrics, query, at)


@each_ask
def test_several_series_are_an_error_with_their_number(metrics: Metrics, ask: Callable[..., object]) -> None:
    with pytest.raises(ObserveError, match="requests: 2 series instead of 1"):
        ask(metrics, "requests", START)
