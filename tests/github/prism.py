"""The npm program Prism, which checks requests by GitHub's own description.

`npm install --prefix build @stoplight/prism-cli@5 @octokit/openapi@23` puts both where they are looked for.
"""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.github.openapi import excerpt, github_description, node_module
from tests.github.routing import ROUTES
from tests.prometheus import wait_for

BRANCH = "perennial/flight-delay/production"


@contextmanager
def prism(folder: Path) -> Iterator[str]:
    """Its address, while it runs on the paths that the forge uses. Skips the test where it is not installed."""
    program, node = node_module("@stoplight/prism-cli") / "dist" / "index.js", shutil.which("node")
    if node is None:
        pytest.skip("no node on the PATH")
    folder.mkdir()
    document = excerpt(github_description().document, [template for _, template, _, _ in ROUTES])
    (folder / "github.json").write_text(json.dumps(document))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        command = [node, str(program), "mock", "--port", str(port), "github.json"]
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/user", folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()
            server.wait()


def faults_of(url: str, method: str, path: str, body: bytes) -> list[str]:
    """What it finds wrong with the request. Its answers are GitHub's examples, some of which it finds wrong, too."""
    headers = {"Accept": "application/json", "Content-Type": "application/json", "Authorization": "token t"}
    flat = path.replace(BRANCH, BRANCH.replace("/", "%2F")).replace(
        "refs/heads/", "refs/heads%2F"
    )  # its paths do not know names with a slash, GitHub's do
    request = Request(url + flat, body or None, headers, method=method)
    try:
        with urlopen(request, timeout=30) as answer:
            status, told = answer.status, answer.headers.get("sl-violations", "[]")
    except HTTPError as error:
        status, told = error.code, error.headers.get("sl-violations", "[]")
    faults = [fault["message"] for fault in json.loads(told) if fault["location"][0] == "request"]
    return faults or ([] if status < 400 else [f"{status}"])
