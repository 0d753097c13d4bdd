"""Kind Release: what an environment runs. Written by promotion pull requests only, byte for byte from a Build."""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.names import Digest
from reconciler.domain.releases import Artifact, Build, DataRange, Fingerprint, Release
from reconciler.rules.fields import Name, Time, Written
from reconciler.specs.metadata import Spec

DIGEST_PATTERN = r"^sha256:[0-9a-f]{64}$"
VERSION_PATTERN = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"
Sha256 = Annotated[str, Field(pattern=DIGEST_PATTERN)]


class ArtifactBody(Written):
    """Where the bytes are, and what they hash to."""

    path: str
    sha256: Sha256
    md5: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    size: Annotated[int, Field(ge=0)]


class DataBody(Written):
    """What rows it was made from and judged on."""

    dataset: Name
    digest: Sha256
    as_of: Time
    train_from: Time
    train_until: Time
    holdout_from: Time
    holdout_until: Time
    train_rows: Annotated[int, Field(ge=0)]
    holdout_rows: Annotated[int, Field(ge=0)]


class MadeFromBody(Written):
    """Digests of what Git said when it was made."""

    spec: Sha256
    code: Sha256
    parameters: Sha256
    environment: Sha256


class ReleaseBody(Written):
    """The release."""

    model: Name
    environment: Name
    version: Annotated[str, Field(pattern=VERSION_PATTERN)]
    digest: Sha256
    artifact: ArtifactBody
    data: DataBody
    made_from: MadeFromBody


class ReleaseSpec(Spec):
    """What one environment runs of one model."""

    kind: Literal["Release"]
    spec: ReleaseBody

    def release(self) -> Release:
        """The domain's release. Its digest is computed; the loader compares it with the one that is written."""
        body = self.spec
        return Release(
            environment=body.environment,
            version=body.version,
            build=Build(
                model=body.model,
                artifact=Artifact(
                    path=body.artifact.path,
                    sha256=Digest(body.artifact.sha256),
                    md5=body.artifact.md5,
                    size=body.artifact.size,
                ),
                data=DataRange(**body.data.model_dump()),
                made_from=Fingerprint(**body.made_from.model_dump()),
            ),
        )
