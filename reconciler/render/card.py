"""The model card: what a release is for, what it was made from, how well it does, and what nobody looked at. Pure.

Headings: Mitchell et al. 2019, "Model cards for model reporting".
"""

from reconciler.domain.names import evidence_path, short
from reconciler.render.environment import load_templates
from reconciler.render.review import Review
from reconciler.render.rows import evidence_notes, feature_rows, gate_rows, lineage_rows, metric_rows, part_rows
from reconciler.render.sections import sections_of, untested
from reconciler.render.sections.section import folded
from reconciler.specs.model import Model, Task

TEMPLATE = "templates/card.md.j2"


def render_card(review: Review) -> str:
    """The text of `models/<model>/CARD.md`. Raises InvalidSpecsError for a template that cannot be rendered."""
    return load_templates(review.specs.files).render(TEMPLATE, {**_model(review), **_made(review), **_found(review)})


def _model(review: Review) -> dict[str, object]:
    """What people say of it."""
    model, dataset = review.model, review.dataset
    text = model.spec.card
    return {
        "model": model.name,
        "version": review.release.version,
        "digest": review.release.digest,
        "owner": model.metadata.owner,
        "description": model.metadata.description,
        "intended_use": text.intended_use,
        "not_for": text.not_for,
        "considerations": text.considerations,
        "task": model.spec.task,
        "answers": answers_of(model, dataset.spec.label.column if dataset else ""),
        "label": dataset.spec.label.column if dataset else None,
        "licence": dataset.spec.licence if dataset else "",
        "features": feature_rows(model, dataset),
        "slices": model.spec.slices,
    }


def _made(review: Review) -> dict[str, object]:
    """What it was made from."""
    build, training = review.candidate.build, review.model.spec.training
    return {
        "estimator": training.estimator,
        "parameters": [{"name": name, "value": str(value)} for name, value in sorted(training.parameters.items())],
        "artifact": build.artifact.path,
        "size": f"{build.artifact.size:,}",
        "lineage": lineage_rows(build, None),
        "parts": part_rows(build, None),
        "base": short(review.candidate.base),
    }


def _found(review: Review) -> dict[str, object]:
    """How well it does, and what nobody looked at."""
    return {
        "verdict": review.blessing,
        "said": review.said,
        "gates": gate_rows(review.gates),
        "metrics": metric_rows(review.model, review.evidence),
        "notes": evidence_notes(review.evidence),
        "sections": [folded(section) for section in sections_of(review.evidence, review.importance)],
        "untested": untested(review.evidence),
        "evidence_file": evidence_path(review.model.name, review.release.digest),
    }


def answers_of(model: Model, label: str) -> str:
    """What it answers, in a sentence."""
    target, what = model.spec.target, label or "the label"
    match model.spec.task:
        case Task.BINARY if target.at_least is not None:
            return f"The probability that {what} is {target.at_least:g} or more."
        case Task.BINARY if target.positive is not None:
            return f"The probability that {what} is {target.positive}."
        case Task.BINARY:
            return f"The probability that {what} is true."
        case Task.MULTICLASS if target.classes is not None:
            return f"The probability of each class of {what}: {', '.join(band.name for band in target.classes)}."
        case Task.MULTICLASS:
            return f"The probability of each class of {what}."
        case Task.REGRESSION:
            return f"An estimate of {what}."
