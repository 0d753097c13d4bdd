"""Used by validate: any expectation of Great Expectations, by its name and arguments, measured on the snapshot's rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reconciler.errors import ReconcilerError
from reconciler.pipeline.batches import Batches, batches
from reconciler.pipeline.contract import Check
from reconciler.pipeline.observed import failure, plain
from reconciler.rules.fields import TIME_PATTERN, parse_time

if TYPE_CHECKING:
    import polars as pl

IN_SQL = frozenset(
    {
        "unexpected_rows_expectation",
        "expect_query_results_to_match_comparison",
        "expect_table_row_count_to_equal_other_table",
        "expect_column_values_to_match_like_pattern",
        "expect_column_values_to_match_like_pattern_list",
        "expect_column_values_to_not_match_like_pattern",
        "expect_column_values_to_not_match_like_pattern_list",
    }
)
"""What Great Expectations computes in a database only."""
_BOUNDS = ("min_value", "max_value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of one check. `observed` is plain JSON; `computed` is False where nothing could be measured."""

    check: Check
    success: bool
    observed: Mapping[str, Any]
    failure: str
    computed: bool = True


def measured(checks: Sequence[Check], train: "pl.DataFrame", holdout: "pl.DataFrame") -> list[Checked]:
    """Each check on all rows together. Raises ReconcilerError as `expectation` does."""
    with batches(train, holdout) as rows:
        return [_measure(rows, check, wanted) for check, wanted in [(check, expectation(check)) for check in checks]]


def _measure(rows: Batches, check: Check, wanted: Any) -> Checked:
    """In SQL where it must be. Some expectations cannot compute with gaps among whole numbers, but can with plain types."""
    if check.type in IN_SQL:
        return measure_one(rows.sql, check, wanted)
    first = measure_one(rows.nullable, check, wanted)
    if first.computed:
        return first
    second = measure_one(rows.plain, check, wanted)
    return second if second.computed else first


def measure_one(batch: Any, check: Check, wanted: Any) -> Checked:
    """One check on the batch. An expectation that cannot be computed on these rows is a failure that says why."""
    from great_expectations.exceptions.exceptions import GreatExpectationsError

    try:
        answer = batch.validate(wanted, result_format="SUMMARY")
    except (TypeError, ValueError, LookupError, AttributeError, GreatExpectationsError) as error:  # some raise, and do not report
        said = f"{check}: could not be evaluated: {str(error).strip().splitlines()[0] if str(error).strip() else repr(error)}"
        return Checked(check=check, success=False, observed={"error": str(error)}, failure=said, computed=False)
    observed = plain(answer.result)
    success = bool(answer.success)
    said = "" if success else failure(check, observed, answer.exception_info)
    return Checked(check=check, success=success, observed=observed, failure=said, computed=success or bool(observed))


def expectation(check: Check) -> Any:
    """The expectation as Great Expectations knows it. Raises ReconcilerError with the nearest name, or the arguments' errors."""
    from difflib import get_close_matches

    import great_expectations.expectations as known
    from pydantic import ValidationError
    from pydantic.v1 import ValidationError as OldValidationError

    kinds = {kind.expectation_type: kind for kind in vars(known).values() if getattr(kind, "expectation_type", None)}
    where = f"datasets: expectation {check.type}"
    if check.type not in kinds:
        near = get_close_matches(check.type, sorted(kinds), n=3)
        raise ReconcilerError(
            f"{where} does not exist in Great Expectations", help="use " + " or ".join(near or sorted(kinds)[:3])
        )
    try:
        return kinds[check.type](**{name: _with_time(name, value) for name, value in check.arguments.items()})
    except (ValidationError, OldValidationError, TypeError, ValueError) as error:
        problems = error.errors() if isinstance(error, ValidationError | OldValidationError) else [{"loc": (), "msg": str(error)}]
        said = "; ".join(": ".join([*(str(part) for part in one["loc"]), str(one["msg"])]) for one in problems)
        raise ReconcilerError(
            f"{where} cannot take its arguments: {said}", help="correct spec.expectations of the dataset"
        ) from error


def _with_time(name: str, value: Any) -> Any:
    """A bound such as `2013-03-01` as the time that columns hold: UTC, without saying so."""
    is_time = name in _BOUNDS and isinstance(value, str) and re.fullmatch(TIME_PATTERN, value)
    return parse_time(value).replace(tzinfo=None) if is_time else value
