"""Used by validate: the rows as Great Expectations can ask them: pandas frames, and tables of a SQLite database."""

import logging
import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from reconciler.pipeline.contract import to_pandas

if TYPE_CHECKING:
    import polars as pl

_SQL_TYPES = {"Int": "INTEGER", "UInt": "INTEGER", "Boolean": "INTEGER", "Float": "REAL", "Decimal": "REAL"}
"""By how polars calls a column's type; all else is text."""


@dataclass(frozen=True, kw_only=True)
class Batches:
    """The rows of the snapshot to ask, each form made when it is first asked for. `rows` are all, `parts` its tables by name."""

    context: Any
    database: sqlite3.Connection
    address: str
    rows: "pl.DataFrame"
    parts: Mapping[str, "pl.DataFrame"]

    @cached_property
    def nullable(self) -> Any:
        """In pandas types that keep whole numbers and truth values apart from gaps."""
        return self._of_frame("nullable", to_pandas(self.rows))

    @cached_property
    def plain(self) -> Any:
        """In pandas types that every expectation can compute with: whole numbers with gaps are floats, and gaps NaN or None."""
        frame = to_pandas(self.rows)
        kept = {str(name): frame[name] for name in frame.columns}
        kinds = {name: "float64" if str(column.dtype) == "Int64" else "object" for name, column in kept.items()}
        odd = {name: column for name, column in kept.items() if str(column.dtype) in ("Int64", "boolean", "string")}
        return self._of_frame("plain", frame.assign(**{name: _without_na(one, kinds[name]) for name, one in odd.items()}))

    @cached_property
    def sql(self) -> Any:
        """As the table `rows`, beside `train` and `holdout`. Times are text, such as `2013-03-01 06:00:00`; true is 1."""
        for name, part in {"rows": self.rows, **self.parts}.items():
            _fill(self.database, name, part)
        source = self.context.data_sources.add_sqlite("snapshot", connection_string=self.address)
        return source.add_table_asset("rows", table_name="rows").add_batch_definition_whole_table("all").get_batch()

    def _of_frame(self, name: str, frame: Any) -> Any:
        asset = self.context.data_sources.add_pandas(name).add_dataframe_asset("rows")
        return asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": frame})


@contextmanager
def batches(train: "pl.DataFrame", holdout: "pl.DataFrame") -> Iterator[Batches]:
    """All in memory: no files, no telemetry, no progress bars. The database lasts as long as the context."""
    import polars as pl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Great Expectations uses what Python and pandas deprecate
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig

        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        uri = f"file:snapshot-{uuid4().hex}?mode=memory&cache=shared&uri=true"
        database = sqlite3.connect(uri, uri=True)
        try:
            yield Batches(
                context=context,
                database=database,
                address=f"sqlite:///{uri}",
                rows=pl.concat([train, holdout]),
                parts={"train": train, "holdout": holdout},
            )
        finally:
            database.close()


def _without_na(column: Any, kind: str) -> Any:
    """The NA of pandas, whose truth is ambiguous, becomes NaN among floats and None among objects."""
    return column.astype("float64") if kind == "float64" else column.astype("object").where(column.notna(), None)


def _fill(database: sqlite3.Connection, name: str, rows: "pl.DataFrame") -> None:
    import polars as pl

    times = [column for column, dtype in rows.schema.items() if dtype == pl.Datetime]
    stored = rows.with_columns(pl.col(times).dt.to_string("%Y-%m-%d %H:%M:%S"))
    named = [(column.replace('"', '""'), str(dtype)) for column, dtype in stored.schema.items()]
    types = [
        (column, next((sql for word, sql in _SQL_TYPES.items() if dtype.startswith(word)), "TEXT")) for column, dtype in named
    ]
    columns = ", ".join(f'"{column}" {kind}' for column, kind in types)
    database.execute(f'CREATE TABLE "{name}" ({columns})')
    database.executemany(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(types))})', stored.iter_rows())  # noqa: S608
    database.commit()
