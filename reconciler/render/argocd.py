"""The Argo CD Application of an environment: which branch is synced to which namespace. Pure."""

from reconciler.domain.names import environment_branch
from reconciler.render.environment import Templates
from reconciler.specs.specs import Specs


def render_application(templates: Templates, specs: Specs, environment: str) -> dict[str, str]:
    """`application.yaml`, outside the synced folder: a person applies it once."""
    settings = specs.settings
    target = settings.environment(environment)
    values: dict[str, object] = {
        "environment": environment,
        "branch": environment_branch(environment),
        "repository_url": settings.repository_url,
        "argocd_namespace": settings.argocd_namespace,
        "namespace": target.namespace,
        "cluster": target.cluster,
    }
    return {"application.yaml": templates.render("templates/argocd/application.yaml.j2", values)}
