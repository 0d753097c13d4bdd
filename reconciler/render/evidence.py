"""The gate report of one digest: what was measured, what it was measured against, and what every gate said. Pure."""

from reconciler.domain.facts import Candidate
from reconciler.domain.judgements import Judgement
from reconciler.domain.releases import Release
from reconciler.render.canonical import canonical_json


def render_evidence(candidate: Candidate, gates: Judgement, champion: Release | None) -> str:
    """The text of `models/<model>/evidence/<digest>.json`: canonical JSON, so that the same evidence gives the same bytes."""
    build = candidate.build
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
            "measured": candidate.evidence,
            "gates": gates,
        }
    )
