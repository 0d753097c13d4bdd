"""Two ways to an environment's branch: Perennial's, straight into the object store, and git's own through a working tree."""

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from reconciler.adapters.git.repository import GitRepository
from reconciler.domain.names import Revision

AT = datetime(2026, 1, 1, tzinfo=UTC)


class Branch:
    """A repository that is written as Perennial does. Every file changes with every commit."""

    def __init__(self, folder: Path) -> None:
        subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
        self._git = GitRepository.open(folder, os.environ)  # noqa: TID251 - git's own environment
        self._commits: list[Revision] = []

    def commit(self, files: Mapping[str, bytes]) -> None:
        """As the one content of the branch, on top of what was there."""
        changed = {path: content + b"# %d\n" % len(self._commits) for path, content in files.items()}
        parent = self._commits[-1] if self._commits else None
        self._commits.append(self._git.commit(parent=parent, files=changed, message="all", at=AT, whole=True))

    def files(self) -> dict[str, str]:
        """What the branch holds."""
        return {path: content.decode() for path, content in self._git.files(self._commits[-1]).items()}


class Worktree:
    """A repository that is written through its working tree. Every file changes with every commit."""

    def __init__(self, folder: Path) -> None:
        subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
        self._folder = folder
        self._commits = 0

    def commit(self, files: Mapping[str, bytes], *, show: bool = False) -> None:
        """Write, add, with `show` make the diff, and commit."""
        self._commits += 1
        for path, content in files.items():
            place = self._folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content + b"# theirs %d\n" % self._commits)
        self._run("add", "--all")
        if show:
            self._run("diff", "--cached")
        self._run("commit", "--quiet", "-m", "all")

    def _run(self, *arguments: str) -> None:
        identity = ("-c", "user.name=peer", "-c", "user.email=peer@localhost")
        subprocess.run(["git", "-C", str(self._folder), *identity, *arguments], check=True, stdout=subprocess.DEVNULL)
