"""The way back from `canonical`: JSON becomes nouns of the domain again, or a sentence says where it does not fit. Pure."""

import json
import math
import re
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic.alias_generators import to_camel

from reconciler.domain.names import Digest
from reconciler.render.canonical import tag_of

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class DecodeError(ValueError):
    """The JSON is not the noun that was asked for; the text says where and why."""


def decode(kind: Any, value: object, where: str = "") -> Any:
    """The `kind` (a dataclass, or a type as its fields have) in the value. Numbers are finite, counts are from 0 on.

    Raises DecodeError for a key too many or too few, another type, NaN, a digest that is none, a time without its
    zone, or what the noun itself refuses.
    """
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union(get_args(kind), value, where)
    if origin is tuple:
        return tuple(decode(get_args(kind)[0], item, f"{where}[{place}]") for place, item in enumerate(_as(list, value, where)))
    if origin is not None and issubclass(origin, Mapping):
        of_key, of_item = get_args(kind)
        return {
            _key(of_key, key, where): decode(of_item, item, f"{where}.{key}") for key, item in _as(dict, value, where).items()
        }
    if is_dataclass(kind):
        return _object(kind, _as(dict, value, where), where)
    return _scalar(kind, value, where)


def _union(members: tuple[Any, ...], value: object, where: str) -> Any:
    """The member that the value's tag names, or else the one that has no tag."""
    if value is None and type(None) in members:
        return None
    tagged = {tag_of(member): member for member in members if tag_of(member)}
    if isinstance(value, dict) and isinstance(value.get("type"), str) and value["type"] in tagged:
        return decode(tagged[value["type"]], {key: item for key, item in value.items() if key != "type"}, where)
    plain = [member for member in members if not tag_of(member) and member is not type(None)]
    if len(plain) != 1:
        raise DecodeError(f"{where}: expected one of the types {', '.join(sorted(map(str, tagged)))}")
    return decode(plain[0], value, where)


def _object(kind: Any, value: Mapping[str, object], where: str) -> Any:
    hints = _hints(kind)
    names = {to_camel(field.name): field for field in fields(kind)}
    if foreign := sorted(value.keys() - names.keys()):
        raise DecodeError(f"{where}: {foreign[0]} is not known")
    needed = {key for key, field in names.items() if field.default is MISSING and field.default_factory is MISSING}
    if absent := sorted(needed - value.keys()):
        raise DecodeError(f"{where}: {absent[0]} is absent")
    found = {names[key].name: decode(hints[names[key].name], item, f"{where}.{key}") for key, item in value.items()}
    try:
        return kind(**found)
    except ValueError as error:
        raise DecodeError(f"{where}: {error}") from error


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _key(kind: Any, text: str, where: str) -> Any:
    if kind is not float:
        return decode(kind, text, where)
    try:
        return _finite(float(text), where)
    except ValueError as error:
        raise DecodeError(f"{where}: {text!r} is not a number") from error


def _scalar(kind: Any, value: object, where: str) -> Any:
    if kind is Digest:
        if not _DIGEST.fullmatch(_as(str, value, where)):
            raise DecodeError(f"{where}: {value!r} is not a digest")
        return value
    if kind is float:
        return _finite(_as((int, float), value, where), where)
    if kind is int and _as(int, value, where) < 0:
        raise DecodeError(f"{where}: {value} is less than 0")
    parse: Callable[[str], Any] | None = (
        kind if isinstance(kind, type) and issubclass(kind, StrEnum) else _time if kind is datetime else None
    )
    if parse is None:
        return _as(kind, value, where)
    try:
        return parse(_as(str, value, where))
    except ValueError as error:
        raise DecodeError(f"{where}: {error}") from error


def _time(text: str) -> datetime:
    """What no zone is told of cannot be compared with any other time."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return found


def _finite(value: float, where: str) -> float:
    try:
        number = float(value)
    except OverflowError as error:  # JSON has integers that no float can hold
        raise DecodeError(f"{where}: {error}") from error
    if not math.isfinite(number):
        raise DecodeError(f"{where}: {number} is not a number")
    return number


def _as(kind: Any, value: Any, where: str) -> Any:
    """The value, if it is of the kind; what JSON calls true is no number."""
    kind = getattr(kind, "__supertype__", kind)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        name = " or ".join(one.__name__ for one in kind) if isinstance(kind, tuple) else kind.__name__
        raise DecodeError(f"{where}: expected {name}, not {type(value).__name__}")
    return value


def read_json(kind: Any, text: str, key: str = "") -> Any:
    """The `kind` that the JSON holds, or that it holds under the key; None when it does not."""
    try:
        value = json.loads(text)
        return decode(kind, value[key] if key else value)
    except (ValueError, KeyError, TypeError, RecursionError):  # DecodeError is a ValueError
        return None
