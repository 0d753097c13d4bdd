"""Merges people's edits of a file with Perennial's, by git itself; and knows what was put there by the id of its blob."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reconciler.adapters.git.process import writing_to
from reconciler.domain.scaffold import Merged
from reconciler.errors import PermanentActError

_LABELS = ("yours", "as it was put here", "perennial")
_MOST_CONFLICTS = 127


class ThreeWay:
    """`identify`, `recall` and `merge` in the repository at `root`. `environment` is git's."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self.root = root
        self.environment = {**environment, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}

    def identify(self, text: str) -> str:
        """The id of a blob with this text."""
        return self._git("hash-object", "--no-filters", "--stdin", stdin=text)[1].strip()

    def recall(self, identity: str) -> str | None:
        """The blob's text; None when the repository has it no more, or never had it."""
        if not identity or not set(identity) <= set("0123456789abcdef"):
            return None
        code, text = self._git("cat-file", "blob", identity)
        return None if code else text

    def merge(self, people: str, base: str, ours: str) -> Merged:
        """All three in one text, with git's marks where both changed the same lines."""
        with writing_to("a scratch folder"), tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, name) for name in ("people", "base", "ours")]
            for file, text in zip(files, (people, base, ours), strict=True):
                file.write_bytes(text.encode())
            labels = [part for label in _LABELS for part in ("-L", label)]
            code, text = self._git("merge-file", "-p", "--diff3", *labels, *map(str, files))
        if code > _MOST_CONFLICTS:
            raise PermanentActError("git merge-file could not merge the file", help="git --version")
        return Merged(text=text, clean=code == 0)

    def _git(self, *arguments: str, stdin: str = "") -> tuple[int, str]:
        try:
            done = subprocess.run(
                ["git", "-C", str(self.root), *arguments],
                input=stdin.encode(),
                env=self.environment,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise PermanentActError(f"git cannot be started: {error.strerror}", help="perennial doctor") from error
        return done.returncode, done.stdout.decode(errors="replace")
