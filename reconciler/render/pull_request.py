"""The promotion pull request: its title, and a body in which a reviewer finds everything that the merge means. Pure."""

from reconciler.domain.names import card_path, evidence_path, release_path, short
from reconciler.render.changes import spec_difference
from reconciler.render.difference import rendered_difference
from reconciler.render.environment import load_templates
from reconciler.render.fit import fit
from reconciler.render.lineage import lineage_graph
from reconciler.render.markdown import block, code
from reconciler.render.review import Review
from reconciler.render.rollout_words import stages_of
from reconciler.render.rows import (
    cost_of,
    environment_rows,
    evidence_notes,
    gate_rows,
    lineage_rows,
    metric_rows,
    part_rows,
    trigger_rows,
    way_rows,
)
from reconciler.render.sections import sections_of
from reconciler.render.sections.cause import drift_section
from reconciler.render.sections.section import folded

ALL_AT_ONCE = "all of the requests, at once: nothing runs that it would replace"
TEMPLATE = "templates/pull-request.md.j2"


def render_pull_request(review: Review) -> tuple[str, str]:
    """Title and body of the pull request that brings the release to its environment. The body has no marker yet.

    Raises InvalidSpecsError for a template that cannot be rendered.
    """
    release, name = review.release, review.model.name
    body = load_templates(review.specs.files).render(TEMPLATE, {**_what(review), **_evidence(review), **_effect(review)})
    report = evidence_path(name, release.digest)
    rest = f"All of it is in {code(report)} and on the page of {code(f'perennial report {name} --html FILE')}."
    return f"Promote {name} {release.version} to {release.environment}", fit(body, rest)


def _what(review: Review) -> dict[str, object]:
    """What is proposed, what it follows, and why it was trained."""
    release, champion, cause = review.release, review.champion, review.cause
    return {
        "model": review.model.name,
        "environment": release.environment,
        "version": release.version,
        "digest": short(release.digest),
        "live_version": champion.version if champion else None,
        "live_digest": short(champion.digest) if champion else None,
        "champion_environment": review.model.champion_environment,
        "owner": review.model.metadata.owner,
        "approval": review.model.told_approvals(release.environment),
        "description": review.model.metadata.description,
        "reason": cause.reason if cause else review.candidate.reason,
        "measured_again": review.candidate.reason if cause and cause.reason != review.candidate.reason else "",
        "trigger": trigger_rows(cause.trigger) if cause else [],
        "drift": folded(drift_section(cause.drift)) if cause and cause.drift else None,
    }


def _evidence(review: Review) -> dict[str, object]:
    """What was found."""
    live = review.champion.build if review.champion else None
    return {
        "verdict": review.blessing,
        "answer": review.gates.answer,
        "said": review.said,
        "gates": gate_rows(review.gates),
        "metrics": metric_rows(review.model, review.evidence),
        "notes": evidence_notes(review.evidence),
        "sections": [folded(section) for section in sections_of(review.evidence, review.importance)],
        "lineage": lineage_rows(review.candidate.build, live),
        "graph": block(lineage_graph(review), "mermaid"),
        "parts": part_rows(review.candidate.build, live),
    }


def _effect(review: Review) -> dict[str, object]:
    """What the merge changes, and what it brings."""
    release, name, policy = review.release, review.model.name, review.model.spec.rollout
    return {
        "changes": block(spec_difference(review), "diff"),
        "cost": cost_of(review.spent),
        "rollout": review.specs.rollouts[policy].spec.type,
        "rollout_policy": policy,
        "rollout_stages": _stages(review),
        "environments": environment_rows(review),
        "way": way_rows(review),
        "manifests": block(rendered_difference(review.specs, release), "diff"),
        "release_file": release_path(name, release.environment),
        "evidence_file": evidence_path(name, release.digest),
        "card_file": card_path(name),
    }


def _stages(review: Review) -> tuple[str, ...]:
    """What the release gets, one after the other; where nothing runs there is nobody to spare."""
    runs = review.release.environment in review.specs.releases.get(review.model.name, {})
    return stages_of(review.specs.rollouts[review.model.spec.rollout].spec) if runs else (ALL_AT_ONCE,)
