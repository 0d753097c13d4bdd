"""Used by all that asks a database: a connection behind an SQLAlchemy URL, and its errors without the URL's secrets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import polars as pl
import sqlalchemy
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from reconciler.adapters.redaction import without_credentials
from reconciler.adapters.sources.addresses import Roots
from reconciler.adapters.sources.sql import filled, hidden, opened
from reconciler.errors import ObserveError


@contextmanager
def connected(url: str, roots: Roots, environment: Mapping[str, str]) -> Iterator[sqlalchemy.Connection]:
    """A connection that is never committed. What fails within becomes an ObserveError."""
    whole = filled(url, environment)
    secrets = [value for name, value in environment.items() if value and f"${{{name}}}" in url]
    try:
        engine = sqlalchemy.create_engine(opened(sqlalchemy.make_url(whole), roots), poolclass=NullPool)
        with engine.connect() as connection:
            yield connection
    except (SQLAlchemyError, ImportError, pl.exceptions.PolarsError, TypeError, ValueError) as error:
        cause = getattr(error, "orig", None) or error
        said = "no such database driver" if isinstance(error, NoSuchModuleError) else str(cause).strip().split("\n")[0]
        raise ObserveError(f"cannot read {without_credentials(url)}: {hidden(said, secrets, whole)}") from None
