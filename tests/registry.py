"""A small OCI registry on loopback that keeps to the distribution API, and fails where it is told to."""

import base64
import hashlib
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

USERNAME, PASSWORD, TOKEN = "robot", "secret-of-the-registry", "token-of-tests"
LOGIN = {"PERENNIAL_REGISTRY_USERNAME": USERNAME, "PERENNIAL_REGISTRY_PASSWORD": PASSWORD}
_PATH = re.compile(r"/v2/(?P<name>[a-z0-9/._-]+?)/(?P<what>blobs/uploads|blobs|manifests|tags/list)/?(?P<which>[^/]*)")
_PAGE = 2


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


@dataclass
class Registry:
    """What is in it by repository and digest or tag. `lets_in` is `everybody`, `basic` or `bearer`.

    `realm` is where tokens are got, `uploads_at` where uploads are sent to, and `blobs_at` where blobs are, if not here. `deaf`
    names what is done without an answer (`PUT manifests`), once each; `seen` are all requests.
    """

    host: str
    blobs: dict[tuple[str, str], bytes] = field(default_factory=dict)
    manifests: dict[tuple[str, str], bytes] = field(default_factory=dict)
    uploads: set[str] = field(default_factory=set)
    lets_in: str = "everybody"
    realm: str = ""
    uploads_at: str = ""
    blobs_at: str = ""
    deaf: list[str] = field(default_factory=list)
    broken: int = 0
    seen: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"oci://{self.host}/models"


@contextmanager
def a_registry() -> Iterator[Registry]:
    """One with nothing in it."""
    registry = Registry("")
    handler = type("Handler", (_Handler,), {"registry": registry})
    server = _Server(("127.0.0.1", 0), handler)
    registry.host = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *args: object) -> None:
        """Clients may go away at any time."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*args)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    registry: Registry
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        said = self.headers.get("Authorization", "")
        self.registry.seen.append((self.command, self.path, said))
        if self.path.startswith("/token"):
            self._token(said)
        elif not self._may(said):
            self._answer(401, **{"WWW-Authenticate": self._challenge()})
        elif self.registry.broken:
            self._error(self.registry.broken, "UNAVAILABLE", "out of order")
        elif found := _PATH.fullmatch(urlsplit(self.path).path):
            self._do(found["name"], found["what"], found["which"], body)
        else:
            self._error(404, "NAME_UNKNOWN", "no such thing")

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do  # noqa: N815 - the names are those of the library

    def _do(self, name: str, what: str, which: str, body: bytes) -> None:
        match self.command, what:
            case "GET" | "HEAD", "blobs":
                self._blob(name, which)
            case "GET" | "HEAD", "manifests":
                self._give(self.registry.manifests.get((name, which)), "application/vnd.oci.image.manifest.v1+json")
            case "POST", "blobs/uploads":
                upload = uuid.uuid4().hex
                self.registry.uploads.add(upload)
                self._answer(202, Location=f"{self.registry.uploads_at}/v2/{name}/blobs/uploads/{upload}?state=x")
            case "PUT", "blobs/uploads":
                wanted = parse_qs(urlsplit(self.path).query).get("digest", [""])[0]
                if which not in self.registry.uploads or digest(body) != wanted:
                    self._error(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
                    return
                self.registry.blobs[name, wanted] = body
                self._answer(201, Location=f"/v2/{name}/blobs/{wanted}")
            case "PUT", "manifests":
                self._put_manifest(name, which, body)
            case "DELETE", "manifests":
                gone = [key for key, text in self.registry.manifests.items() if key[0] == name and digest(text) == which]
                for key in gone:
                    del self.registry.manifests[key]
                self._answer(202 if gone else 404)
            case "GET", "tags/list":
                self._tags(name)
            case _:
                self._error(405, "UNSUPPORTED", "not here")

    def _blob(self, name: str, which: str) -> None:
        if self.registry.blobs_at:
            self._answer(307, Location=f"{self.registry.blobs_at}/v2/{name}/blobs/{which}")
        else:
            self._give(self.registry.blobs.get((name, which)), "application/octet-stream")

    def _put_manifest(self, name: str, which: str, body: bytes) -> None:
        parts = json.loads(body)
        lacking = [
            one["digest"] for one in (parts["config"], *parts["layers"]) if (name, one["digest"]) not in self.registry.blobs
        ]
        if lacking:
            self._error(404, "MANIFEST_BLOB_UNKNOWN", f"blob unknown: {lacking[0]}")
            return
        self.registry.manifests[name, which] = self.registry.manifests[name, digest(body)] = body
        self._answer(201, **{"Docker-Content-Digest": digest(body)})

    def _tags(self, name: str) -> None:
        tags = sorted(which for found, which in self.registry.manifests if found == name and not which.startswith("sha256:"))
        if not tags:
            self._error(404, "NAME_UNKNOWN", "repository name not known to registry")
            return
        last = parse_qs(urlsplit(self.path).query).get("last", [""])[0]
        page = [tag for tag in tags if tag > last][:_PAGE]
        more = {"Link": f'</v2/{name}/tags/list?last={page[-1]}>; rel="next"'} if page and page[-1] != tags[-1] else {}
        self._answer(200, json.dumps({"name": name, "tags": page}).encode(), **more)

    def _give(self, content: bytes | None, kind: str) -> None:
        if content is None:
            self._error(404, "UNKNOWN", "not known to the registry")
        else:
            self._answer(200, content, **{"Content-Type": kind, "Docker-Content-Digest": digest(content)})

    def _may(self, said: str) -> bool:
        basic = "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        return said == {"everybody": said, "basic": basic, "bearer": f"Bearer {TOKEN}"}[self.registry.lets_in]

    def _challenge(self) -> str:
        if self.registry.lets_in == "basic":
            return 'Basic realm="models"'
        realm = self.registry.realm or f"http://{self.registry.host}/token"
        return f'Bearer realm="{realm}",service="models",scope="repository:x:pull,push"'

    def _token(self, said: str) -> None:
        known = said == "Basic " + base64.b64encode(f"{USERNAME}:{PASSWORD}".encode()).decode()
        self._answer(200 if known else 401, json.dumps({"token": TOKEN} if known else {}).encode())

    def _error(self, status: int, code: str, message: str) -> None:
        self._answer(status, json.dumps({"errors": [{"code": code, "message": message}]}).encode())

    def _answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        done = next((one for one in self.registry.deaf if one == f"{self.command} {self.path.split('/')[-2]}"), None)
        if done:
            self.registry.deaf.remove(done)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def the_real_registry(folder: Path) -> Iterator[str]:
    """The registry of the project Distribution, as Debian packages it: its base. Skips where it is not installed."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{free.getsockname()[1]}"
    config = folder / "registry.yml"
    storage = f"storage: {{filesystem: {{rootdirectory: {folder / 'storage'}}}, delete: {{enabled: true}}}}"
    config.write_text(f"version: 0.1\nlog: {{level: error}}\n{storage}\nhttp: {{addr: '{host}'}}\n")
    with subprocess.Popen([program, "serve", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://{host}/v2/", process)
            yield f"oci://{host}/models"
        finally:
            process.terminate()


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        assert process.poll() is None, "the registry did not start"
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.05)
    raise AssertionError("the registry does not answer")
