"""All files of an environment's branch, from the release files on main. Pure: the same specs give the same bytes."""

from collections.abc import Callable, Mapping

import yaml

from reconciler.domain.names import short
from reconciler.errors import InvalidSpecsError, Problem
from reconciler.render.argocd import render_argocd
from reconciler.render.environment import Templates, load_templates
from reconciler.render.models import render_models
from reconciler.specs.specs import Specs

Renderer = Callable[[Templates, Specs, str], Mapping[str, str]]
"""(templates, specs, environment) -> files by path."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


RENDERERS: tuple[Renderer, ...] = (render_models, render_argocd, render_readme)


def render_environment(specs: Specs, environment: str) -> dict[str, str]:
    """Path to text of everything that `env/<environment>` holds, sorted by path.

    The branch holds exactly this, so what is no longer released leaves it. With nothing released, `manifests/` is kept by
    an empty file, because Argo CD reports a folder that is missing as an error. Raises InvalidSpecsError for a template
    that cannot be rendered, or whose output is no YAML.
    """
    templates = load_templates(specs.files)
    files: dict[str, str] = {}
    for renderer in RENDERERS:
        files.update(renderer(templates, specs, environment))
    problems = [problem for path, text in files.items() if path.endswith(".yaml") for problem in _problems(path, text)]
    if problems:
        raise InvalidSpecsError(problems)
    if not any(path.startswith("manifests/") for path in files):
        files["manifests/.gitkeep"] = ""
    return dict(sorted(files.items()))


def _problems(path: str, text: str) -> tuple[Problem, ...]:
    """What makes the text no manifest. Nodes tell enough, and cost half of what values do."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        message = f"the template does not print YAML: {getattr(error, 'problem', None) or 'it cannot be read'}"
        hint = "a value is quoted where it is printed: join texts inside the braces, {{ a ~ '-b' }}, not beside them"
        return (Problem(file=f"rendered {path}", line=line, column=1, field="", message=message, hint=hint),)
    keys = {key.value for key, _ in node.value} if isinstance(node, yaml.MappingNode) else set()
    if not keys >= {"apiVersion", "kind", "metadata"}:
        message = "the template does not print one object with apiVersion, kind and metadata"
        return (Problem(file=f"rendered {path}", line=1, column=1, field="", message=message),)
    return ()
