"""A remote over HTTP that wants a token: the token goes by the environment, and is in no message, argument or file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.adapters.git import RemoteRepository
from reconciler.adapters.git.ways import by_token, nobody
from reconciler.errors import ObserveError
from tests.githttp import GitServer, git_server
from tests.repositories import MAIN_REF, a_clone, a_repository, git, put

TOKEN = "a-token-of-tests-0123456789"
LEDGER = "refs/heads/perennial/ledger"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitServer]:
    with git_server(tmp_path, TOKEN) as server:
        yield server


@pytest.fixture
def clone(server: GitServer, tmp_path: Path) -> RemoteRepository:
    clone = a_clone(a_repository(tmp_path / "origin.git", bare=True), tmp_path / "clone")
    git(clone.root, "remote", "set-url", "origin", f"{server.address}origin.git")
    return clone


def let_in(clone: RemoteRepository, server: GitServer, token: str | None) -> RemoteRepository:
    credentials = by_token(server.address, lambda: token) if token else nobody
    return RemoteRepository(clone, replace(clone.remote, credentials=credentials))


def test_a_token_lets_read_and_push(clone: RemoteRepository, server: GitServer) -> None:
    mine = let_in(clone, server, TOKEN)
    moved = put(mine, LEDGER, {"x": b"1"})
    assert mine.refs(LEDGER) == {LEDGER: moved}
    assert {header for _, header in server.seen} == {server.header}
    kept = [path.read_bytes() for path in clone.common_dir.rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in content or server.header.encode() in content for content in kept)


def test_a_header_that_a_checkout_left_in_the_configuration_gives_way(clone: RemoteRepository, server: GitServer) -> None:
    git(clone.root, "config", f"http.{server.address}.extraheader", "Authorization: Basic b2xkOm9sZA==")
    assert set(let_in(clone, server, TOKEN).refs()) == {MAIN_REF}


@pytest.mark.parametrize("token", ["wrong-token-0123456789", None])
def test_who_is_not_let_in_is_told_what_to_do_and_no_secret(
    clone: RemoteRepository, server: GitServer, token: str | None
) -> None:
    with pytest.raises(ObserveError, match="the remote origin cannot be read") as caught:
        let_in(clone, server, token).refs()
    assert "perennial doctor" in caught.value.help
    assert TOKEN not in str(caught.value)
    assert "wrong-token" not in str(caught.value)
    assert len(server.seen) <= 2, "what needs a person is not tried again and again"
