"""Stage 6 of 6, verify: the finished package is tried as serving will use it, as far as the gates ask for it."""

from typing import Any

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Missing
from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.evidence_json import VERIFICATION, evidence_text
from reconciler.pipeline.stored import write_run
from reconciler.pipeline.verifications import VERIFICATIONS, Verify


def verify(context: StageContext) -> str:
    """Write verification.json. Returns one line of what was measured."""
    found = {name: _attempt(measure, context) for name, measure in VERIFICATIONS.items()}
    measured = {name: value for name, value in found.items() if value != NOT_MEASURED}
    write_run(context, VERIFICATION, evidence_text(measured))
    said = [f"{name}: {value.why}" if isinstance(value, Missing) else name for name, value in measured.items()]
    return f"{context.model.name}: verified {', '.join(said) or 'nothing, because no gate asks for it'}"


def _attempt(measure: Verify, context: StageContext) -> Any:
    try:
        return measure(context)
    except ReconcilerError as error:
        return Missing(code="cannotBeMeasured", why=error.message)
