"""Packages in a container registry: an OCI artifact each, whose one layer is the package as it is."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from reconciler.adapters.packages.checked import CHUNK, difference, write_checked
from reconciler.adapters.packages.registry import FAILURES, Registry
from reconciler.domain.names import Digest
from reconciler.domain.packages import EMPTY, MANIFEST_TYPE, Package, manifest_of, tag_of
from reconciler.domain.releases import digest_of_bytes
from reconciler.errors import ObserveError, PermanentActError, TransientActError

_BASE = re.compile(r"oci://(?P<host>[A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?)/(?P<name>[a-z0-9][a-z0-9._/-]*)")
_TAG = re.compile(r"sha256-([0-9a-f]{64})")
_NEXT = re.compile(r'<([^>]+)>;\s*rel="?next"?')
_PAGES = 1000
_OK, _CREATED, _ACCEPTED, _MISSING = 200, 201, 202, 404


class OciPackages:
    """Packages and PackagesWriter below `oci://<registry>/<repository>`: one repository for each model.

    What was seen there whole is not asked for again by this object: a pass looks many times.
    """

    def __init__(self, base: str, environment: Mapping[str, str]) -> None:
        self.base = base
        self._environment = environment
        self._opened: dict[str, Registry] = {}
        self._seen: set[Package] = set()

    def find(self, package: Package) -> int | None:
        """Bytes of the layer; None when it or its manifest is not there. Raises ObserveError."""
        if package in self._seen:
            return package.artifact.size
        size = self._size(package)
        if size == package.artifact.size:
            self._seen.add(package)
        return size

    def _size(self, package: Package) -> int | None:
        registry, manifest = self._registry(package.model), manifest_of(package)
        try:
            with registry.call("HEAD", f"manifests/{digest_of_bytes(manifest)}", _OK, _MISSING) as answer:
                if answer.status_code == _MISSING:
                    return None
            with registry.call("HEAD", f"blobs/{package.artifact.sha256}", _OK, _MISSING) as answer:
                if answer.status_code == _MISSING:
                    return None
                return int(answer.headers["Content-Length"])
        except (*FAILURES, ValueError, KeyError) as error:
            raise registry.blind(error) from error

    def fetch(self, package: Package, to: Path) -> None:
        """Have the file hold exactly its bytes. Raises ObserveError; then there is no file."""
        registry = self._registry(package.model)
        write_checked(package, self._chunks(registry, package), to, f"{registry}@{package.artifact.sha256}")

    def kept(self, model: str) -> tuple[Digest, ...]:
        """SHA-256s of what is tagged for the model, sorted. Raises ObserveError."""
        registry = self._registry(model)
        try:
            return tuple(sorted({Digest(f"sha256:{found[1]}") for tag in _tags(registry) if (found := _TAG.fullmatch(tag))}))
        except (*FAILURES, ValueError, TypeError) as error:
            raise registry.blind(error) from error

    def publish(self, package: Package, file: Path) -> bool:
        """Have it there, and read it back; whether it had to be brought. Raises ActError, with both digests for other content."""
        registry = self._registry(package.model)
        try:
            brought = self._size(package) is None and self._push(registry, package, file)
            said = difference(package, self._chunks(registry, package))
        except ObserveError as error:
            raise TransientActError(error.message, help=error.help) from error
        except FAILURES as error:
            raise registry.refused(error) from error
        if said:
            message = f"{registry}@{package.artifact.sha256} has other content, and what is published never changes: {said}"
            raise PermanentActError(message, help="find out what became of the registry's storage; then perennial reconcile")
        return brought

    def remove(self, model: str, digest: Digest) -> None:
        """Have nothing there under the digest; the registry's own clean-up frees the room. Raises ActError."""
        registry = self._registry(model)
        self._seen.clear()
        try:
            manifest = _tagged(registry, f"sha256-{digest.removeprefix('sha256:')}")
            if manifest:
                registry.call("DELETE", f"manifests/{manifest}", _OK, _ACCEPTED, _MISSING).close()
        except FAILURES as error:
            raise registry.refused(error) from error

    def _push(self, registry: Registry, package: Package, file: Path) -> bool:
        """Layer, empty configuration, manifest: nothing names what is not there yet. A reply that got lost is no failure."""
        manifest = manifest_of(package)
        tagged = _tagged(registry, tag_of(package))
        if tagged not in ("", digest_of_bytes(manifest)):
            message = (
                f"{registry}:{tag_of(package)} is {tagged}, should be {digest_of_bytes(manifest)}, and what is published "
                "never changes"
            )
            raise PermanentActError(message, help="find out who pushed it, and delete the tag; then perennial reconcile")
        _upload(registry, package.artifact.sha256, file)
        _upload(registry, digest_of_bytes(EMPTY), EMPTY)
        try:
            kind = {"Content-Type": MANIFEST_TYPE}
            registry.call("PUT", f"manifests/{tag_of(package)}", _CREATED, body=manifest, headers=kind).close()
        except FAILURES:
            if self._size(package) is None:
                raise
        return True

    def _chunks(self, registry: Registry, package: Package) -> Iterator[bytes]:
        try:
            with registry.call("GET", f"blobs/{package.artifact.sha256}", _OK, _MISSING) as answer:
                if answer.status_code == _MISSING:
                    help = f"perennial packages list {package.model}"
                    raise ObserveError(f"there is no {registry}@{package.artifact.sha256}", help=help)
                yield from answer.iter_content(CHUNK)
        except FAILURES as error:
            raise registry.blind(error) from error

    def _registry(self, model: str) -> Registry:
        """Raises ObserveError for a base that is none."""
        found = _BASE.fullmatch(self.base.rstrip("/"))
        if not found:
            raise ObserveError(f"{self.base} is not oci://<registry>/<repository>", help="perennial validate")
        if model not in self._opened:
            self._opened[model] = Registry(found["host"], f"{found['name']}/{model}", self._environment)
        return self._opened[model]


def _tagged(registry: Registry, tag: str) -> str:
    """The digest of the manifest that has the tag; empty when none has."""
    with registry.call("GET", f"manifests/{tag}", _OK, _MISSING) as answer:
        return "" if answer.status_code == _MISSING else digest_of_bytes(answer.content)


def _tags(registry: Registry) -> Iterator[str]:
    page = "tags/list"
    for _ in range(_PAGES):
        with registry.call("GET", page, _OK, _MISSING) as answer:
            if answer.status_code == _MISSING:
                return
            yield from answer.json().get("tags") or ()
            following = _NEXT.search(answer.headers.get("Link", ""))
        if not following:
            return
        page = following[1]


def _upload(registry: Registry, digest: str, content: Path | bytes) -> None:
    """Have the registry hold the blob; it checks the digest itself before it shows it to anybody."""
    with registry.call("HEAD", f"blobs/{digest}", _OK, _MISSING) as answer:
        if answer.status_code == _OK:
            return
    with registry.call("POST", "blobs/uploads/", _ACCEPTED, body=b"") as answer:
        place = answer.headers.get("Location", "")
    whole = f"{place}{'&' if '?' in place else '?'}digest={digest}"
    registry.call("PUT", whole, _CREATED, body=content, headers={"Content-Type": "application/octet-stream"}).close()
