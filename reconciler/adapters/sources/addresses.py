"""Where a source's files are: relative paths below the roots, first hit wins; absolute paths and URLs as they are."""

import glob
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from reconciler.errors import ObserveError


@dataclass(frozen=True, slots=True)
class Roots:
    """The folders that relative addresses start at: a training checkout first, then the folder where people work."""

    folders: tuple[Path, ...]

    def find(self, pattern: str) -> tuple[Path, ...]:
        """The files at a path or glob, sorted, all below one root. Raises ObserveError when there is none."""
        if Path(pattern).is_absolute():
            found = _files(Path("/"), pattern)
            if not found:
                raise ObserveError(f"there is no file at {pattern}", help="correct spec.source of the dataset")
            return found
        tried = []
        for root in self.folders:
            base = root.resolve()
            lexical = Path(os.path.normpath(base / pattern))
            if not lexical.is_relative_to(base):
                raise ObserveError(f"{pattern} leads out of the repository", help="write an absolute path if that is meant")
            if found := _files(base, pattern):
                self._contain(found, pattern)
                return found
            tried.append(str(lexical))
        raise ObserveError(f"there is no file at {pattern}: tried {', '.join(tried)}", help="correct spec.source of the dataset")

    def _contain(self, found: Sequence[Path], pattern: str) -> None:
        """Links may lead from one root to another (a data cache), not elsewhere."""
        roots = [root.resolve() for root in self.folders]
        for path in found:
            if not any(path.resolve().is_relative_to(root) for root in roots):
                raise ObserveError(f"{pattern} leads out of the repository, to {path.resolve()}", help="write an absolute path")


def _files(base: Path, pattern: str) -> tuple[Path, ...]:
    """Existing files, in the order of their paths."""
    exact = base / pattern
    if exact.is_file():
        return (exact,)
    names = glob.glob(pattern, root_dir=base, recursive=True)  # noqa: PTH207 pathlib's takes no absolute pattern
    return tuple(sorted(path for path in (base / name for name in names) if path.is_file()))


def is_url(address: str) -> bool:
    """The address has a scheme, so fsspec reads it."""
    return re.match(r"^[A-Za-z][A-Za-z0-9+.-]*://", address) is not None


def require_columns(names: Sequence[str], present: Sequence[str], where: str) -> None:
    """Raises ObserveError for the first name that is not present, with the nearest that is."""
    for name in names:
        if name not in present:
            folded = {one.lower(): one for one in present}
            near = get_close_matches(name.lower(), folded, n=1)
            hint = f"did you mean {folded[near[0]]}?" if near else f"there are: {', '.join(list(present)[:20])}"
            raise ObserveError(f"{where} has no column {name}; {hint}", help="correct the columns of the dataset")
