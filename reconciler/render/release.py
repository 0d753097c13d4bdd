"""A release as the YAML file that a promotion brings to main; the loader reads the very same release back. Pure."""

from dataclasses import asdict

import yaml

from reconciler.domain.releases import Release
from reconciler.specs.metadata import API_VERSION, Metadata
from reconciler.specs.release import ArtifactBody, DataBody, MadeFromBody, ReleaseBody, ReleaseSpec

SCHEMA_COMMENT = "# yaml-language-server: $schema=../../../schemas/release.json\n"


def release_yaml(release: Release) -> str:
    """The text of `models/<model>/releases/<environment>.yaml`: block style, keys in the order of the schema.

    Times are written to the second, which is what a spec can hold. Raises pydantic's ValidationError for a release that
    could not be loaded.
    """
    value = _spec(release).model_dump(mode="json", by_alias=True)
    value = {"apiVersion": API_VERSION, "kind": "Release", "metadata": {"name": release.environment}, "spec": value["spec"]}
    return SCHEMA_COMMENT + yaml.safe_dump(value, sort_keys=False, default_flow_style=False, width=10_000)


def _spec(release: Release) -> ReleaseSpec:
    build = release.build
    return ReleaseSpec(
        api_version="perennial/v1",
        kind="Release",
        metadata=Metadata(name=release.environment),
        spec=ReleaseBody(
            model=build.model,
            environment=release.environment,
            version=release.version,
            digest=build.digest,
            artifact=ArtifactBody(**asdict(build.artifact)),
            data=DataBody.of(build.data),
            made_from=MadeFromBody(**asdict(build.made_from)),
        ),
    )
