"""A golden folder: exactly the files that a test expects, as they would be written."""

from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent


def read(case: str) -> dict[str, str]:
    folder = HERE / case / "expected"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def accept(case: str, files: Mapping[str, str]) -> None:
    folder = HERE / case / "expected"
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
