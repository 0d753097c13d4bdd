"""A scratch clone for rehearsals: everything of the commit that is checked out, and nothing that could reach the original."""

import shutil
from pathlib import Path

from reconciler.adapters.git.repository import GitRepository
from reconciler.domain.names import COMMITTER, MAIN
from reconciler.errors import ObserveError, PermanentActError

_MARK = "perennial-scratch"


def scratch_clone(source: Path, target: Path) -> None:
    """Clone the source's checked-out commit into `target` as its main; a scratch clone that is there is replaced.

    Raises PermanentActError when the target is something else, ObserveError when the source has no commit.
    """
    from git import GitCommandError, Repo

    _clear(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with Repo.clone_from(str(source), str(target), no_hardlinks=True) as clone:
            clone.git.checkout("-B", MAIN)
            clone.delete_remote(clone.remote())
            for branch in [head for head in clone.heads if head.name != MAIN]:
                clone.delete_head(branch, force=True)
            for tag in clone.tags:
                clone.delete_tag(tag)
            with clone.config_writer() as config:
                config.set_value("user", "name", COMMITTER[0])
                config.set_value("user", "email", COMMITTER[1])
            (Path(clone.git_dir) / _MARK).touch()
    except GitCommandError as error:
        said = str(error.stderr).strip().splitlines()
        raise ObserveError(f"cannot clone the repository: {said[-1] if said else error}", help="git status") from error


def is_scratch(repository: GitRepository) -> bool:
    """It is one of these clones: a rehearsal sends nothing anywhere, whatever remotes and forges its settings name."""
    return (repository.common_dir / _MARK).is_file()


def _clear(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir() or (not (target / ".git" / _MARK).is_file() and any(target.iterdir())):
        message = f"{target} is not an empty folder, and no scratch clone of ours"
        raise PermanentActError(message, help="perennial demo --directory SOMEWHERE/ELSE")
    shutil.rmtree(target)
