"""JSON Schemas with the texts that stand below the fields; found only here, because every command would pay for looking."""

import ast
import inspect
from functools import cache
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue


class Described(GenerateJsonSchema):
    """Gives each property the docstring of its field as `description`, unless it has one already."""

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        """The schema of one class."""
        made = super().model_schema(schema)
        cls: type[BaseModel] = schema["cls"]
        told = described_fields(cls)
        for name, field in cls.model_fields.items():
            known = made.get("properties", {}).get(field.alias or name)
            if known is not None and name in told:
                known.setdefault("description", told[name])
        return made


def described_fields(cls: type[BaseModel]) -> dict[str, str]:
    """Field to its docstring, also of the fields that it inherits."""
    return {name: text for one in reversed(cls.__mro__) if issubclass(one, BaseModel) for name, text in _own(one).items()}


@cache
def _own(cls: type[BaseModel]) -> dict[str, str]:
    if cls is BaseModel:
        return {}
    (written,) = ast.parse(dedent(inspect.getsource(cls))).body
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in pairwise(getattr(written, "body", ()))
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
    }
