"""Stage 2 of 6, validate: the dataset's contract, as Great Expectations expectations, is measured on the snapshot's rows."""

import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.contract import Check, contract_checks, to_pandas
from reconciler.pipeline.evidence_json import VALIDATION
from reconciler.pipeline.observed import failure, plain
from reconciler.pipeline.stored import read_stored, write_run

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of one check. `observed` is plain JSON."""

    check: Check
    success: bool
    observed: Mapping[str, Any]
    failure: str


def validate(context: StageContext) -> str:
    """Write validation.json: how many expectations were evaluated, what failed, and what was seen. Returns one line of it.

    A failed expectation is a measurement, not an error. Raises ReconcilerError for an expectation that does not exist or cannot
    take its arguments.
    """
    import polars as pl

    stored = read_stored(context)
    rows = pl.concat([stored.train, stored.holdout])
    checks, skipped = divided(context, rows.columns)
    checked = measured(checks, to_pandas(rows))
    failures = [one.failure for one in checked if not one.success]
    said = [{"type": c.check.type, "arguments": c.check.arguments, "success": c.success, "observed": c.observed} for c in checked]
    left = [{"type": check.type, "arguments": check.arguments} for check in skipped]
    result = {"evaluated": len(checked), "failures": failures, "expectations": said, "notInSnapshot": left}
    write_run(context, VALIDATION, json_text(result))
    return f"{context.model.name}: {len(failures)} of {len(checked)} expectations failed" + "".join(
        f"\n  {text}" for text in failures
    )


def divided(context: StageContext, present: Sequence[str]) -> tuple[list[Check], list[Check]]:
    """The checks of the contract that these rows can answer, and those about columns that the model does not use."""
    body = context.dataset.spec
    known = {column.name for column in body.columns}
    wanted = [*contract_checks(context.dataset, present)]
    wanted += [Check(type=one.type, arguments=one.arguments) for one in body.expectations]
    unused = known - set(present)
    return [c for c in wanted if not c.columns & unused], [c for c in wanted if c.columns & unused]


def measured(checks: Sequence[Check], rows: "pd.DataFrame") -> list[Checked]:
    """Each check, measured by Great Expectations in memory: no files, no telemetry, no progress bars."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Great Expectations uses what Python and pandas deprecate
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("snapshot").add_dataframe_asset("rows")
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": rows})
        return [measure_one(batch, check, wanted) for check, wanted in [(check, expectation(check)) for check in checks]]


def measure_one(batch: Any, check: Check, wanted: Any) -> Checked:
    """One check on the batch. An expectation that cannot be computed on these rows is a failure that says why."""
    try:
        answer = batch.validate(wanted, result_format="SUMMARY")
    except (TypeError, ValueError) as error:  # some metrics of Great Expectations raise instead of reporting
        said = f"{check}: could not be evaluated: {error}"
        return Checked(check=check, success=False, observed={"error": str(error)}, failure=said)
    observed = plain(answer.result)
    success = bool(answer.success)
    said = "" if success else failure(check, observed, answer.exception_info)
    return Checked(check=check, success=success, observed=observed, failure=said)


def expectation(check: Check) -> Any:
    """The expectation as Great Expectations knows it. Raises ReconcilerError with the nearest name, or the arguments' errors."""
    from difflib import get_close_matches

    import great_expectations.expectations as known
    from pydantic import ValidationError
    from pydantic.v1 import ValidationError as OldValidationError

    name = "".join(word.capitalize() for word in check.type.split("_"))
    kind = next((getattr(known, one) for one in dir(known) if one.lower() == name.lower()), None)
    where = f"datasets: expectation {check.type}"
    if kind is None:
        names = sorted(getattr(known, one).expectation_type for one in dir(known) if one.startswith("Expect"))
        near = get_close_matches(check.type, names, n=3)
        raise ReconcilerError(f"{where} does not exist in Great Expectations", help="use " + " or ".join(near or names[:3]))
    try:
        return kind(**check.arguments)
    except (ValidationError, OldValidationError, TypeError, ValueError) as error:
        problems = error.errors() if isinstance(error, ValidationError | OldValidationError) else [{"loc": (), "msg": str(error)}]
        said = "; ".join(": ".join([*(str(part) for part in one["loc"]), str(one["msg"])]) for one in problems)
        raise ReconcilerError(
            f"{where} cannot take its arguments: {said}", help="correct spec.expectations of the dataset"
        ) from error
