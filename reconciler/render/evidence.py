"""The gate report of one digest: what was measured, what it was measured against, and what every gate said. Pure."""

from dataclasses import fields

from pydantic.alias_generators import to_camel

from reconciler.domain.evidence import NOT_MEASURED, Evidence
from reconciler.render.canonical import canonical_json
from reconciler.render.review import Review


def render_evidence(review: Review) -> str:
    """The text of `models/<model>/evidence/<digest>.json`: canonical JSON, so that the same evidence gives the same bytes."""
    build, champion = review.candidate.build, review.champion
    return canonical_json(
        {
            "apiVersion": "perennial/v1",
            "kind": "Evidence",
            "model": build.model,
            "digest": build.digest,
            "artifact": build.artifact,
            "data": build.data,
            "madeFrom": build.made_from,
            "champion": champion and {"version": champion.version, "digest": champion.digest},
            "measured": _measured(review.evidence),
            "gates": review.gates,
            "verdict": review.blessing,
        }
    )


def _measured(evidence: Evidence) -> dict[str, object]:
    """What was measured, and why what was asked for could not be; nothing of what nobody asked."""
    found = {to_camel(field.name): getattr(evidence, field.name) for field in fields(evidence)}
    return {name: value for name, value in found.items() if value != NOT_MEASURED}
