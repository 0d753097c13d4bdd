"""The doctor on a repository whose pull requests are on GitHub: what is seen here, and what a server like GitHub's answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.diagnosis.github import diagnose_github
from reconciler.domain.diagnosis import Level
from reconciler.domain.service import ServiceFacts
from tests.commands import perennial
from tests.forges import github_forge
from tests.github.answers import Answer
from tests.github.openapi import github_description
from tests.repositories import ENVIRONMENT, a_repository, git

APP = {"PERENNIAL_GITHUB_APP_ID": "7", "PERENNIAL_GITHUB_APP_KEY": "key.pem"}
S3 = b"[core]\n    remote = s3\n['remote \"s3\"']\n    url = s3://bucket/path\n"
BASE = "/repos/acme/models"
REVIEWS = {
    "type": "pull_request",
    "parameters": {
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": True,
        "require_last_push_approval": False,
        "required_approving_review_count": 2,
        "required_review_thread_resolution": False,
    },
}
REQUIRED = {
    "type": "required_status_checks",
    "parameters": {"required_status_checks": [{"context": "gated"}], "strict_required_status_checks_policy": True},
}
OLD = {"enabled": True, "required_status_checks": {"enforcement_level": "everyone", "contexts": ["validated"], "checks": []}}
ANSWERS: dict[str, Any] = {
    "/user": {"login": "ann"},
    BASE: {"default_branch": "main", "permissions": {"admin": False, "push": True, "pull": True}},
    f"{BASE}/branches/main": {"name": "main", "protected": True, "protection": OLD},
    f"{BASE}/rules/branches/main": [REVIEWS, REQUIRED, {"type": "deletion"}],
}


class GitHub(BaseHTTPRequestHandler):
    """The few answers that the doctor asks for."""

    answers: dict[str, Any] = ANSWERS

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        known = path in GitHub.answers
        body = json.dumps(GitHub.answers[path] if known else {"message": "Not Found"}).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Be quiet."""


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(GitHub, "answers", dict(ANSWERS))
    server = HTTPServer(("127.0.0.1", 0), GitHub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def inspect(url: str) -> ServiceFacts:
    return github_forge(url, token="github_pat_ann").inspect()


def test_rules_and_protections_from_before_them_are_read_alike(url: str) -> None:
    facts = inspect(url)

    assert (facts.login, facts.default_branch, facts.may_push, facts.protected) == ("ann", "main", True, True)
    assert (facts.approvals, facts.code_owners, facts.checks) == (2, True, ("gated", "validated"))
    assert (facts.permissions, facts.now is not None) == (None, True)


def test_a_new_repository_protects_nothing(url: str) -> None:
    del GitHub.answers[f"{BASE}/branches/main"]
    GitHub.answers[f"{BASE}/rules/branches/main"] = []

    facts = inspect(url)

    assert (facts.protected, facts.approvals, facts.checks) == (False, None, ())


def test_these_are_answers_that_github_gives() -> None:
    description = github_description()
    templates = {
        BASE: "/repos/{owner}/{repo}",
        f"{BASE}/branches/main": "/repos/{owner}/{repo}/branches/{branch}",
    }
    for path, template in templates.items():
        description.check("GET", template, None, Answer(200, ANSWERS[path]))
    for rule, kind in ((REVIEWS, "pull-request"), (REQUIRED, "required-status-checks")):
        known = description.document["components"]["schemas"][f"repository-rule-{kind}"]["properties"]["parameters"]["properties"]
        assert set(rule["parameters"]) <= set(known)


@pytest.fixture
def team(tmp_path: Path) -> Path:
    files = {f".github/workflows/{name}.yml": b"" for name in ("validate", "gate", "reconcile", "release", "rollback")}
    root = a_repository(tmp_path / "team", {".dvc/config": S3, **files}).root
    git(root, "remote", "add", "origin", "https://github.com/acme/models.git")
    return root


def levels(root: Path, **environment: str) -> dict[str, str]:
    return {one.check: one.level for one in diagnose_github(root, "origin", ENVIRONMENT | environment)}


def test_what_can_be_seen_without_asking(team: Path) -> None:
    assert levels(team, **APP) == {"git remote": "good", "workflows": "good", "token": "good", "secrets": "doubt"}
    for name in ("PERENNIAL_GITHUB_TOKEN", "GITHUB_TOKEN", "OTHER"):
        assert levels(team, **{name: "x"})["token"] == "doubt"

    (team / ".github/workflows/gate.yml").unlink()
    git(team, "remote", "remove", "origin")
    (team / ".dvc/config").write_text("[core]\n")
    assert levels(team, **APP) == {"git remote": "bad", "workflows": "bad", "token": "good", "storage": "bad"}

    (team / ".dvc/config").write_text("[core]\n    remote = here\n['remote \"here\"']\n    url = ../remote\n")
    assert levels(team, **APP)["storage"] == "doubt"


def test_the_command_asks_github_and_can_do_without(team: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = f'[tool.perennial.forge]\ntype = "github"\nrepository = "acme/models"\nurl = "{url}"\n'
    (team / "pyproject.toml").write_text(settings)
    monkeypatch.setenv("PERENNIAL_GITHUB_TOKEN", "github_pat_ann")

    told = perennial(team, "doctor", "-o", "json")

    found = {one["check"]: one["level"] for one in told.json["findings"]}
    assert (found["protection"], found["reviews"], found["permissions"]) == (Level.GOOD, Level.GOOD, Level.GOOD)
    assert found["github's clock"] == Level.GOOD
    offline = {one["check"] for one in perennial(team, "doctor", "--offline", "-o", "json").json["findings"]}
    assert "protection" not in offline
    assert "workflows" in offline
