"""Used by validate: what the columns of a dataset's contract promise, as Great Expectations expectations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reconciler.specs.dataset import Column, ColumnType, Dataset

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

PANDAS_TYPES: Mapping[ColumnType, tuple[str, ...]] = {
    ColumnType.NUMBER: ("float64",),
    ColumnType.INTEGER: ("Int64Dtype",),
    ColumnType.BOOLEAN: ("BooleanDtype",),
    ColumnType.CATEGORY: ("StringDtype",),
    ColumnType.TEXT: ("StringDtype",),
    ColumnType.TIME: ("datetime64[us]",),
}
"""How `to_pandas` stores a column that keeps its type, by the names that Great Expectations compares with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One expectation to measure: its Great Expectations name and arguments."""

    type: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it is about."""
        named = [value for key, value in self.arguments.items() if key in ("column", "column_A", "column_B")]
        return frozenset([*named, *self.arguments.get("column_list", ())])

    @property
    def severity(self) -> str:
        """How bad it is when it fails: `critical`, `warning` or `info`."""
        return str(self.arguments.get("severity", "critical"))

    def __str__(self) -> str:
        shown = ", ".join(f"{key}={_short(value)}" for key, value in self.arguments.items())
        return f"{self.type}({shown})"


def _short(value: Any) -> str:
    return f"[{len(value)} values]" if isinstance(value, list) and len(value) > 8 else str(value)


def contract_checks(dataset: Dataset, present: Sequence[str]) -> Iterator[Check]:
    """What each column that a run uses promises, in the order of the contract."""
    used = {*present, dataset.spec.event_time, dataset.spec.label.column}
    for column in dataset.spec.columns:
        if column.name in used:
            yield from column_checks(column)


def column_checks(column: Column) -> Iterator[Check]:
    """It exists and has its type; if so declared, it has no gaps, and its values lie in their range or are known categories."""
    name: Mapping[str, Any] = {"column": column.name}
    yield Check(type="expect_column_to_exist", arguments=name)
    yield Check(type="expect_column_values_to_be_in_type_list", arguments={**name, "type_list": [*PANDAS_TYPES[column.type]]})
    if not column.nullable:
        yield Check(type="expect_column_values_to_not_be_null", arguments=name)
    bounds = {"min_value": column.minimum, "max_value": column.maximum}
    given = {key: bound for key, bound in bounds.items() if bound is not None}
    if given:
        yield Check(type="expect_column_values_to_be_between", arguments={**name, **given})
    if column.categories is not None:
        yield Check(type="expect_column_values_to_be_in_set", arguments={**name, "value_set": [*column.categories]})


def to_pandas(rows: "pl.DataFrame") -> "pd.DataFrame":
    """The rows in pandas types that keep integers and truth values apart from gaps; times are UTC, without saying so."""
    import pandas as pd

    return pd.DataFrame({column.name: _series(column) for column in rows.iter_columns()})


def _series(column: "pl.Series") -> "pd.Series[Any]":
    import pandas as pd
    import polars as pl

    match column.dtype:
        case pl.String:
            return pd.Series(column.to_list(), dtype=pd.StringDtype())
        case pl.Boolean:
            return pd.Series(column.to_list(), dtype="boolean")
        case _ if column.dtype.is_integer():
            return pd.Series(pd.array(column.to_list(), dtype="Int64"))
        case pl.Datetime(time_zone=str()):
            return column.dt.replace_time_zone(None).to_pandas()
        case _:
            return column.to_pandas()
