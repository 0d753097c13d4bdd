"""Adapter of the port Data for files that fsspec reads: object stores, HTTP servers, memory."""

import sys
from typing import TYPE_CHECKING, Any

from reconciler.adapters.redaction import without_credentials
from reconciler.errors import ObserveError

if TYPE_CHECKING:
    import pyarrow.dataset


_FOREIGN = (
    ("aiohttp", "ClientError"),
    ("azure.core.exceptions", "AzureError"),
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("gcsfs.retry", "HttpError"),
)
"""Roots of the errors that file systems of fsspec let through from their libraries."""


def failures(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """What reading a URL may raise: the usual, `more`, and what the libraries in use raise."""
    loaded = ((sys.modules.get(module), name) for module, name in _FOREIGN)
    return OSError, ValueError, TypeError, *more, *(getattr(module, name) for module, name in loaded if hasattr(module, name))


def found_at(url: str) -> tuple[Any, list[str]]:
    """The file system of the URL and the paths it stands for, sorted. Raises ObserveError when there are none."""
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(url)
        paths = sorted(system.glob(path)) if any(sign in path for sign in "*[") else [path] if system.isfile(path) else []
    except ImportError as error:
        raise ObserveError(f"{without_credentials(url)} needs a package that is not installed: {error}") from error
    except failures() as error:
        raise ObserveError(f"cannot reach {without_credentials(url)}: {without_credentials(str(error))}") from error
    if not paths:
        raise ObserveError(f"there is no file at {without_credentials(url)}", help="correct spec.source of the dataset")
    return system, paths


def contents(url: str) -> list[tuple[str, bytes]]:
    """Name and bytes of every file at the URL. A CSV file can only be read whole."""
    system, paths = found_at(url)
    try:
        return [(path, system.cat_file(path)) for path in paths]
    except failures() as error:
        raise ObserveError(f"cannot read {without_credentials(url)}: {without_credentials(str(error))}") from error


def parquet_dataset(url: str) -> "pyarrow.dataset.Dataset":
    """The files as one dataset, whose scan fetches only the wanted parts of each."""
    import pyarrow
    import pyarrow.dataset

    system, paths = found_at(url)
    try:
        return pyarrow.dataset.dataset(paths, filesystem=system, format="parquet", partitioning="hive")
    except failures(pyarrow.ArrowException) as error:
        raise ObserveError(f"cannot read {without_credentials(url)} as Parquet: {without_credentials(str(error))}") from error
