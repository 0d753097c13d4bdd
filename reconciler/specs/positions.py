"""Where in a file a value or a key stands: asked only for files that have a problem, so good files never pay for it."""

from functools import lru_cache
from typing import Any

import yaml

from reconciler.specs.syntax import PARSER, Path


def place_of_value(text: str, path: Path) -> tuple[int, int]:
    """Line and column, from 1, of the value; of the nearest mapping around it when it is missing."""
    mark = _walk(_compose(text), path)[1].start_mark
    return mark.line + 1, mark.column + 1


def place_of_key(text: str, path: Path) -> tuple[int, int]:
    """Line and column, from 1, of the key before the value; of the value itself when it is an item of a list."""
    mark = _walk(_compose(text), path)[0].start_mark
    return mark.line + 1, mark.column + 1


@lru_cache(maxsize=4)
def _compose(text: str) -> Any:
    """The nodes of a text that was parsed before, so that it is known to be harmless."""
    return yaml.compose(text, Loader=PARSER)


def _walk(node: Any, path: Path) -> tuple[Any, Any]:
    """The nodes of the last key and of the value that can be reached."""
    key = node
    for part in path:
        pair = _step(node, part)
        if pair is None:
            break
        key, node = pair
    return key, node


def _step(node: Any, part: str | int) -> tuple[Any, Any] | None:
    """The key and the value one step down, or None."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None
