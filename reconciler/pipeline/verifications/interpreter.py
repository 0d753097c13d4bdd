"""Measurement `interpreter`: where the finished package was tried, so that a later pass sees whether that is still the place."""

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Known
from reconciler.pipeline.context import StageContext

TRIED = ("infra", "parity", "latency/", "memory/")
"""How the keys begin that want the package tried in the serving environment."""


def interpreter(context: StageContext) -> Known[str]:
    """What the spec says; empty for the interpreter that trains. Not measured where no gate wants the package tried."""
    is_tried = any(key.startswith(TRIED) for key in context.asked)
    return (context.model.spec.serve.python or "") if is_tried else NOT_MEASURED
