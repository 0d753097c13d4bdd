"""`[tool.perennial]` of pyproject.toml to Settings. Keys are written as in the YAML, in camelCase: `repositoryUrl`."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from reconciler.errors import InvalidSpecsError, Problem
from reconciler.specs.complaints import complaints
from reconciler.specs.document import Text
from reconciler.specs.guide import child
from reconciler.specs.places import PYPROJECT, Place
from reconciler.specs.schemas import schema_of
from reconciler.specs.settings import Settings
from reconciler.specs.syntax import Path, decode

_TABLE: Path = ("tool", "perennial")
_HEADER = re.compile(r"^\s*\[\[?([^\[\]]+)\]")
_KEY = re.compile(r"^(\s*)([A-Za-z0-9_.\"'-]+)\s*=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Text):
    """The table of a file; places are those of lines, because TOML's parser keeps none."""

    def problem(self, path: Path, message: str, hint: str = "") -> Problem:
        """A problem with the line of the key."""
        whole = (*_TABLE, *path)
        return self.at_place(find_line(self.text, whole), whole, message, hint)

    def problem_with_key(self, path: Path, message: str, hint: str = "") -> Problem:
        """The same."""
        return self.problem(path, message, hint)


def read_settings(content: bytes) -> Settings:
    """The settings, or their defaults when there is no table. Raises InvalidSpecsError with every problem in it."""
    text = decode(PYPROJECT, content).replace("\r\n", "\n")
    try:
        data: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSpecsError([_syntax(str(error))]) from None
    for part in _TABLE:
        data = child(data, part)
    if data is None:
        return Settings()
    try:
        return Settings.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        table = Table(place=Place(path=PYPROJECT, schema="", name=""), text=text, data=data)
        raise InvalidSpecsError(complaints(table, schema_of(Settings), error)) from None


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
