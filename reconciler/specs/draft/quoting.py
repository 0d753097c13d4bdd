"""How any text becomes one YAML value on one line, so that no column's name can be read as anything else. Pure."""

import json
import math
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""Words that YAML 1.1 or 1.2 takes for something else than text."""
_UNSEEN = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u2030-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e]"
)
_SHOWN = 60


def quoted(text: str) -> str:
    """The text as a YAML scalar: plain when it cannot be mistaken, else in double quotes with everything unseen escaped."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return _UNSEEN.sub(_escape, json.dumps(text, ensure_ascii=False))


def shown(text: str) -> str:
    """The text for a comment: always on one line, shortened when it is long."""
    return quoted(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}...")


def number(value: float) -> str:
    """The shortest YAML number with this value. Raises ValueError for what is not finite."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is not finite, so it cannot be written")
    if value == int(value) and abs(value) < 10**15:
        return str(int(value))
    mantissa, _, exponent = repr(float(value)).partition("e")
    if not exponent:
        return mantissa
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}"


def listed(values: Iterable[str]) -> str:
    """A flow list of texts."""
    return f"[{', '.join(map(quoted, values))}]"


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
