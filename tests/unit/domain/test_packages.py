"""Addresses of packages: by their digest, so that they never mean anything else."""

import json
import mimetypes

import pytest

from reconciler.domain.judgements import no, unknown, yes
from reconciler.domain.names import Digest
from reconciler.domain.packages import (
    FILE,
    NOT_THERE,
    RULE,
    Package,
    address_of,
    is_reachable,
    manifest_of,
    may_be_named,
    port_of,
    read_reference,
    storage_uri,
)
from reconciler.domain.releases import Artifact, digest_of_bytes
from tests.cases import each

SHA256 = digest_of_bytes(b"model")
PACKAGE = Package(model="alpha", artifact=Artifact(path="runs/alpha/model.zip", sha256=SHA256, md5="0" * 32, size=5))
REFERENCE = {
    "artifactMd5": "0" * 32,
    "artifactPath": "runs/alpha/model.zip",
    "artifactSha256": SHA256,
    "artifactSize": "5",
    "model": "alpha",
}
BASES = ["s3://models/live", "gs://models/", "/srv/models", "oci://registry.example.com:5000/team/models"]


def test_kserve_does_not_unpack_what_has_no_known_ending() -> None:
    assert mimetypes.guess_type(FILE) == (None, None)


def test_a_manifest_names_exactly_the_bytes_and_is_the_same_everywhere() -> None:
    manifest = json.loads(manifest_of(PACKAGE))
    assert manifest["layers"][0] | {"annotations": None} == {
        "mediaType": "application/vnd.perennial.model.v1+zip",
        "digest": SHA256,
        "size": 5,
        "annotations": None,
    }
    assert digest_of_bytes(manifest_of(PACKAGE)) == ("sha256:38ebe37e1653d00415146eb7fed9e427fdf69ff0b3ea910bd69bd0674a0ecfe1")


@each("base", BASES)
def test_a_reference_is_read_back(base: str) -> None:
    address = address_of(base, PACKAGE)
    assert read_reference({**REFERENCE, "package": address}) == (base.rstrip("/"), PACKAGE)


@each("key", ["package", "model", "artifactSha256", "artifactSize"])
def test_a_reference_that_lacks_something_is_refused(key: str) -> None:
    whole = {**REFERENCE, "package": address_of(BASES[0], PACKAGE)}
    with pytest.raises(ValueError, match=f"the reference has no {key}"):
        read_reference({name: value for name, value in whole.items() if name != key})


@each("other", [{"model": "beta"}, {"artifactSha256": digest_of_bytes(b"other")}, {"package": "s3://models/live/alpha"}])
@each("base", [BASES[0], BASES[3]])
def test_an_address_without_the_digest_is_refused(base: str, other: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is not that of"):
        read_reference({**REFERENCE, "package": address_of(base, PACKAGE), **other})


@each(
    ("base", "reachable", "by_kserve"),
    [
        ("s3://models", True, True),
        ("gs://models", True, True),
        ("az://models", True, False),
        ("oci://registry.example.com/models", True, False),
        ("/srv/models", False, False),
        ("models", False, False),
        ("file:///srv/models", False, False),
    ],
)
def test_who_can_reach_an_address(base: str, reachable: bool, by_kserve: bool) -> None:
    assert is_reachable(base) == reachable
    folder = storage_uri(base, PACKAGE)
    assert folder == (f"{base}/alpha/sha256/{PACKAGE.hex}" if by_kserve else "")


@each(("base", "port"), [("oci://r.example.com:5000/m", 5000), ("oci://r.example.com/m:5", 0), ("s3://m:5000/x", 0), ("/srv", 0)])
def test_a_registry_may_listen_elsewhere(base: str, port: int) -> None:
    assert port_of(base) == port


@each(
    ("said", "named"),
    [
        (None, True),
        (yes(RULE, "packageThere", ""), True),
        (no(RULE, NOT_THERE, ""), True),
        (no(RULE, "packageLost", ""), False),
        (unknown(RULE, "packagesUnknown", ""), False),
    ],
)
def test_only_what_can_be_fetched_or_published_may_be_named(said, named) -> None:
    digest = Digest("sha256:0")
    assert may_be_named({digest: said} if said else {}, digest) == named
