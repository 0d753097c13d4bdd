"""JSON Schemas of everything that people write, generated from the kinds: for editors, for other tools, and for our own hints."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from reconciler.rules.fields import Written
from reconciler.specs.dataset import Dataset
from reconciler.specs.described import Described
from reconciler.specs.model import Model
from reconciler.specs.override import OverrideFile
from reconciler.specs.parameters import ParametersFile
from reconciler.specs.policies import GatePolicy, RetrainPolicy, RolloutPolicy
from reconciler.specs.release import ReleaseSpec
from reconciler.specs.stops import HoldFile, QuarantineFile

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

SCHEMAS: Mapping[str, type[Written]] = {
    "dataset": Dataset,
    "gate-policy": GatePolicy,
    "hold": HoldFile,
    "model": Model,
    "override": OverrideFile,
    "params": ParametersFile,
    "quarantine": QuarantineFile,
    "release": ReleaseSpec,
    "retrain-policy": RetrainPolicy,
    "rollout-policy": RolloutPolicy,
}
"""Schema's name to the kind that it describes."""


@cache
def schema_of(kind: type[Written]) -> Schema:
    """The JSON Schema (2020-12) of the kind, as people write it: keys in camelCase, closed objects."""
    generated = kind.model_json_schema(by_alias=True, mode="validation", schema_generator=Described)
    tidy = {key: value for key, value in generated.items() if key != "$defs"}
    definitions = {"$defs": generated["$defs"]} if "$defs" in generated else {}
    result: Schema = _tidy({"$schema": DIALECT, **tidy, **definitions})
    return result


def schema_files() -> dict[str, str]:
    """Path under the repository's root to the text of each schema."""
    return {
        f"schemas/{name}.json": json.dumps(schema_of(kind), indent=2, ensure_ascii=False) + "\n" for name, kind in SCHEMAS.items()
    }


def _tidy(node: Any, *, named: bool = False) -> Any:
    """Drop the titles that only repeat a property's name, and close mappings whose keys must match a pattern.

    `named` says that the node's keys are names of properties or definitions, not words of JSON Schema.
    """
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    if named:
        return {key: _tidy(value) for key, value in node.items()}
    kept = {key: value for key, value in node.items() if key != "title" or "properties" in node or "enum" in node}
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    literal = ("default", "const", "enum", "mapping")
    names = ("properties", "$defs", "patternProperties")
    return {key: value if key in literal else _tidy(value, named=key in names) for key, value in kept.items()}
