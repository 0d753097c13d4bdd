"""The model card: what the newest promoted digest is, what it is for, and how well it did. Pure."""

from reconciler.domain.facts import Candidate
from reconciler.domain.judgements import Judgement
from reconciler.domain.names import evidence_path
from reconciler.domain.releases import Release
from reconciler.render.environment import load_templates
from reconciler.render.review import evidence_notes, gate_rows, lineage_rows, metric_rows, part_rows
from reconciler.specs.model import Model
from reconciler.specs.specs import Specs


def render_card(specs: Specs, *, model: Model, candidate: Candidate, release: Release, gates: Judgement) -> str:
    """The text of `models/<model>/CARD.md`. Raises InvalidSpecsError for a template that cannot be rendered."""
    spec, data = model.spec, candidate.build.data
    dataset = specs.datasets.get(data.dataset)
    values = {
        "model": model.name,
        "version": release.version,
        "digest": release.digest,
        "owner": model.metadata.owner,
        "description": model.metadata.description,
        "task": spec.task,
        "estimator": spec.training.estimator,
        "label": dataset.spec.label.column if dataset else None,
        "licence": dataset.spec.licence if dataset else "",
        "numeric": spec.features.numeric,
        "categorical": spec.features.categorical,
        "gates": gate_rows(gates),
        "metrics": metric_rows(model, candidate.evidence),
        "notes": evidence_notes(candidate.evidence),
        "lineage": lineage_rows(candidate.build, None),
        "parts": part_rows(candidate.build, None),
        "artifact": candidate.build.artifact.path,
        "size": f"{candidate.build.artifact.size:,}",
        "evidence_file": evidence_path(model.name, release.digest),
    }
    return load_templates(specs.files).render("templates/card.md.j2", values)
