"""What a schema wants at one place of a document, in words: the source of all hints of the loader."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from reconciler.domain.names import NAME_PATTERN
from reconciler.rules.amounts import BRIEF_PATTERN, SIZE_PATTERN
from reconciler.rules.cron import CRON_PATTERN, ZONE_PATTERN
from reconciler.rules.fields import DURATION_PATTERN, TIME_PATTERN
from reconciler.rules.gates.custom import FUNCTION_PATTERN
from reconciler.specs.release import DIGEST_PATTERN, RELEASE_PATTERN, VERSION_PATTERN
from reconciler.specs.schemas import Schema
from reconciler.specs.serving import GATEWAY_PATTERN, HOST_PATTERN, IMAGE_PATTERN
from reconciler.specs.syntax import Path

_PATTERNS = {
    DURATION_PATTERN: "a duration such as 30m, 12h, 7d or 2w",
    TIME_PATTERN: "a UTC time such as 2013-03-01 or 2013-03-01T06:00:00Z",
    NAME_PATTERN: "a name of at most 52 lower-case letters, digits and inner hyphens",
    DIGEST_PATTERN: "a digest, sha256: and 64 hexadecimal digits",
    CRON_PATTERN: "five cron fields (minute hour day month weekday) such as 0 3 * * 1",
    ZONE_PATTERN: "an IANA time zone such as Europe/Berlin",
    VERSION_PATTERN: "a version such as 1.4.0",
    RELEASE_PATTERN: "a version such as 1.4.0, or a digest",
    GATEWAY_PATTERN: "a Gateway, as name or namespace/name",
    HOST_PATTERN: "a host name such as models.example.com",
    IMAGE_PATTERN: "a container image such as registry.example.com/team/serve:1.4.0",
    FUNCTION_PATTERN: "module:function, such as policies.gates.checks:judge",
    SIZE_PATTERN: "a size such as 200Ki, 50Mi or 4Gi",
    BRIEF_PATTERN: "a short time such as 500us, 20ms, 5s or 2m",
}
_WORDS = {
    "function": "module:function, such as datasets.flights:flights",
    "champion": "a digest, sha256: and 64 hexadecimal digits, or none",
    "continues": "a digest, sha256: and 64 hexadecimal digits, or none",
    "cpu": "an amount of CPU such as 500m or 2",
    "memory": "an amount of memory such as 512Mi or 2Gi",
    "md5": "32 hexadecimal digits",
    "type": "the name of an expectation, such as expect_column_values_to_be_between",
    "errorRatio": "PromQL that holds $window, such as 1 - avg_over_time(up[$window])",
}
"""What fields with a pattern of their own hold, by their names."""
_TYPES = {"string": "text", "boolean": "true or false", "null": "nothing", "number": "a number", "integer": "a whole number"}


def at(schema: Schema, data: Any, path: Path) -> Schema:
    """The part of the schema that rules the value at the path of the data; empty when there is none."""
    node = settle(schema, schema, data)
    for part in path:
        data = child(data, part)
        node = settle(schema, _below(node, part), data)
    return node


def settle(root: Schema, node: Schema, data: Any) -> Schema:
    """Follow references, and of alternatives take the one that the data chose by its `type`."""
    while "$ref" in node:
        node = root["$defs"][node["$ref"].rpartition("/")[2]]
    alternatives = node.get("oneOf") or node.get("anyOf")
    if not alternatives or "properties" in node:
        return node
    settled = [choice for option in alternatives if (choice := settle(root, option, data)).get("type") != "null"]
    chosen = [option for option in settled if len(settled) == 1 or _is_chosen(option, data)] or _only_kind(settled, data)
    return chosen[0] if len(chosen) == 1 else {"oneOf": settled}


def types_of(node: Schema) -> list[str]:
    """The words that `type:` may have here."""
    options = [option.get("properties", {}) for option in node.get("oneOf", [node])]
    return [option["type"]["const"] for option in options if "const" in option.get("type", {})]


def keys_instead_of_type(node: Schema) -> list[str]:
    """Keys that say what a mapping is when it has no `type:`; of several that belong together the first."""
    options = [option for option in node.get("oneOf", ()) if "type" not in option.get("properties", {})]
    return [key for option in options for key in option.get("required", ())[:1]]


def keys_of(node: Schema) -> list[str]:
    """The keys that a mapping may have here."""
    return list(node.get("properties", {}))


def expected(node: Schema, key: str | int = "") -> str:
    """What is wanted, in words: `a whole number of at least 1`. `key` is the last part of the path."""
    if "const" in node or "enum" in node:
        words = [str(word) for word in node.get("enum", [node.get("const")])]
        return f"one of {', '.join(words)}" if len(words) > 1 else words[0]
    if "pattern" in node:
        return _PATTERNS.get(node["pattern"]) or _WORDS.get(str(key)) or f"text that matches {node['pattern']}"
    return _expected_type(node)


def _expected_type(node: Schema) -> str:
    """What is wanted, by the JSON type."""
    match node.get("type"):
        case "object":
            keys = keys_of(node)
            return f"a mapping with the keys {', '.join(keys)}" if keys else "a mapping"
        case "array":
            return "a list" + (f" of at least {node['minItems']} item" if "minItems" in node else "")
        case "string":
            return _text(node)
        case str(word):
            return _TYPES.get(word, word) + _range(node)
        case _:
            words, options = types_of(node), node.get("oneOf", ())
            forms = ", or ".join(expected(option) for option in options) or "another value"
            return f"a mapping with `type:` one of {', '.join(words)}" if words else forms


def shown(value: Any) -> str:
    """A value, short, for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list" if value else "an empty list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:76]}..."


def closest(word: Any, words: Iterable[str]) -> str:
    """The word that was probably meant, whatever its case; empty when none is near."""
    lower = {name.lower(): name for name in words}
    found = get_close_matches(str(word).lower().replace("-", ""), sorted(lower), n=1, cutoff=0.6)
    return lower[found[0]] if found else ""


def did_you_mean(word: Any, words: Iterable[str]) -> str:
    """The hint with the closest word, or no hint."""
    found = closest(word, words)
    return f'did you mean "{found}"?' if found else ""


def child(data: Any, part: str | int) -> Any:
    """The value one step down, or None."""
    if isinstance(data, Mapping) and isinstance(part, str):
        return data.get(part)
    if isinstance(data, (list, tuple)) and isinstance(part, int) and part < len(data):
        return data[part]
    return None


def _below(node: Schema, part: str | int) -> Schema:
    """The schema one step down."""
    if isinstance(part, int):
        found = node.get("items", {})
    else:
        patterns = node.get("patternProperties", {})
        found = node.get("properties", {}).get(part) or next(iter(patterns.values()), None) or node.get("additionalProperties")
    return found if isinstance(found, dict) else {}


def _is_chosen(option: Schema, data: Any) -> bool:
    """The data says by its `type`, or by a key that it has, that it wants to be this."""
    if not isinstance(data, Mapping):
        return False
    word = option.get("properties", {}).get("type")
    return word.get("const") == data.get("type") if word else any(key in data for key in option.get("required", ()))


def _only_kind(options: list[Schema], data: Any) -> list[Schema]:
    """Those for text where there is text, and for a mapping where there is one: of a short and a long form."""
    kind = "string" if isinstance(data, str) else "object" if isinstance(data, Mapping) else ""
    return [option for option in options if option.get("type") == kind]


def _text(node: Schema) -> str:
    """Text and its lengths."""
    least, most = node.get("minLength"), node.get("maxLength")
    return "text" + (" that is not empty" if least else "") + (f" of at most {most} characters" if most else "")


def _range(node: Schema) -> str:
    """The bounds of a number."""
    words = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most", "exclusiveMaximum": "less than"}
    bounds = [f"{word} {node[key]}" for key, word in words.items() if key in node]
    return f" of {' and '.join(bounds)}" if bounds else ""
