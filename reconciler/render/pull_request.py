"""The promotion pull request: its title, and a body in which a reviewer finds everything that the merge means. Pure."""

import re

from reconciler.domain.facts import Candidate
from reconciler.domain.judgements import Judgement
from reconciler.domain.names import card_path, evidence_path, release_path, short
from reconciler.domain.releases import Release
from reconciler.render.difference import rendered_difference
from reconciler.render.environment import load_templates
from reconciler.render.markdown import block
from reconciler.render.review import evidence_notes, gate_rows, lineage_rows, metric_rows, part_rows
from reconciler.specs.model import Model
from reconciler.specs.specs import Specs

BODY_LIMIT = 60_000
"""Characters; GitHub takes 65,536, and the marker and what people add need room."""
FENCE_ROOM = 1_000
"""Of these, kept free to close a code block that is cut."""


def render_pull_request(
    specs: Specs, *, model: Model, candidate: Candidate, release: Release, champion: Release | None, gates: Judgement
) -> tuple[str, str]:
    """Title and body of the pull request that brings `release` to its environment. The body has no marker yet.

    `champion` is what the last environment runs, None for a first release. Raises InvalidSpecsError for a template that
    cannot be rendered.
    """
    name, environment = model.name, release.environment
    live = champion.build if champion else None
    values = {
        "model": name,
        "environment": environment,
        "version": release.version,
        "digest": short(release.digest),
        "live_version": champion.version if champion else None,
        "live_digest": short(champion.digest) if champion else None,
        "champion_environment": model.champion_environment,
        "owner": model.metadata.owner,
        "description": model.metadata.description,
        "reason": candidate.reason,
        "answer": gates.answer,
        "gates": gate_rows(gates),
        "metrics": metric_rows(model, candidate.evidence),
        "notes": evidence_notes(candidate.evidence),
        "lineage": lineage_rows(candidate.build, live),
        "parts": part_rows(candidate.build, live),
        "rollout": specs.rollouts[model.spec.rollout].spec.type,
        "rollout_policy": model.spec.rollout,
        "environments": model.spec.environments,
        "manifests": block(rendered_difference(specs, release), "diff"),
        "release_file": release_path(name, environment),
        "evidence_file": evidence_path(name, release.digest),
        "card_file": card_path(name),
    }
    body = load_templates(specs.files).render("templates/pull-request.md.j2", values)
    return f"Promote {name} {release.version} to {environment}", _fit(body, evidence_path(name, release.digest))


def _fit(body: str, report: str) -> str:
    """The body, or as many of its first lines as a forge takes, and where the rest is."""
    if len(body) <= BODY_LIMIT:
        return body
    rest = f"\n\nThis description is longer than a pull request may be. All of the report is in `{report}`.\n"
    kept = body[: BODY_LIMIT - len(rest) - FENCE_ROOM].rpartition("\n")[0].rstrip()
    fences = re.findall(r"^`{3,}", kept, re.MULTILINE)
    return kept + (f"\n{fences[-1]}" if len(fences) % 2 else "") + rest
