"""Used by commands that look at another commit than main: the commit that people mean."""

from pathlib import Path

from reconciler.adapters.diagnosis.asked import ask_git
from reconciler.domain.names import Revision
from reconciler.errors import ObserveError
from reconciler.wiring import environment


def commit_of(path: Path, written: str) -> Revision:
    """The commit that a branch, a tag or a relation such as `HEAD^1` stands for. Raises ObserveError when there is none."""
    found = None if written.startswith("-") else ask_git(path, environment(), "rev-parse", "--verify", f"{written}^{{commit}}")
    if not found or "\n" in found:
        raise ObserveError(f"{written!r} is no commit of this repository", help="git log --oneline; git fetch --unshallow")
    return Revision(found)
