"""Whether what was rendered is what a cluster's CustomResourceDefinitions take, a misspelt key included. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import yaml

from reconciler.errors import Problem
from reconciler.specs.guide import did_you_mean
from reconciler.specs.positions import place_of_key, place_of_value
from reconciler.specs.syntax import Path, field_of

Kind = tuple[str, str]
"""apiVersion and kind."""

Validator = Any
"""One of jsonschema's, which is imported only where a definition is read."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE_GROUPS = frozenset({"", "apps", "autoscaling", "batch", "policy"})
_CORE_SUFFIX = ".k8s.io"
_DEFINED_KIND = re.compile(r"^ +kind: (\S+)$", re.MULTILINE)
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
_OPEN = "x-kubernetes-preserve-unknown-fields"
_HINT = "compare the template with the version of the definition that the cluster has"


def manifest_problems(files: Mapping[str, str], definitions: Iterable[str]) -> tuple[Problem, ...]:
    """What the API server would refuse or silently drop of the manifests, by the texts of CustomResourceDefinitions.

    `files` are rendered files by path; kinds of Kubernetes itself are passed over. A custom kind that no text defines is a
    problem too: nothing is known of it.
    """
    manifests = {path: yaml.load(text, _Loader) for path, text in files.items() if path.endswith(".yaml")}  # noqa: S506 - safe
    custom = {path: one for path, one in manifests.items() if not _is_core(one["apiVersion"])}
    schemas = schemas_of(definitions, {one["kind"] for one in custom.values()})
    problems: list[Problem] = []
    for path, manifest in custom.items():
        kind = (manifest["apiVersion"], manifest["kind"])
        if kind in schemas:
            problems += _problems(path, files[path], manifest, schemas[kind])
        else:
            message = f"no definition of {kind[1]} in {kind[0]} was given, so nobody can say whether it is right"
            problems.append(_problem(path, files[path], ("kind",), message))
    return tuple(problems)


def schemas_of(definitions: Iterable[str], kinds: Iterable[str]) -> dict[Kind, Validator]:
    """Validators of the kinds, one for each version that is served. Texts about other kinds are not even parsed."""
    wanted = frozenset(kinds)
    found: dict[Kind, Validator] = {}
    for text in definitions:
        if wanted.isdisjoint(_DEFINED_KIND.findall(text)):
            continue
        for document in _documents(text):
            found.update(_versions(document["spec"]))
    return found


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
        return () if instance is None and schema.get("nullable") else check(validator, wanted, instance, schema) or ()

    return lenient


def _is_core(api_version: str) -> bool:
    """Kinds that need no definition. The Gateway API shares the ending, but is none of Kubernetes' own."""
    group = api_version.rpartition("/")[0]
    return group in _CORE_GROUPS or (group.endswith(_CORE_SUFFIX) and group != "gateway.networking.k8s.io")


def _problems(path: str, text: str, manifest: Any, schema: Validator) -> Iterator[Problem]:
    for error in sorted(schema.iter_errors(manifest), key=lambda one: (list(map(str, one.absolute_path)), one.message)):
        where: Path = tuple(error.absolute_path)
        if error.validator != "additionalProperties":
            yield _problem(path, text, where, error.message)
            continue
        known = sorted(error.schema.get("properties", {}))
        for key in sorted(set(error.instance) - set(known), key=str):  # YAML 1.1 reads `on` as true
            hint = did_you_mean(key, known) or _HINT
            line, column = place_of_key(text, (*where, key))
            message = f"{manifest['kind']} has no such field; the API server would drop it or refuse the object"
            yield Problem(
                file=f"rendered {path}", line=line, column=column, field=field_of((*where, key)), message=message, hint=hint
            )


def _problem(path: str, text: str, where: Path, message: str) -> Problem:
    line, column = place_of_value(text, where)
    return Problem(file=f"rendered {path}", line=line, column=column, field=field_of(where), message=message, hint=_HINT)
