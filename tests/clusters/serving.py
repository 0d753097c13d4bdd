"""An HTTP server on loopback, with TLS where wanted, whose answers may fail in every way that a network knows."""

import contextlib
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    denied: str = ""


Reply = tuple[int, Any]
Answer = Callable[[Asked], Reply]


@dataclass
class Served:
    """Where it is, what it was asked, and how it fails: each fault is used once, in turn, before anything is answered.

    A fault is a status, `reset`, `lost` (carried out, then cut off), `garbage`, `slow`, `trickle`, or `huge`; with a method and
    a colon before it only for that method. `deny` is what the token may not do.
    """

    address: str
    token: str
    asked: list[Asked] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    deny: str = ""

    def count(self, method: str, part: str = "") -> int:
        return sum(one.method == method and part in one.path for one in self.asked)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    state: Served
    answer: Answer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked = Asked(method=self.command, path=unquote(parts.path), query=query, headers=dict(self.headers), body=body)
        state = self.server.state
        state.asked.append(asked)
        fault = self._fault()
        if fault == "reset":
            return self._cut()
        if fault == "slow":
            time.sleep(1.5)
        if fault == "trickle":
            return self._trickle()
        if fault.isdigit():
            return self._send(int(fault), {"error": f"fault {fault}", "message": f"fault {fault}", "code": 2})
        if fault in ("garbage", "huge"):
            return self._send(200, b"<html>not what you wanted" if fault == "garbage" else b"[" * 100_000)
        if self.headers.get("Authorization") != f"Bearer {state.token}":
            message = "invalid session: token has invalid claims"
            return self._send(401, {"error": message, "code": 16, "message": message})
        asked.denied = state.deny
        found = self.server.answer(asked)
        return self._cut() if fault == "lost" else self._send(*found)

    do_GET = do_POST = do_DELETE = do_PATCH = _serve  # noqa: N815 - as http.server calls them

    def _fault(self) -> str:
        faults = self.server.state.faults
        for index, fault in enumerate(faults):
            method, colon, kind = fault.rpartition(":")
            if not colon or method == self.command:
                del faults[index]
                return kind
        return ""

    def _trickle(self) -> None:
        """An answer that never ends, and whose rest would be an answer of its own."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(100):
                self.wfile.write(b'{"items": []}')
                self.wfile.flush()
                time.sleep(0.05)
        self.close_connection = True

    def _cut(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _send(self, status: int, body: Any) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextlib.contextmanager
def served(answer: Answer, token: str = "let-me-in-please", certificate: Path | None = None) -> Iterator[Served]:
    """The server; with a certificate (PEM, with its key) it speaks TLS."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            scheme = "https"
        server.answer = staticmethod(answer)  # type: ignore[assignment]
        server.state = Served(address=f"{scheme}://127.0.0.1:{server.server_address[1]}", token=token)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server.state
        finally:
            server.shutdown()
