"""Builders of real git repositories for tests, apart from whatever the machine's own git configuration says."""

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from reconciler.adapters.git import GitRepository
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
