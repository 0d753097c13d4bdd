"""Tokens: an App's first, none at all, broken ones; and that they are never shown."""

import logging

import pytest

from reconciler.adapters.forges.github import AppKey, GitHubForge, GitHubPlace
from reconciler.domain.changes import Proposal
from reconciler.domain.notices import Comment
from reconciler.errors import ObserveError, ReconcilerError
from tests.forges import BRANCH, MARK, Forge, github_app, github_forge
from tests.integration.github.conftest import asked
from tests.repositories import AT


def opened(forge: Forge, credentials: AppKey | None) -> GitHubForge:
    place = GitHubPlace(repository="acme/models", url=forge.server.url)
    return GitHubForge(place, credentials, sleep=lambda _: None, jitter=lambda: 0.0)


def test_nothing_is_asked_before_the_first_call_and_the_installation_is_looked_up_once(forge: Forge) -> None:
    app = github_app(forge.server.url)
    assert asked(forge) == []
    app.pull_requests()
    app.pull_requests()
    lines = asked(forge)
    assert lines[:2] == ["GET /installation 200", "POST /app/installations/7/access_tokens 201"]
    assert len([line for line in lines if not line.startswith("GET /pulls")]) == 2


def test_without_a_token_it_is_told_which_to_set(forge: Forge) -> None:
    with pytest.raises(ReconcilerError, match="no token for acme/models on GitHub") as caught:
        opened(forge, None).pull_requests()
    assert "PERENNIAL_GITHUB_APP_ID" in caught.value.help


@pytest.mark.parametrize("key", ["", "no key", "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----\n"])
def test_a_key_that_cannot_be_read_is_told_without_showing_it(forge: Forge, key: str) -> None:
    with pytest.raises(ReconcilerError, match="private key of the GitHub App 1 cannot be read") as caught:
        opened(forge, AppKey(app="1", key=key)).pull_requests()
    assert "c2VjcmV0" not in str(caught.value) + caught.value.help


def test_a_bad_token_is_told_without_showing_it(forge: Forge) -> None:
    with pytest.raises(ObserveError, match="GitHub answers 401: Bad credentials") as caught:
        github_forge(forge.server.url, token="github_pat_wrong").pull_requests()
    assert "PERENNIAL_GITHUB_TOKEN" in caught.value.help
    assert "github_pat_wrong" not in repr(caught.value)


def test_no_token_is_ever_logged(forge: Forge, caplog: pytest.LogCaptureFixture) -> None:
    # Argo CD's client, which tests beside this one use, sets the level of urllib3's logger for the whole process.
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="urllib3"):
        github_app(forge.server.url).pull_requests()
    assert caplog.records, "somebody logs, so the test can fail"
    assert "ghs_app" not in caplog.text


def test_github_enterprise_has_its_api_below_a_path(forge: Forge) -> None:
    forge.server.prefix = "/api/v3"
    enterprise = github_app(f"{forge.server.url}/api/v3/")
    forge.push(BRANCH)
    for draft in (True, False):
        proposal = Proposal(branch=BRANCH, base="main", title="t", body=f"b\n{MARK}", draft=draft, labels=("env/production",))
        assert enterprise.propose(proposal, AT).draft is draft
    assert enterprise.comment(Comment(number=1, key="state", body="Said."), AT)
    assert enterprise.close(1, "no", AT).labels == ("env/production",)
    assert [pull.number for pull in enterprise.pull_requests()] == [1]


def test_a_base_address_that_is_not_the_apis_is_told(forge: Forge) -> None:
    with pytest.raises(ObserveError, match="404"):
        github_app(f"{forge.server.url}/api/v3").pull_requests()
