"""Kind Release: what an environment runs. Written by promotion pull requests only, byte for byte from a Build."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from reconciler.domain.names import Digest
from reconciler.domain.releases import Artifact, Build, DataRange, Fingerprint, Lineage, Release
from reconciler.rules.fields import Name, Time, Written
from reconciler.specs.metadata import Spec

DIGEST_PATTERN = r"^sha256:[0-9a-f]{64}$"
VERSION_PATTERN = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$"
RELEASE_PATTERN = f"({VERSION_PATTERN})|({DIGEST_PATTERN})"
Sha256 = Annotated[str, Field(pattern=DIGEST_PATTERN)]


class ArtifactBody(Written):
    """Where the bytes are, and what they hash to."""

    path: str
    sha256: Sha256
    md5: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    size: Annotated[int, Field(ge=0)]


class LineageBody(Written):
    """Of a model that goes on with a release's: which one, and when all of it was last learnt from the beginning."""

    continues: Sha256
    since: Time


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
    lineage: LineageBody | None = None
    """Only of a model that was trained further, not anew."""

    @model_serializer(mode="wrap")
    def _without_nothing(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Most have no lineage, and say nothing of it."""
        return {key: value for key, value in serialize(self).items() if value is not None}

    @classmethod
    def of(cls, data: DataRange) -> "DataBody":
        """As it is written."""
        return cls(**asdict(data))

    def range(self) -> DataRange:
        """As the domain has it."""
        lineage = self.lineage and Lineage(continues=Digest(self.lineage.continues), since=self.lineage.since)
        plain = {name: getattr(self, name) for name in type(self).model_fields}
        return DataRange(**plain | {"lineage": lineage})


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
                data=body.data.range(),
                made_from=Fingerprint(**body.made_from.model_dump()),
            ),
        )
