"""Adapter of the port Data for SQL sources: the range becomes bound parameters around the user's table or query."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import sqlalchemy
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from reconciler.adapters.redaction import without_credentials
from reconciler.adapters.sources import times
from reconciler.adapters.sources.addresses import Roots, require_columns
from reconciler.adapters.sources.bounds import as_stored
from reconciler.domain.data import RowQuery, SqlSource
from reconciler.errors import ObserveError

TABLE = re.compile(r"^\w+(\.\w+)?$")
ISO_DAY = "____-__-__%"


def read(source: SqlSource, query: RowQuery, roots: Roots, environment: Mapping[str, str]) -> pl.DataFrame:
    """The query's rows, unsorted. Raises ObserveError, never with the URL's secrets."""
    url = filled(source.url, environment)
    secrets = [value for name, value in environment.items() if value and f"${{{name}}}" in source.url]
    try:
        address = sqlalchemy.make_url(url)
        engine = sqlalchemy.create_engine(opened(address, roots), poolclass=NullPool)
        with engine.connect() as connection:
            return select(source, query, connection)
    except (SQLAlchemyError, ImportError, pl.exceptions.PolarsError, TypeError, ValueError) as error:
        cause = getattr(error, "orig", None) or error
        said = "no such database driver" if isinstance(error, NoSuchModuleError) else str(cause).strip().split("\n")[0]
        raise ObserveError(f"cannot read {without_credentials(source.url)}: {hidden(said, secrets, url)}") from None


def filled(url: str, environment: Mapping[str, str]) -> str:
    """The URL with each `${NAME}` replaced. Raises ObserveError for a name without a value."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in environment:
            raise ObserveError(
                f"{without_credentials(url)} needs the environment variable {found[1]}, which is not set",
                help=f"export {found[1]}=...",
            )
        return environment[found[1]]

    return re.sub(r"\$\{(\w+)\}", value, url)


def hidden(text: str, secrets: list[str], url: str) -> str:
    """The text without the URL's user, password and filled-in values."""
    written = re.search(r"://[^:/@]*:([^@]+)@", url)
    for secret in sorted([*secrets, *([written[1]] if written else [])], key=len, reverse=True):
        text = text.replace(secret, "***")
    return without_credentials(text)


def opened(url: sqlalchemy.URL, roots: Roots) -> sqlalchemy.URL:
    """An SQLite file is found like any other file and opened for reading only, so that a wrong name makes no new file."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:") or str(url.database).startswith("file:"):
        return url
    path = roots.find(str(url.database))[0]
    return url.set(database=f"file:{path}").update_query_dict({"mode": "ro", "uri": "true"})


def select(source: SqlSource, query: RowQuery, connection: sqlalchemy.Connection) -> pl.DataFrame:
    """Ask for the columns, then for a superset of the range in the time's stored form; Polars cuts exactly."""
    table = origin(source.query)
    present = list(connection.execute(sqlalchemy.select(sqlalchemy.text("*")).select_from(table).limit(0)).keys())
    columns = list(dict.fromkeys((query.time_column, *query.columns)))
    require_columns(columns, present, "the query")
    time: sqlalchemy.ColumnClause[Any] = sqlalchemy.column(query.time_column)
    asked: list[sqlalchemy.ColumnClause[Any]] = [sqlalchemy.column(name) for name in columns]
    limits = within(time, sample(time, table, connection), query)
    answer = connection.execute(sqlalchemy.select(*asked).select_from(table).where(time.is_not(None), *limits))
    rows = pl.DataFrame(answer.fetchall(), schema=columns, orient="row", infer_schema_length=None)
    utc = times.to_utc(query.time_column, rows.schema[query.time_column], "the query")
    wrong = rows.filter(utc.is_null())
    if not wrong.is_empty():
        value = wrong[query.time_column][0]
        raise ObserveError(
            f"column {query.time_column} holds {value!r}, which is no time", help=f"write times as {times.ACCEPTED}"
        )
    return rows.with_columns(utc).filter(times.in_range(pl.col(query.time_column), query.start, query.end))


def sample(time: sqlalchemy.ColumnClause[Any], table: sqlalchemy.FromClause, connection: sqlalchemy.Connection) -> object:
    """One stored time, None when there is none. SQLite lets a column hold several kinds, and then none stands for the others."""
    if connection.dialect.name == "sqlite":
        kinds = sqlalchemy.select(sqlalchemy.func.typeof(time)).select_from(table).where(time.is_not(None)).distinct()
        if len(connection.execute(kinds.limit(2)).fetchall()) > 1:
            return None
    return connection.execute(sqlalchemy.select(time).select_from(table).where(time.is_not(None)).limit(1)).scalar()


def within(time: sqlalchemy.ColumnClause[Any], stored: object, query: RowQuery) -> list[sqlalchemy.ColumnElement[bool]]:
    """Conditions that all rows of the range fulfil, and few others; none for a form of which the order is not that of time.

    Among texts only those that begin like `2013-03-01` are in the order of time, so all others are asked for.
    """
    if isinstance(stored, bool) or not isinstance(stored, datetime | date | int | str):
        return []
    limits: list[sqlalchemy.ColumnElement[bool]] = []
    for bound, later in ((query.start, True), (query.end, False)):
        if bound is not None:
            value = as_stored(bound.astimezone(UTC), stored, later=later)
            limit = time >= value if later else time < value
            limits.append(sqlalchemy.or_(limit, time.not_like(ISO_DAY)) if isinstance(stored, str) else limit)
    return limits


def origin(query: str) -> sqlalchemy.FromClause:
    """The user's table, or the user's SELECT as a subquery; its colons are no parameters of ours."""
    stripped = query.strip().rstrip(";")
    if TABLE.match(stripped):
        *schema, name = stripped.split(".")
        return sqlalchemy.table(name, schema=schema[0] if schema else None)
    escaped = re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", stripped)
    return sqlalchemy.text(escaped).columns().subquery("rows_of_the_query")
