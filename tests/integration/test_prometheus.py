"""Metrics from a real Prometheus: what it scrapes, what it refuses, and its own words for that."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from reconciler.adapters.metrics import PrometheusMetrics
from reconciler.errors import ObserveError
from tests.prometheus import prometheus

EXPOSED = b'# TYPE answers counter\nanswers_total{code="200"} 40\nanswers_total{code="500"} 2\n'
HOUR = timedelta(hours=1)


class Exposition(BaseHTTPRequestHandler):
    """What a model server shows of itself at /metrics."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(EXPOSED)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Exposition) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        target = f"127.0.0.1:{server.server_port}"
        with prometheus(tmp_path_factory.mktemp("scraped") / "prometheus", targets=[target]) as found:
            yield found
        server.shutdown()


@pytest.fixture(scope="module")
def metrics(address: str) -> PrometheusMetrics:
    """The server once it has scraped."""
    asked = PrometheusMetrics(address)
    for _ in range(100):
        try:
            asked.instant("sum(answers_total)", now())
        except ObserveError:
            time.sleep(0.1)
        else:
            return asked
    raise AssertionError("nothing was scraped within 10 s")


def now() -> datetime:
    return datetime.fromtimestamp(time.time_ns() / 1e9, UTC)


@pytest.mark.parametrize(
    ("query", "value"),
    [
        ('sum(answers_total{code=~"5.."}) / sum(answers_total)', 2 / 42),
        ('answers_total{code="200"}', 40),
        ("1 + 1", 2),
        ("vector(0) / 0", float("nan")),
    ],
)
def test_what_was_scraped_can_be_asked_for(metrics: PrometheusMetrics, query: str, value: float) -> None:
    assert metrics.instant(query, now()) == pytest.approx(value, nan_ok=True)


def test_a_scalar_has_a_range_too(metrics: PrometheusMetrics) -> None:
    assert [point.value for point in metrics.range("3", now() - HOUR, now(), HOUR)] == [3, 3]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("sum(", r"HTTP 400, bad_data: .*parse error"),
        ("rate(answers_total)", "HTTP 400, bad_data: .*expected type range vector"),
        ("answers_total[5m]", "of type matrix, not vector"),
        ('"text"', "of type string, not vector"),
        ("answers_total", r"2 series instead of 1; they differ in code \(200, 500\)"),
        ("nothing_of_the_kind", "nothing_of_the_kind: no data: 0 series"),
    ],
)
def test_what_is_no_number_is_refused_in_the_servers_own_words(metrics: PrometheusMetrics, query: str, message: str) -> None:
    with pytest.raises(ObserveError, match=message) as caught:
        metrics.instant(query, now())

    assert query in caught.value.message


def test_more_points_than_the_server_gives_are_refused(metrics: PrometheusMetrics) -> None:
    with pytest.raises(ObserveError, match="exceeded maximum resolution of 11,000 points"):
        metrics.range("up", now() - 24 * HOUR, now(), timedelta(seconds=1))
    with pytest.raises(ObserveError, match="zero or negative query resolution"):
        metrics.range("up", now() - HOUR, now(), timedelta(0))
