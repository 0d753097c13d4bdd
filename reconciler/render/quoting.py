"""Between values and templates: how any value is written into YAML so that it stays one value. Pure."""

import json
import math
import re
from collections.abc import Mapping
from datetime import datetime
from json.encoder import encode_basestring

from jinja2 import Undefined

from reconciler.rules.fields import time_text

_UNPRINTABLE = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u2030-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e]"
)
_NOT_IN_A_LABEL = re.compile(r"[^A-Za-z0-9._-]+")
LABEL_LENGTH = 63


class Quoted(str):
    """YAML that was quoted already, so that it is not quoted twice."""

    __slots__ = ()


def quote(value: object) -> Quoted:
    """The value as YAML in flow style on one line: strings in double quotes always, so nothing in them is read as YAML.

    Characters that YAML may not hold, line separators and those that change the direction of text are escaped. Raises
    TypeError for what YAML cannot say, ValueError for NaN and infinity, and UndefinedError for what is not there.
    """
    match value:
        case Quoted():
            return value
        case str():
            return _quote_text(value)
        case datetime():
            return _quote_text(time_text(value))
        case Mapping():
            return Quoted("{" + ", ".join(f"{quote(str(key))}: {quote(item)}" for key, item in value.items()) + "}")
        case list() | tuple():
            return Quoted("[" + ", ".join(quote(item) for item in value) + "]")
        case _:
            return Quoted(json.dumps(_scalar(value)))


def _quote_text(text: str) -> Quoted:
    """In double quotes; most texts have nothing that JSON leaves as it is and YAML does not take."""
    quoted = encode_basestring(text)
    return Quoted(quoted if quoted.isascii() and quoted.isprintable() else _UNPRINTABLE.sub(_escape, quoted))


def label(value: str) -> str:
    """The nearest text that Kubernetes takes as the value of a label: 63 letters, digits, dots, dashes or underscores."""
    return _NOT_IN_A_LABEL.sub("-", value)[:LABEL_LENGTH].strip("._-")


def _scalar(value: object) -> float | bool | str | None:
    match value:
        case float() if not math.isfinite(value):
            raise ValueError(f"{value} cannot be written into a manifest")
        case None | bool() | int() | float():
            return value
        case Undefined():
            return str(value)  # which says what is not there
        case _:
            raise TypeError(f"a value of type {type(value).__name__} cannot be written into a manifest")


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
