"""Used by train and package: a fitted model to bytes that are the same in every process, and back without running code."""

import io
import json
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from tokenize import TokenError
from typing import Any

import numpy as np

from reconciler.errors import ReconcilerError
from reconciler.pipeline.archive import pack, unpack
from reconciler.pipeline.trusted import trusted_nodes, trusted_types
from reconciler.specs.training import Estimator

_SCHEMA = "schema.json"
_LARGEST_SCHEMA = 256 << 20
_MALFORMED = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ImportError,
    OSError,
    EOFError,
    OverflowError,
    MemoryError,
    RecursionError,
    SyntaxError,
    TokenError,  # of NumPy's own reading of a header
    struct.error,
)


def dump(model: Any, estimator: Estimator) -> bytes:
    """The model as skops writes it, without what differs between processes: addresses, random names, times, set order.

    The bytes are loaded again before they are returned: what could not be loaded later fails now, with ReconcilerError.
    """
    from skops.io import dumps
    from skops.io.exceptions import UnsupportedTypeException

    try:
        files = dict(unpack(dumps(model), "the model"))
    except (UnsupportedTypeException, TypeError) as error:
        raise ReconcilerError(f"the model cannot be saved without pickle: {error}") from error
    schema = json.loads(files.pop(_SCHEMA))
    _sort_sets(schema)
    _forget_threads(schema)
    names = _rename_files(schema)
    _renumber(schema)
    arrays = {new: _clean(files[old]) if old.endswith(".npy") else files[old] for old, new in names.items()}
    content = pack({_SCHEMA: json.dumps(schema, separators=(",", ":")).encode(), **arrays})
    load(content, estimator)
    return content


def load(content: bytes, estimator: Estimator) -> Any:
    """The model in bytes that `dump` made for this kind of estimator.

    The nodes are audited against the list of the estimator before skops sees them. Raises ReconcilerError for every other input.
    """
    from skops.io import loads
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        _audit(unpack(content, "the model"), trusted_nodes(estimator))
        return loads(content, trusted=trusted_types(estimator))
    except UntrustedTypesFoundException as error:
        raise ReconcilerError(f"the model holds types that may not be loaded: {error}") from error
    except _MALFORMED as error:
        raise ReconcilerError(f"the model is malformed: {type(error).__name__}: {error}") from error


def _audit(files: Mapping[str, bytes], trusted: frozenset[str]) -> None:
    from skops.io._protocol import PROTOCOL

    if len(files.get(_SCHEMA, b"")) > _LARGEST_SCHEMA:
        raise ReconcilerError(
            f"the model's schema has {len(files[_SCHEMA])} bytes, more than the {_LARGEST_SCHEMA} that are accepted"
        )
    schema = json.loads(files[_SCHEMA])
    if schema.get("protocol") != PROTOCOL:
        raise ReconcilerError(f"the model is in protocol {schema.get('protocol')!r} of skops, this environment reads {PROTOCOL}")
    for node in _nodes(schema):
        kind = f"{node['__loader__']} {node['__module__']}.{node['__class__']}"
        if kind not in trusted:
            raise ReconcilerError(f"the model holds {kind}, which may not be loaded")
    for name, content in files.items():
        if name.endswith(".npy"):
            _check_array(name, content)


def _check_array(name: str, content: bytes) -> None:
    """NumPy reserves what the header claims before it reads; so the claim must be what is there."""
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(stream)
    claimed, present = dtype.itemsize * int(np.prod(shape, dtype=object)), len(content) - stream.tell()
    if dtype.hasobject or claimed != present:
        raise ReconcilerError(f"the model's array {name} claims {claimed} bytes of {dtype} and holds {present}")


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every node of the schema, parents first, in the order of the file."""
    if isinstance(value, dict):
        if "__loader__" in value:
            yield value
        for child in value.values():
            yield from _nodes(child)
    elif isinstance(value, list):
        for child in value:
            yield from _nodes(child)


def _sort_sets(schema: Any) -> None:
    """A set's order depends on the hash seed; its items are sorted by their text."""
    for node in _nodes(schema):
        if node["__loader__"] == "SetNode":
            node["content"].sort(key=lambda item: json.dumps(item.get("content"), sort_keys=True))


def _forget_threads(schema: Any) -> None:
    """Boosting notes how many threads binned its rows, which says something of the machine and nothing of the model."""
    for node in _nodes(schema):
        if node["__class__"] == "_BinMapper":
            node["content"]["content"]["n_threads"]["content"] = "null"


def _rename_files(schema: Any) -> Mapping[str, str]:
    """Arrays are named after memory addresses; name them by their place instead. Returns old name to new."""
    names: dict[str, str] = {}
    for node in _nodes(schema):
        if "file" in node:
            old = node["file"]
            suffix = old.rsplit(".", 1)[-1]
            node["file"] = names.setdefault(old, f"{len(names):06d}.{suffix}")
    return names


def _renumber(schema: Any) -> None:
    """Ids are memory addresses; only those of shared objects mean anything, and they are counted from 1."""
    counts = Counter(node.get("__id__") for node in _nodes(schema))
    numbers: dict[int, int] = {}
    for node in _nodes(schema):
        old = node.pop("__id__", None)
        if old is not None and counts[old] > 1 and node["__loader__"] != "JsonNode":
            node["__id__"] = numbers.setdefault(old, len(numbers) + 1)


def _clean(content: bytes) -> bytes:
    """A record array's padding is whatever was in memory; copy field by field over zeros."""
    array = np.load(io.BytesIO(content), allow_pickle=False)
    if array.dtype.names is None:
        return content
    clean = np.zeros(array.shape, array.dtype)
    for name in array.dtype.names:
        clean[name] = array[name]
    stream = io.BytesIO()
    np.save(stream, clean, allow_pickle=False)
    return stream.getvalue()
