"""What was observed, for programs."""

from collections.abc import Sequence

from reconciler.render.canonical import canonical_json
from reconciler.report.model_view import ModelView


def observe_json(views: Sequence[ModelView]) -> str:
    """`{models: [{model, running, rows, labels, metrics: [...], quality, verdict, ...}]}` with sorted keys; durations in seconds.

    A fact that could not be seen is `{type: missing, code, why}`.
    """
    return canonical_json({"models": list(views)})
