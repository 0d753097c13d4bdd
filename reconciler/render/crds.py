"""Whether what was rendered is what a cluster's CustomResourceDefinitions take, a misspelt key included. Pure."""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

import yaml

from reconciler.errors import Problem
from reconciler.render.definitions import ASK, Kind, Validator, schemas_of
from reconciler.specs.guide import did_you_mean
from reconciler.specs.positions import place_of_key, place_of_value
from reconciler.specs.syntax import Path, field_of

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CORE_GROUPS = frozenset({"", "apps", "autoscaling", "batch", "policy"})
_CORE_SUFFIX = ".k8s.io"
_FIRST_PAIR = 5
"""Events of YAML until a mapping's first key and value are known: the stream, the document and the mapping begin before."""
_HINT = "compare the template with the version of the definition that the cluster has"


def manifest_problems(files: Mapping[str, str], definitions: Mapping[str, str]) -> tuple[Problem, ...]:
    """What the API server would refuse or silently drop of the manifests, by texts of CustomResourceDefinitions.

    Both are texts by path; kinds of Kubernetes itself are passed over. A custom kind that no definition is about is a problem,
    too: nothing is known of it. Raises InvalidSpecsError for a definition that cannot be read.
    """
    texts = {path: text for path, text in files.items() if path.endswith(".yaml") and not _is_core(_api_version(text))}
    custom = {path: yaml.load(text, _Loader) for path, text in texts.items()}  # noqa: S506 - safe
    schemas = schemas_of(definitions, {one["kind"] for one in custom.values()})
    problems: list[Problem] = []
    for path, manifest in custom.items():
        kind = (manifest["apiVersion"], manifest["kind"])
        if kind in schemas:
            problems += _problems(path, files[path], manifest, schemas[kind])
        else:
            problems.append(
                _problem(path, files[path], ("kind",), _undefined(kind, schemas), f"ask the cluster for its definitions: {ASK}")
            )
    return tuple(problems)


def _api_version(text: str) -> str:
    """Of one manifest. Where it stands first, as usual, the rest is not read: most of a fleet's are of Kubernetes itself."""
    match tuple(islice(yaml.parse(text, Loader=_Loader), _FIRST_PAIR)):
        case (_, _, yaml.MappingStartEvent(), yaml.ScalarEvent(value="apiVersion"), yaml.ScalarEvent(value=version)):
            return str(version)
        case _:
            return str(yaml.load(text, _Loader)["apiVersion"])  # noqa: S506 - safe


def _undefined(kind: Kind, known: Collection[Kind]) -> str:
    others = sorted(version for version, name in known if name == kind[1])
    if others:
        return f"{kind[1]} is defined in {', '.join(others)}, and not in {kind[0]}"
    return f"no definition of {kind[1]} in {kind[0]} was given, so nobody can say whether it is right"


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


def _problem(path: str, text: str, where: Path, message: str, hint: str = _HINT) -> Problem:
    line, column = place_of_value(text, where)
    return Problem(file=f"rendered {path}", line=line, column=column, field=field_of(where), message=message, hint=hint)
