"""What a promotion changes in the rendered manifests, so that a reviewer sees the effect and not only the cause. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import unified_diff

from reconciler.domain.releases import Release
from reconciler.render.deployment import render_deployments
from reconciler.render.environment import load_templates
from reconciler.specs.specs import Specs


def rendered_difference(specs: Specs, release: Release) -> str:
    """Changed lines of the model's manifests between what the environment runs now and the release; empty when it runs nothing.

    In the form of a unified diff without context.
    """
    live = specs.releases.get(release.build.model, {}).get(release.environment)
    if live is None:
        return ""
    before, after = _manifests(specs, live), _manifests(specs, release)
    return "\n".join(line for path in sorted({*before, *after}) for line in _changes(path, before, after))


def _manifests(specs: Specs, release: Release) -> Mapping[str, str]:
    only = replace(specs, releases={release.build.model: {release.environment: release}})
    return render_deployments(load_templates(specs.files), only, release.environment)


def _changes(path: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    old, new = (files.get(path, "").split("\n") for files in (before, after))
    return unified_diff(old, new, path, path, n=0, lineterm="")
