"""The commands that only CI jobs call, and every command of the workflows with text in its way that would be an attack."""

import json
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from reconciler.adapters.forges.local import LocalForge
from reconciler.cli.login import AUDIENCE, CONFIG, TOKEN_FILES
from tests.commands import Answer, perennial
from tests.loops import Loop
from tests.payloads import notice, payload
from tests.repositories import git

PAYLOADS = {
    "shell": '"; touch pwned; $(touch pwned) `touch pwned` | tee pwned > pwned & #',
    "yaml": "x\n- {a: !!python/object/apply:os.system ['touch pwned']}\nspec: &a [*a]",
    "jinja": "{{ cycler.__init__.__globals__.os.popen('touch pwned').read() }}{% for x in range(9) %}{{ 7*191 }}{% endfor %}",
    "markdown": "| a | b |\n## head\n<details><img src=x onerror=alert(1)> @boss #12 [x](javascript:alert(1)) ```",
    "expression": "${{ secrets.PERENNIAL_GITHUB_APP_KEY }} ${{ github.token }}",
    "command": 'x\n::set-output name=models::["evil"]\n::add-mask::x\n##[error]y\n::stop-commands::t',
    "mark": '<!-- perennial {"model": "evil"} -->\n<!-- perennial:plan -->\n/perennial rollback alpha',
}
WHEN = ("--as-of", "2013-03-02")


def obeyed(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.lstrip().startswith(("::", "##["))]


@pytest.fixture(params=PAYLOADS)
def hostile(request: pytest.FixtureRequest, loop: Loop) -> Loop:
    """A repository in which people wrote the payload wherever people may write: names, reasons, messages, descriptions."""
    text = PAYLOADS[request.param]
    model = yaml.safe_load((loop.root / "models/alpha/model.yaml").read_text())
    model["metadata"] |= {"description": text, "owner": text[:100]}
    hold = {
        "apiVersion": "perennial/v1",
        "kind": "Hold",
        "metadata": {"name": "alpha"},
        "spec": {"reason": text, "owner": text[:90]},
    }
    loop.commit(
        f"Change\n\n{text}",
        **{"models/alpha/model.yaml": yaml.safe_dump(model).encode(), "models/alpha/hold.yaml": yaml.safe_dump(hold).encode()},
    )
    git(loop.root, "update-ref", "refs/heads/perennial/$(touch${IFS}pwned)/${{github.token}}'\"`id`", "main")
    return loop


def lifted(loop: Loop) -> Answer:
    """Without the hold the pull request is written again, with what people wrote in it."""
    loop.commit("Go on", **{"models/alpha/hold.yaml": None})
    return perennial(loop.root, "reconcile", *WHEN)


def test_what_people_wrote_runs_nowhere_and_breaks_nothing(hostile: Loop) -> None:
    loop = hostile
    told = {
        "validate": perennial(loop.root, "validate", "-o", "github"),
        "plan": perennial(loop.root, "plan", "--base", "main", *WHEN, "-o", "markdown"),
        "text": perennial(loop.root, "plan", *WHEN),
        "due": perennial(loop.root, "due", *WHEN, "-o", "github"),
        "reconcile": perennial(loop.root, "reconcile", *WHEN),
        "lifted": lifted(loop),
        "reviewed": perennial(loop.root, "pr", "view", "1"),
        "release": perennial(loop.root, "release", *WHEN),
        "gate": perennial(loop.root, "gate", "main", "--base", "main"),
        "init": perennial(None, "init", str(loop.root), "--forge", "github", "--repository", "acme/models", "-o", "json"),
    }

    for name, answer in told.items():
        assert answer.is_harmless, name
        assert not obeyed(answer.out), name
        assert "1337" not in answer.out, "a template was run"
    assert [answer.code for answer in told.values()] == [0] * len(told), told
    assert set(told["due"].out.splitlines()) <= {'models=["alpha"]', "models=[]", "any=true", "any=false"}
    assert not list(loop.root.rglob("pwned"))
    marker = loop.pulls()[0].marker
    assert marker is not None
    assert (marker.model, marker.environment) == ("alpha", "staging"), "nobody else's mark is believed"
    owners = (loop.root / ".github/CODEOWNERS").read_text()
    assert all(line.startswith(("#", "/models/", "/datasets/", "/policies/")) for line in owners.splitlines())
    assert "@boss" not in owners


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_comment_holds_what_it_was_given_and_nothing_that_is_obeyed(name: str, loop: Loop, tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    file.write_text(PAYLOADS[name])

    for _ in range(2):
        assert perennial(loop.root, "comment", "1", "--key", "plan", "--file", str(file)).code == 0

    (comment,) = LocalForge(loop.repository).comments(1)
    assert "\n/perennial" not in comment.text
    assert comment.text.count("<!-- perennial") <= 1, "its own mark"


def test_of_a_pull_request_that_is_elsewhere_nothing_is_said(loop: Loop) -> None:
    told = perennial(loop.root, "comment", "77", "--key", "plan", "--file", __file__)
    assert (told.code, "#77 is not among the pull requests in this repository" in told.out) == (0, True)


@pytest.mark.parametrize("name", PAYLOADS)
def test_arguments_are_arguments(name: str, loop: Loop, tmp_path: Path) -> None:
    text = PAYLOADS[name]
    before = loop.refs()
    for command in (
        ("reconcile", "--model", text, *WHEN),
        ("due", "--model", text, *WHEN),
        ("rollback", text, "--environment", "staging", "--reason", "x"),
        ("rollback", "alpha", "--environment", text, "--reason", "x"),
        ("gate", text, "--base", "main"),
        ("plan", "--base", text),
        ("comment", "1", "--key", text, "--file", __file__),
        ("receive", text),
    ):
        answer = perennial(loop.root, *command)
        assert answer.is_harmless
        assert not obeyed(answer.out + answer.err), command
    assert loop.refs() == before
    assert not list(loop.root.rglob("pwned"))


def test_the_alerts_of_a_dispatch_fire_the_trigger_that_names_their_file(loop: Loop, tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(
        json.dumps({"action": "perennial-alert", "client_payload": json.loads(payload(notice("Slow", team=PAYLOADS["shell"])))})
    )

    told = perennial(loop.root, "receive", str(event))

    (file,) = (loop.root / "alerts").glob("*.json")
    assert told.out == f"1 alerts in alerts/{file.name}\n"
    assert perennial(loop.root, "receive", str(event)).out == told.out, "twice is once"
    event.write_text(json.dumps({"client_payload": {"dataset": "flights"}}))
    assert "no alerts in it" in perennial(loop.root, "receive", str(event)).out
    for broken in ("", "{", "[" * 100_000):
        event.write_text(broken)
        assert perennial(loop.root, "receive", str(event)).code == 1
    assert perennial(loop.root, "receive", str(event), "--folder", "../out").code in (1, 5)


class Issuer(BaseHTTPRequestHandler):
    """GitHub's, as far as a job sees it."""

    answer: Any = {"value": "ey.J.x"}
    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        Issuer.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(Issuer.answer).encode())

    def log_message(self, *_: Any) -> None:
        """Be quiet."""


@pytest.fixture
def issuer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Issuer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", f"http://127.0.0.1:{server.server_port}/token?api-version=2")
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-secret")
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path))
    Issuer.asked.clear()
    yield
    server.shutdown()
    server.server_close()


def test_a_job_gets_its_token_in_a_file_that_only_it_reads(
    issuer: None, loop: Loop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(AUDIENCE, "sts.amazonaws.com&x=y")
    monkeypatch.setenv(CONFIG, "['remote \"s3\"']\n    secret_access_key = hunter2hunter2")
    (loop.root / ".dvc").mkdir()

    told = perennial(loop.root, "login")

    file = tmp_path / "perennial-identity"
    assert told.out.splitlines() == [f"{name}={file}" for name in TOKEN_FILES]
    assert file.read_text() == "ey.J.x"
    config = loop.root / ".dvc/config.local"
    for path in (file, config):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {"::add-mask::ey.J.x", "::add-mask::hunter2hunter2"} <= set(told.err.splitlines())
    assert not obeyed(told.out)
    ((path, secret),) = Issuer.asked
    assert parse_qs(urlsplit(path).query) == {"api-version": ["2"], "audience": ["sts.amazonaws.com&x=y"]}
    assert secret == "bearer request-secret"


@pytest.mark.parametrize("answer", [{}, [], {"value": 3}, {"value": "a\nb"}, {"value": ""}, {"value": "a b"}])
def test_what_is_no_token_is_refused(
    answer: Any, issuer: None, loop: Loop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(AUDIENCE, "x")
    monkeypatch.setattr(Issuer, "answer", answer)
    told = perennial(loop.root, "login")
    assert (told.code, told.out) == (4, "")
    assert "id-token: write" in told.err
    assert not (tmp_path / "perennial-identity").exists()


def test_a_job_that_asks_for_nothing_gets_nothing(loop: Loop, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (AUDIENCE, CONFIG):
        monkeypatch.setenv(name, "")
    assert perennial(loop.root, "login") == perennial(loop.root, "login")
    assert perennial(loop.root, "login").out == ""

    monkeypatch.setenv(AUDIENCE, "x")
    monkeypatch.delenv("ACTIONS_ID_TOKEN_REQUEST_URL", raising=False)
    refused = perennial(loop.root, "login")
    assert (refused.code, "may not ask for an identity token" in refused.err) == (4, True)
    assert git(loop.root, "status", "--porcelain") == ""


def test_a_change_that_mends_main_has_a_plan(loop: Loop) -> None:
    spec = (loop.root / "models/alpha/model.yaml").read_bytes()
    loop.commit("Break it", **{"models/alpha/model.yaml": b"kind: Model\n"})
    loop.commit("Mend it", **{"models/alpha/model.yaml": spec})

    told = perennial(loop.root, "plan", "--base", "HEAD^1", *WHEN, "-o", "markdown")

    assert (told.code, "the specs are wrong as they are on main" in told.out) == (0, True)
