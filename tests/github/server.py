"""The server: real sockets on loopback, tokens, pages, entity tags and quotas, as GitHub has them."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from tests.github import commits_api, issues_api, pulls_api  # noqa: F401 - their routes
from tests.github.answers import Answer, Page, RefusedError, missing
from tests.github.routing import Call, find
from tests.github.shapes import Shapes
from tests.github.world import World

Check = Callable[[str, str, dict[str, object], Answer], None]
"""Is shown the method, the route's template, the request's body, and the answer before it is sent."""


class GitHubServer(ThreadingHTTPServer):
    """Answers for one world. `calls` are `METHOD /path status`, `bodies` what came with each; `quota` is left of 5,000."""

    daemon_threads = True

    def __init__(self, world: World, check: Check | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.world, self.check = world, check
        self.lock = threading.Lock()
        self.calls: list[str] = []
        self.bodies: list[tuple[str, str, bytes]] = []
        self.failures: list[Exception] = []
        self.quota = 5_000
        self.prefix = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: GitHubServer

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.server.lock:
            self.server.bodies.append((self.command, self.path, body))
            try:
                answer = self._answer(json.loads(body) if body else {})
            except RefusedError as error:
                answer = error.answer
            except Exception as error:  # noqa: BLE001 - a defect of the server: the test must know
                self.server.failures.append(error)
                answer = Answer(500, {"message": f"the test's server failed: {error!r}"})
            self.send(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815 - names of http.server

    def _answer(self, body: dict[str, object]) -> Answer:
        address = urlsplit(self.path)
        login = self._login()
        prefix = self.server.prefix  # GitHub Enterprise: /api/v3, and /api/graphql beside it
        shapes = Shapes(self.server.world, f"http://{self.headers['Host']}{prefix}")
        if prefix and not address.path.startswith((prefix, "/api/graphql")):
            raise missing()
        template, handler, parts = find(self.command, address.path.removeprefix(prefix).removeprefix("/api"))
        query = dict(parse_qsl(address.query))
        call = Call(self.server.world, shapes, login, {k: unquote(v) for k, v in parts.items()}, query, body)
        if "repo" in parts and f"{parts['owner']}/{parts['repo']}" != self.server.world.repository:
            return Answer(404, {"message": "Not Found"})
        try:
            found = handler(call)
            answer = self._page(found, query) if isinstance(found, Page) else found
        except RefusedError as error:
            answer = error.answer
        if self.server.check:
            self.server.check(self.command, template, body, answer)
        return answer

    def _login(self) -> str:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if kind == "Bearer" and token.count(".") == 2:
            return "perennial[app]"
        if token not in self.server.world.tokens:
            raise RefusedError(401, "Bad credentials")
        return self.server.world.tokens[token]

    def _page(self, page: Page, query: dict[str, str]) -> Answer:
        size, number = int(query.get("per_page", 30)), int(query.get("page", 1))
        items = page.items[(number - 1) * size : number * size]
        body = {"total_count": len(page.items), page.key: items} if page.key else items
        if number * size >= len(page.items):
            return Answer(200, body)
        address = f"http://{self.headers['Host']}{urlsplit(self.path).path}?{urlencode({**query, 'page': number + 1})}"
        return Answer(200, body, {"Link": f'<{address}>; rel="next"'})

    def send(self, answer: Answer) -> None:
        content = b"" if answer.body is None else json.dumps(answer.body).encode()
        tag = f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
        status = answer.status
        if self.command == "GET" and status == 200 and self.headers.get("If-None-Match") == tag:
            status, content = 304, b""
        else:
            self.server.quota -= 1
        self.server.calls.append(f"{self.command} {self.path} {status}")
        self.send_response(status)
        quota = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": str(self.server.quota), "X-RateLimit-Resource": "core"}
        reset = {"X-RateLimit-Reset": "4102444800"}
        headers = {"ETag": tag, "Content-Type": "application/json; charset=utf-8", **quota, **reset, **answer.headers}
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def github_server(world: World, check: Check | None = None) -> Iterator[GitHubServer]:
    """A server that runs until the block ends. What failed inside of it fails the test."""
    server = GitHubServer(world, check)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert not server.failures, server.failures
