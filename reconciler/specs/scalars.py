"""Plain words of YAML to values, by the core schema of YAML 1.2: `yes`, `on`, `1:30` and `2013-01-01` stay text."""

import math
import re

CORE_TAGS = {f"tag:yaml.org,2002:{word}" for word in ("str", "int", "float", "bool", "null", "map", "seq")}
"""Explicit tags that build nothing but JSON values; every other tag is refused."""

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC_START = frozenset("+-.0123456789")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0(o[0-7]+|x[0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LARGEST = 2**63 - 1


def resolve(text: str) -> Scalar:
    """The value of an unquoted word. Raises ValueError for infinity, NaN and numbers beyond 64 bits."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START:
        return text
    if _DECIMAL.fullmatch(text):
        return _whole(text, 10)
    if _FLOAT.fullmatch(text):
        return _finite(text)
    if _BASED.fullmatch(text):
        return _whole(text[2:], 8 if text[1] == "o" else 16)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} is not a number that can be compared")
    return text


def convert(text: str, tag: str) -> Scalar:
    """The value of a word under an explicit core tag. Raises ValueError when the word is none of that type."""
    word = tag.rpartition(":")[2]
    if word == "str":
        return text
    value = resolve(text)
    fits = {
        "int": isinstance(value, int) and not isinstance(value, bool),
        "float": isinstance(value, (int, float)) and not isinstance(value, bool),
        "bool": isinstance(value, bool),
        "null": value is None,
    }
    if not fits.get(word, False):
        raise ValueError(f'"{text}" is not of the type !!{word}')
    return float(value) if word == "float" and isinstance(value, int) else value


def _whole(digits: str, base: int) -> int:
    """A 64-bit integer."""
    value = int(digits, base) if len(digits) <= 64 else _LARGEST + 1
    if abs(value) > _LARGEST:
        raise ValueError("the number needs more than 64 bits")
    return value


def _finite(text: str) -> float:
    """A double that did not overflow."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is larger than any number that can be compared")
    return value
