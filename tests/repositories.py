"""Builders of real git repositories for tests, apart from whatever the machine's own git configuration says."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reconciler.adapters.git import GitRepository, RemoteRepository
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision

AT = datetime(2013, 3, 1, 6, tzinfo=UTC)
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},  # noqa: TID251 - PATH, to find git
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}
MAIN_REF = "refs/heads/main"


def git(where: Path, *args: str) -> str:
    """What a person would type, as a person of their own."""
    identity = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com")
    done = subprocess.run(["git", *identity, *args], cwd=where, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"git {args}: {done.stderr}"
    return done.stdout.strip()


def a_repository(where: Path, files: Mapping[str, bytes] | None = None, *, bare: bool = False) -> GitRepository:
    """A repository at `where` with one commit on main, checked out unless bare."""
    where.mkdir(parents=True, exist_ok=True)
    git(where, "init", "--quiet", "--initial-branch=main", *(["--bare"] if bare else []))
    repository = GitRepository.open(where, ENVIRONMENT)
    put(repository, MAIN_REF, {"README.md": b"hello\n"} if files is None else files)
    return repository


def a_clone(origin: GitRepository, where: Path, **options: Any) -> RemoteRepository:
    """A clone at `where` of the repository, whose refs are those of the repository. `options` are the remote's."""
    git(origin.root, "clone", "--quiet", str(origin.root), str(where))
    repository = RemoteRepository.of(GitRepository.open(where, ENVIRONMENT), "origin")
    repository.remote = replace(repository.remote, **{"pauses": ()} | options)
    return repository


def a_remote(where: Path, files: Mapping[str, bytes] | None = None) -> RemoteRepository:
    """A clone, of whose remote all branches count."""
    origin = a_repository(where / "origin.git", files, bare=True)
    return a_clone(origin, where / "clone", tracked=("refs/heads/*", "refs/tags/*", "refs/perennial/pulls/*"))


def origin_of(repository: GitRepository) -> Path:
    """Where the refs of the repository are."""
    if isinstance(repository, RemoteRepository):
        return Path(git(repository.root, "remote", "get-url", "origin"))
    return repository.common_dir


def put(repository: GitRepository, ref: str, files: Mapping[str, bytes | None], message: str = "Change") -> Revision:
    """Commit the files on top of the ref (made when missing) and move it there."""
    old = repository.refs(ref).get(ref)
    new = repository.commit(parent=old, files=files, message=message, at=AT)
    repository.update([RefUpdate(ref=ref, new=new, expected=old)])
    return new


def branch(repository: GitRepository, name: str, files: Mapping[str, bytes | None], *, base: str = MAIN_REF) -> Revision:
    """Make or move the branch to one commit on top of the base."""
    ref = f"refs/heads/{name}"
    new = repository.commit(parent=repository.refs(base)[base], files=files, message=f"Change {name}", at=AT)
    repository.update([RefUpdate(ref=ref, new=new, expected=repository.refs(ref).get(ref))])
    return new
