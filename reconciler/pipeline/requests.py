"""Used by verify, and by whoever serves a model: the JSON of a request becomes rows, and the model's answers become JSON."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract, ModelPackage
from reconciler.specs.dataset import ColumnType

if TYPE_CHECKING:
    import polars as pl

_MOST_SHOWN = 40


def answer(package: ModelPackage, request: str) -> str:
    """`{"predictions": [...]}` for a request such as `{"inputs": [{"distance": 1089.0, "carrier": "AA"}]}`.

    The form is that of samples.json. A prediction is a number, or of several classes a list of them. Raises ReconcilerError.
    """
    predictions = package.predict(rows_of(package.contract, request)).tolist()
    return json.dumps({"predictions": predictions})


def request_of(contract: Contract, rows: "pl.DataFrame") -> str:
    """What a client sends for these rows: each feature as the source has it, what is missing as null.

    Raises ReconcilerError for what JSON has no word for, such as an infinite number.
    """
    from polars import selectors

    inputs = rows.select(contract.features.names).with_columns(selectors.float().fill_nan(None)).to_dicts()
    try:
        return json.dumps({"inputs": inputs}, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ReconcilerError(f"rows of {contract.dataset} have values that JSON cannot say: {error}") from error


def rows_of(contract: Contract, request: str) -> "pl.DataFrame":
    """The features of the request's rows, in the types of the dataset's contract. Raises ReconcilerError for anything else."""
    import polars as pl

    try:
        inputs = json.loads(request, parse_constant=_refuse)["inputs"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReconcilerError(f"a request is JSON with the key inputs: {error!r}") from error
    if not isinstance(inputs, list) or not all(isinstance(row, dict) for row in inputs):
        raise ReconcilerError("inputs of a request are a list of rows, each with features by their names")
    return pl.DataFrame([_column(contract, name, inputs) for name in contract.features.names])


def _column(contract: Contract, name: str, inputs: Sequence[dict[str, Any]]) -> "pl.Series":
    import polars as pl

    absent = next((place for place, row in enumerate(inputs) if name not in row), None)
    if absent is not None:
        raise ReconcilerError(f"row {absent} of the request lacks {name}; what is not known is written as null")
    values, kind = [row[name] for row in inputs], contract.types.get(name, ColumnType.TEXT)
    try:
        match kind:
            case ColumnType.NUMBER:
                return pl.Series(name, values, dtype=pl.Float64)
            case ColumnType.INTEGER:
                return pl.Series(name, [_whole(value) for value in values], dtype=pl.Int64)
            case ColumnType.BOOLEAN:
                return pl.Series(name, [_truth(value) for value in values], dtype=pl.Boolean)
            case _:
                return pl.Series(name, [_text(value) for value in values], dtype=pl.String)
    except (TypeError, ValueError, OverflowError) as error:
        shown = str(error).split("\n")[0][:200]
        raise ReconcilerError(f"{name} of the request is not of type {kind}: {shown}") from error


def _whole(value: object) -> object:
    """JSON has one kind of number: clients may write 3 as 3.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _truth(value: object) -> object:
    """Truth values, also as zeros and ones."""
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else value


def _text(value: object) -> str | None:
    """A category as the text that training saw: that of 1.0 is 1."""
    match value:
        case None | str():
            return value
        case bool():
            return str(value).lower()
        case int() | float():
            return str(_whole(value))
        case _:
            raise TypeError(f"{str(value)[:_MOST_SHOWN]} is no category")


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")
