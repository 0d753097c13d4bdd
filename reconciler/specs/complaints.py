"""What pydantic found wrong, told in our own words: where it stands, what is there, what is wanted, what may be meant."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from reconciler.errors import Problem
from reconciler.specs.document import Text
from reconciler.specs.guide import at, child, closest, did_you_mean, expected, keys_instead_of_type, keys_of, shown, types_of
from reconciler.specs.schemas import Schema
from reconciler.specs.syntax import Path

_MISSING = "missing"
_UNKNOWN_KEY = "extra_forbidden"
_UNION = ("union_tag_invalid", "union_tag_not_found")


def complaints(text: Text, schema: Schema, error: ValidationError) -> list[Problem]:
    """One problem per thing that is wrong, in the order of pydantic; a misspelt key is not also told to be missing."""
    found = [(plain_path(text.data, one["loc"], one["type"]), one) for one in error.errors(include_url=False)]
    meant = {_meant(schema, text, path) for path, one in found if one["type"] == _UNKNOWN_KEY}
    problems: dict[Path, Problem] = {}
    for path, one in found:
        if one["type"] == _MISSING and path in meant:
            continue
        problems.setdefault(path, _problem(schema, text, path, one))
    return list(problems.values())


def plain_path(data: Any, loc: Sequence[str | int], kind: str) -> Path:
    """Pydantic's location without the tags of unions that it puts between the keys."""
    for length in range(len(loc), -1, -1):
        path = _follow(data, tuple(loc[:length]), missing=kind == _MISSING and length == len(loc))
        if path is not None:
            return path
    return ()


def _follow(data: Any, loc: Path, *, missing: bool) -> Path | None:
    """The keys and indexes of the location that lead through the data; None when it leads nowhere."""
    if not loc:
        return ()
    head, rest = loc[0], loc[1:]
    if (isinstance(data, Mapping) and head in data) or (isinstance(data, list) and isinstance(head, int)):
        below = _follow(child(data, head), rest, missing=missing)
        if below is not None:
            return (head, *below)
    if isinstance(data, Mapping) and (
        head == data.get("type") or head in data or head == "[key]" or (rest and _is_tag_of(head, data))
    ):
        through = _follow(data, rest, missing=missing)
        if through is not None:
            return through
    return (head,) if missing and not rest and isinstance(data, Mapping) else None


def _is_tag_of(head: str | int, data: Mapping[str, Any]) -> bool:
    """The tag of a combination whose own key is the very one that is missing."""
    return head == "atLeast" and "of" in data


def _problem(schema: Schema, text: Text, path: Path, one: Mapping[str, Any]) -> Problem:
    """The problem at the path."""
    node = at(schema, text.data, path)
    if one["type"] == _MISSING:
        return text.problem(path, "is missing", f"expected {expected(node, path[-1] if path else '')}")
    if one["type"] == _UNKNOWN_KEY:
        return text.problem_with_key(path, "unknown key", _about_key(schema, text, path))
    if one["loc"] and one["loc"][-1] == "[key]":
        names = next(iter(at(schema, text.data, path[:-1]).get("patternProperties", {})), "")
        return text.problem_with_key(path, f"expected {expected({'pattern': names})}, got {shown(path[-1])}")
    value = _value(text.data, path)
    if one["type"] in _UNION and isinstance(value, Mapping):
        return _union(text, path, node, value)
    if one["type"] == "value_error" and "enum" not in node:
        return text.problem(path, _sentence(str(one["ctx"]["error"]), value))
    return text.problem(path, f"expected {expected(node, path[-1] if path else '')}, got {shown(value)}", _enum_hint(node, value))


def _union(text: Text, path: Path, node: Schema, value: Mapping[str, Any]) -> Problem:
    """A rule or source without a `type`, or of a type that does not exist."""
    words, instead = types_of(node), keys_instead_of_type(node)
    if "type" in value:
        message = f"expected one of {', '.join(words)}, got {shown(value['type'])}"
        return text.problem((*path, "type"), message, did_you_mean(value["type"], words))
    for key in value:
        if meant := closest(key, instead):
            return text.problem_with_key((*path, key), "unknown key", f'did you mean "{meant}"?')
    others = f", or the key {', '.join(instead[:-1])} or {instead[-1]}" if instead else ""
    return text.problem((*path, "type"), "is missing", f"one of {', '.join(words)}{others}")


def _sentence(said: str, value: Any) -> str:
    """A validator's message, with the value when it is short."""
    return said if isinstance(value, (Mapping, list)) or shown(value) in said else f"{said}, got {shown(value)}"


def _enum_hint(node: Schema, value: Any) -> str:
    """The nearest word that is allowed."""
    words = [word for word in node.get("enum", ()) if isinstance(word, str)]
    return did_you_mean(value, words) if isinstance(value, str) else ""


def _about_key(schema: Schema, text: Text, path: Path) -> str:
    """What an unknown key may mean, or which keys there are."""
    if path[-1] == "<<":
        return "merge keys are not read: write the keys out"
    meant = _meant(schema, text, path)
    return f'did you mean "{meant[-1]}"?' if meant else f"known keys: {', '.join(keys_of(at(schema, text.data, path[:-1])))}"


def _meant(schema: Schema, text: Text, path: Path) -> Path:
    """The key that is not there yet and that an unknown key probably should be; the empty path when none is near."""
    present = _value(text.data, path[:-1])
    absent = [key for key in keys_of(at(schema, text.data, path[:-1])) if key not in present]
    found = closest(path[-1], absent)
    return (*path[:-1], found) if found else ()


def _value(data: Any, path: Path) -> Any:
    """The value at the path, or None."""
    for part in path:
        data = child(data, part)
    return data
