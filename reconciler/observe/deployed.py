"""What runs of every model in every environment, as its cluster tells: asked once of each environment."""

from collections.abc import Mapping
from dataclasses import replace

from reconciler.domain.clusters import Deployed, application_name
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest, Revision
from reconciler.errors import ObserveError
from reconciler.ports import ClusterReader, RepositoryReader
from reconciler.render.carried import digests_of

NO_CLUSTER = Missing(code="noCluster", why="no cluster is configured: [tool.perennial.clusters] of pyproject.toml")
_MANIFESTS = "manifests"


def deployed_of(
    wanted: Mapping[str, tuple[str, ...]], clusters: ClusterReader | None, repository: RepositoryReader
) -> Mapping[str, Mapping[str, Known[Deployed]]]:
    """By model, then by environment; `wanted` are the environments of each model.

    A cluster that does not answer is Missing for its environment, and stops no other.
    """
    environments = sorted({environment for each in wanted.values() for environment in each})
    seen = {environment: _environment(environment, wanted, clusters, repository) for environment in environments}
    return {model: {environment: seen[environment][model] for environment in each} for model, each in wanted.items()}


def _environment(
    name: str, wanted: Mapping[str, tuple[str, ...]], clusters: ClusterReader | None, repository: RepositoryReader
) -> Mapping[str, Known[Deployed]]:
    models = [model for model, each in wanted.items() if name in each]
    if clusters is None or not clusters.reaches(name):
        return dict.fromkeys(models, NO_CLUSTER)
    try:
        found = clusters.applications(name)
    except ObserveError as error:
        return dict.fromkeys(models, Missing(code="clusterSilent", why=error.message))
    told = {model: found[model] for model in models if model in found}
    return {**{model: absent(model, name) for model in models}, **completed(told, repository)}


def absent(model: str, environment: str) -> Missing:
    """The cluster answered, and does not have it."""
    return Missing(code="noApplication", why=f"Argo CD has no Application {application_name(model, environment)}")


def completed(found: Mapping[str, Deployed], repository: RepositoryReader) -> Mapping[str, Deployed]:
    """With the digests of what is synced: its live objects are what the manifests of its revision say, so these are read."""
    untold = {model: one.revision for model, one in found.items() if one.synced and not one.digests and one.revision}
    files = {revision: _manifests(revision, repository) for revision in sorted(set(untold.values()))}
    told = {model: replace(found[model], digests=digests_in(files[revision], model)) for model, revision in untold.items()}
    return {**found, **told}


def digests_in(manifests: Mapping[str, bytes], model: str) -> frozenset[Digest]:
    """Those of the releases that the model's manifests carry."""
    own = [content for path, content in manifests.items() if path.startswith(f"{_MANIFESTS}/{model}/")]
    return digests_of(content.decode(errors="replace") for content in own)


def _manifests(revision: Revision, repository: RepositoryReader) -> Mapping[str, bytes]:
    """None of them tells anything when this repository does not have the commit."""
    try:
        return repository.files(revision, _MANIFESTS)
    except ObserveError:
        return {}
