"""Adapter of the port Data for python sources: a function of the repository, imported by its file, not by its name."""

import hashlib
import importlib.util
import inspect
import sys
import traceback
from datetime import UTC
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl

from reconciler.adapters.sources import times
from reconciler.adapters.sources.addresses import Roots, require_columns
from reconciler.domain.data import PythonSource, RowQuery
from reconciler.errors import ObserveError


def read(source: PythonSource, query: RowQuery, roots: Roots) -> pl.DataFrame:
    """What `function(columns, start, end)` returns, cut to the range. Raises ObserveError with the user's file and line."""
    module, name = source.function.split(":")
    path = roots.find(module.replace(".", "/") + ".py")[0]
    columns = list(dict.fromkeys((query.time_column, *query.columns)))
    bounds = [bound and bound.astimezone(UTC) for bound in (query.start, query.end)]
    try:
        function = named(loaded(path), name, path)
        answer: object = function(columns, *bounds)
        if not isinstance(answer, pl.DataFrame | pl.LazyFrame):
            raise ObserveError(f"{source.function} returned {type(answer).__name__}, not a polars DataFrame or LazyFrame")
        schema = answer.collect_schema()
        require_columns(columns, schema.names(), source.function)
        time = times.to_utc(query.time_column, schema[query.time_column], source.function)
        rows = answer.lazy().select(columns).with_columns(time)
        return rows.filter(times.in_range(pl.col(query.time_column), query.start, query.end)).collect()
    except ObserveError:
        raise
    except (Exception, SystemExit) as error:
        said = str(error).strip().split("\n")[0]
        raise ObserveError(f"{where(error, path)}: {source.function} failed: {type(error).__name__}: {said}") from error


def loaded(path: Path) -> ModuleType:
    """The module at the path. It is run once per content, so that an edit takes effect and a second read is free."""
    digest = hashlib.sha256(str(path).encode() + b"\0" + path.read_bytes()).hexdigest()[:16]
    name = f"perennial_source_{path.stem}_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ObserveError(f"{path} is no Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # the folder is a dependency of DVC stages
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    finally:
        sys.dont_write_bytecode = writes
    return module


def named(module: ModuleType, name: str, path: Path) -> Any:
    """The function. Raises ObserveError when the module has none of that name that takes three arguments."""
    function = getattr(module, name, None)
    if not callable(function):
        near = get_close_matches(name, [key for key, value in vars(module).items() if callable(value)], n=1)
        raise ObserveError(f"{path} has no function {name}" + (f"; did you mean {near[0]}?" if near else ""))
    try:
        inspect.signature(function).bind([], None, None)
    except TypeError as error:
        raise ObserveError(f"{path}: {name} must take (columns, start, end): {error}") from error
    return function


def where(error: BaseException, path: Path) -> str:
    """The deepest line of the user's file that the error came through."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
    return f"{path}:{lines[-1]}" if lines else str(path)
