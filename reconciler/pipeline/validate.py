"""Stage 2 of 6, validate: the dataset's contract, as Great Expectations expectations, is measured on the snapshot's rows."""

from collections.abc import Sequence

from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.contract import Check, contract_checks
from reconciler.pipeline.evidence_json import VALIDATION
from reconciler.pipeline.expectations import measured
from reconciler.pipeline.stored import read_stored, write_run

KEPT_AS = {"critical": "failures", "warning": "warnings", "info": "infos"}
"""Under which key the report keeps the failures of expectations, by their argument `severity`."""


def validate(context: StageContext) -> str:
    """Write validation.json: how many expectations were evaluated, what failed, and what was seen. Returns one line of it.

    A failed expectation is a measurement, not an error. Raises ReconcilerError for an expectation that does not exist or cannot
    take its arguments.
    """
    stored = read_stored(context)
    checks, skipped = divided(context, stored.train.columns)
    checked = measured(checks, stored.train, stored.holdout)
    said = [{"type": c.check.type, "arguments": c.check.arguments, "success": c.success, "observed": c.observed} for c in checked]
    left = [{"type": check.type, "arguments": check.arguments} for check in skipped]
    failed = {
        key: [one.failure for one in checked if not one.success and one.check.severity == severity]
        for severity, key in KEPT_AS.items()
    }
    write_run(context, VALIDATION, json_text({"evaluated": len(checked), **failed, "expectations": said, "notInSnapshot": left}))
    counts = ", ".join(f"{len(failed[key])} {key}" for key in ("warnings", "infos") if failed[key])
    summary = f"{context.model.name}: {len(failed['failures'])} of {len(checked)} expectations failed"
    return "\n  ".join(
        [f"{summary}, {counts}" if counts else summary, *failed["failures"], *failed["warnings"], *failed["infos"]]
    )


def divided(context: StageContext, present: Sequence[str]) -> tuple[list[Check], list[Check]]:
    """The checks of the contract that these rows can answer, and those about columns that the model does not use."""
    body = context.dataset.spec
    known = {column.name for column in body.columns}
    wanted = [*contract_checks(context.dataset, present)]
    wanted += [Check(type=one.type, arguments=one.arguments) for one in body.expectations]
    unused = known - set(present)
    return [c for c in wanted if not c.columns & unused], [c for c in wanted if c.columns & unused]
