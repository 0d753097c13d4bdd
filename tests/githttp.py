"""A git server over HTTP on loopback, as hosted git is: git's own `http-backend`, behind a password."""

import base64
import contextlib
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.repositories import ENVIRONMENT


@dataclass(slots=True, kw_only=True)
class GitServer:
    """Where it is, what it lets in, and what it was asked."""

    address: str
    password: str
    seen: list[tuple[str, str | None]] = field(default_factory=list)

    @property
    def header(self) -> str:
        return "Basic " + base64.b64encode(f"x-access-token:{self.password}".encode()).decode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self._body())

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, body: bytes) -> None:
        given = self.headers.get_all("Authorization") or []
        self.server.state.seen.append((self.path, given[0] if given else None))
        if len(given) > 1:
            self._send(400, b"two Authorization headers\n", {})
        elif given != [self.server.state.header]:
            self._send(401, b"who are you?\n", {"WWW-Authenticate": 'Basic realm="git"'})
        else:
            self._send(*_backend(self.server.folder, self, body))

    def _send(self, code: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    folder: Path
    state: GitServer


@contextlib.contextmanager
def git_server(folder: Path, password: str) -> Iterator[GitServer]:
    """Serve the bare repositories of the folder."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.folder = folder
        server.state = GitServer(address=f"http://127.0.0.1:{server.server_address[1]}/", password=password)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.state
        finally:
            server.shutdown()


def _backend(folder: Path, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes, dict[str, str]]:
    """What git answers, as a CGI program."""
    path, _, query = request.path.partition("?")
    environment = ENVIRONMENT | {
        "GIT_PROJECT_ROOT": str(folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": request.command,
        "REMOTE_USER": "somebody",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
    }
    done = subprocess.run(["git", "http-backend"], input=body, env=environment, capture_output=True, check=False)
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
    return int(headers.pop("Status", "200").split()[0]), content, headers
