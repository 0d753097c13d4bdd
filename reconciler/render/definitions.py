"""From texts of CustomResourceDefinitions to what checks a manifest: their schemas, with every object closed. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import yaml

from reconciler.errors import InvalidSpecsError, Problem

Kind = tuple[str, str]
"""apiVersion and kind."""

Validator = Any
"""One of jsonschema's, which is imported only where a definition is read."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAMED_KIND = re.compile(r"""\bkind["']?:\s*["']?(\w+)""")
_VALUE_RULES = frozenset({"allOf", "anyOf", "oneOf", "not"})
_TEXT = {"type": "string"}
_TEXTS = {"type": "object", "additionalProperties": _TEXT}
_METADATA = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("name", "namespace", "generateName"), _TEXT),
        **dict.fromkeys(("labels", "annotations"), _TEXTS),
        **{name: {"type": "array"} for name in ("finalizers", "ownerReferences")},
    },
}
_ROOT = {"apiVersion": _TEXT, "kind": _TEXT, "metadata": _METADATA}
"""What every object has, whether its definition says so or not."""
ASK = "kubectl get crd -o yaml"
_OPEN = "x-kubernetes-preserve-unknown-fields"


def schemas_of(definitions: Mapping[str, str], kinds: Iterable[str]) -> dict[Kind, Validator]:
    """Validators of the kinds, one for each version that is served, from texts by path.

    Texts about other kinds are not even parsed. Raises InvalidSpecsError for one about these that cannot be read.
    """
    wanted = frozenset(kinds)
    found: dict[Kind, Validator] = {}
    problems: list[Problem] = []
    for path, text in definitions.items():
        if wanted.isdisjoint(_NAMED_KIND.findall(text)):
            continue
        try:
            for document in _documents(text):
                found.update(_versions(document["spec"]))
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            problems.append(_unreadable(path, error))
    if problems:
        raise InvalidSpecsError(problems, "the definitions", help=ASK)
    return found


def _unreadable(path: str, error: Exception) -> Problem:
    """What is no YAML, with its place; or a definition that lacks something, or has it in another form."""
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    match error:
        case yaml.YAMLError():
            message = f"is no YAML: {getattr(error, 'problem', None) or 'it cannot be read'}"
        case KeyError():
            message = f"a definition has no {error.args[0]}"
        case _:
            message = "a definition is not of the form that a cluster gives"
    return Problem(file=path, line=line, column=column, field="", message=message)


def _documents(text: str) -> Iterator[Mapping[str, Any]]:
    """The definitions in a text, one after the other or in a List, as kubectl prints them."""
    documents = [one for one in yaml.load_all(text, _Loader) if isinstance(one, dict)]
    listed = [item for one in documents for item in one.get("items") or () if isinstance(item, dict)]
    return (one for one in (*documents, *listed) if one.get("kind") == "CustomResourceDefinition")


def _versions(spec: Mapping[str, Any]) -> Iterator[tuple[Kind, Validator]]:
    for version in spec["versions"]:
        if version.get("served") and (schema := version.get("schema", {}).get("openAPIV3Schema")):
            yield (f"{spec['group']}/{version['name']}", spec["names"]["kind"]), _validator(schema)


def _validator(schema: Mapping[str, Any]) -> Validator:
    """Draft 4 is what OpenAPI 3.0 grew from: there, bounds are exclusive by a flag."""
    from jsonschema import Draft4Validator
    from jsonschema.validators import extend

    root = closed({**schema, "properties": {**schema.get("properties", {}), **_ROOT}})
    kept = Draft4Validator.VALIDATORS
    checks = {"pattern": _pattern(kept["pattern"]), "type": _nullable(kept["type"]), "enum": _nullable(kept["enum"])}
    made: Validator = extend(Draft4Validator, checks)  # type: ignore[no-untyped-call]
    return made(root)


def closed(schema: Any) -> Any:
    """The schema with every object refusing what it does not name, as the API server drops it; but what is left open stays so.

    Rules on values (`anyOf` and the like) name only what they are about, so nothing in them is closed.
    """
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: value if key in _VALUE_RULES else _below(key, value) for key, value in schema.items()}
    if schema.get("type") != "object" or schema.get(_OPEN) or "additionalProperties" in schema:
        return inner
    if schema.get("x-kubernetes-embedded-resource"):
        inner["properties"] = {**inner.get("properties", {}), **closed({"properties": _ROOT})["properties"]}
    return {**inner, "additionalProperties": False}


def _below(key: str, value: Any) -> Any:
    """The schemas under the key; under `properties` every name is one of the people, not a word of the schema."""
    return {name: closed(item) for name, item in value.items()} if key == "properties" else closed(value)


Check = Callable[..., Iterable[Any] | None]


def _pattern(check: Check) -> Check:
    """The API server's patterns are RE2; one that Python cannot read is passed over."""

    def lenient(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterable[Any]:
        try:
            re.compile(pattern)
        except re.error:
            return ()
        return check(validator, pattern, instance, schema) or ()

    return lenient


def _nullable(check: Check) -> Check:
    """`nullable` of OpenAPI lets null through."""

    def lenient(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterable[Any]:
        from jsonschema.exceptions import UnknownType, ValidationError

        if instance is None and schema.get("nullable"):
            return ()
        try:
            return list(check(validator, wanted, instance, schema) or ())
        except UnknownType:
            return (ValidationError(f"the definition wants the type {wanted!r}, which there is not"),)

    return lenient
