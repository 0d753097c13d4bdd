"""What people write of a rule is taken, or refused, alike by code and by its JSON Schema."""

from collections.abc import Iterable
from typing import Any

from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

Written = Any
"""What YAML gives: a mapping, unless somebody erred."""


def not_accepted(rules: TypeAdapter[Any], written: Iterable[Written]) -> list[Written]:
    """Those that code or schema refuses, or that are another rule when they are written and read again."""
    schema = Draft202012Validator(rules.json_schema())
    return [one for one in written if not (_comes_back(rules, one) and schema.is_valid(one))]


def not_refused(rules: TypeAdapter[Any], written: Iterable[Written]) -> list[Written]:
    """Those that code or schema accepts."""
    schema = Draft202012Validator(rules.json_schema())
    return [one for one in written if _read(rules, one) is not None or schema.is_valid(one)]


def _comes_back(rules: TypeAdapter[Any], one: Written) -> bool:
    rule = _read(rules, one)
    return (
        rule is not None
        and rules.validate_python(rules.dump_python(rule, mode="json", by_alias=True, exclude_unset=True)) == rule
    )


def _read(rules: TypeAdapter[Any], one: Written) -> Any:
    try:
        return rules.validate_python(one)
    except ValidationError:
        return None
