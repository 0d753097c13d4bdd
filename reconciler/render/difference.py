"""What a promotion changes in the rendered manifests, so that a reviewer sees the effect and not only the cause. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import unified_diff

from reconciler.domain.releases import Release
from reconciler.render.environment import load_templates
from reconciler.render.models import render_model, served_of
from reconciler.render.served import part_of
from reconciler.specs.specs import Specs


def rendered_difference(specs: Specs, release: Release) -> str:
    """Changed lines of the model's manifests between what the environment runs now and the release; empty when it runs nothing.

    In the form of a unified diff without context. A file in which no line changes that does not change elsewhere too, as the
    version in the labels of everything, is only named at the end.
    """
    live = specs.releases.get(release.build.model, {}).get(release.environment)
    if live is None:
        return ""
    before, after = _manifests(specs, live), _manifests(specs, release)
    changes = {path: list(_changes(path, before, after)) for path in sorted({*before, *after})}
    told: set[str] = set()
    alike: list[str] = []
    for path in sorted(changes, key=lambda one: (-len(changes[one]), one)):
        lines = set(_changed(changes[path]))
        if lines and lines <= told:
            alike.append(path)
        told |= lines
    shown = [line for path, lines in changes.items() if path not in alike for line in lines]
    return "\n".join(shown + [f"@@ some of the same lines, and no others: {path}" for path in sorted(alike)])


def _manifests(specs: Specs, release: Release) -> Mapping[str, str]:
    """By path, in which the digest of a release is the word `release`: what takes the place of what stands beside it."""
    # A candidate's statement comes with its promotion, so which commit it was trained from is not in the specs yet.
    files = render_model(load_templates(specs.files), replace(served_of(specs, release), commit=""))
    part = part_of(release)
    return {path.replace(f"-{part}.", "-release."): text for path, text in files.items()}


def _changes(path: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    old, new = (files.get(path, "").split("\n") for files in (before, after))
    return unified_diff(old, new, path, path, n=0, lineterm="")


def _changed(lines: Sequence[str]) -> Iterator[str]:
    """What was removed and added, wherever it stands in the file; the first two lines of a diff name the files."""
    return (line[0] + line[1:].strip() for line in lines[2:] if not line.startswith("@@"))
