"""The artifact store port on DVC: from the shared cache, else from the default remote; never without its checksum."""

import contextlib
import hashlib
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from reconciler.adapters.dvc_config import cache_dirs, default_remote, main_checkout
from reconciler.adapters.redaction import redact
from reconciler.domain.names import short
from reconciler.domain.releases import Artifact
from reconciler.errors import ObserveError

_MD5 = re.compile(r"[0-9a-f]{32}")
_KEPT = re.compile(r"[0-9a-f]{32}(\.dir)?")
_CHUNK = 1 << 20
_PULL = Path(__file__).with_name("dvc_pull.py")


class DvcArtifacts:
    """ArtifactStore and Cache for the checkout at `root`.

    `environment` is the DVC process's (None: as ours), `timeout` in seconds.
    """

    def __init__(self, root: Path, environment: Mapping[str, str] | None = None, timeout: float = 600.0) -> None:
        self.root = root
        self.environment = environment
        self.timeout = timeout

    def fetch(self, artifact: Artifact) -> Path:
        """The artifact's file in the cache: read-only, shared, not to be changed.

        Raises ObserveError when it is nowhere, or when what is there has other bytes than the release says.
        """
        if not _MD5.fullmatch(artifact.md5):
            raise ObserveError(f"{artifact.md5!r} is not an MD5, so {artifact.path} cannot be found", help="perennial validate")
        found = self.find(artifact.md5)
        if not found:
            self._pull(artifact)
            found = self.find(artifact.md5)
        if not found:
            raise self._absent(artifact, "the DVC remote does not have it either")
        return _verified(found, artifact)

    def find(self, md5: str) -> Path | None:
        """The file that is kept under the MD5 (of a folder's list, `.dir` at its end), unchecked; None when there is none."""
        if not _KEPT.fullmatch(md5):
            return None
        places = [directory / "files" / "md5" / md5[:2] / md5[2:] for directory in cache_dirs(self.root)]
        return next((place for place in places if place.is_file()), None)

    def bring(self, md5s: Sequence[str]) -> None:
        """Have the default remote bring what is not here; what it does not give, or cannot, stays away."""
        wanted = [md5 for md5 in md5s if _KEPT.fullmatch(md5) and not self.find(md5)]
        if wanted and default_remote(self.root):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._run(wanted)

    def _pull(self, artifact: Artifact) -> None:
        remote = default_remote(self.root)
        if not remote:
            raise self._absent(artifact, "no default DVC remote is configured")
        try:
            done = self._run([artifact.md5])
        except subprocess.TimeoutExpired as error:
            raise self._absent(artifact, f"the remote {remote} did not answer within {self.timeout:g} s") from error
        if done.returncode:
            lines = redact(done.stderr, self.environment or {}, {}).strip().splitlines()
            raise self._absent(artifact, f"the remote {remote} did not give it: {lines[-1] if lines else 'no reason given'}")

    def _run(self, md5s: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Raises TimeoutExpired."""
        return subprocess.run(
            [sys.executable, str(_PULL), *md5s],
            cwd=main_checkout(self.root),
            env=None if self.environment is None else dict(self.environment),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=self.timeout,
            check=False,
        )

    def _absent(self, artifact: Artifact, why: str) -> ObserveError:
        return ObserveError(
            f"{artifact.path} ({short(artifact.sha256)}, {artifact.size:,} bytes) is not in the DVC cache, and {why}",
            help=f"dvc pull {artifact.path}  (or dvc repro, which makes it again)",
        )


def _verified(path: Path, artifact: Artifact) -> Path:
    """The path, when size, MD5 and SHA-256 are the artifact's. Raises ObserveError with both numbers."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    size = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                sha256.update(chunk)
                md5.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise ObserveError(f"{path} in the DVC cache cannot be read: {error.strerror}", help=f"ls -l {path}") from error
    pairs = (
        ("size in bytes", str(artifact.size), str(size)),
        ("MD5", artifact.md5, md5.hexdigest()),
        ("SHA-256", artifact.sha256.removeprefix("sha256:"), sha256.hexdigest()),
    )
    for name, expected, actual in pairs:
        if expected != actual:
            raise ObserveError(
                f"the cached {artifact.path} is not what was released: {name} should be {expected} and is {actual}",
                help=f"remove {artifact.md5[:2]}/{artifact.md5[2:]} from the DVC cache, then dvc pull {artifact.path}",
            )
    return path
