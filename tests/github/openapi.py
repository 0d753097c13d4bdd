"""GitHub's own description of its API, where it is installed: what the test's server is asked and answers is held to it.

`npm install --prefix build @octokit/openapi@23` puts it where it is looked for; NODE_PATH may name another folder.
"""

import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.github.answers import Answer

_HERE = Path(__file__).parents[2] / "build" / "node_modules"
Json = dict[str, Any]


def node_module(name: str) -> Path:
    """The folder of a node module. Skips the test where it is not installed."""
    for folder in (os.environ.get("NODE_PATH"), _HERE):  # noqa: TID251 - node's own way to say where its modules are
        if folder and (Path(folder) / name).is_dir():
            return Path(folder) / name
    pytest.skip(f"no node module {name}: npm install --prefix build {name}")


class Description:
    """The paths and schemas. Fields that GitHub always sends and we do not are no fault; others, or of another type, are."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.paths = {anonymous(path): operations for path, operations in document["paths"].items()}

    def check(self, method: str, template: str, body: object, answer: Answer) -> None:
        """Raises AssertionError when GitHub knows no such request or answer."""
        if template == "/graphql":
            return
        operation = self.paths[anonymous(template)][method.lower()]
        if asked := operation.get("requestBody"):
            schema = asked["content"]["application/json"]["schema"]
            self._hold(body, strict(schema), f"{method} {template} is asked with")
        told = operation["responses"].get(str(answer.status))
        assert told or answer.status in (401, 404, 405, 409, 422), f"{method} {template} does not answer {answer.status}"
        content = self._resolved(told or {}).get("content", {}).get("application/json")
        if content and answer.body is not None:
            self._hold(answer.body, loose(content["schema"]), f"{method} {template} answers")

    def _resolved(self, value: Json) -> Json:
        if "$ref" in value:
            return self.document["components"]["responses"][value["$ref"].rpartition("/")[2]]
        return value

    def _hold(self, value: object, schema: Json, what: str) -> None:
        change = strict if what.endswith("with") else loose
        components: Json = {}
        todo = references(schema)
        while todo:
            name = todo.pop()
            if name not in components:
                components[name] = change(self.document["components"]["schemas"][name])
                todo |= references(components[name])
        whole = {**schema, "components": {"schemas": components}}
        errors = list(Draft202012Validator(whole).iter_errors(value))
        assert not errors, [f"{what} {list(error.absolute_path)}: {error.message[:200]}" for error in errors]


def anonymous(path: str) -> str:
    """The path without the names of its pieces."""
    return "/".join("{}" if piece.startswith("{") else piece for piece in path.split("/"))


def references(schema: object) -> set[str]:
    """The names of all schemas that it refers to."""
    return {address.rpartition("/")[2] for address in addresses(schema)}


def addresses(value: object) -> set[str]:
    """All that it refers to, such as `#/components/schemas/issue`."""
    match value:
        case {"$ref": str(address)}:
            return {address}
        case dict():
            return set().union(*(addresses(one) for one in value.values()))
        case list():
            return set().union(*(addresses(one) for one in value))
        case _:
            return set()


def strict(schema: Any) -> Any:
    """OpenAPI 3.0 as JSON Schema: `nullable` is another type."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: strict(value) for key, value in schema.items() if key not in ("nullable", "example", "examples", "oneOf")}
    if "oneOf" in schema:
        plain["anyOf"] = strict(schema["oneOf"])
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def loose(schema: Any, *, closed: bool = True) -> Any:
    """The same; nothing is required, and nothing may be there that is not described."""
    if isinstance(schema, list):
        return [loose(one, closed=closed) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return schema
    parts = {key: loose(value, closed=False) for key, value in schema.items() if key in ("allOf", "anyOf")}
    kept = {key: schema[key] for key in ("type", "enum") if key in schema}
    plain = {**kept, **parts}
    if "oneOf" in schema:
        plain["anyOf"] = loose(schema["oneOf"], closed=False)
    if "items" in schema:
        plain["items"] = loose(schema["items"], closed=closed)
    if properties := schema.get("properties"):
        plain["properties"] = {name: loose(value) for name, value in properties.items()}
        if closed:
            plain["additionalProperties"] = False
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain


def excerpt(document: Json, templates: Iterable[str]) -> Json:
    """The description of these paths alone, with all that they refer to: of the whole, programs take long to start."""
    wanted = {anonymous(template) for template in templates}
    paths = {path: operations for path, operations in document["paths"].items() if anonymous(path) in wanted}
    components: Json = {}
    todo = addresses(paths)
    while todo:
        _, _, kind, name = todo.pop().split("/")
        if name not in components.setdefault(kind, {}):
            components[kind][name] = document["components"][kind][name]
            todo |= addresses(components[kind][name])
    return {"openapi": document["openapi"], "info": document["info"], "paths": paths, "components": components}


@cache
def github_description() -> Description:
    """Of github.com. Skips the test where it is not installed."""
    file = node_module("@octokit/openapi") / "generated" / "api.github.com.json"
    return Description(json.loads(file.read_text()))
