"""Link `artifact`: the bytes that DVC keeps are those that were released, and each file inside is as its manifest lists it."""

import json
from pathlib import Path

from reconciler.audit.claims import Claim
from reconciler.audit.sums import sums_of
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import short
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import ENVIRONMENT, packaged_files

ARTIFACT = "artifact"
NOT_HERE = "notHere"


def judge_artifact(claim: Claim) -> Judgement:
    """Size, MD5, SHA-256, the inner manifest, and the environment that it says it was made in."""
    artifact = claim.release.build.artifact
    path = claim.readers.cache.find(artifact.md5) if claim.readers.cache else None
    if path is None:
        return unknown(
            ARTIFACT,
            NOT_HERE,
            f"{artifact.path} (MD5 {artifact.md5}, {artifact.size:,} bytes) is not in DVC's cache on this machine",
            remedy=how_to_pull(claim, artifact.path),
        )
    try:
        return _judge(claim, path)
    except OSError as error:
        return unknown(ARTIFACT, "unreadable", f"{artifact.path} in DVC's cache cannot be read: {error.strerror}")


def _judge(claim: Claim, path: Path) -> Judgement:
    artifact = claim.release.build.artifact
    found = sums_of(path)
    pairs = (("size", artifact.size, found.size), ("MD5", artifact.md5, found.md5), ("SHA-256", artifact.sha256, found.sha256))
    for what, released, kept in pairs:
        if released != kept:
            message = f"{artifact.path} in DVC's cache has {what} {kept}, released was {released}"
            return no(ARTIFACT, "otherBytes", message, remedy=f"rm {path}; {how_to_pull(claim, artifact.path)}")
    try:
        files = packaged_files(path.read_bytes(), artifact.path)
        lock = json.loads(files[ENVIRONMENT]).get("lock")
    except (ReconcilerError, ValueError, AttributeError) as error:
        return no(ARTIFACT, "noPackage", str(error))
    environment = claim.release.build.made_from.environment
    if lock != environment:
        message = f"{artifact.path} was made in the environment {short(str(lock))}, the release says {short(environment)}"
        return no(ARTIFACT, "otherEnvironment", message)
    message = f"{artifact.size:,} bytes with the released SHA-256; {len(files) - 1} files as its manifest lists them"
    return yes(ARTIFACT, "whole", message)


def how_to_pull(claim: Claim, path: str) -> str:
    """The command that brings a file of the release from the DVC remote."""
    return f"git checkout {short(claim.origin or 'main')} && dvc pull {path}"
