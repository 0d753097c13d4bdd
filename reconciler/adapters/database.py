"""Adapter of the port Database: one number of a query of the user's, with the range as bound parameters."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from reconciler.adapters.redaction import without_credentials
from reconciler.adapters.sources.addresses import Roots
from reconciler.errors import ObserveError

_OTHER_COLON = re.compile(r"(?<![:\w\\]):(?=\w)(?!(?:start|end)\b)")
"""A colon that SQLAlchemy would take for a parameter, and that is none of ours."""
_SHORT = 120


class SqlDatabase:
    """Any database that SQLAlchemy has a driver for. A relative SQLite file starts at the first of `roots` that has it.

    `environment` holds the values that `${NAME}` in a URL may stand for.
    """

    def __init__(self, roots: Sequence[Path], environment: Mapping[str, str] | None = None) -> None:
        self._roots = Roots(tuple(roots))
        self._environment = dict(environment or {})

    def number(self, url: str, query: str, start: datetime, end: datetime) -> float:
        """The number in the only column of the only row; `:start` and `:end` are bound, UTC.

        SQLite has no times: there they are text as its function `datetime` writes it. Raises ObserveError, never with the
        URL's secrets.
        """
        import sqlalchemy

        from reconciler.adapters.sources.connections import connected

        with connected(url, self._roots, self._environment) as connection:
            asked = sqlalchemy.text(_OTHER_COLON.sub(r"\\:", query.strip().rstrip(";")))
            bounds = {name: bound(at, connection.dialect.name) for name, at in (("start", start), ("end", end))}
            answer = connection.execute(asked, {name: bounds[name] for name in asked.compile().params})
            if not answer.returns_rows:
                raise ObserveError(f"{about(url, query)} returns no rows; write a SELECT")
            columns, rows = list(answer.keys()), answer.fetchmany(2)
        if len(columns) != 1 or len(rows) != 1:
            counted = f"{'more than 1' if len(rows) > 1 else len(rows)} rows of {len(columns)} columns"
            raise ObserveError(f"{about(url, query)} returned {counted}, not 1 row of 1 column", help="aggregate, e.g. sum(...)")
        return number(rows[0][0], about(url, query))


def bound(at: datetime, dialect: str) -> object:
    """The time as the database compares it."""
    utc = at.astimezone(UTC)
    return utc.replace(tzinfo=None).isoformat(" ") if dialect == "sqlite" else utc


def number(value: Any, about: str) -> float:
    """The value as a float. Raises ObserveError for NULL and for what is no number."""
    if value is None:
        raise ObserveError(f"{about} returned NULL, which is no number", help="coalesce(..., 0) if nothing means 0")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ObserveError(f"{about} returned {str(value)[:60]!r}, which is no number")
    return float(value)


def about(url: str, query: str) -> str:
    """What was asked of whom, for messages."""
    flat = " ".join(query.split())
    return f"{without_credentials(url)}: {flat[:_SHORT]}{'...' if len(flat) > _SHORT else ''}"
