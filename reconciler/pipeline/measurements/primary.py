"""Measurement `primary`: which metric the model is judged by when a gate names none."""

from reconciler.pipeline.context import StageContext
from reconciler.pipeline.scored import Scored


def primary(context: StageContext, scored: Scored) -> str:  # noqa: ARG001
    """The first of the model's metrics."""
    return context.model.spec.metrics[0]
