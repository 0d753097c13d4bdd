"""Changes what is kept in Git or in DVC's cache, as somebody would who may write there."""

import json
from collections.abc import Callable
from pathlib import Path

from reconciler.adapters.git import GitRepository
from reconciler.domain.provenance import Provenance
from reconciler.plan.bookkeeping import locked_outputs
from reconciler.render.provenance import read_statement, statement_text
from tests.repositories import ENVIRONMENT, MAIN_REF, put

Change = Callable[[bytes], bytes | None]


def digest(root: Path) -> str:
    """Alpha's release, without the algorithm."""
    (path,) = (root / "models/alpha/evidence").glob("*.intoto.jsonl")
    return path.name.partition(".")[0]


def evidence(root: Path, end: str) -> str:
    """The path of its gate report (`json`), statement (`provenance.json`) or signature (`intoto.jsonl`)."""
    return f"models/alpha/evidence/{digest(root)}.{end}"


def flipped(content: bytes, place: int, bit: int = 1) -> bytes:
    """The bytes with one of them changed."""
    changed = bytearray(content)
    changed[place % len(content)] ^= bit
    return bytes(changed)


def in_git(root: Path, ref: str, path: str, change: Change) -> None:
    """A commit with the file changed."""
    repository = GitRepository.open(root, ENVIRONMENT)
    content = repository.files(repository.refs(ref)[ref], path)[path]
    put(repository, ref, {path: change(content)})


def in_cache(root: Path, md5: str, change: Change) -> None:
    """DVC keeps its files read-only."""
    path = root / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
    content = change(path.read_bytes())
    path.chmod(0o644)
    path.unlink()
    if content is not None:
        path.write_bytes(content)


def part_of(text: bytes, part: bytes, change: Change) -> bytes:
    """The text with a part of it changed."""
    assert part in text
    return text.replace(part, change(part) or b"")


def artifact_md5(root: Path) -> str:
    """Under which DVC keeps the artifact."""
    return str(json.loads((root / evidence(root, "json")).read_text())["artifact"]["md5"])


def snapshot_md5s(root: Path) -> list[str]:
    """Of the folder's list, and of its files in the order of their names."""
    folder, _ = locked_outputs((root / "dvc.lock").read_text(), "alpha")["runs/alpha/snapshot"]
    entries = json.loads((root / ".dvc/cache/files/md5" / folder[:2] / folder[2:]).read_text())
    return [folder, *(entry["md5"] for entry in sorted(entries, key=lambda entry: entry["relpath"]))]


def restated(root: Path, change: Callable[[Provenance], Provenance]) -> None:
    """A statement that says otherwise, well written."""

    def written(content: bytes) -> bytes:
        return statement_text(change(read_statement(content.decode()))).encode()

    in_git(root, MAIN_REF, evidence(root, "provenance.json"), written)
