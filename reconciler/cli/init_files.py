"""Used by init: what becomes of each file of the repository."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.adapters.shipped import requirement, shipped
from reconciler.adapters.worktree import read_tree
from reconciler.domain.scaffold import Fate, Put
from reconciler.errors import InvalidSpecsError, ReconcilerError
from reconciler.specs.draft.code_owners import code_owners
from reconciler.specs.draft.repository import (
    MANAGED_BY_LINES,
    ONCE,
    OWNERS_PLACES,
    PROJECT,
    repository_files,
    with_lines,
    with_settings,
)
from reconciler.specs.draft.settle import Git, settle
from reconciler.specs.load import load_specs

OWN_CODE = "reconciler/cli/main.py"
_WITHOUT_HISTORY = (*MANAGED_BY_LINES, *ONCE, PROJECT, *OWNERS_PLACES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What people asked for. `repository` is `owner/name` on GitHub, or empty."""

    root: Path
    github: bool
    repository: str

    @property
    def organisation(self) -> str:
        """Whose the repository is."""
        return self.repository.partition("/")[0]


def plan_of(wanted: Wanted, before: Mapping[str, str], git: Git) -> list[Put]:
    """What becomes of each file, by path. `before` is the record of what was put there.

    A repository made from Perennial's own has everything already but who owns what.
    """
    puts = [] if (wanted.root / OWN_CODE).is_file() else _puts(wanted, before, git)
    if wanted.github:
        place = owners_place(wanted.root)
        owners = text_of(wanted.root, place)
        puts.append(_once(place, owners, _owners(owners or "", wanted)))
    return sorted(puts, key=lambda put: put.path)


def owners_place(root: Path) -> str:
    """The CODEOWNERS that counts, or where it would."""
    return next((place for place in OWNERS_PLACES if (root / place).is_file()), OWNERS_PLACES[0])


def merged_by_history(puts: list[Put]) -> dict[str, Put]:
    """Those of which it is remembered what was put there, by path."""
    return {put.path: put for put in puts if put.path not in _WITHOUT_HISTORY}


def _puts(wanted: Wanted, before: Mapping[str, str], git: Git) -> list[Put]:
    files = repository_files(shipped(), requirement()[0], github=wanted.github)
    puts = []
    for path in files.keys() | before.keys():
        now, new = text_of(wanted.root, path), files.get(path)
        if path in MANAGED_BY_LINES:
            puts.append(_once(path, now, with_lines(now or "", new or "")))
        elif path in ONCE:
            puts.append(_once(path, now, now or new or ""))
        else:
            puts.append(settle(path, now, new, before.get(path), git))
    project = text_of(wanted.root, PROJECT)
    forge = "github" if wanted.github else "local"
    return [*puts, _once(PROJECT, project, with_settings(project or "", forge, wanted.repository))]


def _owners(text: str, wanted: Wanted) -> str:
    """As it is, while the specs do not load."""
    try:
        return code_owners(text, load_specs(read_tree(wanted.root)), wanted.organisation)
    except InvalidSpecsError:
        return text


def _once(path: str, now: str | None, after: str) -> Put:
    fate = Fate.NEW if now is None else Fate.SAME if now == after else Fate.MERGED
    return Put(path=path, fate=fate, before=now, after=after, shipped=after)


def text_of(root: Path, path: str) -> str | None:
    """None when there is no such file. Raises ReconcilerError for one that is no text, or a link."""
    file = root / path
    try:
        return None if not file.is_file() else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReconcilerError(f"{path} cannot be read as text: {error}") from error
