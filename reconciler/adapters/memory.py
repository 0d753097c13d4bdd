"""The memory port on a folder: one small file per key, written atomically, the oldest forgotten when there are many."""

import contextlib
import os
import tempfile
from pathlib import Path

from reconciler.domain.names import Digest

MOST = 5_000


class FolderMemory:
    """Memory in a folder of the repository's own, which may be deleted at any time."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self.folder = folder
        self.most = most

    def recall(self, key: Digest) -> bytes | None:
        """What was remembered, or None."""
        try:
            return self._path(key).read_bytes()
        except OSError:
            return None

    def remember(self, key: Digest, content: bytes) -> None:
        """Keep it if possible."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_room(self._path(key))
            descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                Path(name).replace(self._path(key))
            except OSError:
                Path(name).unlink(missing_ok=True)

    def _path(self, key: Digest) -> Path:
        return self.folder / key.removeprefix("sha256:")

    def _make_room(self, place: Path) -> None:
        """Forget the oldest until one more fits. Others may be doing the same, so any of them may be gone meanwhile."""
        others = [(_written(path), path) for path in self.folder.iterdir() if path != place and path.is_file()]
        for _, path in sorted(others)[: max(0, len(others) + 1 - self.most)]:
            path.unlink(missing_ok=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
