"""The files that Perennial brings along for a repository: from the installed package, or from the checkout that it runs from."""

import json
from importlib.resources import files
from pathlib import Path

from reconciler.errors import ReconcilerError

WORKFLOWS = ".github/workflows"
NAMES = (
    *(f"{WORKFLOWS}/{name}.yml" for name in ("gate", "reconcile", "release", "rollback", "validate")),
    ".dvc/.gitignore",
    ".dvc/config",
    ".dvcignore",
    ".gitignore",
    "dvc.yaml",
    "policies/rollout/direct.yaml",
    "requirements/bootstrap.txt",
    "requirements/lock.txt",
    "schemas",
    "templates",
)
"""Files, and folders with all that is in them. `pyproject.toml` puts the same into the package."""
_PACKED = "shipped"


def shipped() -> dict[str, str]:
    """Path to text of each, sorted. Raises ReconcilerError for a package without them."""
    packed = Path(str(files("reconciler"))) / _PACKED
    root = packed if packed.is_dir() else packed.parents[1]
    found = {path.relative_to(root).as_posix(): path for name in NAMES for path in _files(root / name)}
    if absent := [name for name in NAMES if not (root / name).exists()]:
        raise ReconcilerError(f"this installation lacks {', '.join(absent)}", help="pip install --force-reinstall perennial")
    return {name: path.read_text(encoding="utf-8") for name, path in sorted(found.items())}


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [path for path in place.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def requirement() -> tuple[str, bool]:
    """(what makes pip install this very Perennial, whether another machine can follow it)."""
    from importlib.metadata import distribution

    here = distribution("perennial")
    try:
        origin = json.loads(here.read_text("direct_url.json") or "{}")
    except ValueError:
        origin = {}
    url, commit = str(origin.get("url", "")), origin.get("vcs_info", {}).get("commit_id")
    if commit:
        return f"perennial @ git+{url}@{commit}", True
    if url.startswith("https://"):
        return f"perennial @ {url}", True
    return f"perennial=={here.version}", not url
