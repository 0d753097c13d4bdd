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
            self._forget_oldest()
            descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                Path(name).replace(self._path(key))
            except OSError:
                Path(name).unlink(missing_ok=True)

    def _path(self, key: Digest) -> Path:
        return self.folder / key.removeprefix("sha256:")

    def _forget_oldest(self) -> None:
        kept = sorted(self.folder.iterdir(), key=lambda path: path.stat().st_mtime)
        for path in kept[: max(0, len(kept) + 1 - self.most)]:
            path.unlink(missing_ok=True)
