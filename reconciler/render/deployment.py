"""Manifests of the model servers: ConfigMap, Deployment and Service for every release of an environment. Pure."""

from reconciler.domain.releases import Release, digest_of
from reconciler.render.environment import Templates
from reconciler.rules.fields import time_text
from reconciler.specs.specs import Specs

KINDS = ("configmap", "deployment", "service")


def render_deployments(templates: Templates, specs: Specs, environment: str) -> dict[str, str]:
    """`manifests/<model>/{configmap,deployment,service}.yaml` for each model that has a release in the environment."""
    files = {}
    for name, releases in specs.releases.items():
        if environment in releases and name in specs.models:
            values = _values(specs, name, releases[environment])
            for kind in KINDS:
                files[f"manifests/{name}/{kind}.yaml"] = templates.render(f"templates/deployment/{kind}.yaml.j2", values)
    return files


def _values(specs: Specs, name: str, release: Release) -> dict[str, object]:
    reference = _reference(release)
    return {
        "model": name,
        "environment": release.environment,
        "version": release.version,
        "digest": release.digest,
        "reference": reference,
        "reference_digest": digest_of(reference),
        "serve": specs.models[name].spec.serve.model_dump(mode="json"),
    }


def _reference(release: Release) -> dict[str, str]:
    """What the server needs to fetch the model and to know that it has the right one. Values of a ConfigMap are text."""
    build = release.build
    return {
        "artifactMd5": build.artifact.md5,
        "artifactPath": build.artifact.path,
        "artifactSha256": build.artifact.sha256,
        "artifactSize": str(build.artifact.size),
        "asOf": time_text(build.data.as_of),
        "dataset": build.data.dataset,
        "digest": release.digest,
        "environment": release.environment,
        "model": build.model,
        "version": release.version,
    }
