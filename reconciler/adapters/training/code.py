"""Sees to it that a training runs the code of its own checkout, which the fingerprint covers, not whatever is installed here."""

import os

from reconciler.adapters.training.worktree import Worktree

_PACKAGE = "reconciler"


def code_of(here: Worktree, python_path: str) -> dict[str, str]:
    """The PYTHONPATH with which `reconciler` is the checkout's; nothing where the checkout has not the whole package.

    It names a folder with a link to the package and nothing else, so no other file of the checkout hides an installed module.
    """
    package = here.path / _PACKAGE
    if package.is_symlink() or not all((package / name).is_file() for name in ("__init__.py", "cli/main.py")):
        return {}
    folder = here.path / ".dvc" / "tmp" / "code"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / _PACKAGE
    if not link.is_symlink():  # several commands may run in one checkout
        link.symlink_to(package, target_is_directory=True)
    return {"PYTHONPATH": os.pathsep.join(part for part in (str(folder), python_path) if part)}
