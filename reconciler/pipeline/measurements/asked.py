"""Measurement `asked`: which questions the gates asked, so that a later pass sees whether they ask more by then."""

from reconciler.pipeline.context import StageContext
from reconciler.pipeline.scored import Scored


def asked(context: StageContext, scored: Scored) -> tuple[str, ...]:  # noqa: ARG001
    """Keys of what the gate policy wants measured, sorted."""
    return tuple(sorted({key for gate in context.gates for key in gate.asks()}))
