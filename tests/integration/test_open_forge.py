"""From settings and an environment to the forge and the repository whose refs count."""

from pathlib import Path

import pytest

from reconciler.adapters.forges.github import AppKey, GitHubForge, Token
from reconciler.adapters.forges.github.opening import credentials_of, git_host, place_of
from reconciler.adapters.forges.local import LocalForge
from reconciler.adapters.forges.opening import Choice, Opened, open_forge
from reconciler.adapters.git import GitRepository, RemoteRepository
from reconciler.errors import PermanentActError, ReconcilerError
from tests.forges import a_github, github_app, github_forge
from tests.repositories import a_repository, git


def opened(local: GitRepository, type: str, environment: dict[str, str] | None = None, **more: str) -> Opened:
    choice = Choice(**{"type": type, "remote": "origin", "repository": None, "url": "https://api.github.com"} | more)  # type: ignore[arg-type]
    return open_forge(local, choice, environment or {})


def test_each_type_opens_its_own(tmp_path: Path) -> None:
    repository = a_repository(tmp_path)
    local = opened(repository, "local")
    assert (local.repository, type(local.forge), local.service) == (repository, LocalForge, None)
    remote = opened(repository, "remote")
    assert isinstance(remote.repository, RemoteRepository)
    assert (type(remote.forge), remote.service) == (LocalForge, None)
    git(tmp_path, "remote", "add", "origin", "git@github.com:acme/models.git")
    github = opened(repository, "github", {"GITHUB_TOKEN": "a-token-of-tests"})
    assert isinstance(github.forge, GitHubForge)
    assert github.service is github.forge
    assert isinstance(github.repository, RemoteRepository)
    ((key, reset), (same, header)) = github.repository.remote.credentials()
    assert (key, reset, same) == ("http.https://github.com/.extraheader", "", key)
    assert header.startswith("Authorization: Basic ")


def test_without_a_remote_its_address_cannot_tell_the_repository(tmp_path: Path) -> None:
    repository = a_repository(tmp_path)
    with pytest.raises(PermanentActError, match="no git remote origin") as caught:
        opened(repository, "github")
    assert caught.value.help == "git remote add origin URL"
    assert opened(repository, "github", repository="acme/models").service


@pytest.mark.parametrize(
    ("address", "repository"),
    [
        ("git@github.com:acme/models.git", "acme/models"),
        ("https://github.com/acme/models", "acme/models"),
        ("https://ann:secret@github.com/acme/models.git/", "acme/models"),
        ("ssh://git@ssh.github.com:443/acme/flight.delay.git", "acme/flight.delay"),
        ("https://git.example.com/acme/models.git", "acme/models"),
    ],
)
def test_the_address_of_the_remote_tells_the_repository(address: str, repository: str) -> None:
    assert place_of(None, "https://api.github.com", address).repository == repository
    assert place_of("other/one", "https://api.github.com", address).repository == "other/one"


@pytest.mark.parametrize("address", ["", "models", "https://ann:hunter22@/"])
def test_an_address_that_tells_nothing_is_not_shown(address: str) -> None:
    with pytest.raises(ReconcilerError, match="does not tell the repository") as caught:
        place_of(None, "https://api.github.com", address)
    assert "hunter22" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://api.github.com", "https://github.com/"),
        ("https://git.example.com/api/v3", "https://git.example.com/"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
    ],
)
def test_git_is_served_beside_the_api(url: str, host: str) -> None:
    assert git_host(url) == host


def test_an_app_comes_before_a_token_and_a_token_of_ours_before_that_of_a_workflow(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("-----BEGIN TEST KEY-----\n")
    app = {"PERENNIAL_GITHUB_APP_ID": "1", "PERENNIAL_GITHUB_APP_KEY": str(tmp_path / "key.pem")}
    tokens = {"PERENNIAL_GITHUB_TOKEN": "ours", "GITHUB_TOKEN": "workflow"}
    expected = AppKey(app="1", key="-----BEGIN TEST KEY-----\n")
    assert credentials_of(app | tokens) == expected
    assert credentials_of(app | {"PERENNIAL_GITHUB_APP_KEY": expected.key}) == expected
    assert credentials_of(tokens) == Token(value="ours")
    assert credentials_of({"GITHUB_TOKEN": "workflow"}) == Token(value="workflow")
    assert credentials_of({"GITHUB_TOKEN": ""}) is None


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"PERENNIAL_GITHUB_APP_ID": "1"}, "needs both"),
        ({"PERENNIAL_GITHUB_APP_KEY": "key.pem"}, "needs both"),
        (
            {"PERENNIAL_GITHUB_APP_ID": "1", "PERENNIAL_GITHUB_APP_KEY": "/nowhere.pem"},
            "names /nowhere.pem, which cannot be read",
        ),
    ],
)
def test_half_an_app_is_told(environment: dict[str, str], said: str) -> None:
    with pytest.raises(ReconcilerError, match=said):
        credentials_of(environment)


def test_the_token_that_lets_git_in_is_the_forges(tmp_path: Path) -> None:
    with a_github(tmp_path) as forge:
        assert forge.server
        assert github_forge(forge.server.url, token="a-token-of-tests").password() == "a-token-of-tests"
        app = github_app(forge.server.url)
        assert app.password() == app.password() == "ghs_app"
        asked = [call for call in forge.server.calls if "access_tokens" in call]
        assert len(asked) == 1, "a token that still lives is not asked for again"
