"""A proxy on loopback between the forge and the server, which does to requests and answers what networks and GitHub do."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SILENCE = 0.15
"""Seconds that the proxy is silent for; the forge of these tests waits for less."""


class Fault(StrEnum):
    """What happens to one request."""

    NONE = "none"
    LOST_REQUEST = "the request is lost"
    LOST_ANSWER = "done, and the answer is lost"
    LATE = "done, and the answer comes too late"
    CUT = "done, and the JSON is cut off"
    EMPTY = "done, and the answer is empty"
    BAD_GATEWAY = "502, and nothing is done"
    DONE_AND_BAD_GATEWAY = "502, and it is done"
    CONFLICT = "409"
    EXISTS = "422 already exists"
    TOO_MANY = "429"
    SECONDARY = "403 secondary limit"
    STALE = "an older answer"


FAULTS = tuple(fault for fault in Fault if fault is not Fault.NONE)
REFUSALS = {
    Fault.BAD_GATEWAY: (502, "<html>Bad Gateway</html>", {}),
    Fault.CONFLICT: (409, json.dumps({"message": "Conflict"}), {}),
    Fault.EXISTS: (
        422,
        json.dumps({"message": "Validation Failed", "errors": [{"message": "It already exists"}]}),
        {},
    ),
    Fault.TOO_MANY: (429, json.dumps({"message": "Too many requests"}), {"Retry-After": "1"}),
    Fault.SECONDARY: (403, json.dumps({"message": "You have exceeded a secondary rate limit."}), {"Retry-After": "1"}),
}


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class FaultyProxy(ThreadingHTTPServer):
    """Asks `choose` about each request: method and path. Faults that only spoil a read or a write spare the other."""

    daemon_threads = True

    def __init__(self, upstream: int, choose: Callable[[str, str], Fault]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream, self.choose = upstream, choose
        self.seen: dict[str, list[Reply]] = {}
        self.happened: list[str] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has hung up is what this is about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FaultyProxy

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.choose(self.command, self.path)
        if fault is Fault.STALE and (self.command != "GET" or self.path not in self.server.seen):
            fault = Fault.NONE
        if fault is not Fault.NONE:
            self.server.happened.append(f"{fault}: {self.command} {self.path}")
        if fault in REFUSALS:
            status, text, headers = REFUSALS[fault]
            self.send(Reply(status, headers, text.encode()))
        elif fault is Fault.LOST_REQUEST:
            self.hang_up()
        elif fault is Fault.STALE:
            self.send(self.server.seen[self.path][-1])
        else:
            self.spoil(fault, self.ask(body))

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = pass_on  # noqa: N815 - names of http.server

    def spoil(self, fault: Fault, reply: Reply) -> None:
        match fault:
            case Fault.LOST_ANSWER:
                self.hang_up()
            case Fault.LATE:
                time.sleep(SILENCE)
                self.hang_up()
            case Fault.EMPTY:
                self.send(Reply(reply.status, reply.headers, b""))
            case Fault.CUT:
                self.send(Reply(reply.status, reply.headers, reply.body[: len(reply.body) // 2]))
            case Fault.DONE_AND_BAD_GATEWAY:
                self.send(Reply(502, {}, b"<html>Bad Gateway</html>"))
            case _:
                if self.command == "GET" and reply.status == 200:
                    self.server.seen.setdefault(self.path, []).append(reply)
                self.send(reply)

    def ask(self, body: bytes) -> Reply:
        upstream = HTTPConnection("127.0.0.1", self.server.upstream, timeout=30)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "accept-encoding")}
        upstream.request(self.command, self.path, body=body or None, headers=kept)
        answer = upstream.getresponse()
        headers = {k: v for k, v in answer.getheaders() if k.lower() not in ("content-length", "date", "server", "connection")}
        reply = Reply(answer.status, headers, answer.read())
        upstream.close()
        return reply

    def send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def faulty_proxy(upstream: int, choose: Callable[[str, str], Fault]) -> Iterator[FaultyProxy]:
    """A proxy that runs until the block ends."""
    proxy = FaultyProxy(upstream, choose)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
