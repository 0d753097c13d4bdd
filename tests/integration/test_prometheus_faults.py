"""Metrics from a server that misbehaves: always one error, soon, with the server and the query and no password."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from reconciler.adapters.bodies import LARGEST
from reconciler.adapters.metrics import PrometheusMetrics
from reconciler.errors import ObserveError

AT = datetime(2013, 3, 1, tzinfo=UTC)


def vector(*values: object, **more: object) -> bytes:
    series = [{"metric": {"pod": str(i)}, "value": value} for i, value in enumerate(values)]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": series}, **more}).encode()


GOOD = vector([1, "0.5"])
HUGE = b" " * (LARGEST + 1)


class Server(ThreadingHTTPServer):
    """Does to every request what `answers` says next; the last of them over and over."""

    daemon_threads = True
    answers: ClassVar[list[Any]] = []
    asked: ClassVar[list[str]] = []


class Misbehaving(BaseHTTPRequestHandler):
    """An answer is (status, body), a header to send with a 302, or a word for what goes wrong."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        match answer:
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                self.connection.close()
            case "silent":
                time.sleep(1)
            case "drip":
                self.begin(200, 10_000)
                for _ in range(200):
                    self.wfile.write(b" ")
                    time.sleep(0.02)
            case "cut":
                self.begin(200, len(GOOD) + 10)
                self.wfile.write(GOOD)
            case str():
                self.send_response(302)
                self.send_header("Location", answer)
                self.end_headers()
            case (status, body):
                self.begin(status, len(body))
                self.wfile.write(body)

    def begin(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().handle()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Misbehaving) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def metrics(server: Server, *answers: Any) -> PrometheusMetrics:
    server.answers[:] = answers
    server.asked.clear()
    return PrometheusMetrics(f"http://127.0.0.1:{server.server_port}/", timeout=0.15, pause=0.001)


BROKEN = [
    ((500, b"oops"), "HTTP 500 with 4 bytes that are no answer of Prometheus: 'oops'"),
    ((503, b'{"status":"error","errorType":"timeout","error":"query timed out"}'), "HTTP 503, timeout: query timed out"),
    ((200, b"<html>a login page"), "HTTP 200 with 18 bytes that are no answer of Prometheus: '<html>a login page'"),
    ((200, b""), "HTTP 200 with 0 bytes"),
    ((200, b"[" * 100_000), "HTTP 200 with 100,000 bytes"),
    ((200, b'{"status":"success","data":null}'), "no answer of Prometheus"),
    ((200, b'{"status":"success","data":{"resultType":"vector","result":7}}'), "7 is no list of series"),
    ((200, vector([1, "abc"])), r"\[1, 'abc'\] is no pair of a time and a number"),
    ((200, vector([1, 0.5])), "no pair of a time and a number"),
    ((200, vector(None)), "None is no pair"),
    ((200, vector([1, "1"], warnings=["store b did not answer"])), "not whole: .*store b did not answer"),
    ((200, HUGE), "larger than 10,485,760 bytes"),
    ("http://192.0.2.1/elsewhere", "HTTP 302 leads to http://192.0.2.1/elsewhere, which is not followed"),
    ("cut", "bytes"),
    ("silent", "timed out"),
    ("drip", "took too long"),
    ("reset", "reset|closed|aborted"),
]


@pytest.mark.parametrize(("answer", "message"), BROKEN, ids=[str(message)[:30] for _, message in BROKEN])
def test_a_broken_answer_is_an_error_soon(server: Server, answer: Any, message: str) -> None:
    begin = time.monotonic()
    with pytest.raises(ObserveError, match=message) as caught:
        metrics(server, answer).instant("up", AT)

    assert caught.value.message.startswith(f"http://127.0.0.1:{server.server_port}: up: ")
    assert time.monotonic() - begin < 4


@pytest.mark.parametrize("fault", [(500, b""), (503, b"busy"), "reset"], ids=["500", "503", "reset"])
def test_what_passes_is_asked_again_twice(server: Server, fault: Any) -> None:
    assert metrics(server, fault, fault, (200, GOOD)).instant("up", AT) == 0.5
    assert len(server.asked) == 3


@pytest.mark.parametrize("answer", [(400, b"{}"), (200, b"{}"), (404, b"")], ids=str)
def test_what_does_not_pass_is_asked_once(server: Server, answer: Any) -> None:
    with pytest.raises(ObserveError):
        metrics(server, answer).instant("up", AT)
    assert len(server.asked) == 1


def test_the_question_is_the_query_at_the_time(server: Server) -> None:
    metrics(server, (200, GOOD)).instant('sum(a{b="c d&e"})', AT)

    assert server.asked == ["/api/v1/query?query=sum%28a%7Bb%3D%22c+d%26e%22%7D%29&time=1362096000.000"]


@pytest.mark.parametrize("address", ["http://ann:hunter22@127.0.0.1:1", "http://ann:${PASSWORD}@127.0.0.1:1"])
def test_nobody_listening_is_an_error_without_the_password(address: str) -> None:
    asked = PrometheusMetrics(address, {"PASSWORD": "hunter22"}, pause=0.001)
    with pytest.raises(ObserveError, match=r"^http://\*\*\*@127\.0\.0\.1:1: up: .*refused") as caught:
        asked.instant("up", AT)

    assert "hunter22" not in str(caught.value.message)


@pytest.mark.parametrize("word", ["pa/ss", "pa?ss", "p:a:ss", "[pass", "pa ss"])
def test_a_password_that_breaks_the_address_is_not_told(word: str) -> None:
    with pytest.raises(ObserveError) as caught:
        PrometheusMetrics("http://ann:${WORD}@127.0.0.1:1", {"WORD": word}, pause=0.001).instant("up", AT)

    assert word not in caught.value.message


def test_a_password_that_is_not_set_is_named() -> None:
    with pytest.raises(ObserveError, match="environment variable NOWHERE"):
        PrometheusMetrics("http://ann:${NOWHERE}@127.0.0.1:1").instant("up", AT)


def test_a_long_query_is_shown_by_its_begin(server: Server) -> None:
    with pytest.raises(ObserveError, match=r"1 \+ 1 \+ .*\.\.\.: HTTP 400") as caught:
        metrics(server, (400, b"")).instant("1 + \n" * 500 + "1", AT)

    assert len(caught.value.message) < 400
