"""All files of an environment's branch, from the release files on main. Pure: the same specs give the same bytes."""

from collections.abc import Callable, Mapping

from reconciler.domain.names import short
from reconciler.errors import InvalidSpecsError
from reconciler.render.argocd import render_argocd
from reconciler.render.environment import Templates, load_templates
from reconciler.render.models import render_models
from reconciler.render.served import Underway
from reconciler.render.wellformed import problems_of
from reconciler.specs.specs import Specs

Renderer = Callable[[Templates, Specs, str], Mapping[str, str]]
"""(templates, specs, environment) -> files by path."""


def render_readme(templates: Templates, specs: Specs, environment: str) -> dict[str, str]:
    """`README.md`: what the branch is, and what it holds."""
    target = specs.settings.environment(environment)
    released = [
        {"model": name, "version": releases[environment].version, "digest": short(releases[environment].digest)}
        for name, releases in specs.releases.items()
        if environment in releases and name in specs.models
    ]
    values = {
        "environment": environment,
        "namespace": target.namespace,
        "cluster": target.cluster,
        "released": sorted(released, key=lambda row: row["model"]),
    }
    return {"README.md": templates.render("templates/environment-readme.md.j2", values)}


RENDERERS: tuple[Renderer, ...] = (render_argocd, render_readme)


def render_environment(specs: Specs, environment: str, underway: Mapping[str, Underway] | None = None) -> dict[str, str]:
    """Path to text of everything that `env/<environment>` holds, sorted by path.

    The branch holds exactly this, so what is no longer released leaves it. With nothing released, `manifests/` is kept by
    an empty file, because Argo CD reports a folder that is missing as an error. `underway` are the rollouts that have begun and
    not ended, by model. Raises InvalidSpecsError for a template that cannot be rendered, or whose output is no YAML.
    """
    templates = load_templates(specs.files)
    files = render_models(templates, specs, environment, underway or {})
    for renderer in RENDERERS:
        files.update(renderer(templates, specs, environment))
    problems = [problem for path, text in files.items() if path.endswith(".yaml") for problem in problems_of(path, text)]
    if problems:
        raise InvalidSpecsError(problems)
    if not any(path.startswith("manifests/") for path in files):
        files["manifests/.gitkeep"] = ""
    return dict(sorted(files.items()))
