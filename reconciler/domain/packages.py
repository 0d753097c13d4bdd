"""Packages: the bytes that servers fetch of a release, and the one address that each has for good. Pure."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Digest
from reconciler.domain.releases import Artifact, digest_of_bytes

RULE = "package"
FILE = "model.perennial"
"""The package's name where it lies. With an ending such as `.zip` KServe would unpack it, and nobody could check its digest."""
NOT_THERE = "packageNotThere"
"""The code for a package that is not published yet, and that this machine can publish."""
OCI = "oci://"
ARTIFACT_TYPE = "application/vnd.perennial.model.v1"
LAYER_TYPE = "application/vnd.perennial.model.v1+zip"
MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
EMPTY_TYPE = "application/vnd.oci.empty.v1+json"
EMPTY = b"{}"
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://")
_OF_THIS_MACHINE = ("file", "local", "memory")
_OF_KSERVE = ("gs", "s3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The bytes of one model."""

    model: str
    artifact: Artifact

    @property
    def hex(self) -> str:
        """Its SHA-256, as it stands in paths and tags."""
        return self.artifact.sha256.removeprefix("sha256:")


Packaging = Mapping[Digest, Judgement]
"""Whether servers can fetch a model's builds, by their digest. Without an answer they are not asked to."""


def may_be_named(packaging: Packaging, digest: Digest) -> bool:
    """Nothing keeps the build from being proposed: servers can fetch it, or are not asked to, or it is published first."""
    found = packaging.get(digest)
    return found is None or found.answer is Answer.YES or found.code == NOT_THERE


def path_of(package: Package) -> str:
    """Where it lies below a base that is a folder or a bucket."""
    return f"{folder_of(package.model)}/{package.hex}/{FILE}"


def folder_of(model: str) -> str:
    """Where all packages of a model lie below such a base."""
    return f"{model}/sha256"


def tag_of(package: Package) -> str:
    """What keeps a registry from clearing it away; nothing is fetched by it."""
    return f"sha256-{package.hex}"


def manifest_of(package: Package) -> bytes:
    """The OCI manifest of it: the same package, the same bytes, so its digest is known without asking a registry."""
    empty = {"mediaType": EMPTY_TYPE, "digest": digest_of_bytes(EMPTY), "size": len(EMPTY)}
    layer = {
        "mediaType": LAYER_TYPE,
        "digest": package.artifact.sha256,
        "size": package.artifact.size,
        "annotations": {"org.opencontainers.image.title": FILE},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "artifactType": ARTIFACT_TYPE,
        "config": empty,
        "layers": [layer],
        "annotations": {"org.opencontainers.image.title": package.model},
    }
    return json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()


def address_of(base: str, package: Package) -> str:
    """The full address below the base that the settings name; it holds the digest, so it never means anything else."""
    return f"{base.rstrip('/')}{_end_of(package, oci=base.startswith(OCI))}"


def _end_of(package: Package, *, oci: bool) -> str:
    return f"/{package.model}@{digest_of_bytes(manifest_of(package))}" if oci else f"/{path_of(package)}"


def read_reference(reference: Mapping[str, str]) -> tuple[str, Package]:
    """Base and package from what a pod is told of its release.

    Raises ValueError for a reference that lacks something, and for an address that does not hold the digest beside it.
    """
    try:
        address, model, sha256 = (reference[key] for key in ("package", "model", "artifactSha256"))
        size, path, md5 = int(reference["artifactSize"]), reference["artifactPath"], reference["artifactMd5"]
    except KeyError as error:
        raise ValueError(f"the reference has no {error.args[0]}") from None
    package = Package(model=model, artifact=Artifact(path=path, sha256=Digest(sha256), md5=md5, size=size))
    base = address.removesuffix(_end_of(package, oci=address.startswith(OCI)))
    if base == address:
        raise ValueError(f"the address {address} is not that of {model} with {sha256}")
    return base, package


def is_reachable(base: str) -> bool:
    """Pods can reach it: it is no folder of this machine."""
    scheme = _SCHEME.match(base)
    return scheme is not None and scheme[1] not in _OF_THIS_MACHINE


def port_of(base: str) -> int:
    """Where a registry listens, if its address says so; else 0."""
    found = re.match(r"oci://[^/]*:(\d{1,5})/", base)
    return int(found[1]) if found else 0


def storage_uri(base: str, package: Package) -> str:
    """The folder that KServe itself fetches; empty where it has no way to."""
    scheme = _SCHEME.match(base)
    known = scheme is not None and scheme[1] in _OF_KSERVE
    return address_of(base, package).removesuffix(f"/{FILE}") if known else ""
