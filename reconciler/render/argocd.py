"""What tells Argo CD about an environment: its project, and Applications for all models as one or for each. Pure."""

from reconciler.domain.names import environment_branch
from reconciler.render.environment import Templates
from reconciler.render.rollout import MIRROR, UNITS
from reconciler.specs.specs import Specs

_OF_ROLLOUTS = 'select(.metadata.labels["perennial/runtime"] == "rollout") | '
_HTTP, _RULES = f"{_OF_ROLLOUTS}.spec.http[]?", f"{_OF_ROLLOUTS}.spec.rules[]?"
_ADDED = f'select(.name == "{MIRROR}" or .name == "{UNITS}")'
_BY_HEADER = "select(.matches[]?.headers)"
DIFFERENCES = [
    {
        "group": "networking.istio.io",
        "kind": "VirtualService",
        "jqPathExpressions": [f"{_HTTP}.route[]?.weight", f"{_HTTP} | {_ADDED}"],
    },
    {
        "group": "gateway.networking.k8s.io",
        "kind": "HTTPRoute",
        "jqPathExpressions": [f"{_RULES}.backendRefs[]?.weight", f"{_RULES} | {_BY_HEADER}"],
    },
]
"""What is Argo Rollouts' to change: weights, and the routes that it adds.

Where requests can go at all is Git's: the next strategy may ask for another Service. The routes of other runtimes are
Perennial's, so there Argo CD undoes what others change.
"""


def render_argocd(templates: Templates, specs: Specs, environment: str) -> dict[str, str]:
    """`project.yaml`, and `application.yaml` or `applicationset.yaml`, outside the synced folder: a person applies them once."""
    settings = specs.settings
    target = settings.environment(environment)
    texts = {
        "environment": environment,
        "branch": environment_branch(environment),
        "repository_url": settings.repository_url,
        "namespace": target.namespace,
        "cluster": target.cluster,
    }
    orders = {"model": "{{.path.basename}}", "folder": "{{.path.path}}"}
    values = {
        **texts,
        "argocd_namespace": settings.argocd_namespace,
        "differences": DIFFERENCES,
        "go": {name: go_literal(text) for name, text in texts.items()} | orders,
    }
    kinds = ("application", "applicationset", "project")
    return {f"{kind}.yaml": templates.render(f"templates/argocd/{kind}.yaml.j2", values) for kind in kinds}


def go_literal(text: str) -> str:
    """The text inside a template of an ApplicationSet, which Go reads: braces in it are no orders."""
    return text.replace("{{", '{{"{{"}}')
