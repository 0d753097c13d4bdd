"""The test's server against GitHub's own description: whatever the forge asks, and whatever the server answers, GitHub knows."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.domain.notices import Comment
from reconciler.errors import PermanentActError
from tests.contract.test_notices import CHECK, DASHBOARD, DEPLOYED, STATUS
from tests.forges import BRANCH, MARK, Forge, a_github, github_app, github_forge
from tests.github.answers import Answer
from tests.github.openapi import github_description
from tests.github.prism import faults_of, prism
from tests.github.routing import ROUTES
from tests.github.world import BEGAN
from tests.repositories import AT


def story(forge: Forge) -> None:
    """Everything that the forge does, once."""
    tip, world = forge.push(BRANCH), forge.server.world
    github_app(forge.server.url).pull_requests()
    more = {"labels": ("perennial", "tier/high"), "reviewers": ("ann", "acme/ml", "nobody")}
    forge.propose(draft=True, **more)
    forge.propose(title="Again", body=f"More\n{MARK}", **more | {"labels": ("perennial",)})
    world.review(1, "ann")
    world.say(1, "ann", "/perennial explain")
    for body in ("One.", "Two."):
        forge.forge.comment(Comment(number=1, key="state", body=body), AT)
        forge.forge.dashboard(replace(DASHBOARD, body=body))
    world.say(1, "perennial[bot]", "<!-- perennial:state -->\nTwo.")
    forge.forge.comment(Comment(number=1, key="state", body="Two."), AT)
    assert forge.forge.commands(BEGAN)
    for one in (forge.forge, github_forge(forge.server.url, token="github_pat_ann")):
        one.check(replace(CHECK, revision=tip, annotations=CHECK.annotations * 60))
        one.status(replace(STATUS, revision=tip, url="https://ci.example.com/7"))
        one.deployment(replace(DEPLOYED, revision=tip, url="https://argo.example.com"))
        one.dashboard(DASHBOARD)
    world.git.references.create("refs/heads/same", world.tip("main"))
    with pytest.raises(PermanentActError, match="nothing that main has not"):
        forge.propose("same")
    world.merge_commits = False
    with pytest.raises(PermanentActError, match="allows no merge commits"):
        forge.forge.merge(1, tip, AT)
    world.merge_commits = True
    forge.forge.merge(1, tip, AT)
    forge.forge.pull_requests()
    for event, payload in (("perennial-data", {}), ("perennial-alert", {"alerts": [{"status": "firing"}]})):
        forge.forge.wake(event, payload)


def test_whatever_is_asked_and_answered_is_in_githubs_description(tmp_path: Path) -> None:
    description, seen = github_description(), set()

    def check(method: str, template: str, body: object, answer: Answer) -> None:
        seen.add((method, template))
        description.check(method, template, body, answer)

    with a_github(tmp_path / "repo") as forge:
        forge.server.check = check
        story(forge)
    assert {(method, template) for method, template, _, _ in ROUTES} == seen


def test_prism_finds_no_fault_in_any_request(tmp_path: Path) -> None:
    """A program that others wrote reads the description, too: each request is sent again, to it."""
    with prism(tmp_path / "prism") as url, a_github(tmp_path / "repo") as forge:
        story(forge)
        requests = sorted({request for request in forge.server.bodies if request[1] != "/graphql"})
        assert len(requests) > 30
        assert {request: faults for request in requests if (faults := faults_of(url, *request))} == {}
        assert faults_of(url, "POST", "/repos/acme/models/pulls", b'{"head": "b"}') != []


@pytest.mark.parametrize(
    ("method", "template", "body", "answer"),
    [
        ("GET", "/repos/{owner}/{repo}/pulls", {}, Answer(200, [{"number": "7"}])),
        ("GET", "/repos/{owner}/{repo}/pulls", {}, Answer(200, [{"numero": 7}])),
        ("GET", "/repos/{owner}/{repo}/pulls", {}, Answer(200, [{"number": None}])),
        ("GET", "/repos/{owner}/{repo}/pulls", {}, Answer(201, [])),
        ("POST", "/repos/{owner}/{repo}/pulls", {"head": "b"}, Answer(201, {})),
        ("POST", "/repos/{owner}/{repo}/statuses/{sha}", {"state": "fine"}, Answer(201, {})),
    ],
)
def test_what_github_does_not_know_is_found(method: str, template: str, body: object, answer: Answer) -> None:
    with pytest.raises(AssertionError):
        github_description().check(method, template, body, answer)
