"""Packages in memory, for tests: what is there, and what keeps the place from answering."""

from dataclasses import dataclass, field
from pathlib import Path

from reconciler.domain.names import Digest
from reconciler.domain.packages import Package
from reconciler.errors import ObserveError, PermanentActError, TransientActError


@dataclass(slots=True, kw_only=True)
class FakePackages:
    """Packages and PackagesWriter. `trouble` is why nothing can be seen or brought; `asked` counts questions."""

    base: str = "s3://models/live"
    there: dict[tuple[str, Digest], bytes] = field(default_factory=dict)
    trouble: str = ""
    asked: int = 0

    def find(self, package: Package) -> int | None:
        """How many bytes there are."""
        self.asked += 1
        if self.trouble:
            raise ObserveError(self.trouble, help="perennial doctor")
        content = self.there.get((package.model, package.artifact.sha256))
        return None if content is None else len(content)

    def fetch(self, package: Package, to: Path) -> None:
        """Write them."""
        if self.find(package) is None:
            raise ObserveError(f"there is no package {package.hex} of {package.model}", help="perennial packages list")
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(self.there[package.model, package.artifact.sha256])

    def kept(self, model: str) -> tuple[Digest, ...]:
        """What there is of the model."""
        if self.trouble:
            raise ObserveError(self.trouble, help="perennial doctor")
        return tuple(sorted(digest for name, digest in self.there if name == model))

    def publish(self, package: Package, file: Path) -> bool:
        """Keep the file's bytes."""
        if self.trouble:
            raise TransientActError(self.trouble, help="perennial reconcile")
        key, content = (package.model, package.artifact.sha256), file.read_bytes()
        if self.there.get(key, content) != content:
            raise PermanentActError(f"{package.hex} holds other content", help="perennial packages list")
        brought = key not in self.there
        self.there[key] = content
        return brought

    def remove(self, model: str, digest: Digest) -> None:
        """Forget it."""
        self.there.pop((model, digest), None)
