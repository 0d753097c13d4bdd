"""What people write, with every field filled, also those that come to be later, and in each that holds text a text of its own."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Write = Callable[[str], str]
"""From the path of a field, such as `spec.serve.hosts`, to its text."""
DEEP = 12
_PLAIN = {bool: True, int: 2, float: 0.5, timedelta: timedelta(days=1), datetime: datetime(2013, 6, 1, tzinfo=UTC)}


def filled(kind: Any, write: Write, path: str = "", least: float | None = None) -> Any:
    """A value of the type. It is not validated: validation would not let such texts through. Of unions it is the first member."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return filled(inner[0], write, path, least)
    if origin is Literal:
        return inner[0]
    if origin in {Union, UnionType}:
        return filled(next(one for one in inner if one is not NoneType), write, path, least)
    if origin in {tuple, list}:
        return () if path.count(".") > DEEP else (filled(inner[0], write, path),)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {filled(inner[0], write, f"{path}{{}}"): filled(inner[1], write, path)}
    return _single(kind, write, path, least)


def _single(kind: Any, write: Write, path: str, least: float | None) -> Any:
    if kind in {str, Any}:
        return write(path)
    if kind in _PLAIN:
        return _PLAIN[kind] if least is None else kind(least)
    if issubclass(kind, Enum):
        return next(iter(kind))
    if issubclass(kind, BaseModel):
        below = path and f"{path}."
        fields = {name: _field(field, write, f"{below}{name}") for name, field in kind.model_fields.items()}
        return kind.model_construct(**fields)
    raise TypeError(f"{path} holds {kind}, and nobody said how to fill that")


def _field(field: FieldInfo, write: Write, path: str) -> Any:
    least = next((one.ge for one in field.metadata if hasattr(one, "ge")), None)
    return filled(field.annotation, write, path, least)
