"""An S3 server on loopback, and DVC repositories whose remote is on it."""

import contextlib
import hashlib
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.repositories import ENVIRONMENT

KEYS = {"AWS_ACCESS_KEY_ID": "key-of-tests", "AWS_SECRET_ACCESS_KEY": "secret-of-tests-0123456789"}
ENV = {
    **{name: value for name, value in ENVIRONMENT.items() if not name.startswith("AWS_")},
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "DVC_NO_ANALYTICS": "1",
}


@dataclass(frozen=True)
class S3:
    """The server's address, and what a person would do there by other means."""

    url: str

    def call(self, method: str, path: str, body: bytes = b"") -> bytes:
        who = "AWS4-HMAC-SHA256 Credential=key/20130301/us-east-1/s3/aws4_request"
        headers = {"Authorization": who, "Content-Type": "application/octet-stream"}
        request = urllib.request.Request(f"{self.url}/{path}", data=body or None, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return bytes(answer.read())

    @contextlib.contextmanager
    def strict(self) -> Iterator[None]:
        """While nobody is let in, because the server knows no keys."""
        self.call("POST", "moto-api/reset-auth", b"0")
        try:
            yield
        finally:
            self.call("POST", "moto-api/reset-auth", b"inf")


@contextlib.contextmanager
def s3_server() -> Iterator[S3]:
    """A server that has no bucket yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            s3 = S3(f"http://127.0.0.1:{port}")
            _wait(s3, process)
            yield s3
        finally:
            process.terminate()


def _wait(s3: S3, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "the S3 server did not start"
        with contextlib.suppress(OSError):
            s3.call("GET", "moto-api/data.json")
            return
        time.sleep(0.05)
    raise AssertionError("the S3 server does not answer")


def dvc_config(url: str, endpoint: str = "") -> str:
    """With the remote `storage`."""
    more = f"    endpointurl = {endpoint}\n" if endpoint else ""
    return f"[core]\n    remote = storage\n    analytics = false\n['remote \"storage\"']\n    url = {url}\n{more}"


def keep(root: Path, content: bytes) -> str:
    """Put the content into DVC's cache, and return its MD5."""
    return _put(root, content, "")


def keep_folder(root: Path, files: Mapping[str, bytes]) -> str:
    """The same for a folder."""
    entries = [{"md5": keep(root, content), "relpath": name} for name, content in sorted(files.items())]
    return _put(root, json.dumps(entries).encode(), ".dir")


def _put(root: Path, content: bytes, ending: str) -> str:
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest() + ending
    path = root / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return md5
