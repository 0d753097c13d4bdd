"""Adapter of the port Data for files that fsspec reads: object stores, HTTP servers, memory."""

from typing import TYPE_CHECKING, Any

from reconciler.adapters.redaction import without_credentials
from reconciler.errors import ObserveError

if TYPE_CHECKING:
    import pyarrow.dataset


def found_at(url: str) -> tuple[Any, list[str]]:
    """The file system of the URL and the paths it stands for, sorted. Raises ObserveError when there are none."""
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(url)
        paths = sorted(system.glob(path)) if any(sign in path for sign in "*[") else [path] if system.isfile(path) else []
    except ImportError as error:
        raise ObserveError(f"{without_credentials(url)} needs a package that is not installed: {error}") from error
    except (OSError, ValueError) as error:
        raise ObserveError(f"cannot reach {without_credentials(url)}: {without_credentials(str(error))}") from error
    if not paths:
        raise ObserveError(f"there is no file at {without_credentials(url)}", help="correct spec.source of the dataset")
    return system, paths


def contents(url: str) -> list[tuple[str, bytes]]:
    """Name and bytes of every file at the URL. A CSV file can only be read whole."""
    system, paths = found_at(url)
    try:
        return [(path, system.cat_file(path)) for path in paths]
    except OSError as error:
        raise ObserveError(f"cannot read {without_credentials(url)}: {without_credentials(str(error))}") from error


def parquet_dataset(url: str) -> "pyarrow.dataset.Dataset":
    """The files as one dataset, whose scan fetches only the wanted parts of each."""
    import pyarrow
    import pyarrow.dataset

    system, paths = found_at(url)
    try:
        return pyarrow.dataset.dataset(paths, filesystem=system, format="parquet", partitioning="hive")
    except (OSError, pyarrow.ArrowException) as error:
        raise ObserveError(f"cannot read {without_credentials(url)} as Parquet: {without_credentials(str(error))}") from error
