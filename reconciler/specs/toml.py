"""`[tool.perennial]` of pyproject.toml to Settings. Keys are written as in the YAML, in camelCase: `repositoryUrl`."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from reconciler.errors import InvalidSpecsError, Problem
from reconciler.specs.complaints import plain_path
from reconciler.specs.guide import at, child, closest, expected, keys_of, shown
from reconciler.specs.places import PYPROJECT
from reconciler.specs.schemas import schema_of
from reconciler.specs.settings import Settings
from reconciler.specs.syntax import Path, decode, field_of

_TABLE: Path = ("tool", "perennial")
_HEADER = re.compile(r"^\s*\[([^\[\]]+)\]")
_KEY = re.compile(r"^(\s*)([A-Za-z0-9_.\"'-]+)\s*=")


def read_settings(content: bytes) -> Settings:
    """The settings, or their defaults when there is no table. Raises InvalidSpecsError with every problem in it."""
    text = decode(PYPROJECT, content).replace("\r\n", "\n")
    try:
        table: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSpecsError([_syntax(str(error))]) from None
    for part in _TABLE:
        table = child(table, part)
    if table is None:
        return Settings()
    try:
        return Settings.model_validate(table, by_alias=True, by_name=False)
    except ValidationError as error:
        raise InvalidSpecsError(_problems(text, table, error)) from None


def _problems(text: str, table: Any, error: ValidationError) -> Iterator[Problem]:
    """One per thing that is wrong; a key that is missing because it is misspelt is not told twice."""
    found = [(plain_path(table, one["loc"], one["type"]), one["type"]) for one in error.errors(include_url=False)]
    meant = {(*path[:-1], _meant(table, path)) for path, kind in found if kind == "extra_forbidden"}
    for path, kind in found:
        if kind != "missing" or path not in meant:
            yield _problem(text, table, path, kind)


def _meant(table: Any, path: Path) -> str:
    """The key that an unknown key probably should be: perhaps it is written with hyphens."""
    return closest(str(path[-1]).replace("-", ""), keys_of(at(schema_of(Settings), table, path[:-1])))


def _problem(text: str, table: Any, path: Path, kind: str) -> Problem:
    """Where it is as well as lines can tell, what is there and what is wanted."""
    schema = schema_of(Settings)
    line, column = find_line(text, (*_TABLE, *path))
    if kind == "missing":
        message, hint = "is missing", f"expected {expected(at(schema, table, path))}"
    elif kind == "extra_forbidden":
        known = keys_of(at(schema, table, path[:-1]))
        meant = _meant(table, path)
        message, hint = "unknown key", f'did you mean "{meant}"?' if meant else f"known keys: {', '.join(known)}"
    else:
        value = table
        for part in path:
            value = child(value, part)
        message, hint = f"expected {expected(at(schema, table, path))}, got {shown(value)}", ""
    return Problem(file=PYPROJECT, line=line, column=column, field=field_of((*_TABLE, *path)), message=message, hint=hint)


def find_line(text: str, path: Path) -> tuple[int, int]:
    """Line and column, from 1, of the key or table header that leads furthest along the path."""
    best, place = 0, (1, 1)
    header: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        column = 1
        if found := _HEADER.match(line):
            header = here = _parts(found[1])
        elif found := _KEY.match(line):
            here, column = header + _parts(found[2]), len(found[1]) + 1
        else:
            continue
        if len(here) > best and here == path[: len(here)]:
            best, place = len(here), (number, column)
    return place


def _parts(dotted: str) -> tuple[str, ...]:
    """The names of a dotted key."""
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _syntax(said: str) -> Problem:
    """The parser's complaint; it names line and column in its text."""
    found = re.search(r"\(at line (\d+), column (\d+)\)", said)
    line, column = (int(found[1]), int(found[2])) if found else (1, 1)
    message = re.sub(r" \(at .*\)$", "", said)
    return Problem(file=PYPROJECT, line=line, column=column, field="", message=f"not valid TOML: {message}")
